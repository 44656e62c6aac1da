"""How long: a number of hours, days or years, added to a moment the way a calendar does."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, cast

Unit = Literal["hours", "days", "years"]
_SPAN = re.compile(r"([1-9][0-9]{0,4}) (hours|days|years)")


@dataclass(frozen=True, slots=True)
class Span:
    """`24 hours` are hours of the clock; a year is to the same day of the year after (29 February to the 28th)."""

    number: int
    unit: Unit

    @classmethod
    def read(cls, text: str) -> Span:
        """The span that `text` states. Raises `ValueError`.

        >>> Span.read("45 days")
        Span(number=45, unit='days')
        """
        found = _SPAN.fullmatch(text)
        if found is None:
            raise ValueError(f"`{text}` is no length of time; write `24 hours`, `45 days` or `7 years`")
        return cls(int(found[1]), cast(Unit, found[2]))

    def after(self, moment: datetime) -> datetime:
        """The moment this long after `moment`.

        >>> Span(24, "hours").after(datetime(2025, 8, 8, 17, 10))
        datetime.datetime(2025, 8, 9, 17, 10)
        >>> Span(1, "years").after(datetime(2024, 2, 29))
        datetime.datetime(2025, 2, 28, 0, 0)
        """
        if self.unit == "hours":
            return moment + timedelta(hours=self.number)
        if self.unit == "days":
            return moment + timedelta(days=self.number)
        year = moment.year + self.number
        try:
            return moment.replace(year=year)
        except ValueError:
            return moment.replace(year=year, day=28)

    def __str__(self) -> str:
        return f"{self.number} {self.unit}" if self.number != 1 else f"1 {self.unit[:-1]}"
