"""What the figures hang on: another match threshold, and every assumed knob turned down and up.

Both look at fewer rows than the run itself and say how many. A sweep of thresholds counts against the truth; a
sensitivity run makes a registry and a batch anew for each turn of a knob, all with the same seeds.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from limen.crossref.settings import Settings
from limen.simulate.making import BLOCK, Block, what_makes_the_batch
from limen.simulate.matching import open_engine
from limen.simulate.outcome import Outcome
from limen.simulate.place import Place, whole
from limen.simulate.plan import Plan, knob_values
from limen.simulate.plan_file import scaled, with_value
from limen.simulate.run import Progress, run_plan


@dataclass(frozen=True, slots=True)
class Threshold:
    """Errors of cross-reference among `rows` requests, `held` of them about a person the registry holds.

    `confirm`: whether a stated address had to be confirmed beside a number. `named` requests got a person; `mistaken`
    of these the wrong one; in `missed` requests about a person held nobody was named.
    """

    close: int
    confirm: bool
    rows: int
    held: int
    named: int
    mistaken: int
    missed: int


@dataclass(frozen=True, slots=True)
class Turned:
    """What the first policy does when one knob is turned, per 100,000 requests.

    `value` is what the knob is turned to, `base` what it was; for the plan as it stands `knob` is empty. `wrong` and
    `defective` are releases, `missed` are requests about a person held in which nobody was named.
    """

    knob: str
    value: float
    base: float
    rows: int
    released: float
    by_tin: float
    by_address: float
    defective: float
    wrong: float
    missed: float


def sweep_thresholds(
    plan: Plan, place: Place, registry: Path, blocks: Sequence[Block], progress: Progress
) -> list[Threshold]:
    """Errors at each threshold of the plan, over the first rows of the batch; kept, so that they are counted once."""
    rows = min(plan.sweep.rows, plan.batch.size)
    ways = [Settings(confirm, close, plan.match.tie) for confirm in (False, True) for close in plan.sweep.close]
    made_of = [what_makes_the_batch(plan), BLOCK, rows]
    paths = [place.stage("threshold", [made_of, repr(way)]).with_suffix(".json") for way in ways]
    if not all(path.exists() for path in paths):
        used = [block for block in blocks if block.first < rows]
        truth = pa.concat_tables([pq.read_table(block.path("truth"), columns=["person"]) for block in used])
        person = truth.column("person").slice(0, rows).combine_chunks()
        engine = open_engine(registry, used, rows)
        narrowed = engine.narrowed()
        for number, (way, path) in enumerate(zip(ways, paths, strict=True)):
            progress("thresholds", number, len(ways))
            if not path.exists():
                found = _count_errors(way, engine.matches(way, narrowed).column("person").combine_chunks(), person)
                with whole(path) as building:
                    building.write_text(json.dumps(asdict(found)), encoding="utf-8")
    progress("thresholds", len(ways), len(ways))
    return [Threshold(**json.loads(path.read_text("utf-8"))) for path in paths]


def _count_errors(way: Settings, matched: pa.Array, person: pa.Array) -> Threshold:
    held, named = pc.greater_equal(person, 0), pc.is_valid(matched)
    wrong = pc.fill_null(pc.not_equal(matched, person), False)
    missed = pc.and_(held, pc.invert(named))
    counts = [pc.sum(mask).as_py() or 0 for mask in (held, named, wrong, missed)]
    return Threshold(way.close, way.confirm_address, len(person), *counts)


def sensitivity(plan: Plan, out: Path, progress: Progress, workers: int = 1, book: Path | None = None) -> list[Turned]:
    """The first policy's figures as the plan stands (knob ``), and with each knob at its `low` and its `high`.

    All turns have the same seeds, so that what differs between them is the knob and not the draw.
    """
    size = min(plan.sweep.sensitivity_rows, plan.batch.size)
    small = scaled(plan, size).model_copy(update={"compare": plan.compare[:1], "targets": ()})
    now = {name: value for name, value in knob_values(small).items() if isinstance(value, int | float)}
    turns = [("", 0.0, small)]
    for name, knob in small.knobs.items():
        values = [value for value in (knob.low, knob.high) if value is not None and value != now.get(name)]
        turns += [(name, value, with_value(small, name, value)) for value in values]
    found = []
    for number, (name, value, turned_plan) in enumerate(turns):
        progress("sensitivity", number, len(turns))
        outcome, _ = run_plan(turned_plan, out, workers, book=book)
        found.append(_turned(name, value, now.get(name, 0.0), outcome))
    progress("sensitivity", len(turns), len(turns))
    return found


def _turned(name: str, value: float, base: float, outcome: Outcome) -> Turned:
    one = outcome.policies[0]
    each = 100_000 / one.requests
    figures = (one.released, one.by_tin, one.by_address, one.defective, one.wrong, one.missed)
    return Turned(name, value, base, one.requests, *(round(figure * each, 1) for figure in figures))
