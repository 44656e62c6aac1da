"""What a check of somebody's system found: each way in which it answers otherwise than the book, as a twin."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from limen.decide.findings import Verdict
from limen.decide.shown import Shown
from limen.testing.case import Case, in_words

Fault = Literal["released", "withheld", "error"]
"""`released`: it allows what the book does not. `withheld`: it refuses what the book allows. `error`: no answer."""

_SAYS: dict[Fault, str] = {
    "released": "the system allows what the book does not",
    "withheld": "the system refuses what the book allows",
    "error": "the system gave no answer that can be read",
}

_TWIN: dict[Fault, str] = {
    "released": "which both allow",
    "withheld": "which both allow",
    "error": "which the system answers",
}


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One way in which a system and the book differ.

    `case` is the case it shows in, `verdict` what the book says of it, `answer` what the system said. `twin` is a case
    one `fact` apart that both allow (after an error: that is answered), where there is one; `address` and `citation`
    are the provision that makes the difference. `count` cases showed the same.
    """

    fault: Fault
    case: Case
    verdict: Verdict
    answer: str
    address: str
    citation: str
    label: str
    fact: str | None
    twin: Case | None
    count: int = 1

    def __str__(self) -> str:
        lines = [
            f"{_SAYS[self.fault]}: {self.address} ({self.citation}), {self.label}",
            f"  the book says `{self.verdict}`, the system `{self.answer}`",
        ]
        if self.fact is not None and self.twin is not None:
            here, there = (in_words(one.stated.get(self.fact)) for one in (self.case, self.twin))
            lines.append(f"  `{self.fact}` is {here}; in its twin, {_TWIN[self.fault]}, it is {there}")
        lines.append(f"  case: {self.case}")
        if self.count > 1:
            lines.append(f"  {self.count} cases show the same")
        return "\n".join(lines)


class ConformanceError(AssertionError):
    """A system that does not keep to the book. `report` has everything."""

    def __init__(self, report: Report) -> None:
        super().__init__(str(report))
        self.report = report


@dataclass(frozen=True, slots=True)
class Report(Shown):
    """The outcome of a check: how many cases were put to the system, and every way in which it differs."""

    book: str
    profile: str
    as_of: date
    directed: int
    random: int
    disagreements: tuple[Disagreement, ...]
    places: int

    def __bool__(self) -> bool:
        """Whether the system agreed on every case."""
        return not self.disagreements

    @property
    def cases(self) -> int:
        """The number of cases put to the system."""
        return self.directed + self.random

    def at(self, address: str) -> tuple[Disagreement, ...]:
        """The disagreements at a provision, or under it."""
        return tuple(one for one in self.disagreements if is_under(one.address, address))

    def about(self, fact: str) -> tuple[Disagreement, ...]:
        """The disagreements in which `fact` makes the difference."""
        return tuple(one for one in self.disagreements if one.fact == fact)

    def check(self) -> Report:
        """This report; raises `ConformanceError` (an `AssertionError`) with all of it if there is a disagreement."""
        if self.disagreements:
            raise ConformanceError(self)
        return self

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _repr_html_(self) -> str:
        """The disagreements as a table, for a notebook."""
        from limen.decide.notebook import table

        rows = [
            (_SAYS[one.fault], one.address, one.citation, one.verdict, one.answer, one.fact or "", str(one.case))
            for one in self.disagreements
        ]
        head = ("", "provision", "citation", "the book", "the system", "its twin differs in", "case")
        return table(next(self._lines()), head, rows)

    def _lines(self) -> Iterator[str]:
        asked = f"{self.cases:,} cases ({self.directed:,} directed, {self.random:,} random)"
        where = f"{self.book}, profile {self.profile}, law of {self.as_of}"
        if not self.disagreements:
            yield f"the system agrees with the book on {asked} around {self.places} provisions ({where})"
            return
        count = len(self.disagreements)
        yield f"{count} disagreement{'s' if count > 1 else ''} with the book in {asked} ({where})"
        for one in self.disagreements:
            yield ""
            yield str(one)


def is_under(address: str, place: str) -> bool:
    """Whether `address` is `place` or something in it."""
    return address == place or address.startswith((f"{place}#", f"{place}/", f"{place}:"))
