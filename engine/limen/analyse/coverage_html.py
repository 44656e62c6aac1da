"""Coverage as one HTML page, without scripts: totals, then a table per rule."""

from __future__ import annotations

from html import escape
from itertools import groupby

from limen.analyse.coverage import Coverage, Line
from limen.analyse.html import table

STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%;margin:1rem 0}caption{text-align:left;font-weight:bold}"
    "th,td{border:1px solid #888;padding:.2rem .5rem;text-align:left;vertical-align:top}"
)
HEAD = ("node", "address", "met", "not met", "not known", "turns on it, met / without")


def coverage_table(found: Coverage) -> str:
    """The totals as a table, for a notebook."""
    rows = [
        ("outcomes shown (met, not met, not known)", *map(str, found.outcomes)),
        ("points with an independent-effect pair", *map(str, found.pairs)),
        ("alternatives of readings chosen", *map(str, found.readings)),
    ]
    return table(f"Coverage by {found.trials} scenarios", ("", "shown", "of"), rows)


def coverage_page(found: Coverage, title: str) -> str:
    """The whole page."""
    parts = [coverage_table(found)]
    for rule, lines in groupby(sorted(found.lines, key=lambda line: line.rule), key=lambda line: line.rule):
        parts.append(table(rule, HEAD, map(_row, lines)))
    choices = [
        (choice.reading, choice.alternative, _count(choice.chosen), _count(choice.mattered))
        for choice in found.choices
    ]  # fmt: skip
    parts.append(table("Readings", ("reading", "alternative", "chosen", "made the difference"), choices))
    body = "".join(parts)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{STYLE}</style></head><body><h1>{escape(title)}</h1>{body}</body></html>\n"
    )


def _row(line: Line) -> tuple[str, ...]:
    pair = line.pair
    effect = f"{pair[0]} / {pair[1]}" if pair else ", ".join(line.effect.values()) + " only" if line.effect else "—"
    counts = [_count(trials) for trials in line.tried.values()]
    return (line.label, line.address, *counts, effect if line.is_point else "")


def _count(trials: list[str]) -> str:
    return f"{len(set(trials))} (e.g. {trials[0]})" if trials else "none"
