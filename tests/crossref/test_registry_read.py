"""A registry from somebody's file: what can be taken is taken, the rest is told by row and reason, never by content."""

from __future__ import annotations

from pathlib import Path

import pytest

from limen.crossref import RegistryError, open_registry
from limen.crossref.read import read_registry
from limen.request.subject import Address, PersonName, Subject

HEAD = "person,first,middle,last,suffix,tin,from_year,to_year,address\n"
GOOD = (
    '1,Ana,,García-López,,666-12-3456,2019,2021,"12 Oak St Apt 4B, Springfield, IL 62704"\n'
    '1,Ana,,Garcia Lopez,,666123456,2022,,"9 Elm Ave, Springfield, IL 62704"\n'
    '2,Bo,J,Li,,,,,"PO Box 7, Nome AK 99762"\n'
)


def write(folder: Path, rows: str, name: str = "people.csv") -> Path:
    path = folder / name
    path.write_text(HEAD + rows, encoding="utf-8")
    return path


def test_people_and_their_addresses_are_read_and_found(tmp_path: Path) -> None:
    report = read_registry(write(tmp_path, GOOD), tmp_path / "made.sqlite")
    assert (report.rows, report.taken, report.reasons) == (3, 3, {})
    registry = open_registry(tmp_path / "made.sqlite")
    subject = Subject(
        name=PersonName(first="ANA", last="Garcia"),
        address=Address(lines=("12 Oak Street #4-B", "Springfield IL 62704")),
    )
    match = registry.match(subject)
    assert (match.grade, match.person, match.address_held) == ("exact", "P000000001", "former")
    assert registry.person("P000000001").address == ("9 ELM AVE", "SPRINGFIELD IL 62704")


def test_rows_that_cannot_be_taken_are_told_by_row_column_and_reason(tmp_path: Path) -> None:
    bad = (
        'x,Ana,,Lopez,,,,,"12 Oak St, Springfield, IL 62704"\n'
        '3,,,Lopez,,,,,"12 Oak St, Springfield, IL 62704"\n'
        '4,Cy,,Dahl,,123-45-6789,,,"12 Oak St, Springfield, IL 62704"\n'
        '5,Di,,Eng,,12,,,"12 Oak St, Springfield, IL 62704"\n'
        '6,Ed,,Fay,,,,,"Failed to Provide 62704"\n'
        '7,Flo,,Gee,,,19,,"12 Oak St, Springfield, IL 62704"\n'
        '2,Zed,,Zim,,,,,"12 Oak St, Springfield, IL 62704"\n'
    )
    report = read_registry(write(tmp_path, GOOD + bad), tmp_path / "made.sqlite")
    assert (report.rows, report.taken) == (10, 3)
    assert [str(row) for row in report.first] == [
        "row 5, `person`: is not a whole number",
        "row 6, `last`: first name and surname have no letters that can be compared",
        "row 7, `tin`: may be somebody's number: take one that is never issued, as 666-12-3456 or 900-10-1234",
        "row 8, `tin`: is not nine digits",
        "row 9, `address`: is not sufficient (placeholder text, placeholder with zip)",
        "row 10, `from_year`: years are not years between 1900 and 2199",
        "row 11, `person`: has another name or taxpayer number in an earlier row",
    ]
    told = " ".join(map(str, report.first)) + str(report.reasons)
    assert not any(word in told for word in ("Dahl", "6789", "Oak", "Zim", "62704"))


def test_a_parquet_file_is_read_like_a_csv_file(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    pq = pytest.importorskip("pyarrow.parquet")
    columns = {
        "person": [1],
        "first": ["Ana"],
        "last": ["Lopez"],
        "address": ["12 Oak St, Springfield, IL 62704"],
        "from_year": [2020],
    }
    pq.write_table(pa.table(columns), tmp_path / "people.parquet")
    (tmp_path / "people.csv").write_text(
        'person,first,last,address,from_year\n1,Ana,Lopez,"12 Oak St, Springfield, IL 62704",2020\n', encoding="utf-8"
    )
    made = [
        read_registry(tmp_path / f"people.{kind}", tmp_path / f"{kind}.sqlite").registry.digest
        for kind in ("csv", "parquet")
    ]
    assert made[0] == made[1]


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("people.csv", b"person,first,address\n", "has no column `last`"),
        ("people.csv", b"person,first,last,address\n\xff,a,b,c\n", "is not UTF-8 text"),
        ("people.csv", b"person,first,last,address\n1,a,b,c\n", "no row of"),
        ("people.csv", b"person,first,last,address\n", "it is empty"),
        ("people.txt", b"", "is neither `.csv` nor `.parquet`"),
        ("people.parquet", b"PAR1 this is not", "cannot be read as Parquet"),
    ],
)
def test_a_file_that_is_no_registry_is_refused_with_the_reason(
    tmp_path: Path, name: str, content: bytes, problem: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(RegistryError, match=problem):
        read_registry(tmp_path / name, tmp_path / "made.sqlite")
    assert not (tmp_path / "made.sqlite").exists()


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RegistryError, match="there is no file"):
        read_registry(tmp_path / "absent.csv", tmp_path / "made.sqlite")
