"""Comparing what two keys found."""

from __future__ import annotations

from limen.decide.findings import Findings
from limen.law.edition import Edition
from limen.law.facts import CaseFacts


def differences(edition: Edition, facts: CaseFacts, first: Findings, second: Findings) -> list[str]:
    """The addresses at which two findings of the same edition differ, in the order of the edition."""
    found = [p.address for p, a, b in zip(edition.case_points, first.case, second.case, strict=False) if a is not b]
    for item, one, other in zip(facts.items, first.items, second.items, strict=False):
        sides = (
            ([point.address for point in edition.item_points], one.points, other.points),
            ([bar.rule.address for bar in edition.bars], one.bars, other.bars),
            ([gateway.rule.address for gateway in edition.gateways], one.gateways, other.gateways),
            (["verdict"], (one.verdict,), (other.verdict,)),
        )
        for addresses, mine, theirs in sides:
            found += [f"{item.id}: {name}" for name, a, b in zip(addresses, mine, theirs, strict=False) if a != b]
    return found


def check_shape(edition: Edition, facts: CaseFacts, findings: Findings) -> None:
    """A key that reports too little or too much has failed, whatever it says."""
    points, gateways = len(edition.item_points), len(edition.gateways)
    whole = len(findings.case) == len(edition.case_points) and len(findings.items) == len(facts.items)
    for item in findings.items:
        whole = whole and len(item.points) == points and len(item.gateways) == gateways
    if not whole:
        raise ValueError("findings of the wrong shape")
