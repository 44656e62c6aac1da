"""A case to hand over: one scenario decided under one profile, and everything a memo takes from it."""

from __future__ import annotations

from datetime import UTC, date, datetime

from book_cases import book
from limen.crossref.lazy import LazyRegistry
from limen.decide.decider import Decider
from limen.exports.hand_over import brief_of
from limen.exports.memo import Brief
from limen.exports.origins import origins_of
from limen.exports.receipt import Told
from limen.scenario.load import load_scenario, shipped
from limen.scenario.run import ScenarioRunner

MADE = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def told_and_day(name: str) -> tuple[Told, date]:
    """A shipped scenario as a case to hand over, and the day of its law."""
    path = shipped(name)
    assert path is not None
    scenario = load_scenario(path)
    runner = ScenarioRunner(book(), LazyRegistry(None).match)
    facts, day, request = runner.case(scenario)
    by = {} if request is None else origins_of(runner.characterise(scenario, request, day))
    return Told(scenario.title, facts, f"scenario {name}", by), day


def brief(name: str, profile: str | None, audience: str = "reviewer") -> Brief:
    told, day = told_and_day(name)
    decision = Decider(book(), profile=profile).decide(told.facts, day, request_id=name)
    panel = Decider(book()).decide(told.facts, day)
    return brief_of(book(), told, decision, audience, panel=panel, made_at=MADE)  # type: ignore[arg-type]
