"""`/v1/book`: what the rule book holds."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request

from limen.analyse.plain import plain
from limen.law.english import English
from limen.law.node import Node
from limen.law.problem import nearest
from limen.law.rules import Bar, DutyRule, Gateway, Prohibition
from limen.web import workbench
from limen.web.api.guard import READ_RESPONSES
from limen.web.errors import Problem
from limen.web.guards import signed_in

router = APIRouter(tags=["book"], dependencies=[signed_in])
KINDS = {Prohibition: "prohibition", Gateway: "gateway", Bar: "bar", DutyRule: "duty"}


@router.get("/v1/book", responses=READ_RESPONSES, summary="The rule book")
def book(request: Request) -> dict[str, Any]:
    """Profiles, rules, readings and facts of the book, each by the name it is asked for by."""
    held = workbench.of(request).book
    return {
        "name": held.name,
        "version": held.version,
        "digest": held.digest,
        "title": held.title,
        "profiles": [
            {"id": one.id, "title": one.title, "chooses": dict(one.chooses)} for one in held.profiles.values()
        ],
        "rules": [
            {"address": address, "kind": KINDS[type(rule)], "title": rule.title, "citation": rule.cite.text,
             "certainty": rule.cite.certainty}
            for address, rule in held.rules.items()
        ],
        "readings": [
            {"address": address, "words": one.words, "status": one.status,
             "alternatives": [{"id": a.id, "label": a.label} for a in one.alternatives]}
            for address, one in held.readings.items()
        ],
        "facts": [
            {"name": name, "type": one.type, "ask": one.ask, "values": list(one.values), "per_item": one.per_item,
             "authority_side": one.authority_side}
            for name, one in held.vocabulary.facts.items()
        ],
    }  # fmt: skip


@router.get("/v1/book/{address}", responses=READ_RESPONSES, summary="One provision")
def provision(request: Request, address: Annotated[str, Path(max_length=200)]) -> dict[str, Any]:
    """One rule: what it asks, point by point and in English, with what it is cited by and how sure that is."""
    held = workbench.of(request).book
    rule = held.rules.get(address)
    if rule is None:
        near = nearest(address, held.rules)
        raise Problem("not-found", 404, "no such provision", f"did you mean `{near}`?" if near else "see `/v1/book`")
    english = English(held.vocabulary, held.readings)
    told: dict[str, Any] = {
        "address": address,
        "kind": KINDS[type(rule)],
        "title": rule.title,
        "citation": rule.cite.text,
        "certainty": rule.cite.certainty,
        "in_force": plain(rule.in_force),
    }
    match rule:
        case Prohibition():
            told["applies_when"] = [_node(rule.applies_when, english)]
            told["forbids"] = [_node(rule.forbids, english)]
        case Gateway():
            told["effect"] = rule.effect
            told["elements"] = [_node(node, english) for node in rule.elements]
            told["releases"] = [_node(node, english) for node in rule.releases]
        case Bar():
            told["overrides"] = list(rule.overrides)
            told["conditions"] = [_node(node, english) for node in rule.conditions]
    if isinstance(rule, Gateway | DutyRule):
        told["duties"] = [
            {"address": d.address, "who": d.who, "when": d.when, "duty": d.duty, "citation": d.cite.text}
            for d in rule.duties
        ]
    return told


def _node(node: Node, english: English) -> dict[str, Any]:
    cite = node.cite
    return {
        "address": node.address,
        "label": node.label,
        "citation": cite.text if cite is not None else None,
        "certainty": cite.certainty if cite is not None else None,
        "means": english.node(node),
    }
