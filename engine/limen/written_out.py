"""When a thing that has a plain form is written out: once it was asked so often that this pays.

The two forms say the same; why there are two, and what holds them together, is told in
`docs/decisions/0015-written-out-where-it-is-hot.md`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

Form = TypeVar("Form")

PLAIN = 8
"""So many times the plain form is asked; from then on it pays to have it written out."""


class WrittenOut(Generic[Form]):
    """The written form of something, as soon as there is one. Threads may share it.

    `form` is `None` until then: in a loop it is looked at first, so that what is written costs no call.
    """

    __slots__ = ("_asked", "form")

    def __init__(self) -> None:
        self.form: Form | None = None
        self._asked = 0

    def asked(self, write: Callable[[], Form | None]) -> Form | None:
        """The form, which `write` makes once that pays; `None` while it does not, or where `write` makes none."""
        if self.form is None:
            if self._asked < PLAIN:
                # Threads that meet here may count one short, or write it twice: what they write is equal.
                self._asked += 1
                return None
            self.form = write()
        return self.form
