"""A report as one page: no script, nothing fetched, ready to print in black and white."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from html import escape
from typing import Any

from limen.ledger.errors import LedgerUnavailable
from limen.ledger.reports.table import Plot, Table

_STYLE = """
:root { color-scheme: light; }
body { font: 15px/1.5 "Source Serif 4", Georgia, serif; color: #1a1a1a; background: #fff; max-width: 75rem;
  margin: 2.5rem auto; padding: 0 1.5rem; }
h1 { font-size: 1.7rem; margin: 0 0 .2rem; }
h2 { font-size: 1.25rem; margin: 2.5rem 0 .2rem; }
p.source { color: #444; margin: 0 0 1rem; }
ul.notes { color: #444; padding-left: 1.1rem; }
figure { margin: 1rem 0; break-inside: avoid; }
figure svg { max-width: 100%; height: auto; }
table { border-collapse: collapse; width: 100%; font: 13px/1.4 "Source Sans 3", Helvetica, Arial, sans-serif; }
caption { text-align: left; font-weight: 600; padding: .4rem 0; }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid #ccc; }
th { border-bottom: 2px solid #333; }
td { overflow-wrap: anywhere; }
td.whole { white-space: nowrap; }
div.wide { overflow-x: auto; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
footer { margin-top: 3rem; border-top: 1px solid #ccc; padding-top: .6rem; color: #444; font-size: 13px; }
@media print { div.wide { overflow: visible; } table { font-size: 8pt; }
  body { margin: 0; max-width: none; font-size: 10pt; } thead { display: table-header-group; }
  tr { break-inside: avoid; } h2 { break-after: avoid; } @page { margin: 15mm; } }
"""

_LONG_NAME = 14
"""Bars with longer names lie, so that the names can be read."""

_WHOLE = re.compile(r"\d{4}-\d\d(-\d\d)?|\d+ U\.S\.C\. .{1,30}")
"""What is read in one piece: days, months, citations of one provision."""

CAVEAT = "A simulation with invented people. Not legal advice, and not a report of any authority."


def page(title: str, tables: Sequence[Table], receipt: Sequence[str]) -> str:
    """The tables, each with its plots, as one HTML document. `receipt` says what it was made from, in the footer.

    Raises LedgerUnavailable if the plotting library is not installed.
    """
    parts = [
        "<!doctype html>",
        '<html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>",
        f"<h1>{escape(title)}</h1><p>{escape(CAVEAT)}</p>",
    ]
    for table in tables:
        parts.append(f"<section><h2>{escape(table.title)}</h2>")
        parts.append(f'<p class="source">{escape(table.source)}</p>')
        if table.rows:
            parts += [_figure(table, plot) for plot in table.plots]
        parts.append(_html_table(table))
        if table.notes:
            parts.append('<ul class="notes">' + "".join(f"<li>{escape(note)}</li>" for note in table.notes) + "</ul>")
        parts.append("</section>")
    parts.append("<footer>" + "".join(f"<div>{escape(line)}</div>" for line in receipt) + "</footer></body></html>")
    return "\n".join(parts)


def _html_table(table: Table) -> str:
    numbers = [
        bool(table.rows) and all(isinstance(row[i], int) for row in table.rows) for i in range(len(table.columns))
    ]

    def row(tag: str, values: Sequence[object]) -> str:
        scope = ' scope="col"' if tag == "th" else ""
        cells = (
            f"<{tag}{scope}{_class(value, number)}>{escape(str(value).replace('_', ' '))}</{tag}>"
            for value, number in zip(values, numbers, strict=True)
        )
        return f"<tr>{''.join(cells)}</tr>"

    rows = "".join(row("td", values) for values in table.rows)
    empty = "" if table.rows else f'<tr><td colspan="{len(table.columns)}">nothing</td></tr>'
    caption = f"<caption>{escape(table.title)}</caption>"
    head = f"<thead>{row('th', table.columns)}</thead>"
    return f'<div class="wide"><table>{caption}{head}<tbody>{rows}{empty}</tbody></table></div>'


def _class(value: object, number: bool) -> str:
    if number:
        return " class=number"
    return " class=whole" if _WHOLE.fullmatch(str(value)) else ""


def _figure(table: Table, plot: Plot) -> str:
    described = f"Bar chart: {plot.title}. The table below has the numbers."
    return (
        f'<figure role="img" aria-label="{escape(described)}">{_svg(table, plot)}'
        f"<figcaption>{escape(plot.title)}</figcaption></figure>"
    )


def _svg(table: Table, plot: Plot) -> str:
    try:
        import vl_convert
    except ImportError:
        raise LedgerUnavailable(
            "a page with plots needs a library", table.name, "install it with `pip install 'limen[plots]'`"
        ) from None
    return vl_convert.vegalite_to_svg(_specification(table, plot))


def _specification(table: Table, plot: Plot) -> dict[str, Any]:
    """The plot in Vega-Lite: bars, lying where their names are long."""
    bars = _column(table, plot.x)
    long = max(len(str(name)) for name in bars) > _LONG_NAME
    names: dict[str, Any] = {
        "field": plot.x,
        "type": "nominal",
        "title": None if long else plot.x,
        "axis": {"labelLimit": 420},
    }
    if long:
        names["sort"] = "-x"
    else:
        names["axis"]["labelAngle"] = 0
    sums: Counter[str | int] = Counter()
    for name, number in zip(bars, _column(table, plot.y), strict=True):
        sums[name] += int(number)
    whole = {"tickCount": max(1, min(6, max(sums.values()))), "format": "d"}
    numbers = {"field": plot.y, "type": "quantitative", "aggregate": "sum", "title": plot.y, "axis": whole}
    encoding: dict[str, Any] = {"x": numbers, "y": names} if long else {"x": names, "y": numbers}
    if plot.colour is not None and len(set(_column(table, plot.colour))) > 1:
        encoding["color"] = {"field": plot.colour, "type": "nominal", "scale": {"scheme": "tableau10"}}
    return {
        "data": {"values": [dict(zip(table.columns, row, strict=True)) for row in table.rows]},
        "mark": {"type": "bar", "stroke": "white", "color": "#4c78a8"},
        "encoding": encoding,
        "width": 560 if long else {"step": 84},
        "height": {"step": 22} if long else 220,
        "config": {"font": "Helvetica, Arial, sans-serif", "view": {"stroke": None}},
    }


def _column(table: Table, name: str) -> list[str | int]:
    at = table.columns.index(name)
    return [row[at] for row in table.rows]
