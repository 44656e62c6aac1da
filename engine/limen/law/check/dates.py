"""Dates: no provision may lapse into permission, and none into nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from limen.law.book import Book
from limen.law.check.positions import Positions
from limen.law.check.report import Report
from limen.law.node import Node
from limen.law.period import Period


def check_dates(book: Book, positions: Positions, report: Report) -> None:
    """Notes periods that loosen without naming what brought them about, and rules left with nothing on some day."""
    for node, stand in positions.nodes:
        if stand.narrows:
            for part in _takes_along(node):
                _authority(part.in_force, part.address, report)
    for bar in book.bars:
        if False in positions.bars[bar.address]:
            _authority(bar.in_force, bar.address, report)
    for prohibition in book.prohibitions:
        _authority(prohibition.in_force, prohibition.address, report)
        for limb in (prohibition.applies_when, prohibition.forbids):
            _emptied([limb], prohibition.in_force, limb.address, "this side of the general rule", report)
    for gateway in book.gateways:
        for key, nodes in (("elements", gateway.elements), ("releases", gateway.releases)):
            _emptied(nodes, gateway.in_force, gateway.address, f"`{key}`", report, key=key)
    for definition in book.vocabulary.definitions.values():
        _emptied([definition.meaning], None, definition.meaning.address, "the definition", report)
    for reading in book.readings.values():
        for alternative in reading.alternatives:
            meaning = alternative.meaning
            _emptied(meaning.children, None, meaning.address, "the alternative", report) if meaning.children else None


def _takes_along(node: Node) -> Iterator[Node]:
    """`node`, and those under it whose going takes it along, because on that day nothing else is left of it."""
    yield node
    if not node.children:
        return
    days = {day for part in node.walk() for day in part.in_force.boundaries()} | {date.min}
    empty = [day for day in days if all(gone(child, day) for child in node.children)]
    for part in (part for child in node.children for part in child.walk()):
        if any(not part.in_force.covers(day) for day in empty):
            yield part


def _authority(period: Period, address: str, report: Report) -> None:
    """What begins or ends, and makes release easier while it is not in force, has to say by what."""
    for day, said, word, key in (
        (period.start, period.by, "from", "by"),
        (period.until, period.repealed_by, "until", "repealed_by"),
    ):
        if day is not None and said is None:
            when = "before" if word == "from" else "from"
            message = f"{when} {day} this is not in force, which makes release easier"
            mend = f"name the law or order behind `{word}`: add `{key}` to `in_force`"
            report("loosening-date", address, message, key="in_force", mend=mend)


def _emptied(
    nodes: Iterable[Node], period: Period | None, address: str, what: str, report: Report, key: str | None = None
) -> None:
    """Notes the first day in `period` on which every one of `nodes` is gone."""
    nodes = tuple(nodes)
    days = {period.start or date.min if period is not None else date.min}
    days.update(day for node in nodes for part in node.walk() for day in part.in_force.boundaries())
    for day in sorted(days):
        if (period is None or period.covers(day)) and all(gone(node, day) for node in nodes):
            since = f"on {day}" if day != date.min else "on the first day of the book"
            report("emptied", address, f"nothing is left of {what} {since}", key=key,
                   mend="end or begin the rule itself on that day, or leave one part in force")  # fmt: skip
            return


def gone(node: Node, day: date) -> bool:
    """Whether nothing of `node` is in force on `day`. A definition or alternative it names never goes."""
    if not node.in_force.covers(day):
        return True
    return bool(node.children) and all(gone(child, day) for child in node.children)
