"""What goes with a verdict: the facts that could still change it, the duties it brings, each profile's own answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from limen.decide.decision import AttachedDuty, ItemDecision, Missing, ProfileOutcome, make
from limen.decide.missing import MissingFinder
from limen.decide.opinion import Opinion
from limen.law.edition import Edition
from limen.law.facts import CaseFacts
from limen.law.rules import Duty
from limen.law.vocabulary import Fact


def profile_outcome(opinion: Opinion, facts: CaseFacts) -> ProfileOutcome:
    """What one profile answers, for a decision that asked several."""
    verdicts = {item.id: verdict for item, verdict in zip(facts.items, opinion.verdicts, strict=True)}
    return ProfileOutcome(
        profile=opinion.profile, effect=opinion.effect, disposition=opinion.disposition, verdicts=verdicts
    )


def facts_missing(
    opinions: Sequence[Opinion], facts: CaseFacts, finder_of: Callable[[str], MissingFinder]
) -> tuple[Missing, ...]:
    """Facts that could still change a verdict under any profile asked, those that matter in most places first.

    `finder_of` gives the finder of a profile's edition; it is asked only where something is open.
    """
    places: dict[str, tuple[set[str], set[str]]] = {}
    declared: Mapping[str, Fact] = {}
    for opinion in opinions:
        if "open" not in opinion.verdicts:
            continue
        finder = finder_of(opinion.profile)
        declared = finder.edition.facts
        for fact, by_item in finder.find(facts, opinion.findings).items():
            items, addresses = places.setdefault(fact, (set(), set()))
            for item, where in by_item.items():
                items.add(item)
                addresses |= where
    if not places:
        return ()
    ranked = sorted(places.items(), key=lambda entry: (-len(entry[1][1]), entry[0]))
    return tuple([_missing(declared[fact], items, addresses) for fact, (items, addresses) in ranked])


def _missing(fact: Fact, items: set[str], addresses: set[str]) -> Missing:
    values = {
        "fact": fact.name,
        "ask": fact.ask,
        "items": tuple(sorted(items)),
        "elements": tuple(sorted(addresses)),
        "authority_side": fact.authority_side or fact.sensitive,
    }
    return make(Missing, values, set(values))


def duties_attached(edition: Edition, items: Sequence[ItemDecision]) -> tuple[AttachedDuty, ...]:
    """The duties attached to what is allowed, each once, with the items it is for."""
    released: dict[str, list[str]] = {}
    for item in items:
        if item.verdict == "allow" and item.gateway is not None:
            released.setdefault(item.gateway, []).append(item.item)
    if not released:
        return ()
    attached: dict[str, AttachedDuty] = {}
    for gateway in edition.gateways:
        for_items = released.get(gateway.rule.address)
        if not for_items:
            continue
        for duty in gateway.duties:
            earlier = attached[duty.address].items if duty.address in attached else ()
            attached[duty.address] = _duty(duty, (*earlier, *for_items))
    return tuple(attached.values())


def _duty(duty: Duty, items: tuple[str, ...]) -> AttachedDuty:
    values = {
        "address": duty.address,
        "who": duty.who,
        "when": duty.when,
        "duty": duty.duty,
        "citation": duty.cite.text,
        "certainty": duty.cite.certainty,
        "deadline": duty.deadline,
        "within_hours": duty.within_hours,
        "breach": duty.breach,
        "items": items,
    }
    return make(AttachedDuty, values, set(values))
