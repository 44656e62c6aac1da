"""When a provision, a reading or a profile was law: half-open periods of days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Period:
    """From the first day in force up to, and not including, `until`. `None` is without end on that side.

    >>> Period(date(2016, 6, 30)).covers(date(2016, 6, 29))
    False
    """

    start: date | None = None
    until: date | None = None
    by: str | None = None
    repealed_by: str | None = None

    def covers(self, day: date) -> bool:
        """Whether `day` lies in the period."""
        return (self.start is None or self.start <= day) and (self.until is None or day < self.until)

    def boundaries(self) -> tuple[date, ...]:
        """The days on which something changes."""
        return tuple(day for day in (self.start, self.until) if day is not None)


ALWAYS = Period()
