"""`limen registry`: invented people made, read from a file, described."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli_run import Limen

pytest.importorskip("numpy")
pytest.importorskip("pyarrow")


def test_the_shipped_registry_is_described_without_a_path(limen: Limen) -> None:
    ran = limen("registry", "show")
    assert ran.code == 0
    assert "20,000 invented people" in ran.out
    assert "seed 6103" in ran.out


@pytest.mark.parametrize("name", ["people.sqlite", "people"])
def test_people_are_made_and_described_alike_as_a_file_and_as_a_folder(limen: Limen, tmp_path: Path, name: str) -> None:
    made = limen("registry", "make", "--people", "1200", "--seed", "3", "--out", str(tmp_path / name), "--json")
    assert made.code == 0
    shown = limen("registry", "show", str(tmp_path / name), "--json")
    assert json.loads(shown.out) == json.loads(made.out)
    assert json.loads(made.out)["people"] == 1200


def test_a_folder_with_something_else_in_it_is_left_alone(limen: Limen, tmp_path: Path) -> None:
    (tmp_path / "letters.txt").write_text("mine", encoding="utf-8")
    ran = limen("registry", "make", "--people", "1200", "--out", str(tmp_path))
    assert ran.code == 2
    assert "is no registry" in ran.err
    assert (tmp_path / "letters.txt").read_text(encoding="utf-8") == "mine"


def test_rows_left_out_are_told_and_the_exit_code_says_so(limen: Limen, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text(
        'person,first,last,address\n1,Ana,Lopez,"12 Oak St, Springfield, IL 62704"\n2,Bo,Li,Unknown\n', encoding="utf-8"
    )
    ran = limen("registry", "read", str(tmp_path / "people.csv"), "--out", str(tmp_path / "people.sqlite"))
    assert ran.code == 1
    assert "1 of 2 rows taken" in ran.out
    assert "row 3, `address`: is not sufficient (placeholder text)" in ran.out


def test_a_file_that_is_not_there_is_a_plain_error(limen: Limen, tmp_path: Path) -> None:
    ran = limen("registry", "read", str(tmp_path / "absent.csv"), "--out", str(tmp_path / "people.sqlite"))
    assert ran.code == 2
    assert "there is no file" in ran.err
