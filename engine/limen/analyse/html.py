"""How answers show themselves in a notebook: plain tables, an icon always with its word, nothing but HTML."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from limen.analyse.compare import Comparison, Row

WORDS = {
    "allow": "✔ Release", "deny": "✘ Withhold", "open": "? More needed", "readings_differ": "≠ Readings differ",
    "not_covered": "· Not covered", "met": "✔ met", "not_met": "✘ not met", "not_known": "? not known",
    "barred": "■ barred", "release": "✔ Release", "withhold": "✘ Withhold", "more_needed": "? More needed",
}  # fmt: skip


def word(said: str | None) -> str:
    """A cell in words."""
    return "—" if said is None else WORDS.get(said, said)


def table(caption: str, head: Sequence[str], rows: Iterable[Sequence[str]], strong: Iterable[int] = ()) -> str:
    """An HTML table with headers; every cell is text. Rows numbered in `strong` are set in bold."""
    bold = set(strong)
    top = "".join(f'<th scope="col">{escape(name)}</th>' for name in head)
    body = "".join(
        f"<tr{' style=font-weight:bold' if number in bold else ''}>"
        + "".join(f'<td style="text-align:left">{escape(cell)}</td>' for cell in row)
        + "</tr>"
        for number, row in enumerate(rows)
    )
    return f"<table><caption>{escape(caption)}</caption><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"


def comparison_html(comparison: Comparison) -> str:
    """The verdicts, then the rows that differ."""
    head = ["", "provision", *comparison.columns]

    def line(row: Row) -> list[str]:
        where = f"{row.label} ({row.item})" if row.item else row.label
        return [where, row.citation or row.address, *map(word, row.cells)]

    shown = [*comparison.verdicts, *comparison.differing]
    same = len(comparison.rows) - len(comparison.differing)
    return table(
        f"Comparison: {len(comparison.differing)} rows differ, {same} do not", head, map(line, shown),
        strong=range(len(comparison.verdicts)),
    )  # fmt: skip
