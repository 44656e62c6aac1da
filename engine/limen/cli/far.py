"""How far a long question has got, said while it is being answered."""

from __future__ import annotations

import sys
import time

FIRST = 1.0
"""Seconds after which it is said for the first time."""


class Far:
    """Says on standard error how many of how many are done: after a second, then on a terminal once a second, and
    elsewhere each time twice as long after, so that a log of hours has a dozen lines."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._begun = time.perf_counter()
        self._next = FIRST
        self._terminal = sys.stderr.isatty()
        self._said = False

    def __call__(self, done: int, of: int) -> None:
        """`done` of `of` are done."""
        passed = time.perf_counter() - self._begun
        if done >= of:
            self.close()
        if done >= of or passed < self._next:
            return
        self._next = passed + 1 if self._terminal else 2 * passed
        self._said = True
        words = f"got this far after {passed:.0f} s: {done:,} of {of:,} {self._what}"
        sys.stderr.write(f"\r\033[K{words}" if self._terminal else f"{words}\n")
        sys.stderr.flush()

    def close(self) -> None:
        """Take the line off a terminal: the answer follows."""
        if self._said and self._terminal:
            sys.stderr.write("\r\033[K")
            sys.stderr.flush()
            self._said = False
