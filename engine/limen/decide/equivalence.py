"""The release gate: every evaluator says the same, on as many generated cases as wanted.

    python -m limen.decide.equivalence --cases 1000000 --state out/equivalence.json

The reference interpreter is asked first; the generated code (full findings and short answers), the columns on each
engine and the second key must say the same at every point, bar, gateway and verdict, and the forms that decide in a
loop (from facts, and from a request that states them) the same reasons. The law is that of the shipped book under every
profile on every day it changed, in turn with random editions over its facts; the cases are drawn near the limits it
names, with facts left out. With `--state` a run that was stopped goes on where it stopped.

Exit status 0 if all agree, 1 if one does not, 2 if it could not be run, 3 if it was stopped by `--rounds` before it
had seen all the cases asked for.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path
from shutil import which
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from limen.decide import reference
from limen.decide.answer import answers_of
from limen.decide.columns import arrow, duck
from limen.decide.columns.layout import VERDICTS, fact_schema, facts_table
from limen.decide.compiled import compile_edition
from limen.decide.compiled_request import make_weigh_request
from limen.decide.compiled_weigh import make_weigh, weighed_of
from limen.decide.decision import ItemDecision
from limen.decide.equivalence_cases import CaseMaker, random_edition
from limen.decide.equivalence_gate import Asked, Gate, Keeper, StateError
from limen.decide.findings import Findings
from limen.decide.reasons import Reasoner
from limen.decide.second_key import SecondKey
from limen.law import EditionError, load_book, make_edition
from limen.law.book import Book
from limen.law.dates import change_days
from limen.law.edition import Edition
from limen.law.facts import CaseFacts
from limen.law.vocabulary import Vocabulary
from limen.request.characterise import Characteriser
from limen.request.derivation import Given
from limen.request.restate import request_stating

FINISHED, DIFFER, NOT_RUN, UNFINISHED = 0, 1, 2, 3
MEMORY = "2GB"
_ORDER = [("case_id", "ascending"), ("item_id", "ascending")]


def shipped_editions(book: Book) -> list[Edition]:
    """Every law `book` has had under every profile, each once, the newest first."""
    found: dict[str, Edition] = {}
    for day in reversed(change_days(book)):
        for profile in book.profiles:
            try:
                edition = make_edition(book, profile, day)
            except EditionError:
                continue  # before the first law of the book
            found.setdefault(edition.digest, edition)
    return list(found.values())


def edition_of(shipped: Sequence[Edition], number: int, seed: int) -> Edition:
    """The edition of round `number`: two of the shipped ones, then a random one over the facts of the next."""
    turn, place = divmod(number, 3)
    edition = shipped[(2 * turn + place) % len(shipped)]
    return random_edition(edition, seed + number) if place == 2 else edition


class Engines(NamedTuple):
    """Connections to the engines of columns; `spark` is `None` where it is not asked."""

    duckdb: Any
    spark: Any = None


Keep = Callable[[Gate], None]


def run_gate(asked: Asked, gate: Gate | None = None, rounds: int | None = None, keep: Keep | None = None) -> Gate:
    """Compare all evaluators on `asked.cases` cases, or on the `rounds` next ones of them.

    A `gate` that is given is gone on with. `keep` is called after every round.
    """
    gate = Gate() if gate is None else gate
    shipped = shipped_editions(load_book())
    until = None if rounds is None else gate.rounds + rounds
    with ExitStack() as stack:
        every = asked.second_key_every
        key = stack.enter_context(SecondKey(deadline=60)) if every else None
        engines = Engines(duck.connect(2, MEMORY), stack.enter_context(_spark()) if asked.spark else None)
        while gate.cases < asked.cases and gate.rounds != until:
            edition = edition_of(shipped, gate.rounds, asked.seed)
            count = min(asked.round, asked.cases - gate.cases)
            start = time.process_time()
            many = CaseMaker(edition, asked.seed + gate.rounds).cases(count)
            _one_round(gate, edition, many, engines, key, every)
            gate.cases += len(many)
            gate.rounds += 1
            gate.seconds += time.process_time() - start
            if keep is not None:
                keep(gate)
    return gate


@contextmanager
def _spark() -> Iterator[Any]:
    """A connection to a Spark of its own on this machine, two workers, stopped afterwards."""
    from limen.decide.columns import spark

    session = spark.local_session(workers=2)
    try:
        yield spark.connect(session)
    finally:
        session.stop()


def _one_round(
    gate: Gate,
    edition: Edition,
    many: Sequence[CaseFacts],
    engines: Engines,
    key: SecondKey | None,
    every: int,
) -> None:
    where = f"{edition.profile} on {edition.as_of}"
    expected = [reference.find(edition, case) for case in many]
    gate.note("interpreter", len(many), len(many), where)
    gate.verdicts.update(item.verdict for found in expected for item in found.items)
    compiled = compile_edition(edition)
    _compare(gate, "generated findings", where, many, expected, compiled.find)
    answers = [list(answers_of(edition, findings)) for findings in expected]
    _compare(gate, "generated answers", where, many, answers, compiled.answer)
    _compare_reasons(gate, edition, where, many, expected)
    facts = facts_table(edition.facts, many)
    wanted = _expected_table(edition, expected, facts)
    asked: list[tuple[str, Callable[[], pa.Table]]] = [
        ("columns on Arrow", lambda: _on_arrow(edition, facts)),
        ("columns on DuckDB", lambda: duck.evaluate(edition, facts, engines.duckdb)),
    ]
    if engines.spark is not None:
        asked.append(("columns on Spark", lambda: _on_spark(edition, facts, engines.spark)))
    for name, evaluate in asked:
        gate.note(name, _same_cases(wanted, evaluate(), len(many)), len(many), where)
    if key is not None:
        some = range(0, len(many), every)
        agree = sum(key.find(edition, many[number]) == expected[number] for number in some)
        gate.note("second key", agree, len(some), where)


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


def _compare_reasons(
    gate: Gate, edition: Edition, where: str, many: Sequence[CaseFacts], expected: Sequence[Findings]
) -> None:
    """The decision on each item with its reasons, from facts and from a request that states them outright."""
    reasoner = Reasoner(edition)
    reasons = [weighed_of(reasoner, case, findings) for case, findings in zip(many, expected, strict=True)]
    _compare(gate, "reasons", where, many, reasons, make_weigh(reasoner))
    vocabulary = Vocabulary(edition.facts, {}, {})
    weigh = make_weigh_request(reasoner, Characteriser(vocabulary))

    def of_request(case: CaseFacts) -> list[ItemDecision] | None:
        found = weigh(Given(request_stating(case, vocabulary, "case"), None, None, edition.as_of), None)
        return None if found is None else found[0]

    _compare(gate, "reasons of requests", where, many, reasons, of_request)


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


def _on_arrow(edition: Edition, facts: pa.Table) -> pa.Table:
    parts = []
    for columns, codes in arrow.evaluate_table(
        edition, facts.cast(fact_schema(edition.facts, coded=True)), rows=1 << 12
    ):
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
    parser = argparse.ArgumentParser(
        prog="python -m limen.decide.equivalence",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=6103)
    parser.add_argument("--round", type=int, default=2_000, help="cases of one edition compared together")
    parser.add_argument("--second-key-every", type=int, default=20, help="ask it about every Nth case; 0 for none")
    parser.add_argument(
        "--spark",
        action=argparse.BooleanOptionalAction,
        help="compare the columns on Spark too; by default if it is there",
    )
    parser.add_argument("--state", type=Path, metavar="FILE", help="keep here how far the run is, and go on from there")
    parser.add_argument("--rounds", type=int, help="stop after so many rounds")
    given = parser.parse_args(arguments)
    there = spark_is_there()
    if given.spark and not there:
        sys.stderr.write("limen: Spark is not there; `make test-spark` says what it needs\n")
        return NOT_RUN
    asked = Asked(
        given.cases, given.seed, given.round, given.second_key_every, there if given.spark is None else given.spark
    )
    keeper = None if given.state is None else Keeper(given.state, asked)
    try:
        gate = Gate() if keeper is None else keeper.read()
    except StateError as error:
        sys.stderr.write(f"limen: {error}\n")
        return NOT_RUN
    run_gate(asked, gate, given.rounds, None if keeper is None else keeper.write)
    sys.stdout.write(json.dumps(gate.report(), indent=2) + "\n")
    if gate.disagreements:
        return DIFFER
    return FINISHED if gate.cases >= asked.cases else UNFINISHED


def spark_is_there() -> bool:
    """Whether columns can be asked on Spark here: its packages and a Java runtime."""
    return all(map(find_spec, ("pyspark", "pandas"))) and which("java") is not None


if __name__ == "__main__":
    sys.exit(main())
