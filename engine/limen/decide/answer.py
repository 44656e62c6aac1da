"""The short answer: the verdict on one item and what stands in the way, without the truth of every point.

A gateway may be closed by its *leading* element, the first one in the book. If that is false the gateway is not
about such a request at all (another requester, another programme), and nothing else about it is asked. Otherwise
every element, ground and bar that keeps it from opening is named.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from limen.decide.findings import Findings, Verdict
from limen.law.edition import Edition
from limen.law.truth import Truth, conjunction, disjunction

Hindrance = Literal["not_met", "not_known", "barred"]


class Obstacle(NamedTuple):
    """A point that keeps `rule` from deciding otherwise: its address, and how it came out."""

    rule: str
    address: str
    outcome: Hindrance


class Answer(NamedTuple):
    """The verdict on one item.

    `gateway` is the one that opened (`must` before `may`, then the order of the book). `obstacles` names what is in
    the way: unknown sides of the prohibition; then, when no gateway opened, the elements of each gateway, then its
    grounds and bars. Gateways closed by their leading element are left out; `passed_over` gives those.
    """

    verdict: Verdict
    gateway: str | None
    obstacles: tuple[Obstacle, ...]


def passed_over(edition: Edition, answer: Answer) -> tuple[Obstacle, ...]:
    """The gateways an answer does not speak of, each with the leading element that closed it."""
    if answer.gateway is not None or answer.verdict == "not_covered":
        return ()
    named = {obstacle.rule for obstacle in answer.obstacles}
    return tuple(
        Obstacle(gateway.rule.address, edition.case_points[gateway.elements[0]].address, "not_met")
        for gateway in edition.gateways
        if gateway.elements and gateway.grounds and gateway.rule.address not in named
    )


def preference(edition: Edition) -> list[int]:
    """The gateways in the order in which an open one answers: `must` before `may`, then the order of the book."""
    return sorted(range(len(edition.gateways)), key=lambda number: edition.gateways[number].rule.effect != "must")


def answers_of(edition: Edition, findings: Findings) -> tuple[Answer, ...]:
    """The answers that follow from full findings: slow, and what the generated ones must equal."""
    answers = []
    for item in findings.items:
        forbidden = disjunction(
            conjunction((item.points[applies], item.points[says])) for _, applies, says in edition.prohibitions
        )
        if forbidden is False:
            answers.append(Answer("not_covered", None, ()))
            continue
        opened = [number for number in preference(edition) if item.gateways[number] is True]
        obstacles: list[Obstacle] = []
        if forbidden is None:
            for rule, *sides in edition.prohibitions:
                obstacles += [
                    Obstacle(rule.address, edition.item_points[side].address, "not_known")
                    for side in sides
                    if item.points[side] is None
                ]
        if opened:
            answers.append(Answer(item.verdict, edition.gateways[opened[0]].rule.address, tuple(obstacles)))
            continue
        asked = [
            gateway
            for gateway in edition.gateways
            if gateway.elements and gateway.grounds and findings.case[gateway.elements[0]] is not False
        ]
        for gateway in asked:
            for index in gateway.elements:
                obstacles += _hindrance(gateway.rule.address, edition.case_points[index].address, findings.case[index])
        for gateway in asked:
            address = gateway.rule.address
            if not any(item.points[index] is True for index in gateway.grounds):
                for index in gateway.grounds:
                    obstacles += _hindrance(address, edition.item_points[index].address, item.points[index])
            for index in gateway.bars:
                if item.bars[index] is not False:
                    outcome: Hindrance = "barred" if item.bars[index] else "not_known"
                    obstacles.append(Obstacle(address, edition.bars[index].rule.address, outcome))
        answers.append(Answer(item.verdict, None, tuple(obstacles)))
    return tuple(answers)


def _hindrance(rule: str, address: str, value: Truth) -> list[Obstacle]:
    if value is True:
        return []
    return [Obstacle(rule, address, "not_met" if value is False else "not_known")]
