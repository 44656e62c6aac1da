"""A body written in one go is the body written with care, word for word; whatever is in doubt is written with care."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from told import decision, reason, request, subject

from canary import canary_subjects, leaks
from limen.canonical import encode
from limen.decide.decision import ItemDecision, Missing, ProfileOutcome
from limen.ledger import Entry, Ledger, LedgerUnavailable, open_ledger
from limen.ledger.entry import body_text
from limen.ledger.keys import Key
from limen.ledger.masking import MASK, Personal
from limen.ledger.shared import Written
from limen.ledger.subject import Pseudonym
from limen.ledger.written import QuickWriter
from limen.request.subject import Address, PersonName, Subject
from sizes import tries

SALT = Pseudonym("s-1", b"s" * 32)
KEY = Key("k1", "2025-01-01T00:00:00+00:00", b"k" * 32)
"""One that does not change from run to run: a house number may stand in a pseudonym by chance."""
MISSING = Missing(fact="order.granted", ask="Was it?", items=("address",), elements=("a#b",))
TOOL_WORD = st.sampled_from((None, "text-strict", "usc.26.6103.i.2"))
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@pytest.fixture(scope="module")
def ledger() -> Iterator[Ledger]:
    with tempfile.TemporaryDirectory() as name, open_ledger(Path(name) / "l.db", Path(name) / "keys") as opened:
        yield opened


def both(ledger: Ledger, entry: Entry, *, settled: bool = True) -> tuple[str, str]:
    """The text of a body written in one go, where that may be, and written with care."""
    quick, careful = QuickWriter(ledger.writer.texts), QuickWriter(ledger.writer.texts)
    quick._asked, careful._asked = 1000, -1000
    key, personal = KEY, Personal(entry.about)
    if settled:  # Once every wording is known, nothing is in doubt on its account.
        body_text(entry, personal, SALT, key, careful, "here")
    return body_text(entry, personal, SALT, key, quick, "here"), body_text(entry, personal, SALT, key, careful, "here")


def written_quickly(ledger: Ledger, body: dict[str, Any]) -> bool:
    quick = QuickWriter(ledger.writer.texts)
    quick._asked = 1000
    try:
        quick.write(body, SALT.commit)
    except Exception:
        return False
    return True


@settings(max_examples=tries(50), deadline=None)
@given(st.data())
def test_both_ways_give_one_text(ledger: Ledger, data: st.DataObject) -> None:
    who = data.draw(canary_subjects())
    slips = [who.name.last, who.address.lines[0], who.address.lines[0].split()[0], who.tin, str(who.date_of_birth)]  # type: ignore[union-attr]
    some = data.draw(st.sampled_from(("plain", "slip", "text")))
    word = {"plain": st.just("address"), "slip": st.sampled_from(slips), "text": ANY_TEXT}[some]
    asked = request(data.draw(st.integers(1, 9)), subject=who)
    items = tuple(
        ItemDecision(
            item=data.draw(word), kind=data.draw(TOOL_WORD), verdict="deny", gateway=data.draw(TOOL_WORD),
            reasons=data.draw(st.sampled_from(((), (reason("requester", "met"), reason("late", "not_known"))))),
            elsewhere=data.draw(st.sampled_from(((), (reason("order", "not_met", "usc.26.6103.i.1"),)))),
        )
        for _ in range(data.draw(st.integers(1, 3)))
    )  # fmt: skip
    changes: dict[str, Any] = {
        "items": items,
        "id": data.draw(st.just("0123456789abcdef") | word),
        "request_id": data.draw(word),
        "profile": data.draw(TOOL_WORD),
        "book_digest": data.draw(st.sampled_from(("ab" * 32, "draft"))),
        "missing": data.draw(st.sampled_from(((), (MISSING,), (MISSING, MISSING)))),
        "releasable": tuple(data.draw(st.lists(word, max_size=2))),
        "profiles": data.draw(
            st.just(())
            | word.map(
                lambda p: (ProfileOutcome(profile="p", effect="deny", disposition="withhold", verdicts={p: "deny"}),)
            )
        ),
    }
    facts = {"case": {"order.age_days": data.draw(st.integers(0, 5)), "x": data.draw(word)}}
    body = {
        "decision": decision(asked, allow=data.draw(st.booleans()), **changes),
        "facts": Written(encode(facts), encode(facts)),
        "origin": Written('{"x":"stated"}', ""),
    }
    quick, careful = both(ledger, Entry("decision", body, who, request=asked))
    assert quick == careful
    assert leaks(quick, who) == []


def test_an_ordinary_decision_is_written_in_one_go(ledger: Ledger) -> None:
    asked = request()
    assert written_quickly(ledger, {"decision": decision(asked, allow=True)})
    quick, careful = both(ledger, Entry("decision", {"decision": decision(asked, allow=True)}, request=asked))
    assert quick == careful


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"decision": {"effect": "deny"}},
        {"request": {"reasons": "Ana Quorrelb asked"}},
        {"decision": decision(request(), request_digest="not one")},
        {"facts": Written('{"request_digest":"0"}', '{"request_digest":"0"}')},
        {"facts": Written('{"=":[]}', '{"=":[]}')},
    ],
    ids=["nothing", "a mapping", "an account of the caller's", "no digest", "a digest elsewhere", "the sign"],
)
def test_what_is_not_a_decisions_body_is_written_with_care(ledger: Ledger, body: dict[str, Any]) -> None:
    assert not written_quickly(ledger, body)


def test_a_wording_met_for_the_first_time_is_looked_through(ledger: Ledger) -> None:
    personal = reason("address_stated", "met").model_copy(update={"sentence": "Ana Quorrelb lives there."})
    item = ItemDecision(item="address", kind=None, verdict="deny", reasons=(personal,))
    entry = Entry("decision", {"decision": decision(request(), items=(item,))}, request=request())
    quick, _ = both(ledger, entry, settled=False)
    assert "quorrelb" not in quick.casefold() and MASK[:7] in quick


def test_a_house_number_within_a_digest_masks_nothing(ledger: Ledger) -> None:
    """Three digits stand in one of a few dozen digests by chance; the record then keeps its ids all the same."""
    at_412 = Subject(name=PersonName(first="Ana", last="Quorrel"), address=Address(lines=("412 Tamarind Street",)))
    asked = request(subject=at_412)
    made = decision(asked, book_digest="412" + "ab" * 30 + "c")
    quick, careful = both(ledger, Entry("decision", {"decision": made}, request=asked))
    assert quick == careful and "[masked" not in quick
    assert "412ab" in ledger.writer.texts.fresh[json.loads(quick)["decision"]["="]]
    shown = decision(asked, request_id="REQ-412")
    quick, careful = both(ledger, Entry("decision", {"decision": shown}, request=asked))
    assert "REQ-412" not in quick and quick == careful


def test_the_ledger_keeps_what_was_written_in_one_go(ledger: Ledger) -> None:
    asked = request(3)
    given_in = decision(asked, allow=True)
    numbers = [
        ledger.append("decision", {"decision": given_in, "facts": Written("{}", "")}, request=asked).sequence
        for _ in range(12)
    ]
    kept = [ledger.show(number).body["decision"] for number in numbers]
    assert all(one == kept[0] for one in kept)
    assert kept[0]["items"] == given_in.model_dump(mode="json")["items"]
    assert ledger.verify().ok
    assert subject(3).tin not in ledger.show(numbers[-1]).body_text  # type: ignore[operator]


@pytest.mark.parametrize(
    "changes",
    [
        {"releasable": ("address", {"=": ["x"]})},
        {"hinges": (), "profiles": ({"=": ["x"]},)},
        {"fault": {"=": "x"}},
        {"fault": {"request_digest": "0"}},
        {"missing": (MISSING.model_copy(update={"items": ({"=": "x"},)}),)},
    ],
)
def test_the_sign_of_shared_wording_is_never_written_in_one_go(ledger: Ledger, changes: dict[str, Any]) -> None:
    """Nor a digest that is not one of a field, in a model that nobody checked."""
    assert not written_quickly(ledger, {"decision": decision(request()).model_copy(update=changes)})


def test_what_is_written_already_does_not_show_itself() -> None:
    assert "Ana" not in repr(Written('"Ana"', '"Ana"'))


def test_what_a_turn_that_failed_would_have_stored_is_stored_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else records would name wording that is nowhere."""
    with open_ledger(tmp_path / "l.db", tmp_path / "keys") as ledger:
        entries = [Entry("decision", {"decision": decision(request(), engine="limen new")}, request=request())] * 12

        def fails() -> None:
            ledger.store.undo()  # type: ignore[attr-defined]
            raise LedgerUnavailable("the disk is full", "here", "make room")

        with monkeypatch.context() as patch, pytest.raises(LedgerUnavailable):
            patch.setattr(ledger.store, "commit", fails)
            ledger.append_many(entries)
        ledger.append_many(entries)
        assert ledger.verify().ok
        assert [one.body["decision"]["engine"] for one in ledger.records(after=1)] == ["limen new"] * 12
