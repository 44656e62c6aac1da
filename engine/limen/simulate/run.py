"""Running a plan: registry, requests, matches, decisions, counts; each stage kept, so that a run can be resumed."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from limen.crossref import make_registry
from limen.crossref.settings import Settings
from limen.law import load_book
from limen.law.book import Book
from limen.simulate.counting import count_flips, count_flow, count_policy, open_outcomes
from limen.simulate.deciding import PolicyDecider, decide_block
from limen.simulate.making import BLOCK, Block, blocks_of, make_block, what_makes_the_batch
from limen.simulate.matching import keep_matches, open_engine
from limen.simulate.outcome import Outcome, meets
from limen.simulate.place import Place, code_of, digest_of
from limen.simulate.plan import Plan, told_knobs

Progress = Callable[[str, int, int], None]
"""Told the stage, what is done of it and how much there is."""
MAKERS = ("crossref",)
DECIDERS = ("law", "request", "decide", "batch", "simulate/deciding", "simulate/obstacles")
"""What the registry, and what the decisions, are made by; `making.MAKERS` says it of the requests."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Where the stages of a run are."""

    registry: Path
    blocks: tuple[Block, ...]
    matches: Mapping[Settings, Path]
    outcomes: tuple[Path, ...]


def run_plan(
    plan: Plan,
    out: Path,
    workers: int = 1,
    progress: Progress | None = None,
    full_size: int | None = None,
    book: Path | None = None,
) -> tuple[Outcome, Kept]:
    """Run a plan in the folder `out`; what is finished there is taken up again.

    `full_size` is the size the targets are about, where the plan was scaled. Raises `SimulationError`.
    """
    say = progress or _silent
    law = load_book(book)
    decider = PolicyDecider(plan, law)
    place = Place(out)
    registry = place.stage("registry", [plan.registry.model_dump(), code_of(*MAKERS)])
    if not (registry / "about.json").exists():
        people = plan.registry.people
        shutil.rmtree(registry, ignore_errors=True)  # what a killed run left of it is no registry
        make_registry(people, plan.registry.seed, registry, lambda made: say("registry", made, people))
    made_of = what_makes_the_batch(plan)
    blocks = blocks_of(plan, place.stage("requests", made_of))
    size = plan.batch.size
    done = 0
    for rows in _each(make_block, [(block,) for block in blocks], workers):
        done += rows
        say("requests", done, size)
    matches = _matches(plan, decider, place, registry, blocks, made_of, say)
    kept = place.stage("outcome", [made_of, _about_decisions(plan), law.digest, code_of(*DECIDERS)])
    outcomes = tuple(kept / f"part-{block.number:05}.parquet" for block in blocks)
    done = 0
    due = [(block, matches, path) for block, path in zip(blocks, outcomes, strict=True)]
    for rows in _decided(plan, book, decider, due, workers):
        done += rows
        say("decisions", done, size)
    return _count(plan, decider, law, outcomes, full_size or size), Kept(registry, tuple(blocks), matches, outcomes)


def _matches(
    plan: Plan,
    decider: PolicyDecider,
    place: Place,
    registry: Path,
    blocks: Sequence[Block],
    made_of: Mapping[str, Any],
    say: Progress,
) -> dict[Settings, Path]:
    """What each way of accepting a match finds, made once for all policies that share it."""
    ways = list(dict.fromkeys(terms.settings for terms in decider.terms))
    paths = {way: place.stage("matches", [made_of, repr(way), BLOCK]).with_suffix(".parquet") for way in ways}
    due = [way for way in ways if not paths[way].exists()]
    if due:
        say("cross-reference", 0, len(due))
        engine = open_engine(registry, blocks)
        narrowed = engine.narrowed()
        for number, way in enumerate(due, 1):
            keep_matches(engine, way, narrowed, paths[way])
            say("cross-reference", number, len(due))
    return paths


def _about_decisions(plan: Plan) -> dict[str, Any]:
    data = plan.model_dump(mode="json")
    return {name: data[name] for name in ("batch", "match", "request", "reasons", "gateway", "compare")}


def _count(plan: Plan, decider: PolicyDecider, law: Book, outcomes: Sequence[Path], full_size: int) -> Outcome:
    db = open_outcomes(outcomes)
    names = [policy.name for policy in plan.compare]
    counted = tuple(count_policy(db, n, name, decider.obstacles[n]) for n, name in enumerate(names))
    flips, flow = tuple(count_flips(db, names)), tuple(count_flow(db, 0))
    db.close()
    targets = tuple(meets(target, counted, full_size / plan.batch.size) for target in plan.targets)
    digest = digest_of([plan.model_dump(mode="json"), law.digest])
    return Outcome(plan, digest, law.digest, counted, flips, flow, targets, tuple(told_knobs(plan)), full_size)


def _each(work: Callable[..., int], due: Sequence[tuple[Any, ...]], workers: int) -> Iterator[int]:
    if workers <= 1 or len(due) == 1:
        yield from (work(*one) for one in due)
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        for future in [pool.submit(work, *one) for one in due]:
            yield future.result()


def _decided(
    plan: Plan, book: Path | None, decider: PolicyDecider, due: Sequence[tuple[Any, ...]], workers: int
) -> Iterator[int]:
    left = [one for one in due if not one[2].exists()]
    yield sum(one[0].stop - one[0].first for one in due if one[2].exists())
    if workers <= 1 or len(left) <= 1:
        yield from (decide_block(decider, *one) for one in left)
        return
    with ProcessPoolExecutor(
        workers, mp_context=get_context("spawn"), initializer=_start, initargs=(plan, book)
    ) as pool:
        for future in [pool.submit(_decide, *one) for one in left]:
            yield future.result()


_DECIDER: PolicyDecider | None = None


def _start(plan: Plan, book: Path | None) -> None:
    """Make ready a process of the pool."""
    global _DECIDER
    _DECIDER = PolicyDecider(plan, load_book(book))


def _decide(block: Block, matches: Mapping[Settings, Path], path: Path) -> int:
    if _DECIDER is None:
        raise RuntimeError("a process of the simulation was not made ready")
    return decide_block(_DECIDER, block, matches, path)


def _silent(stage: str, done: int, total: int) -> None:
    """Nobody is watching."""
