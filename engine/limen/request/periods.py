"""Tax periods as people write them, compared by the years they mean."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

_YEAR = r"(?:19|20)\d\d"
_PREFIX = re.compile(r"^(?:tax(?:able)?\s+)?(?:years?|periods?)\s+|^t\.?y\.?\s*", re.IGNORECASE)
_RANGE = re.compile(rf"^({_YEAR})\s*(?:-|–|—|to|through)\s*({_YEAR})$", re.IGNORECASE)


@lru_cache(maxsize=1024)
def parts_of(period: str) -> frozenset[str]:
    """What one written period stands for: its years, or itself where it is not made of years.

    >>> sorted(parts_of("tax years 2021-2023")), sorted(parts_of("2022 Q1"))
    (['2021', '2022', '2023'], ['2022 q1'])
    """
    text = " ".join(_PREFIX.sub("", period.strip()).casefold().split())
    span = _RANGE.match(text)
    if span is None:
        return frozenset({text})
    first, last = int(span[1]), int(span[2])
    return frozenset(str(year) for year in range(first, last + 1)) if first <= last else frozenset({text})


def covers(periods: Sequence[str], wanted: Sequence[str]) -> bool:
    """Whether every period `wanted` is among `periods`; a quarter is within its year.

    >>> covers(["2021-2023"], ["TY2022", "2023 Q1"]), covers(["2021"], ["2022"])
    (True, False)
    """
    if set(wanted).issubset(periods):
        return True  # in the same words
    named = frozenset().union(*(parts_of(period) for period in periods))
    return all(part in named or part[:4] in named for period in wanted for part in parts_of(period))
