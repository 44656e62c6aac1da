"""A case that a change of the book is said not to touch is answered alike by both books."""

from __future__ import annotations

from datetime import date

import pytest

from book_cases import ADDRESS, OPENED_BY, RETURN, book
from limen.analyse.mutants import mutants
from limen.analyse.touched import Touched
from limen.decide.compiled import compile_edition
from limen.decide.panel import Panel
from limen.law import check_facts
from limen.law.facts import CaseFacts
from limen.law.overlay import overlaid

DAY = date(2026, 3, 15)
DRAFT = "kind: overlay\noverlay: a-draft\nbase: us-6103\ntitle: A draft\noperations:\n"


def cases() -> list[CaseFacts]:
    """A case that each gateway lets through, and the same with every other fact of it left unsaid."""
    found = []
    for facts, item in OPENED_BY.values():
        for stated in (facts, dict(list(facts.items())[::2])):
            found.append(check_facts(book().vocabulary, stated, {"one": item, "two": ADDRESS, "three": RETURN}))
    return found


def verdicts(panel: Panel, facts: CaseFacts, choices: dict[str, str]) -> tuple[str, ...]:
    return tuple(item.verdict for item in panel.find(facts, choices).items)


def test_every_case_that_a_mutant_turns_is_among_those_it_can_touch() -> None:
    before = Panel(book(), DAY, compile_edition)
    told = cases()
    counted = {"turned": 0, "touched": 0, "left alone": 0}
    for mutant in list(mutants(book()))[::40]:
        after = Panel(mutant.make(), DAY, compile_edition)
        touched = Touched(before.open, after.open)
        for facts in told:
            for profile in mutant.make().profiles.values():
                mine, theirs = dict(book().profiles[profile.id].chooses), dict(profile.chooses)
                can = touched.can_turn(facts, mine, theirs)
                turned = verdicts(before, facts, mine) != verdicts(after, facts, theirs)
                assert can or not turned, mutant.what
                counted["turned" if turned else "touched" if can else "left alone"] += 1
    assert counted["turned"] > 20 and counted["left alone"] > counted["touched"], counted


@pytest.mark.parametrize(
    "operations",
    [
        "  - repeal: usc.26.6103.k.6\n",
        "  - repeal: usc.26.6103.i.2#in_writing\n",
        "  - add_after: usc.26.6103.i.2#in_writing\n"
        "    node: {id: oath, label: an oath, test: request.in_writing, cite: (A)}\n",
        "  - repeal: usc.26.6103.i.6\n",
    ],
)
def test_gateways_elements_and_bars_that_come_or_go_are_touched(operations: str) -> None:
    draft = overlaid((DRAFT + operations).encode(), "draft.yaml")
    before, after = Panel(book(), DAY, compile_edition), Panel(draft, DAY, compile_edition)
    touched = Touched(before.open, after.open)
    left = 0
    for facts in cases():
        for profile in draft.profiles.values():
            mine, theirs = dict(book().profiles[profile.id].chooses), dict(profile.chooses)
            can = touched.can_turn(facts, mine, theirs)
            left += not can
            assert can or verdicts(before, facts, mine) == verdicts(after, facts, theirs)
    assert left > 0


def test_the_same_book_touches_nothing_and_another_prohibition_everything() -> None:
    panel = Panel(book(), DAY, compile_edition)
    choices = dict(book().profiles["text-strict"].chooses)
    assert not any(Touched(panel.open, panel.open).can_turn(facts, choices, choices) for facts in cases())
    changed = next(one for one in mutants(book()) if one.address.startswith("usc.26.6103.a#"))
    after = Panel(changed.make(), DAY, compile_edition)
    assert all(Touched(panel.open, after.open).can_turn(facts, choices, choices) for facts in cases())
