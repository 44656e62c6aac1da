"""The reports count what was asked and what was disclosed, and say under which law."""

from __future__ import annotations

import csv
import io
import re

import pytest
from told import decision, reason, request, subject

from limen.ledger import Entry, Ledger
from limen.ledger.reports.accounting import individual_accounting, standing_record
from limen.ledger.reports.asked import cited
from limen.ledger.reports.denials import denial_reasons
from limen.ledger.reports.page import page
from limen.ledger.reports.table import Table
from limen.ledger.reports.yearly import yearly_counts
from limen.request.model import Requester


@pytest.fixture
def year(sqlite_ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> Ledger:
    """Six requests: five in 2025 (two allowed about one person, one exempt from the accounting), one in 2026."""
    ledger = sqlite_ledger
    fbi = request(4, requester=Requester(agency="fbi"))
    monkeypatch.setattr("limen.ledger.writer.now", lambda: "2025-08-07T12:00:00.000000+00:00")
    told = [
        (request(1), decision(request(1), number=1)),
        (request(2), decision(request(2), allow=True, number=2)),
        (request(2, id="REQ-2b"), decision(request(2, id="REQ-2b"), allow=True, number=3)),
        (request(3), decision(request(3), allow=True, number=4, duties=())),
        (fbi, decision(fbi, number=5)),
    ]
    ledger.append_many(Entry("decision", {"decision": said}, request=asked) for asked, said in told)
    monkeypatch.setattr("limen.ledger.writer.now", lambda: "2026-01-02T12:00:00.000000+00:00")
    ledger.append("decision", {"decision": decision(request(5), number=6)}, request=request(5))
    ledger.append("case_event", {})
    return ledger


def test_the_standing_record_has_every_request_granted_or_not(year: Ledger) -> None:
    table = standing_record(year.records())
    rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    assert [row["record"] for row in rows] == [2, 3, 4, 5, 6, 7]
    assert [row["disclosed"] for row in rows] == ["", *["mailing_address"] * 3, "", ""]
    assert [row["to be accounted"] for row in rows] == ["", "yes", "yes", "no", "", ""]
    assert rows[1]["under"] == "26 U.S.C. § 6103(i)(2)" and rows[1]["received"] == "2025-08-06"
    assert rows[0]["agency"] == "dhs ice" and rows[0]["purpose"] == "criminal investigation"
    assert rows[0]["recipients"] == "other official, dhs ice"
    assert rows[1]["subject"] == rows[2]["subject"] != rows[0]["subject"]


def test_an_individual_sees_the_disclosures_about_them_alone(year: Ledger) -> None:
    assert [row[0] for row in individual_accounting(year, subject(2)).rows] == [3, 4]
    assert individual_accounting(year, subject(1)).rows == ()
    year.forget(subject(2))
    assert individual_accounting(year, subject(2)).rows == ()


def test_the_yearly_counts_are_per_agency_and_purpose(year: Ledger) -> None:
    assert yearly_counts(year.records()).rows == (
        ("2025", "dhs ice", "criminal investigation", 4, 2, 1),
        ("2025", "fbi", "criminal investigation", 1, 0, 0),
        ("2026", "dhs ice", "criminal investigation", 1, 0, 0),
    )
    assert len(yearly_counts(year.records(), 2026).rows) == 1


def test_each_of_many_taxpayers_counts(sqlite_ledger: Ledger) -> None:
    sqlite_ledger.append_many(
        Entry("decision", {"decision": decision(request(n), allow=True, number=n)}, request=request(n))
        for n in range(10)
    )
    assert [row[3:] for row in yearly_counts(sqlite_ledger.records()).rows] == [(10, 10, 10)]


def test_denial_reasons_are_counted_once_a_request_and_over_time(year: Ledger) -> None:
    table = denial_reasons(year.records())
    address = "usc.26.6103.i.2#address_stated"
    assert table.rows == (
        ("2025-08", address, "the address_stated", "not met", 2),
        ("2026-01", address, "the address_stated", "not met", 1),
    )
    assert denial_reasons(year.records(), "year").rows[0][0] == "2025"


def test_rare_reasons_are_put_together(sqlite_ledger: Ledger) -> None:
    first = decision(request()).items[0]
    for number in range(4):
        unmet = tuple(reason(f"x{place}", "not_known") for place in range(number + 1))
        said = decision(request(), items=(first.model_copy(update={"reasons": unmet}),))
        sqlite_ledger.append("decision", {"decision": said}, request=request())
    rows = denial_reasons(sqlite_ledger.records(), "year", most=2).rows
    assert sorted((row[1].rpartition("#")[2], row[4]) for row in rows) == [("", 3), ("x0", 4), ("x1", 3)]


def test_a_table_is_shown_as_lines_csv_and_a_page(year: Ledger) -> None:
    tables = [
        standing_record(year.records()),
        yearly_counts(year.records()),
        denial_reasons(year.records()),
        individual_accounting(year, subject(9)),
    ]
    for table in tables:
        lines = list(table.lines())
        assert lines[0] == table.title and lines[1] == table.source
        read = list(csv.reader(io.StringIO(table.csv())))
        assert read[0] == list(table.columns) and len(read) == len(table.rows) + 1
    pytest.importorskip("vl_convert")
    html = page("The year", tables, ["ledger x, 8 records"])
    assert html.count("<table>") == 4 and html.count("<svg") == 4
    assert "<script" not in html and not re.search(r"""(?:src|href)=["']?(?:https?:)?//""", html)
    assert "A simulation with invented people" in html and "ledger x, 8 records" in html
    assert "Quorrel" not in html and "Tamarind" not in html


def test_a_cell_is_never_run_as_a_formula_nor_read_as_markup() -> None:
    table = Table("t", "<b>", "s & t", ("n<",), ("a", "b"), (("=1+1", 2), ("<i>", -3)))
    assert "'=1+1" in table.csv() and "-3" in table.csv().splitlines()[2]
    html = page("<title>", [table], [])
    assert "<i>" not in html and "&lt;i&gt;" in html and "<b>" not in html


def test_an_address_is_written_as_a_lawyer_does() -> None:
    assert cited("usc.26.6103.i.3.b.ii") == "26 U.S.C. § 6103(i)(3)(b)(ii)"
    assert cited("us.mou-2025-04-07") == "us.mou-2025-04-07"
