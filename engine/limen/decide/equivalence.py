"""The release gate: every evaluator says the same, on as many generated cases as wanted.

    python -m limen.decide.equivalence --cases 1000000 --spark

The reference interpreter is asked first; the generated code (full findings and short answers), the columns on each
engine and the second key must say the same at every point, bar, gateway and verdict. Exit status 1 if one does not.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from limen.decide import reference
from limen.decide.answer import answers_of
from limen.decide.columns import arrow, duck
from limen.decide.columns.layout import VERDICTS, facts_table
from limen.decide.compiled import compile_edition
from limen.decide.equivalence_cases import CaseMaker, random_edition
from limen.decide.findings import Findings
from limen.decide.second_key import SecondKey
from limen.law import load_book, make_edition
from limen.law.edition import Edition
from limen.law.facts import CaseFacts

ROUND = 2_000
"""Cases of one edition that are compared together."""
DAYS = (date(2025, 6, 1), date(2025, 12, 1), date(2026, 3, 1))
_ORDER = [("case_id", "ascending"), ("item_id", "ascending")]


@dataclass(slots=True)
class Gate:
    """What was compared: cases by evaluator, and the first disagreements in words."""

    cases: int = 0
    agreed: Counter[str] = field(default_factory=Counter)
    disagreements: list[str] = field(default_factory=list)

    def note(self, evaluator: str, agree: int, of: int, where: str) -> None:
        """That `evaluator` agreed on `agree` of `of` cases."""
        self.agreed[evaluator] += agree
        if agree < of and len(self.disagreements) < 20:
            self.disagreements.append(f"{evaluator} differs on {of - agree} of {of} cases: {where}")


def editions(seed: int) -> Iterator[Edition]:
    """The shipped book under every profile on several days, in turn with random editions over its facts; endless."""
    book = load_book()
    shipped = [make_edition(book, profile, day) for day in DAYS for profile in book.profiles]
    number = seed
    while True:
        for edition in shipped:
            yield edition
            number += 1
            yield random_edition(edition, number)


def run_gate(cases: int, seed: int = 6103, second_key_every: int = 1, spark: Any = None) -> Gate:
    """Compare all evaluators on at least `cases` cases.

    The second key is asked about every `second_key_every`th case (0: none). `spark` is an Ibis connection to Spark,
    where that engine is to be compared too.
    """
    gate = Gate()
    with ExitStack() as stack:
        key = stack.enter_context(SecondKey(deadline=60)) if second_key_every else None
        connection = duck.connect()
        for number, edition in enumerate(editions(seed)):
            if gate.cases >= cases:
                return gate
            many = CaseMaker(edition, seed + number).cases(min(ROUND, cases - gate.cases))
            _one_round(gate, edition, many, connection, spark, key, second_key_every)
            gate.cases += len(many)
    return gate


def _one_round(
    gate: Gate,
    edition: Edition,
    many: Sequence[CaseFacts],
    duckdb: Any,
    spark: Any,
    key: SecondKey | None,
    every: int,
) -> None:
    where = f"{edition.profile} on {edition.as_of}"
    expected = [reference.find(edition, case) for case in many]
    gate.note("interpreter", len(many), len(many), where)
    compiled = compile_edition(edition)
    _compare(gate, "generated findings", where, many, expected, compiled.find)
    answers = [list(answers_of(edition, findings)) for findings in expected]
    _compare(gate, "generated answers", where, many, answers, compiled.answer)
    facts = facts_table(edition.facts, many)
    wanted = _expected_table(edition, expected, facts)
    tables = {"columns on Arrow": _on_arrow(edition, many), "columns on DuckDB": duck.evaluate(edition, facts, duckdb)}
    if spark is not None:
        tables["columns on Spark"] = _on_spark(edition, facts, spark)
    for name, table in tables.items():
        gate.note(name, _same_cases(wanted, table, len(many)), len(many), where)
    if key is not None:
        asked = range(0, len(many), every)
        agree = sum(key.find(edition, many[number]) == expected[number] for number in asked)
        gate.note("second key", agree, len(asked), where)


def _compare(
    gate: Gate,
    name: str,
    where: str,
    many: Sequence[CaseFacts],
    expected: Sequence[Any],
    find: Callable[[CaseFacts], Any],
) -> None:
    agree = sum(find(case) == wanted for case, wanted in zip(many, expected, strict=True))
    gate.note(name, agree, len(many), where)


def _names(edition: Edition) -> list[str]:
    kinds = (
        ("case", edition.case_points),
        ("item", edition.item_points),
        ("bar", edition.bars),
        ("gateway", edition.gateways),
    )
    return [f"{kind}_{number}" for kind, group in kinds for number in range(len(group))]


def _expected_table(edition: Edition, findings: Sequence[Findings], facts: pa.Table) -> pa.Table:
    """What the interpreter found, as the columns of an engine."""
    rows = [(found.case, item) for found in findings for item in found.items]
    flat = [(*case, *item.points, *item.bars, *item.gateways) for case, item in rows]
    columns = [pa.array(column, pa.bool_()) for column in zip(*flat, strict=True)]
    table = pa.table(columns, names=_names(edition))
    verdicts = pa.array([item.verdict for _, item in rows], pa.string())
    return table.append_column("verdict", verdicts).append_column("case_id", facts.column("case_id"))


def _on_arrow(edition: Edition, many: Sequence[CaseFacts]) -> pa.Table:
    parts = []
    for columns, codes in arrow.evaluate_table(edition, facts_table(edition.facts, many, coded=True), rows=1 << 12):
        truths = [*columns.case, *columns.item, *columns.bars, *columns.gateways]
        parts.append(pa.table([*truths, pa.array(VERDICTS).take(codes)], names=[*_names(edition), "verdict"]))
    return pa.concat_tables(parts)


def _on_spark(edition: Edition, facts: pa.Table, connection: Any) -> pa.Table:
    from limen.decide.columns import spark

    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "facts", Path(folder) / "found"
        source.mkdir()
        pq.write_table(facts, source / "facts.parquet")
        spark.evaluate_parquet(edition, connection, source, target)
        return pq.read_table(target)


def _same_cases(wanted: pa.Table, found: pa.Table, cases: int) -> int:
    """How many cases have the same value in every column."""
    if "case_id" in found.column_names:
        found = found.sort_by(_ORDER)
    names = [name for name in wanted.column_names if name != "case_id"]
    if found.num_rows == wanted.num_rows and all(_equal(wanted, found, name) for name in names):
        return cases
    if found.num_rows != wanted.num_rows:
        return 0
    pairs = zip(wanted.to_pylist(), found.select(names).to_pylist(), strict=True)
    differing = {row.pop("case_id") for row, other in pairs if {**row, "case_id": None} != {**other, "case_id": None}}
    return cases - len(differing)


def _equal(wanted: pa.Table, found: pa.Table, name: str) -> bool:
    column = found.column(name).cast(wanted.column(name).type)
    return bool(wanted.column(name).combine_chunks().equals(column.combine_chunks()))


def main(arguments: Sequence[str] | None = None) -> int:
    """The command: prints what was compared as JSON."""
    parser = argparse.ArgumentParser(prog="python -m limen.decide.equivalence", description=__doc__)
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=6103)
    parser.add_argument("--second-key-every", type=int, default=20, help="ask it about every Nth case; 0 for none")
    parser.add_argument("--spark", action="store_true", help="compare the columns on a local Spark too")
    asked = parser.parse_args(arguments)
    connection = session = None
    if asked.spark:
        from limen.decide.columns import spark

        session = spark.local_session(workers=2)
        connection = spark.connect(session)
    start = time.monotonic()
    gate = run_gate(asked.cases, asked.seed, asked.second_key_every, connection)
    if session is not None:
        session.stop()
    report = {
        "cases": gate.cases,
        "agreed": dict(gate.agreed),
        "disagreements": gate.disagreements,
        "seconds": round(time.monotonic() - start),
    }
    sys.stdout.write(json.dumps(report, indent=2) + "\n")
    return 1 if gate.disagreements else 0


if __name__ == "__main__":
    sys.exit(main())
