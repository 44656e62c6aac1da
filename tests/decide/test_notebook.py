"""A decision in a notebook: everything is escaped, and nothing that only the authority knows gets through."""

from __future__ import annotations

from datetime import UTC, date, datetime
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from limen.decide.audience import UNDISCLOSED
from limen.decide.decision import Decision, EngineFault, Hinge, ItemDecision, Missing, Reason
from limen.decide.notebook import decision_html, table

ALLOWED = {"div", "strong", "p", "table", "caption", "thead", "tbody", "tr", "th", "td", "details", "summary"}
SECRET = "zqsecretqz"
nasty = st.sampled_from(
    ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "a & b", "</td></table>", "plain"]
)


class Read(HTMLParser):
    """The elements and attributes of a page, and its text."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.attributes: set[str] = set()
        self.said = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.said += data


def read(page: str) -> Read:
    found = Read()
    found.feed(page)
    found.close()
    return found


def reason(text: str, outcome: str, confidential: bool) -> Reason:
    said = SECRET if confidential else text
    return Reason(
        address=said, citation=said, certainty="read", outcome=outcome, label=said, sentence=said, cure=said, rule=said,
        confidential=confidential,
    )  # fmt: skip


reasons = st.builds(reason, nasty, st.sampled_from(["met", "not_met", "not_known", "barred"]), st.booleans())
items = st.builds(
    ItemDecision, item=nasty, kind=nasty, gateway=nasty,
    verdict=st.sampled_from(["allow", "deny", "open", "not_covered", "readings_differ"]),
    reasons=st.lists(reasons, max_size=4).map(tuple), elsewhere=st.lists(reasons, max_size=2).map(tuple),
)  # fmt: skip


@st.composite
def decisions(draw: st.DrawFn) -> Decision:
    text = draw(nasty)
    authoritys = draw(st.booleans())
    missing = Missing(
        fact=text, ask=SECRET if authoritys else text, items=(text,), elements=(), authority_side=authoritys
    )
    hinge = Hinge(reading=text, words=text, chosen=text, under={text: "release"})
    fault = EngineFault(kind="error", detail=SECRET, reproduction=SECRET) if draw(st.booleans()) else None
    return Decision(
        id="1", request_id=text, request_digest="", decided_at=datetime(2026, 3, 1, tzinfo=UTC), effect="deny",
        disposition="withhold", items=tuple(draw(st.lists(items, min_size=1, max_size=3))), releasable=(),
        missing=(missing,), hinges=(hinge,), profile=None, basis=text, as_of=date(2026, 3, 1), book_name=text,
        book_version=text, book_digest="", engine="", second_key="agrees", fault=fault,
    )  # fmt: skip


@given(decisions())
def test_nothing_unescaped_and_nothing_of_the_authoritys_own_gets_through(decision: Decision) -> None:
    page = decision._repr_html_()
    assert SECRET not in page
    found = read(page)
    assert found.elements <= ALLOWED and found.attributes <= {"style", "scope"}
    assert decision.request_id in found.said and decision.caveat in found.said
    shown = decision._repr_mimebundle_()
    assert set(shown) == {"text/html", "text/plain"} and SECRET not in shown["text/plain"]
    assert decision.caveat in shown["text/plain"]


@given(decisions())
def test_the_auditor_sees_all_of_it_by_asking(decision: Decision) -> None:
    found = read(decision_html(decision, "auditor"))
    for item in decision.items:
        for one in item.reasons:
            assert one.sentence in found.said


@given(decisions(), st.booleans())
def test_a_refusal_that_hides_something_ends_like_one_that_does_not(decision: Decision, confidential: bool) -> None:
    own = reason("plain", "not_met", False)
    hidden = (reason("plain", "not_met", True),) if confidential else ()
    item = ItemDecision(item="it", kind=None, verdict="deny", reasons=(own, *hidden))
    page = decision.model_copy(update={"items": (item,)})._repr_html_()
    without = decision.model_copy(update={"items": (item.model_copy(update={"reasons": (own,)}),)})._repr_html_()
    assert page.replace("2 points", "1 points") == without.replace("2 points", "1 points")
    assert UNDISCLOSED.label in read(page).said


@given(st.lists(st.lists(nasty, min_size=2, max_size=2), max_size=4), nasty)
def test_every_cell_of_a_table_is_text(rows: list[list[str]], caption: str) -> None:
    found = read(table(caption, ("a", caption), rows))
    assert found.elements <= ALLOWED
    assert all(cell in found.said for row in rows for cell in row)
