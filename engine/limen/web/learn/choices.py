"""What a trainer chooses from: provisions to make a course about, scenarios to add, requirements to find twins for."""

from __future__ import annotations

from limen.law.rules import Bar, Gateway
from limen.training.classroom import Classroom


def groups(room: Classroom) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """The provisions a course can be about: address, title and citation, by kind."""
    rules = room.book.rules.values()
    return [
        (name, [(rule.address, rule.title, rule.cite.text) for rule in rules if isinstance(rule, kind)])
        for name, kind in (("Gateways", Gateway), ("Bars", Bar))
    ]


def stories(room: Classroom) -> list[tuple[str, str]]:
    """The scenarios a question can be made of, by name and title; variants are written after a stroke."""
    return [(one.scenario, one.title) for one in room.cases.library() if one.scenario == one.family]


def requirements(room: Classroom) -> list[tuple[str, str]]:
    """The requirements that twins can be found for: address, and what it asks for."""
    return [
        (f"{rule.address}#{node.id}", node.label or node.id)
        for rule in room.book.rules.values()
        if isinstance(rule, Gateway)
        for node in rule.elements
    ]
