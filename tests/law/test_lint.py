"""Each lint finds what its page says to avoid, and nothing in what it says to prefer."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from error_pages import build, examples, promised
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.strategies import SMALL_BOOK, as_raw_files, case_facts, editions, expression_texts, fact_values

from limen.decide.reference import find, truth
from limen.law.edition import Edition
from limen.law.expression import parse
from limen.law.lint import LINTS, Finding, check_book, page
from limen.law.lint.expired_citation.rule import meet
from limen.law.lint.label_reads_on.rule import fault_of
from limen.law.lint.unreachable_gateway.rule import opened
from limen.law.load.loader import load_files
from limen.law.period import ALWAYS, Period
from limen.law.places import shipped_rules
from limen.law.satisfiable import satisfiable
from limen.law.scope import scope_of
from sizes import tries

_EXERCISED = re.compile(r"^```text exercised\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def exercised_in(text: str) -> list[str] | None:
    """The addresses that an example says are exercised, or `None`."""
    found = _EXERCISED.search(text)
    return found[1].split() if found else None


def found_by(lint: str, text: str, folder: Path) -> list[Finding]:
    """What `lint` finds in the files that part of a page adds to the small book."""
    book = build(examples(text), folder)
    names = {example.name for example in examples(text)}
    found = [finding for finding in check_book(book, exercised_in(text)) if finding.lint == lint]
    return [finding for finding in found if finding.file in names or lint == "both-polarities"]


@pytest.mark.parametrize("lint", LINTS)
def test_a_lint_finds_what_its_page_avoids_and_nothing_that_it_prefers(lint: str, tmp_path: Path) -> None:
    text = page(lint).read_text(encoding="utf-8")
    assert text.startswith(f"# {lint}\n")
    avoid, prefer = text.split("\n## Prefer\n")
    assert "\n## Avoid\n" in avoid
    avoided = found_by(lint, avoid, tmp_path / "avoid")
    assert "\n".join(map(str, avoided)) == promised(avoid)
    assert found_by(lint, prefer, tmp_path / "prefer") == []


@pytest.mark.parametrize("lint", LINTS)
def test_a_finding_says_what_where_and_how_to_mend_it(lint: str) -> None:
    first, at, mend = promised(page(lint).read_text(encoding="utf-8")).splitlines()
    assert re.fullmatch(r"[\w.]+:\d+: .*[^.] \[[a-z-]+\]", first)
    assert at.startswith("  at: ")
    assert re.fullmatch(r"  mend: [a-z`].*[^.]", mend)


def test_findings_of_the_shipped_book_have_a_place_and_are_sorted() -> None:
    findings = check_book(shipped_rules())
    assert findings == sorted(findings, key=lambda f: (f.file, f.line, f.lint, f.address, f.message))
    assert all(finding.file and finding.line for finding in findings)
    assert not [finding for finding in findings if finding.lint == "unreachable-gateway"]


@pytest.mark.parametrize(
    ("label", "fault"),
    [
        ("a request in writing", None),
        ("8 U.S.C. 1253(a)(1) as the statute designated", None),
        ("IRS staff", None),
        ("", "there is no label, so a reason has only the id to show"),
        ("The request is in writing", "the label starts with a capital, like a sentence"),
        ("a request in writing.", "the label ends like a sentence"),
        ("if the request is in writing", "the label starts with `if`, which does not read on"),
        ("x" * 161, "the label has 161 characters, more than 160"),
    ],
)
def test_what_reads_on_and_what_does_not(label: str, fault: str | None) -> None:
    assert fault_of(label) == fault


def test_periods_meet_on_a_day_that_both_cover() -> None:
    a, b, c = date(2020, 1, 1), date(2021, 1, 1), date(2022, 1, 1)
    assert meet(Period(a, b), Period(None, b))
    assert not meet(Period(a, b), Period(b, c))
    assert meet(ALWAYS, Period(b))


VOCABULARY = load_files(as_raw_files(SMALL_BOOK)).vocabulary
SCOPE = scope_of(VOCABULARY)


@settings(max_examples=tries(200), deadline=None)
@given(st.data(), expression_texts(items=True, names=()))
def test_what_is_called_unsatisfiable_is_never_true(data: st.DataObject, text: str) -> None:
    expr = parse(text.replace("param.clock", "90").replace("param.start_day", "date('2025-04-07')"), SCOPE)
    if satisfiable(expr, VOCABULARY.facts):
        return
    for _ in range(10):
        stated = {name: data.draw(fact_values(fact)) for name, fact in VOCABULARY.facts.items()}
        assert truth(expr, stated) is not True


@settings(max_examples=tries(40), deadline=None)
@given(st.data(), editions())
def test_a_gateway_that_a_case_opens_is_never_called_unreachable(data: st.DataObject, edition: Edition) -> None:
    facts = data.draw(case_facts(edition))
    for item in find(edition, facts).items:
        for gateway, open_now in zip(edition.gateways, item.gateways, strict=True):
            if open_now is True:
                assert satisfiable(opened(edition, gateway), edition.facts)


@pytest.mark.parametrize(
    ("text", "possible"),
    [
        ("requester.office == 'head' and requester.office != 'head'", False),
        ("requester.office == 'head' and requester.office == 'clerk'", False),
        ("requester.office not in ['head', 'inspector', 'clerk']", False),
        ("request.in_writing and not request.in_writing", False),
        ("matter.days > 90 and matter.days <= 90", False),
        ("matter.days >= 90 and matter.days <= 90 and matter.days != 90", False),
        ("matter.days > 1000", False),
        ("request.made_on < date('2025-04-07') and request.made_on >= date('2025-04-07')", False),
        ("not known(matter.days)", False),
        ("(request.in_writing or matter.open) and not request.in_writing and not matter.open", False),
        ("(request.in_writing or matter.open) and not request.in_writing", True),
        ("days_between(order.final_on, request.made_on) > 90 and request.made_on < date('2025-04-07')", True),
        ("true", True),
    ],
)
def test_contradictions_are_found(text: str, possible: bool) -> None:
    assert satisfiable(parse(text, SCOPE), VOCABULARY.facts) is possible
