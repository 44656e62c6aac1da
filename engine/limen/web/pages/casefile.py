"""Cases as files: the YAML that `limen decide` and `limen scenario run` take, saved from a state and opened as one.

A case is saved as a scenario of bare facts that expects what was answered; each snapshot is a variant of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from limen.analyse.bench import Spot
from limen.decide.decision import Decision
from limen.exports.origins import origins_of
from limen.law.book import Book
from limen.law.facts import CaseFacts
from limen.request.batch import BatchCounts
from limen.request.characterise import Characteriser
from limen.request.read import read_request
from limen.request.words import UNKNOWN as SAID_UNKNOWN
from limen.scenario.load import find_scenarios, load_scenario, shipped
from limen.scenario.model import Scenario
from limen.scenario.run import Matcher, ScenarioRunner
from limen.scenario.sniff import is_scenario
from limen.web.pages.codec import spot_of
from limen.web.pages.state import (
    LONGEST_TITLE,
    MOST_ITEMS,
    MOST_SNAPSHOTS,
    UNKNOWN,
    CaseState,
    Snapshot,
    can_be_item,
)

MOST_BYTES = 200_000
ANALYST = "the analyst"
NO_DOCUMENT = "there being no such document"

HEAD = """\
# Saved by the workbench of Limen. A simulation with invented people; not legal advice.
# The same answer on the command line:
#   limen decide {file}{profile}
#   limen scenario run {file}
"""


class CaseFileError(ValueError):
    """A file that holds no case the workbench can open."""


def save(state: CaseState, decision: Decision, snapshots: Mapping[str, Decision], file: str = "case.yaml") -> str:
    """The state as a scenario file; `decision` and those of the `snapshots` are what it expects.

    A case asked under a draft says so in its notes: the command has to be given the draft's book.
    """
    data = _told(state.title, state, decision)
    data |= _case(state.facts, state.unknown)
    data["expect"] = _expected(decision)
    if state.draft:
        data["notes"] = f"Asked with the draft {state.draft} at the workbench; without it the answer may be another."
    data["workbench"] = _workbench(state)
    variants = {}
    for snapshot in state.snapshots:
        told = snapshots[snapshot.name]
        variants[snapshot.name] = _variant(state, snapshot, told)
    if variants:
        data["variants"] = variants
    profile = f" --profile {state.profile}" if state.profile else ""
    head = HEAD.format(file=file, profile=profile)
    return head + yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)


def open_shipped(name: str, book: Book, match: Matcher | None) -> CaseState:
    """The state of a shipped scenario. Raises `CaseFileError`, and the readers' own errors."""
    path = shipped(name)
    if path is None:
        raise CaseFileError("there is no shipped scenario of that name")
    return _of_scenario(load_scenario(path), book, match, f"the scenario {name}")


def open_text(text: str, name: str, book: Book, match: Matcher | None) -> CaseState:
    """The state of a file: a request (YAML or JSON), a scenario, or what the workbench saved.

    Raises `CaseFileError`, `ScenarioError`, `RequestError`, `FactError`: each says what, where and how to mend it.
    """
    if len(text.encode("utf-8")) > MOST_BYTES:
        raise CaseFileError(f"the file has more than {MOST_BYTES:,} bytes")
    is_json = name.endswith(".json") or text.lstrip().startswith("{")
    with TemporaryDirectory(prefix="limen-") as folder:
        path = Path(folder) / ("case.json" if is_json else "case.yaml")
        path.write_text(text, encoding="utf-8")
        if not is_json and is_scenario(path):
            told = [scenario for _, scenario in find_scenarios([path])]
            state = _of_scenario(told[0], book, match, f"the file {told[0].scenario}")
            return replace(state, snapshots=tuple(_snapshots(told[1:], state, book, match)))
        request = read_request(path)
    day = request.received or datetime.now(UTC).date()
    found = match(request.subject) if match is not None else None
    batch = BatchCounts([request]).context(request)
    seen = Characteriser(book.vocabulary).characterise(request, found, as_of=day, batch=batch)
    bounded(seen.facts)
    return CaseState(book.digest, seen.facts, day, title=request.id, origin=f"the request {request.id}")


def origins(state: CaseState, book: Book, match: Matcher | None) -> dict[Spot, str]:
    """Who stated each fact, in words: the analyst, the silence of documents that are not there, or what it began from.

    For a shipped scenario that tells a request it is said where in the request it was read.
    """
    found: dict[Spot, str] = {}
    name = state.origin.removeprefix("the scenario ")
    path = shipped(name) if state.origin.startswith("the scenario ") else None
    if path is not None:
        scenario = load_scenario(path)
        runner = ScenarioRunner(book, match)
        facts, day, request = runner.case(scenario)
        if request is not None:
            answers = state.answers()
            began = replace(state, facts=facts, unknown=frozenset())
            read = origins_of(runner.characterise(scenario, request, day))
            found = {
                spot: f"{state.origin}: {words}"
                for spot, words in read.items()
                if answers.get(spot) == began.answer(spot)
            }
    for spot in state.silent:
        found[spot] = NO_DOCUMENT
    for spot in state.mine:
        found[spot] = ANALYST
    return found


def _of_scenario(scenario: Scenario, book: Book, match: Matcher | None, origin: str) -> CaseState:
    facts, unknown, day = _facts_of(scenario, book, match)
    kept = scenario.workbench
    profile = kept.profile if kept is not None and kept.profile in book.profiles else None
    by = kept.stated_by if kept is not None else {}
    there = {(name, None) for name in facts.facts} | unknown
    there |= {(name, item.id) for item in facts.items for name in item.facts}
    return CaseState(
        book.digest, facts, day, profile, scenario.known_at,
        title=scenario.title[:LONGEST_TITLE], origin=origin, unknown=unknown,
        pinned=frozenset(name for name in (kept.pinned if kept is not None else ()) if name in book.vocabulary.facts),
        mine=frozenset(spot for spot, who in _by(by) if who == ANALYST and spot in there),
        silent=frozenset(spot for spot, who in _by(by) if who == NO_DOCUMENT and spot in there),
    )  # fmt: skip


def _by(stated_by: Mapping[str, str]) -> Iterator[tuple[Spot, str]]:
    for text, who in stated_by.items():
        yield spot_of(text), who


def _facts_of(scenario: Scenario, book: Book, match: Matcher | None) -> tuple[CaseFacts, frozenset[Spot], date]:
    facts, day, _ = ScenarioRunner(book, match).case(scenario)
    bounded(facts)
    unknown: set[Spot] = {(name, None) for name, said in (scenario.facts or {}).items() if said == SAID_UNKNOWN}
    for item, stated in (scenario.items or {}).items():
        unknown |= {(name, item) for name, said in stated.items() if said == SAID_UNKNOWN}
    return facts, frozenset(unknown), day


def bounded(facts: CaseFacts) -> None:
    """Raise `CaseFileError` for a case that the workbench has no room for."""
    if len(facts.items) > MOST_ITEMS:
        raise CaseFileError(f"the case has more than {MOST_ITEMS} items; `limen decide` takes it")
    if not all(can_be_item(item.id) for item in facts.items):
        raise CaseFileError("an item's id is too long, or has a character no id may have")


def _snapshots(told: Sequence[Scenario], state: CaseState, book: Book, match: Matcher | None) -> Iterator[Snapshot]:
    for scenario in told[:MOST_SNAPSHOTS]:
        facts, unknown, day = _facts_of(scenario, book, match)
        kept = scenario.workbench
        profile = kept.profile if kept is not None and kept.profile in book.profiles else state.profile
        name = scenario.scenario.rpartition("/")[2]
        yield Snapshot(name, facts, unknown, profile, day, scenario.known_at, None)


def _told(title: str, state: CaseState, decision: Decision) -> dict[str, Any]:
    """What every scenario tells, so far as a case has it."""
    name = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:60] or "case"
    gateways = [item.gateway for item in decision.items if item.gateway]
    rules = [reason.rule for item in decision.items for reason in item.reasons]
    data: dict[str, Any] = {
        "scenario": name,
        "title": title.strip() or "A case",
        "story": f"A case of the workbench{f', begun from {state.origin}' if state.origin else ''}.",
        "teaches": "What is answered to these facts, as it was saved.",
        "provisions": list(dict.fromkeys(gateways or rules))[:20] or ["usc.26.6103.a"],
        "as_of": state.as_of,
    }
    if state.known_at:
        data["known_at"] = state.known_at
    return data


def _case(facts: CaseFacts, unknown: frozenset[Spot]) -> dict[str, Any]:
    return {
        "facts": {**facts.facts, **_unknown(unknown, None)},
        "items": {item.id: {**item.facts, **_unknown(unknown, item.id)} for item in facts.items},
    }


def _unknown(unknown: frozenset[Spot], item: str | None) -> dict[str, str]:
    return dict.fromkeys(sorted(name for name, of in unknown if of == item), UNKNOWN)


def _expected(decision: Decision) -> dict[str, Any]:
    """What was answered, as a scenario expects it. A fault is nothing to expect."""
    said = {"disposition": decision.disposition, "items": {item.item: item.verdict for item in decision.items}}
    return {decision.profile or "all": said}


def _workbench(state: CaseState) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    if state.profile:
        kept["profile"] = state.profile
    if state.pinned:
        kept["pinned"] = sorted(state.pinned)
    by = {_spot(spot): NO_DOCUMENT for spot in sorted(state.silent, key=_spot)}
    by |= {_spot(spot): ANALYST for spot in sorted(state.mine, key=_spot)}
    if by:
        kept["stated_by"] = by
    return kept


def _variant(state: CaseState, snapshot: Snapshot, decision: Decision) -> dict[str, Any]:
    """A snapshot as what changes, and what is taken away."""
    ours, theirs = _case(state.facts, state.unknown), _case(snapshot.facts, snapshot.unknown)
    data: dict[str, Any] = {"title": snapshot.name, "story": f"The snapshot {snapshot.name} of this case."}
    without = [f"facts.{name}" for name in ours["facts"] if name not in theirs["facts"]]
    changes = {name: value for name, value in theirs["facts"].items() if ours["facts"].get(name, ...) != value}
    if changes:
        data["facts"] = changes
    items = {}
    for id, stated in theirs["items"].items():
        before = ours["items"].get(id)
        differing = stated if before is None else {n: v for n, v in stated.items() if before.get(n, ...) != v}
        if differing or before is None:
            items[id] = differing
        without += [f"items.{id}.{name}" for name in before or () if name not in stated]
    without += [f"items.{id}" for id in ours["items"] if id not in theirs["items"]]
    if items:
        data["items"] = items
    if without:
        data["without"] = without
    if snapshot.as_of != state.as_of:
        data["as_of"] = snapshot.as_of
    if snapshot.known_at is not None:
        data["known_at"] = snapshot.known_at
    data["expect"] = _expected(decision)
    if snapshot.profile:
        data["workbench"] = {"profile": snapshot.profile}
    return data


def _spot(spot: Spot) -> str:
    return spot[0] if spot[1] is None else f"{spot[0]}@{spot[1]}"


class _Dumper(yaml.SafeDumper):
    """Quotes words that a YAML reader would take for something else."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def _word(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    doubtful = text.casefold() in {"y", "n", "yes", "no", "on", "off", "true", "false", "null", "~"}
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="'" if doubtful else None)


_Dumper.add_representer(str, _word)
