"""Which units of law the book holds, and which it leaves out and why.

`coverage_of_the_law.yaml` lists every unit of the statute, the agreement and the duties that the book was written
from. Each has the addresses at which the book holds it, or a reason why it does not. `report` turns the list into
`docs/coverage-of-the-law.md`; `check` finds addresses the book does not have, and units listed twice or not at all.

    python -m limen.law.coverage_of_the_law docs/coverage-of-the-law.md
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from limen.law.book import Book

LIST = Path(__file__).with_suffix(".yaml")

SERIES: dict[str, int] = {
    "DEF": 7, "A": 4, "C": 6, "D": 10, "H1": 4, "H2": 6, "H3": 2, "I1": 10, "I2": 15, "I4": 6, "I5": 7, "K6": 7,
    "P3": 6, "P7": 4, "P9": 2, "PA": 8, "SG": 24,
}  # fmt: skip
"""Units that are numbered, and how many there are of each."""

NAMED = frozenset({
    "H-X", "H-Y", "I3-START", "I3-DISCRETION", "I3-FORM", "I3-TRIGGER", "I3-DATA", "I3-RECIPIENT", "I3-EXTENT",
    "I3-BAR", "I3-ACCOUNTING", "I6", "I7-A", "I7-B", "I7-C", "I7-D", "I8", "L", "M2", "P4-A", "P4-B", "P4-C", "P4-D",
    "P4-E", "P4-F", "PEN-7213-A1", "PEN-7213-A2", "PEN-7213-A3", "PEN-7213-A4", "PEN-7213A", "PEN-7431-A", "PEN-7431-B",
    "PEN-7431-D", "PEN-7431-E", "X-1253-A1", "X-1253-A2", "X-1253-B", "X-1324", "X-1325", "X-1326", "X-1306", "X-1324D",
    *(f"Q{number}" for number in range(1, 15)),
})  # fmt: skip
"""Units with names of their own that the list has to hold."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit of law: what it says in our words, where the book holds it, or why it does not (`left_out`)."""

    id: str
    says: str
    addresses: tuple[str, ...] = ()
    left_out: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Units that stand together."""

    title: str
    units: tuple[Unit, ...]


def expected_ids() -> frozenset[str]:
    """Every unit that the list has to hold."""
    return NAMED | {f"{series}-{number}" for series, count in SERIES.items() for number in range(1, count + 1)}


def read_list(path: Path = LIST) -> tuple[Group, ...]:
    """The list, as it stands in the file at `path`."""
    content: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return tuple(
        Group(
            group["title"],
            tuple(
                Unit(unit["id"], unit["says"], tuple(unit.get("in", ())), unit.get("out"), unit.get("note"))
                for unit in group["units"]
            ),
        )
        for group in content["groups"]
    )


def check(groups: tuple[Group, ...], book: Book) -> list[str]:
    """What is wrong with the list, one sentence each, sorted; empty when it fits the book."""
    units = [unit for group in groups for unit in group.units]
    ids = [unit.id for unit in units]
    known = frozenset(book.locations)
    return sorted(
        [f"`{id}` is not on the list" for id in expected_ids() - set(ids)]
        + [f"`{id}` is on the list twice" for id in set(ids) if ids.count(id) > 1]
        + [
            f"`{unit.id}` has to have addresses in the book, or a reason why it is left out, and not both"
            for unit in units
            if bool(unit.addresses) == (unit.left_out is not None)
        ]
        + [
            f"`{unit.id}` names `{address}`, which the book does not have"
            for unit in units
            for address in unit.addresses
            if address not in known
        ]
    )


def report(groups: tuple[Group, ...], book: Book) -> str:
    """The page for readers, as Markdown."""
    return "\n".join(_lines(groups, book)) + "\n"


def _lines(groups: tuple[Group, ...], book: Book) -> Iterator[str]:
    units = [unit for group in groups for unit in group.units]
    held = sum(unit.left_out is None for unit in units)
    yield "# Coverage of the law"
    yield ""
    yield "<!-- Written by `python -m limen.law.coverage_of_the_law`; change the list beside it, not this page. -->"
    yield ""
    yield (
        f"The book `{book.name}`, version {book.version}, was written from {len(units)} units of law. {held} of them"
        f" stand in it; {len(units) - held} are left out, each with a reason. The wording is our own."
    )
    for group in groups:
        yield from ("", f"## {group.title}", "", "| Unit | What it says | Where it stands |", "|---|---|---|")
        for unit in group.units:
            yield f"| {unit.id} | {unit.says} | {_place(unit, book)} |"


def _place(unit: Unit, book: Book) -> str:
    if unit.left_out is not None:
        return f"*Left out.* {unit.left_out}"
    places = "<br>".join(f"[`{address}`](../rules/{book.locations[address][0]})" for address in unit.addresses)
    return f"{places} ({unit.note})" if unit.note else places


def main(arguments: list[str]) -> int:
    """Writes the page to the file named, or prints it; 1 if the list does not fit the book."""
    from limen.law import load_book

    book = load_book()
    groups = read_list()
    problems = check(groups, book)
    if problems:
        sys.stderr.write("\n".join(problems) + "\n")
        return 1
    if arguments:
        Path(arguments[0]).write_text(report(groups, book), encoding="utf-8")
    else:
        sys.stdout.write(report(groups, book))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
