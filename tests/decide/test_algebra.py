"""What must hold of every decision, whatever the book: the promises of the design as properties."""

from __future__ import annotations

import random
from dataclasses import replace

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from random_law import FACTS, VALUES, cases, editions

from limen.decide import reference
from limen.decide.missing import missing_facts
from limen.law.edition import Edition
from limen.law.facts import CaseFacts, ItemFacts
from sizes import tries
from strategies import case_facts as read_cases
from strategies import editions as read_editions

SETTLED = {"allow", "deny", "not_covered"}


@st.composite
def complete_cases(draw: st.DrawFn) -> CaseFacts:
    """A case in which everything the vocabulary asks is stated."""
    case = {name: draw(VALUES[fact.type]) for name, fact in FACTS.items() if not fact.per_item}
    items = tuple(
        ItemFacts(id, {name: draw(VALUES[fact.type]) for name, fact in FACTS.items() if fact.per_item})
        for id in ("a", "b")[: draw(st.integers(1, 2))]
    )
    return CaseFacts(case, items)


def verdicts(edition: Edition, facts: CaseFacts) -> dict[str, str]:
    findings = reference.find(edition, facts)
    return {item.id: found.verdict for item, found in zip(facts.items, findings.items, strict=True)}


def forget(facts: CaseFacts, names: set[str]) -> CaseFacts:
    """The same case with some facts no longer stated."""
    return CaseFacts(
        {name: value for name, value in facts.facts.items() if name not in names},
        tuple(ItemFacts(i.id, {n: v for n, v in i.facts.items() if n not in names}) for i in facts.items),
    )


def stated(facts: CaseFacts) -> list[str]:
    return sorted({*facts.facts, *(name for item in facts.items for name in item.facts)})


@given(st.data())
def test_information_never_flips_a_settled_verdict(data: st.DataObject) -> None:
    edition = data.draw(editions())
    more = data.draw(cases())
    known = stated(more)
    less = forget(more, set(data.draw(st.lists(st.sampled_from(known), unique=True)))) if known else more
    before, after = verdicts(edition, less), verdicts(edition, more)
    for item, verdict in before.items():
        if verdict in SETTLED:
            assert after[item] == verdict


@given(st.data())
def test_a_missing_fact_never_releases(data: st.DataObject) -> None:
    """If an item is allowed with a fact missing, it is allowed whatever that fact turns out to be."""
    edition = data.draw(editions())
    whole = data.draw(complete_cases())
    known = stated(whole)
    assume(known)
    partial = forget(whole, set(data.draw(st.lists(st.sampled_from(known), unique=True, min_size=1))))
    allowed = {item for item, verdict in verdicts(edition, partial).items() if verdict == "allow"}
    assert allowed <= {item for item, verdict in verdicts(edition, whole).items() if verdict == "allow"}


@given(st.data())
def test_saying_nothing_at_all_releases_only_what_needs_nothing(data: st.DataObject) -> None:
    edition = data.draw(editions())
    silent = CaseFacts({}, (ItemFacts("a", {}),))
    whole = data.draw(complete_cases())
    if verdicts(edition, silent)["a"] == "allow":
        assert set(verdicts(edition, whole).values()) <= {"allow"}


@given(st.data())
def test_a_bar_never_adds_an_allow(data: st.DataObject) -> None:
    edition = data.draw(editions())
    facts = data.draw(cases())
    assume(edition.bars and not any(bar.barred_by for bar in edition.bars))
    without = replace(
        edition, bars=(), gateways=tuple(replace(gateway, bars=()) for gateway in edition.gateways)
    )  # fmt: skip
    barred, unbarred = verdicts(edition, facts), verdicts(without, facts)
    for item, verdict in barred.items():
        if verdict == "allow":
            assert unbarred[item] == "allow"


@given(st.data(), st.randoms(use_true_random=False))
def test_order_and_repetition_do_not_matter(data: st.DataObject, chance: random.Random) -> None:
    edition = data.draw(editions())
    facts = data.draw(cases())
    turned = list(facts.items)
    chance.shuffle(turned)
    names = list(facts.facts.items())
    chance.shuffle(names)
    doubled = tuple(turned) + tuple(ItemFacts(f"{item.id} again", item.facts) for item in turned)
    before, after = verdicts(edition, facts), verdicts(edition, CaseFacts(dict(names), doubled))
    for item, verdict in before.items():
        assert after[item] == after[f"{item} again"] == verdict


@given(st.data())
def test_gateways_accumulate(data: st.DataObject) -> None:
    """Taking a gateway away never allows an item that was not allowed before."""
    edition = data.draw(editions())
    facts = data.draw(cases())
    assume(len(edition.gateways) > 1)
    kept = tuple(g for i, g in enumerate(edition.gateways) if i != data.draw(st.integers(0, len(edition.gateways) - 1)))
    before, after = verdicts(edition, facts), verdicts(replace(edition, gateways=kept), facts)
    for item, verdict in after.items():
        if verdict == "allow":
            assert before[item] == "allow"


@given(st.data())
def test_a_gateway_with_nothing_left_in_it_is_never_open(data: st.DataObject) -> None:
    edition = data.draw(editions())
    facts = data.draw(cases())
    hollow = replace(edition, gateways=tuple(replace(gateway, elements=()) for gateway in edition.gateways))
    assert "allow" not in verdicts(hollow, facts).values()
    groundless = replace(edition, gateways=tuple(replace(gateway, grounds=()) for gateway in edition.gateways))
    assert "allow" not in verdicts(groundless, facts).values()


@settings(max_examples=tries(15))
@given(st.data())
def test_the_trace_and_the_closed_expressions_say_the_same(data: st.DataObject) -> None:
    edition = data.draw(read_editions())
    facts = data.draw(read_cases(edition))
    trace, findings = reference.trace(edition, facts), reference.find(edition, facts)
    assert tuple(node.result for node in trace.case) == findings.case
    assert tuple(item.findings for item in trace.items) == findings.items


@given(st.data())
def test_a_fact_not_named_as_missing_cannot_change_the_verdict(data: st.DataObject) -> None:
    edition = data.draw(editions())
    whole = data.draw(complete_cases())
    known = stated(whole)
    assume(known)
    partial = forget(whole, set(data.draw(st.lists(st.sampled_from(known), unique=True, min_size=1))))
    findings = reference.find(edition, partial)
    missing = missing_facts(edition, partial, findings)
    for item, found in zip(partial.items, findings.items, strict=True):
        named = {fact for fact, items in missing.items() if item.id in items}
        if found.verdict != "open":
            assert not named
            continue
        others = forget(whole, named)
        assert verdicts(edition, others)[item.id] == "open"


@given(st.data())
def test_every_verdict_lands_in_one_of_the_four_names(data: st.DataObject) -> None:
    edition = data.draw(editions())
    facts = data.draw(cases())
    assert set(verdicts(edition, facts).values()) <= {"allow", "deny", "open", "not_covered"}
