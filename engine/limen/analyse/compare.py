"""Columns side by side: one case under up to four profiles, dates, overlays or statements of fact.

Rows are items and then every element, ground, bar and limb that any column has; those that differ come first. A
column without a row has nothing there: the provision was not law, or the overlay took it away.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from limen.analyse.bench import Bench
from limen.decide.shown import Shown
from limen.law.book import Book
from limen.law.facts import CaseFacts
from limen.law.truth import Truth

MOST_COLUMNS = 4
OUTCOMES: dict[Truth, str] = {True: "met", False: "not_met", None: "not_known"}


class TooManyColumnsError(ValueError):
    """More columns than anybody reads side by side."""

    def __init__(self, count: int) -> None:
        super().__init__(f"{count} columns are too many; compare at most {MOST_COLUMNS}")


@dataclass(frozen=True, slots=True)
class Column:
    """One way to ask: a book (with an overlay or without), a profile, a day, the facts."""

    title: str
    book: Book
    profile: str
    as_of: date
    facts: CaseFacts


@dataclass(frozen=True, slots=True)
class Row:
    """One line: what each column says of an item or a point; `None` where a column has nothing there."""

    address: str
    label: str
    item: str | None
    citation: str
    cells: tuple[str | None, ...]

    @property
    def differs(self) -> bool:
        """Whether the columns do not all say the same."""
        return len(set(self.cells)) > 1


@dataclass(frozen=True, slots=True)
class Comparison(Shown):
    """The columns' titles; `verdicts` per item; `rows` per point. Rows that differ come first, in the law's order."""

    columns: tuple[str, ...]
    verdicts: tuple[Row, ...]
    rows: tuple[Row, ...]

    @property
    def differing(self) -> tuple[Row, ...]:
        """The rows in which the columns differ."""
        return tuple(row for row in self.rows if row.differs)

    def _repr_html_(self) -> str:
        from limen.analyse.html import comparison_html

        return comparison_html(self)


def compare(columns: Sequence[Column]) -> Comparison:
    """One case in up to four columns. Raises `TooManyColumnsError`, `EditionError`."""
    if len(columns) > MOST_COLUMNS:
        raise TooManyColumnsError(len(columns))
    told = [_told(column) for column in columns]
    verdicts: list[Row] = []
    rows: list[Row] = []
    order: dict[tuple[str, str | None], tuple[str, str, bool]] = {}
    for cells in told:
        for key, (label, citation, _, is_item) in cells.items():
            order.setdefault(key, (label, citation, is_item))
    for (address, item), (label, citation, is_item) in order.items():
        said = tuple(cells[address, item][2] if (address, item) in cells else None for cells in told)
        (verdicts if is_item else rows).append(Row(address, label, item, citation, said))
    by_difference = lambda row: not row.differs  # noqa: E731
    return Comparison(
        tuple(column.title for column in columns),
        tuple(sorted(verdicts, key=by_difference)),
        tuple(sorted(rows, key=by_difference)),
    )


_Cells = dict[tuple[str, str | None], tuple[str, str, str, bool]]


def _told(column: Column) -> _Cells:
    """What one column says: label, citation, word and whether it is a verdict, by address and item."""
    bench = Bench.of(column.book, column.profile, column.as_of)
    edition = bench.editions[0]
    findings = bench.evaluators[0].find(column.facts)
    cells: _Cells = {}
    for item, found in zip(column.facts.items, findings.items, strict=True):
        kind = item.facts.get("item.kind")
        cells["verdict", item.id] = (str(kind) if kind is not None else item.id, "", found.verdict, True)
    for point, result in zip(edition.case_points, findings.case, strict=True):
        cells[point.address, None] = (*_named(point.node), OUTCOMES[result], False)
    for item, found in zip(column.facts.items, findings.items, strict=True):
        for point, result in zip(edition.item_points, found.points, strict=True):
            cells[point.address, item.id] = (*_named(point.node), OUTCOMES[result], False)
        for bar, stands in zip(edition.bars, found.bars, strict=True):
            word = "barred" if stands else "not_known" if stands is None else "met"
            cells[bar.rule.address, item.id] = (bar.rule.title, bar.rule.cite.text, word, False)
        for gateway, opened in zip(edition.gateways, found.gateways, strict=True):
            cells[gateway.rule.address, item.id] = (
                gateway.rule.title, gateway.rule.cite.text, OUTCOMES[opened], False
            )  # fmt: skip
    return cells


def _named(node: object) -> tuple[str, str]:
    label = getattr(node, "label", "") or getattr(node, "id", "")
    cite = getattr(node, "cite", None)
    return label, cite.text if cite is not None else ""
