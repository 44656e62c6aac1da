"""Columns side by side, and overlays as books."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.book_cases import ADDRESS, COMPLETE_REQUEST, SPRING_2026, book, case

from limen.analyse.compare import Column, TooManyColumnsError, compare
from limen.law import BookError, check_facts
from limen.law.overlay import OverlayError, load_overlay

BILL = Path(__file__).parents[2] / "docs" / "analysis" / "examples" / "delegates-may-sign.yaml"


def column(title: str, profile: str, as_of: date = SPRING_2026, law: Any = None, **changes: Any) -> Column:
    law = law or book()
    facts = check_facts(law.vocabulary, case(COMPLETE_REQUEST, **changes), {"it": ADDRESS})
    return Column(title, law, profile, as_of, facts)


def test_rows_that_differ_come_first_and_are_the_elements_the_profiles_read_otherwise() -> None:
    found = compare([
        column("irs", "irs-2025-08", request__address_quality="placeholder"),
        column("strict", "text-strict", request__address_quality="placeholder"),
    ])  # fmt: skip
    assert [row.cells for row in found.verdicts] == [("allow", "deny")]
    differing = {row.address: row.cells for row in found.differing}
    assert differing["usc.26.6103.i.2#states_address"] == ("met", "not_met")
    assert "usc.26.6103.i.2#in_writing" not in differing
    flags = [row.differs for row in found.rows]
    assert flags == sorted(flags, reverse=True)


def test_a_provision_that_was_not_law_has_an_empty_cell() -> None:
    before = column("before", "irs-2025-08", date(2016, 6, 29))
    after = column("after", "irs-2025-08", date(2026, 1, 1))
    rows = {row.address: row.cells for row in compare([before, after]).rows}
    assert any(None in cells for cells in rows.values())


def test_five_columns_are_too_many() -> None:
    with pytest.raises(TooManyColumnsError, match="at most 4"):
        compare([column(str(n), "irs-2025-08") for n in range(5)])


def test_an_overlay_makes_a_draft_that_decides_otherwise() -> None:
    bill = load_overlay(BILL)
    found = compare([
        column("law", "text-strict", requester__office="delegate"),
        column("bill", "text-strict", law=bill, requester__office="delegate"),
    ])  # fmt: skip
    assert found.verdicts[0].cells == ("deny", "allow")
    cells = {row.address: row.cells for row in found.rows}
    assert cells["usc.26.6103.i.2#requester"] == ("not_met", "met")
    assert cells["usc.26.6103.i.2#not_displaced"] == ("met", None)
    assert bill.version == f"{book().version}+delegates-may-sign" and bill.digest != book().digest


def write(folder: Path, operations: str, base: str = "us-6103") -> Path:
    path = folder / "draft.yaml"
    path.write_text(
        f"kind: overlay\noverlay: draft\nbase: {base}\ntitle: A draft\noperations:\n{operations}",
        encoding="utf-8",
    )
    return path


@pytest.mark.parametrize(
    ("operations", "said"),
    [
        (
            "  - repeal: usc.26.6103.i.2#in_writin\n",
            "draft.yaml:6: the book has nothing at .*did you mean `usc",
        ),
        ("  - {repeal: a, replace: b, with: {}}\n", "one of `replace`, `add_after` and `repeal`"),
        ("  - replace: usc.26.6103.i.2#in_writing\n", "says `with` what"),
        ("  - repel: x\n", "not permitted"),
        ("  - {add_after: usc.26.6103.a#forbids, node: {id: x, test: 'true'}}\n", "no part of a list"),
    ],
)
def test_an_operation_that_does_not_fit_says_where_and_how(tmp_path: Path, operations: str, said: str) -> None:
    with pytest.raises(OverlayError, match=said):
        load_overlay(write(tmp_path, operations))


def test_an_overlay_of_another_book_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OverlayError, match="is of `other`, and the book is `us-6103`"):
        load_overlay(write(tmp_path, "  - repeal: usc.26.6103.i.2#in_writing\n", base="other"))


def test_what_results_is_checked_like_any_book(tmp_path: Path) -> None:
    bad = "  - {replace: usc.26.6103.i.2#in_writing, with: {test: request.in_writin}}\n"
    with pytest.raises(BookError, match="in_writing"):
        load_overlay(write(tmp_path, bad))


def test_a_whole_rule_can_go_with_its_readings_and_another_come(tmp_path: Path) -> None:
    operations = (
        "  - repeal: usc.26.6103.m.2\n"
        "  - replace: usc.26.6103.i.2/solely:dual_role\n    with: {test: 'true'}\n"
        "  - add_after: usc.26.6103.i.6\n    node:\n"
        "      kind: bar\n      rule: draft.bar\n      title: No civil use\n"
        "      cite: {document: The draft, certainty: assumed}\n      overrides: [usc.26.6103.i.2]\n"
        "      any:\n        - {id: civil, label: a civil use, test: use.also_civil}\n"
        "      if_true: It would be used in a civil matter.\n      if_unknown: Ask for what else it will be used.\n"
    )
    changed = load_overlay(write(tmp_path, operations))
    assert "usc.26.6103.m.2" not in changed.rules and "draft.bar" in changed.rules
    found = compare([
        column("law", "irs-2025-08", use__also_civil=True),
        column("draft", "irs-2025-08", law=changed, use__also_civil=True),
    ])  # fmt: skip
    assert found.verdicts[0].cells == ("allow", "deny")


def test_the_command_compares_profiles_and_overlays(limen: Any) -> None:
    ran = limen("compare", "demo-delegate", "--profile", "text-strict", "--overlay", "none", "--overlay", BILL)
    assert ran.code == 0 and "usc.26.6103.i.2#requester" in ran.out and "A  text-strict · none" in ran.out
    answer = json.loads(
        limen("compare", "demo-number-no-address", "--profile", "irs-2025-08", "--profile", "text-strict", "--json").out
    )
    assert answer["verdicts"][0]["cells"] == ["allow", "deny"]


def test_a_comparison_shows_itself_in_a_notebook() -> None:
    html = compare([column("<irs>", "irs-2025-08"), column("strict", "text-strict")])._repr_html_()
    assert html.startswith("<table") and "&lt;irs&gt;" in html and "✔ Release" in html
