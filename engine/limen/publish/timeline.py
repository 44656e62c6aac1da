"""The timeline as a picture: what was in force when, drawn as bars on a scale of days."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from limen.law.book import Book
from limen.law.rules import Bar, DutyRule, Gateway, Prohibition

LEFT, WIDTH, ROW = 290, 600, 22
"""Room for the names, length of the scale and height of a row, in the picture's own units."""


@dataclass(frozen=True, slots=True)
class Span:
    """One bar of the picture: from `x` for `width`; `open_ended` where no end is known."""

    label: str
    address: str
    sort: str
    x: float
    width: float
    y: int
    words: str
    open_ended: bool


@dataclass(frozen=True, slots=True)
class Tick:
    """A year on the scale."""

    label: str
    x: float


@dataclass(frozen=True, slots=True)
class Picture:
    """A whole drawing: its size, scale and bars."""

    title: str
    width: int
    height: int
    ticks: tuple[Tick, ...]
    spans: tuple[Span, ...]


def statute_picture(book: Book, until: date) -> Picture:
    """The general rule, the gateways and the bars of the statute, from the first day of the law to `until`."""
    rules = [r for r in book.rules.values() if isinstance(r, (Prohibition, Gateway)) and "mou" not in r.address]
    rows = [
        (rule.cite.text.replace("26 U.S.C. ", ""), rule.address, "gateway", rule.in_force.start, rule.in_force.until,
         rule.title)
        for rule in rules
    ]  # fmt: skip
    return _draw("The general rule and the gateways", rows, until, years=5)


def recent_picture(book: Book, until: date) -> Picture:
    """What happened around the agreement: its conditions, the orders of courts, and since when each profile is held."""
    recent = date(2025, 1, 1)
    rows: list[tuple[str, str, str, date | None, date | None, str]] = []
    for rule in book.rules.values():
        if isinstance(rule, (Bar, DutyRule)) and rule.in_force.start is not None and rule.in_force.start >= recent:
            sort = "order" if "injunction" in rule.address else "agreement"
            rows.append((rule.title, rule.address, sort, rule.in_force.start, rule.in_force.until, rule.cite.text))
    for profile in book.profiles.values():
        if profile.since is not None and profile.since >= recent:
            rows.append((profile.id, profile.id, "profile", profile.since, None, profile.title))
    return _draw("Since 2025: agreement, orders, profiles", rows, until, years=0, first=recent)


def _draw(
    title: str,
    rows: Iterable[tuple[str, str, str, date | None, date | None, str]],
    until: date,
    years: int,
    first: date | None = None,
) -> Picture:
    rows = sorted(rows, key=lambda row: (row[2], row[3] or date.min))
    start = first or min((row[3] for row in rows if row[3] is not None), default=until)
    days = max((until - start).days, 1)

    def across(day: date) -> float:
        return LEFT + WIDTH * max(0, min((day - start).days, days)) / days

    spans = []
    for number, (label, address, sort, begins, ends, words) in enumerate(rows):
        x = across(begins or start)
        end = across(ends) if ends is not None else LEFT + WIDTH
        when = f"from {begins or 'the beginning'}" + (f" until {ends}" if ends else ", no end known")
        spans.append(
            Span(_short(label), address, sort, x, max(end - x, 3), 30 + number * ROW, f"{words}: {when}", ends is None)
        )
    return Picture(
        title, LEFT + WIDTH + 20, 40 + len(spans) * ROW, tuple(_ticks(start, until, years, across)), tuple(spans)
    )


def _ticks(start: date, until: date, years: int, across: Callable[[date], float]) -> Iterator[Tick]:
    """Every fifth year, or every quarter where the scale is short."""
    if years:
        for year in range(start.year - start.year % years + years, until.year + 1, years):
            yield Tick(str(year), across(date(year, 1, 1)))
        return
    for year in range(start.year, until.year + 1):
        for month in (1, 4, 7, 10):
            day = date(year, month, 1)
            if start <= day <= until:
                yield Tick(f"{day:%b} {year}" if month == 1 else f"{day:%b}", across(day))


def _short(label: str, most: int = 40) -> str:
    return label if len(label) <= most else label[: most - 1].rstrip() + "…"
