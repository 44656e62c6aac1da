"""What the command says to the script that called it.

A decision that releases is 0; nothing else that concerns a decision is. So `limen decide r.yaml && send` can never
send what was not released: not on a refusal, not on missing facts, not on a fault, not on a full disk.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

RELEASED: Final = 0
"""Everything asked for is released. For other commands: done, and what was checked is in order."""
WITHHELD: Final = 1
"""At least one item is withheld. For other commands: the check found something wrong."""
BAD_INPUT: Final = 2
"""The command line, a file or a fact could not be used; nothing was decided."""
MORE_NEEDED: Final = 3
"""Nothing is refused outright, but facts are missing."""
READINGS_DIFFER: Final = 4
"""The profiles asked do not agree."""
ENGINE_FAULT: Final = 5
"""The engine failed or disagreed with itself: deny, and a file says how to see it again."""
LEDGER_UNAVAILABLE: Final = 6
"""The decision could not be logged, so it was not made."""
INTERRUPTED: Final = 130

BY_DISPOSITION: Final = {
    "release": RELEASED,
    "withhold": WITHHELD,
    "more_needed": MORE_NEEDED,
    "readings_differ": READINGS_DIFFER,
}

_GRAVITY: Final = (LEDGER_UNAVAILABLE, ENGINE_FAULT, BAD_INPUT, WITHHELD, READINGS_DIFFER, MORE_NEEDED)


def gravest(codes: Iterable[int]) -> int:
    """The one code for several results: 0 only if every one is 0.

    >>> gravest([RELEASED, MORE_NEEDED, WITHHELD]), gravest([])
    (1, 0)
    """
    seen = set(codes)
    for code in _GRAVITY:
        if code in seen:
            return code
    return RELEASED if seen <= {RELEASED} else ENGINE_FAULT
