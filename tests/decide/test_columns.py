"""Columns say what the reference interpreter says, on every engine, with unknowns and dates."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_law import CITE, FACTS, _point, cases, editions
from test_compiled import _edition_of

from sizes import tries

pa = pytest.importorskip("pyarrow")
pytest.importorskip("ibis")

from limen.decide import reference  # noqa: E402
from limen.decide.answer import passed_over  # noqa: E402
from limen.decide.columns import arrow, duck  # noqa: E402
from limen.decide.columns.algebra import UnsuitableTreeError  # noqa: E402
from limen.decide.columns.arrow import ArrowAlgebra, verdict_codes  # noqa: E402
from limen.decide.columns.law import LawColumns, write_columns  # noqa: E402
from limen.decide.columns.layout import (  # noqa: E402
    VERDICTS,
    ClashingColumnsError,
    check_names,
    column_name,
    facts_table,
)
from limen.decide.columns.reasons import first_reason, reasons, rows_as_cases  # noqa: E402
from limen.decide.columns.relational import WideGatewayError  # noqa: E402
from limen.decide.compiled import compile_edition  # noqa: E402
from limen.decide.findings import Findings, ItemFindings  # noqa: E402
from limen.law.edition import Edition, EditionGateway  # noqa: E402
from limen.law.facts import CaseFacts, ItemFacts  # noqa: E402
from limen.law.period import ALWAYS  # noqa: E402
from limen.law.rules import Gateway  # noqa: E402
from limen.law.tree import BoolFact, Compare, Defined, Number  # noqa: E402

many_cases = st.lists(cases(), min_size=1, max_size=12)


def expected_rows(edition: Edition, many: list[CaseFacts]) -> list[tuple[tuple[bool | None, ...], ItemFindings]]:
    """What the reference finds, one row per item, in the order of the table."""
    found = [reference.find(edition, one) for one in many]
    return [(one.case, item) for one in found for item in one.items]


def rows_of(
    columns: LawColumns[pa.BooleanArray], verdicts: pa.Array
) -> list[tuple[tuple[bool | None, ...], ItemFindings]]:
    """Arrow columns, row by row."""

    def rows(part: tuple[pa.BooleanArray, ...]) -> list[tuple[bool | None, ...]]:
        return list(zip(*(column.to_pylist() for column in part), strict=True)) if part else [()] * len(verdicts)

    case, item, bars, gates = map(rows, (columns.case, columns.item, columns.bars, columns.gateways))
    parts = zip(case, item, bars, gates, verdicts.to_pylist(), strict=True)
    return [(one, ItemFindings(of_item, stand, opened, VERDICTS[code])) for one, of_item, stand, opened, code in parts]


@settings(max_examples=tries(80), deadline=None)
@given(edition=editions(), many=many_cases, coded=st.booleans())
def test_arrow_agrees_with_the_reference(edition: Edition, many: list[CaseFacts], coded: bool) -> None:
    table = facts_table(edition.facts, many, coded)
    found = [row for part in arrow.evaluate_table(edition, table, threads=2, rows=5) for row in rows_of(*part)]
    assert found == expected_rows(edition, many)


@settings(max_examples=tries(40), deadline=None)
@given(one=editions(), other=editions(), many=many_cases)
def test_several_editions_together_say_what_each_says_by_itself(
    one: Edition, other: Edition, many: list[CaseFacts]
) -> None:
    table = facts_table(one.facts, many, coded=True)
    if not table.num_rows:
        return
    together = arrow.evaluate_together([one, other, one], _batch(table))
    for edition, found in zip([one, other, one], together, strict=True):
        assert rows_of(*found) == expected_rows(edition, many)


@settings(max_examples=tries(40), deadline=None)
@given(edition=editions(), many=many_cases)
def test_cases_and_items_may_lie_in_tables_of_their_own(edition: Edition, many: list[CaseFacts]) -> None:
    """A case is then written once, whatever the number of its items."""
    items = facts_table(edition.facts, many, coded=True)
    one_item = [CaseFacts(case.facts, (ItemFacts("x", {}),)) for case in many]
    of_cases = facts_table(edition.facts, one_item, coded=True)
    parent = items.column("case_id").combine_chunks().cast(pa.int32())
    bare = items.select([name for name in items.column_names if not name.startswith("case__")])
    algebra = ArrowAlgebra(_batch(bare), _batch(of_cases), parent)
    columns = write_columns(edition, algebra)
    rows = rows_of(
        LawColumns(
            tuple(column.take(parent) for column in columns.case),
            columns.item,
            columns.bars,
            columns.grounds,
            columns.gateways,
            columns.forbidden,
            columns.authorised,
        ),
        verdict_codes(columns),
    )
    assert rows == expected_rows(edition, many)


def _batch(table: pa.Table) -> pa.RecordBatch:
    return table.combine_chunks().to_batches()[0]


@settings(max_examples=tries(8), deadline=None)
@given(edition=editions(), many=st.lists(cases(), min_size=20, max_size=40))
def test_duckdb_agrees_with_the_reference(edition: Edition, many: list[CaseFacts]) -> None:
    found = duck.evaluate(edition, facts_table(edition.facts, many), masks=True).sort_by(
        [("case_id", "ascending"), ("item_id", "ascending")]
    )
    assert relational_rows(edition, found) == expected_rows(edition, many)
    assert_masks(edition, found)


def relational_rows(edition: Edition, table: pa.Table) -> list[tuple[tuple[bool | None, ...], ItemFindings]]:
    def part(row: dict[str, object], kind: str, count: int) -> tuple[object, ...]:
        return tuple(row[f"{kind}_{n}"] for n in range(count))

    return [
        (
            part(row, "case", len(edition.case_points)),
            ItemFindings(
                part(row, "item", len(edition.item_points)),
                part(row, "bar", len(edition.bars)),
                part(row, "gateway", len(edition.gateways)),
                row["verdict"],
            ),
        )
        for row in table.to_pylist()
    ]


def assert_masks(edition: Edition, table: pa.Table) -> None:
    """Bit K of a gateway's masks says that its element K is true, or false; a mask of the other rail never agrees."""
    for row in table.to_pylist():
        for number, gateway in enumerate(edition.gateways):
            for bit, index in enumerate(gateway.elements):
                true = bool(row[f"gateway_{number}_true"] >> bit & 1)
                false = bool(row[f"gateway_{number}_false"] >> bit & 1)
                assert (true, false) == (row[f"case_{index}"] is True, row[f"case_{index}"] is False)


@pytest.mark.spark
def test_spark_agrees_with_duckdb_and_the_reference(tmp_path, spark_connection) -> None:
    """The same expressions on two local workers, over several files; dates and quoted values included."""
    import pyarrow.parquet as pq

    from limen.decide.columns import spark

    for number, (edition, many) in enumerate(_drawn(6)):
        source, target = tmp_path / f"facts_{number}", tmp_path / f"found_{number}"
        source.mkdir()
        table = facts_table(edition.facts, many)
        half = table.num_rows // 2
        pq.write_table(table.slice(0, half), source / "a.parquet")
        pq.write_table(table.slice(half), source / "b.parquet")
        spark.evaluate_parquet(edition, spark_connection, source, target, masks=True)
        order = [("case_id", "ascending"), ("item_id", "ascending")]
        on_spark = pq.read_table(target).sort_by(order)
        on_duckdb = duck.evaluate(edition, table, masks=True).sort_by(order)
        assert on_spark.cast(on_duckdb.schema).equals(on_duckdb)
        assert relational_rows(edition, on_spark) == expected_rows(edition, many)


def _drawn(count: int) -> list[tuple[Edition, list[CaseFacts]]]:
    """A few editions with many cases each, always the same ones."""
    drawn: list[tuple[Edition, list[CaseFacts]]] = []

    @settings(max_examples=count, deadline=None, database=None, derandomize=True)
    @given(edition=editions(), many=st.lists(cases(), min_size=30, max_size=60))
    def collect(edition: Edition, many: list[CaseFacts]) -> None:
        drawn.append((edition, many))

    collect()
    return drawn


@pytest.fixture(scope="module")
def spark_connection():
    pytest.importorskip("pyspark")
    from limen.decide.columns import spark

    session = spark.local_session(workers=2)
    yield spark.connect(session)
    session.stop()


@settings(max_examples=tries(60), deadline=None)
@given(edition=editions(), many=many_cases)
def test_the_first_reason_is_the_first_of_the_list(edition: Edition, many: list[CaseFacts]) -> None:
    table = facts_table(edition.facts, many, coded=True)
    columns, verdicts = arrow.evaluate(edition, _batch(table))
    first = first_reason(edition, columns, verdicts).to_pylist()
    leading = {g.rule.address: g.elements[0] for g in edition.gateways if g.elements}
    rows = expected_rows(edition, many)
    for address, (_, _, answer), (case, _) in zip(first, reasons(compile_edition(edition), table), rows, strict=True):

        def doubt(rule: str, case: tuple[bool | None, ...] = case) -> int:
            return {True: 1, None: 2, False: 3}[case[leading[rule]]] if rule in leading else 0

        in_the_way = sorted([*answer.obstacles, *passed_over(edition, answer)], key=lambda one: doubt(one.rule))
        wanted = in_the_way[0].address if in_the_way and answer.verdict in ("deny", "open") else None
        assert address == wanted


@settings(max_examples=tries(40), deadline=None)
@given(many=many_cases)
def test_rows_turn_back_into_their_cases(many: list[CaseFacts]) -> None:
    edition = _edition_of(BoolFact("case.flag_0"))
    singles = [CaseFacts(case.facts, (item,)) for case in many for item in case.items]
    assert rows_as_cases(edition, facts_table(FACTS, many)) == singles
    assert rows_as_cases(edition, facts_table(FACTS, many, coded=True)) == singles


def test_a_number_beyond_its_column_still_compares() -> None:
    """A limit that no 32-bit column can reach is settled by its side, and what is not known stays so."""
    exprs = [Compare(Number("case.count_0"), op, 10**12) for op in ("<", "<=", "==", "!=", ">=", ">")]  # type: ignore[arg-type]
    edition = _edition_of(*exprs, *(Compare(Number("case.count_0"), op, -(10**12)) for op in ("<", ">=")))  # type: ignore[arg-type]
    many = [CaseFacts({"case.count_0": 5}, (ItemFacts("i", {}),)), CaseFacts({}, (ItemFacts("i", {}),))]
    columns, verdicts = arrow.evaluate(edition, _batch(facts_table(FACTS, many)))
    assert (
        [case for case, _ in rows_of(columns, verdicts)]
        == [reference.find(edition, case).case for case in many]
        == [(True, True, False, True, False, False, False, True), (None,) * 8]
    )


def test_a_date_column_compares_by_day() -> None:
    edition = _edition_of(*(Compare(Number("case.day_0"), op, date(2025, 4, 7)) for op in ("<", "==", ">")))  # type: ignore[arg-type]
    days = [date(2025, 4, 6), date(2025, 4, 7), date(2025, 4, 8), date(1899, 12, 31), None]
    many = [CaseFacts({"case.day_0": day} if day else {}, (ItemFacts("i", {}),)) for day in days]
    columns, verdicts = arrow.evaluate(edition, _batch(facts_table(FACTS, many)))
    on_duckdb = duck.evaluate(edition, facts_table(FACTS, many)).sort_by("case_id")
    wanted = expected_rows(edition, many)
    assert rows_of(columns, verdicts) == relational_rows(edition, on_duckdb) == wanted
    assert [case for case, _ in wanted][2:4] == [(False, False, True), (True, False, False)]


def test_two_facts_cannot_share_a_column() -> None:
    assert column_name("requester.office") == "requester__office"
    with pytest.raises(ClashingColumnsError, match=r"`a\.b` and `A__b` would both be column"):
        check_names(["a.b", "A__b"])


def test_an_open_tree_has_no_columns() -> None:
    edition = _edition_of(Defined("matter.qualifies"))
    with pytest.raises(UnsuitableTreeError, match="still open"):
        arrow.evaluate(edition, _batch(facts_table(FACTS, [CaseFacts({}, (ItemFacts("i", {}),))])))


def test_a_gateway_too_wide_for_its_mask_is_refused() -> None:
    from dataclasses import replace

    edition = _edition_of(*(BoolFact("case.flag_0") for _ in range(63)))
    rule = Gateway("wide", "Wide", CITE, ALWAYS, "may", (), (), "No.")
    edition = replace(edition, gateways=(EditionGateway(rule, tuple(range(63)), (0,), (), ()),))
    table = facts_table(FACTS, [CaseFacts({}, (ItemFacts("i", {}),))])
    with pytest.raises(WideGatewayError, match="63 elements"):
        duck.evaluate(edition, table, masks=True)
    assert duck.evaluate(edition, table).num_rows == 1


def test_every_finding_has_its_row() -> None:
    """Guards the helper above: a case of two items is two rows."""
    edition = _edition_of(BoolFact("case.flag_0"))
    case = CaseFacts({"case.flag_0": True}, (ItemFacts("a", {}), ItemFacts("b", {})))
    assert len(expected_rows(edition, [case])) == 2
    assert isinstance(reference.find(edition, case), Findings)
    assert _point(0, BoolFact("case.flag_0"), "case").address == "test#case_0"
