"""Every minimal set of facts that flips a verdict: all of them, nothing else, and nothing to spare."""

from __future__ import annotations

from itertools import combinations, product

import pytest

pytest.importorskip("z3")

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.book_cases import (
    ADDRESS,
    COMPLETE_REQUEST,
    RETURN,
    SPRING_2026,
    WAGES_FROM_EMPLOYER,
    book,
    case,
)
from tests.decide.small_editions import edition, fact

from limen.analyse.bench import Bench, get, put
from limen.analyse.package import package
from limen.analyse.whatif import whatif
from limen.decide.reference import find
from limen.law import check_facts
from limen.law.edition import Edition
from limen.law.facts import CaseFacts, ItemFacts
from limen.law.tree import All, AnyOf, BoolFact, Expr, Known, Literal, Member, Not
from sizes import tries

FACTS = {
    one.name: one
    for one in (*(fact(name, "bool") for name in "abc"), fact("k", "enum", ("x", "y", "z")))
}  # fmt: skip
ATOMS = st.one_of(
    st.sampled_from("abc").map(BoolFact),
    st.sampled_from([Member("k", ("x",)), Member("k", ("y", "z")), Known("a"), Literal(None)]),
)
EXPRS: st.SearchStrategy[Expr] = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: All(tuple(parts))),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: AnyOf(tuple(parts))),
    ),
    max_leaves=6,
)
EDITIONS = st.builds(
    lambda elements, barred: edition(elements, bars=[(barred, ())], facts=FACTS),
    st.lists(EXPRS, min_size=1, max_size=3),
    EXPRS,
)
STATED = st.fixed_dictionaries({}, optional={**{n: st.booleans() for n in "abc"}, "k": st.sampled_from("xyz")})


def verdict(law: Edition, stated: dict[str, object]) -> str:
    return find(law, CaseFacts(stated, (ItemFacts("it", {}),))).items[0].verdict  # type: ignore[arg-type]


def by_trying_everything(law: Edition, stated: dict[str, object], read: frozenset[str]) -> set[frozenset[str]]:
    """The minimal sets of facts that flip, found the slow way."""
    goal = {"deny"} if verdict(law, stated) == "allow" else {"allow"}
    found: set[frozenset[str]] = set()
    names = sorted(read)
    for size in range(1, len(names) + 1):
        for chosen in combinations(names, size):
            if any(smaller <= set(chosen) for smaller in found):
                continue
            values = [[True, False] if FACTS[n].type == "bool" else list("xyz") for n in chosen]
            for combination in product(*values):
                changed = dict(zip(chosen, combination, strict=True))
                if any(stated.get(n) == v for n, v in changed.items()):
                    continue
                if verdict(law, {**stated, **changed}) in goal:
                    found.add(frozenset(chosen))
    return found


@given(EDITIONS, STATED)
@settings(max_examples=tries(60))
def test_the_sets_are_those_that_trying_everything_finds(law: Edition, stated: dict[str, object]) -> None:
    bench = Bench((law,))
    flips = whatif(bench, CaseFacts(stated, (ItemFacts("it", {}),)), seconds=20)  # type: ignore[arg-type]
    listed = [frozenset(change.fact for change in flip.changes) for flip in (*flips.in_hand, *flips.others)]
    assert flips.complete
    assert len(listed) == len(set(listed))
    assert set(listed) == by_trying_everything(law, stated, bench.read)


@pytest.fixture(scope="module")
def partial_address() -> CaseFacts:
    facts = case(COMPLETE_REQUEST, request__address_quality="partial")
    return check_facts(book().vocabulary, facts, {"address": ADDRESS, "wages": WAGES_FROM_EMPLOYER, "return": RETURN})


def test_on_the_book_the_smallest_set_is_to_state_the_address_in_full(partial_address: CaseFacts) -> None:
    flips = whatif(Bench.of(book(), "text-strict", SPRING_2026), partial_address, seconds=20, most=500)
    (change,) = flips.in_hand[0].changes
    assert (change.fact, change.before, change.after, change.hand) == (
        "request.address_quality", "partial", ("complete",), "mend",
    )  # fmt: skip
    assert flips.in_hand[0].gateways == ("usc.26.6103.i.2",)
    assert flips.complete and flips.verdict == "deny"


def test_every_set_flips_when_it_is_run_and_no_part_of_it_does(partial_address: CaseFacts) -> None:
    bench = Bench.of(book(), "text-strict", SPRING_2026)
    facts = CaseFacts(partial_address.facts, partial_address.items[:1])
    for flip in (flips := whatif(bench, facts, seconds=20)).in_hand + flips.others:
        changes = {(change.fact, change.item): change.after[0] for change in flip.changes}
        assert bench.verdicts(put(facts, changes)) == ("allow",)
        for left_out in changes:
            fewer = {spot: value for spot, value in changes.items() if spot != left_out}
            assert bench.verdicts(put(facts, fewer)) != ("allow",)
        assert flip.in_hand == all(change.hand in ("mend", "find_out") for change in flip.changes)
        assert all(change.before == get(facts, (change.fact, change.item)) for change in flip.changes)


def test_a_pinned_fact_is_in_no_set(partial_address: CaseFacts) -> None:
    pins = frozenset({"request.address_quality", "requester.agency"})
    flips = whatif(Bench.of(book(), "text-strict", SPRING_2026), partial_address, pinned=pins, seconds=20)
    assert not pins & {change.fact for flip in (*flips.in_hand, *flips.others) for change in flip.changes}


def test_what_only_the_authority_knows_is_not_for_the_requester_to_mend() -> None:
    facts = case(COMPLETE_REQUEST, secretary__finds_informant_risk=None)
    flips = whatif(
        Bench.of(book(), "text-strict", SPRING_2026),
        check_facts(book().vocabulary, facts, {"address": ADDRESS}),
        pinned=frozenset({"requester.agency"}),
        seconds=20,
    )
    assert flips.in_hand == ()
    assert [(change.fact, change.hand) for change in flips.others[0].changes] == [
        ("secretary.finds_informant_risk", "authority")
    ]


def test_asked_under_every_profile_the_item_has_to_be_released_under_each(partial_address: CaseFacts) -> None:
    bench = Bench.of(book(), None, SPRING_2026)
    flip = whatif(bench, partial_address, seconds=20).in_hand[0]
    changed = put(partial_address, {(change.fact, change.item): change.after[0] for change in flip.changes})
    assert {evaluator.find(changed).items[0].verdict for evaluator in bench.evaluators} == {"allow"}


def test_out_of_time_says_how_far_it_got(partial_address: CaseFacts) -> None:
    flips = whatif(Bench.of(book(), None, SPRING_2026), partial_address, seconds=0.0)
    assert not flips.complete
    assert (flips.in_hand, flips.others, flips.in_hand_up_to, flips.others_up_to) == ((), (), 0, 0)


def test_the_package_grows_by_the_smallest_showing_and_says_what_never_goes_out(partial_address: CaseFacts) -> None:
    pins = frozenset({"requester.agency", "requester.office"})
    found = package(Bench.of(book(), "text-strict", SPRING_2026), partial_address, pins, seconds=20)
    assert found.now == () and found.complete
    assert found.steps[0].unlocks == ("address", "wages")
    assert [change.fact for change in found.steps[0].changes] == ["request.address_quality"]
    assert found.largest == ("address", "wages")
    assert found.never == ("return",)


def test_each_step_of_the_package_releases_what_it_says(partial_address: CaseFacts) -> None:
    bench = Bench.of(book(), "irs-2025-08", SPRING_2026)
    found = package(bench, partial_address, seconds=20)
    facts, out = partial_address, set(found.now)
    for step in found.steps:
        facts = put(facts, {(change.fact, change.item): change.after[0] for change in step.changes})
        allowed = {i.id for i, v in zip(facts.items, bench.verdicts(facts), strict=True) if v == "allow"}
        assert allowed == out | set(step.unlocks)
        out = allowed
    assert out == set(found.largest)
