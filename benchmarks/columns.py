"""How many verdicts on items a table of facts gives in a second, every element of every gateway among them.

    python -m benchmarks.columns [--scale 1.0] [--out FILE]

Facts are columns already; for each row every point, bar and gateway is worked out, as a pair of bitmaps each, and the
verdict. On two threads, by pyarrow. The oracle is the reference interpreter: it decides every distinct case, and each
row must have the points, the gateways and the verdict of its case.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from benchmarks.figures import keep
from benchmarks.policy import policy_edition

from limen.decide import reference
from limen.decide.columns import arrow
from limen.decide.columns.law import LawColumns
from limen.decide.columns.layout import VERDICTS, facts_table
from limen.decide.equivalence_cases import CaseMaker
from limen.law import load_book, make_edition
from limen.law.edition import Edition

ROWS = 4_000_000
"""Rows at scale 1; one item each."""
DISTINCT = 4_000
"""Different cases among the rows."""
THREADS = 2
ROUNDS = 5
PROFILE, AS_OF = "irs-2025-08", date(2025, 9, 1)

Found = tuple[LawColumns[pa.BooleanArray], pa.Array]


class Wrong(Exception):
    """The columns and the oracle differ: there is nothing to measure."""


def measure(scale: float) -> dict[str, float]:
    """Item-verdicts a second with all element masks, for `ROWS * scale` rows; the best of a few rounds.

    - `columns_item_verdicts_per_s`: the 50-rule policy of the other benchmarks, from columns in memory;
    - `columns_book_item_verdicts_per_s`: the whole shipped book, which has some 220 masks a row, from memory;
    - `columns_loaded_item_verdicts_per_s`: the policy from a Parquet file of facts, reading it included;
    - the same names with `processor` for what two processors would give, by the processor time that was spent: on a
      busy machine the time that passed says more of the neighbours;
    - `columns_masks`, `columns_book_masks`: elements, grounds and other points that each row has masks for.

    Raises `Wrong` where a row has another mask or verdict than its case by the reference interpreter.
    """
    rows = max(DISTINCT, int(ROWS * scale))
    found: dict[str, float] = {}
    for name, edition in (("columns", policy_edition()), ("columns_book", shipped_edition())):
        facts, check = made(edition, rows)
        check_all(arrow.evaluate_table(edition, facts, THREADS), check)
        found |= _rates(name, rows, lambda e=edition, t=facts: arrow.evaluate_table(e, t, THREADS))
        found[f"{name}_masks"] = float(len(edition.case_points) + len(edition.item_points))
        if name == "columns":
            found |= _from_file(edition, facts, check)
    return found


def shipped_edition() -> Edition:
    """The shipped book under one profile."""
    return make_edition(load_book(), PROFILE, AS_OF)


def _rates(name: str, rows: int, run: Callable[[], Iterator[Found]]) -> dict[str, float]:
    """Rows a second: by the time that passed, and by the processor time of `THREADS` processors."""
    passed = spent = float("inf")
    for _ in range(ROUNDS):
        start, before = time.perf_counter(), time.process_time()
        for _ in run():
            pass
        passed = min(passed, time.perf_counter() - start)
        spent = min(spent, time.process_time() - before)
    return {
        f"{name}_item_verdicts_per_s": rows / passed,
        f"{name}_item_verdicts_per_s_by_processor_time": THREADS * rows / spent,
    }


Check = Callable[[int, Found], None]


def made(edition: Edition, rows: int) -> tuple[pa.Table, Check]:
    """`rows` rows of facts, and a function that holds a slice, by its first row, to the reference interpreter."""
    cases = [case for case in CaseMaker(edition, 6103).cases(DISTINCT) if len(case.items) == 1]
    told = [reference.find(edition, case) for case in cases]
    points = [pa.array([case.case[n] for case in told], pa.bool_()) for n in range(len(edition.case_points))] + [
        pa.array([case.items[0].points[n] for case in told], pa.bool_()) for n in range(len(edition.item_points))
    ]
    gateways = [pa.array([case.items[0].gateways[n] for case in told]) for n in range(len(edition.gateways))]
    verdicts = pa.array([VERDICTS.index(case.items[0].verdict) for case in told], pa.int8())
    source = pa.array(np.random.default_rng(6103).integers(0, len(cases), rows))
    facts = facts_table(edition.facts, cases, coded=True).take(source).combine_chunks()

    def check(first: int, found: Found) -> None:
        columns, codes = found
        where = source.slice(first, len(codes))
        pairs = zip((*columns.case, *columns.item, *columns.gateways), (*points, *gateways), strict=True)
        if not codes.equals(verdicts.take(where)) or any(not one.equals(other.take(where)) for one, other in pairs):
            raise Wrong(f"columns and interpreter differ in the rows from {first}")

    return facts, check


def check_all(found: Iterator[Found], check: Check) -> None:
    """Hold every slice to the oracle."""
    first = 0
    for columns, codes in found:
        check(first, (columns, codes))
        first += len(codes)


def _from_file(edition: Edition, facts: pa.Table, check: Check) -> dict[str, float]:
    with TemporaryDirectory(prefix="limen-columns-") as folder:
        path = Path(folder) / "facts.parquet"
        pq.write_table(facts, path, compression="zstd", compression_level=1, row_group_size=1 << 19)

        def load() -> pa.Table:
            return pq.read_table(path, read_dictionary=_texts(facts)).unify_dictionaries()

        check_all(arrow.evaluate_table(edition, load(), THREADS), check)
        return _rates("columns_loaded", facts.num_rows, lambda: arrow.evaluate_table(edition, load(), THREADS))


def _texts(facts: pa.Table) -> list[str]:
    return [field.name for field in facts.schema if pa.types.is_dictionary(field.type)]


def main() -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=float, default=1.0, help=f"1 is {ROWS:,} rows")
    parser.add_argument("--out", type=Path, help="write the figures here as JSON")
    given = parser.parse_args()
    found = measure(given.scale)
    for name, value in found.items():
        print(f"{name:<44} {value:>14,.0f}")
    print("every row was held to the reference interpreter, all its points and its verdict")
    keep(found, given.out)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
