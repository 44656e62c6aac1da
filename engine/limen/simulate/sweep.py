"""What the figures hang on: another match threshold, and every assumed knob turned down and up.

Both look at fewer rows than the run itself and say how many. A sweep of thresholds counts against the truth; a
sensitivity run makes a registry and a batch anew for each turn of a knob, all with the same seeds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from limen.crossref.settings import Settings
from limen.simulate.making import Block
from limen.simulate.matching import match_all, open_engine
from limen.simulate.plan import Plan, scaled, with_value
from limen.simulate.run import Outcome, Progress, run_plan


@dataclass(frozen=True, slots=True)
class Threshold:
    """Errors of cross-reference among `rows` requests, `held` of them about a person the registry holds.

    `named` requests got a person; `mistaken` of these the wrong one; in `missed` requests about a person held nobody
    was named.
    """

    close: int
    rows: int
    held: int
    named: int
    mistaken: int
    missed: int


@dataclass(frozen=True, slots=True)
class Turned:
    """What the first policy releases when one knob is turned, per 100,000 requests."""

    knob: str
    value: float
    rows: int
    released: float
    by_tin: float
    by_address: float
    wrong: float


def sweep_thresholds(plan: Plan, registry: Path, blocks: Sequence[Block], progress: Progress) -> list[Threshold]:
    """Errors at each threshold of the plan, over the first rows of the batch."""
    rows = min(plan.sweep.rows, plan.batch.size)
    used = [block for block in blocks if block.first < rows]
    truth = pa.concat_tables([pq.read_table(block.path("truth"), columns=["person"]) for block in used])
    person = truth.column("person").slice(0, rows).combine_chunks()
    held = pc.greater_equal(person, 0)
    engine = open_engine(registry, used, rows)
    found = []
    for number, close in enumerate(plan.sweep.close):
        progress("thresholds", number, len(plan.sweep.close))
        matched = match_all(engine, Settings(plan.match.confirm_address, close, plan.match.tie)).column("person")
        matched = matched.combine_chunks()
        named = pc.is_valid(matched)
        wrong = pc.fill_null(pc.not_equal(matched, person), False)
        missed = pc.and_(held, pc.invert(named))
        found.append(Threshold(close, rows, *(pc.sum(mask).as_py() or 0 for mask in (held, named, wrong, missed))))
    progress("thresholds", len(found), len(found))
    return found


def sensitivity(plan: Plan, out: Path, progress: Progress, workers: int = 1, book: Path | None = None) -> list[Turned]:
    """The first policy's releases as the plan stands (knob ``), and with each knob at its `low` and its `high`."""
    small = scaled(plan, min(plan.sweep.sensitivity_rows, plan.batch.size))
    small = small.model_copy(update={"compare": plan.compare[:1], "targets": ()})
    turns = [("", 0.0, small)]
    for name, knob in plan.knobs.items():
        for value in (knob.low, knob.high):
            if value is not None:
                turns.append((name, value, with_value(small, name, value)))
    found = []
    for number, (name, value, turned) in enumerate(turns):
        progress("sensitivity", number, len(turns))
        outcome, _ = run_plan(turned, out, workers, book=book)
        found.append(_turned(name, value, outcome))
    progress("sensitivity", len(turns), len(turns))
    return found


def _turned(name: str, value: float, outcome: Outcome) -> Turned:
    one = outcome.policies[0]
    each = 100_000 / one.requests
    figures = (one.released, one.by_tin, one.by_address, one.wrong)
    return Turned(name, value, one.requests, *(round(figure * each, 1) for figure in figures))
