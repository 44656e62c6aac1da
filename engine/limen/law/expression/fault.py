"""What is wrong in a test."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in a test; `column` counts from 1 inside the test. `name` is the name that was not found."""

    code: str
    column: int
    message: str
    nearest: str | None = None
    mend: str | None = None
    name: str | None = None


class ExpressionError(Exception):
    """A test that cannot be read. `faults` are in reading order."""

    def __init__(self, text: str, faults: Iterable[Fault]) -> None:
        self.text = text
        self.faults = tuple(sorted(set(faults), key=lambda fault: (fault.column, fault.code, fault.message)))
        super().__init__("; ".join(f"{fault.message} (column {fault.column})" for fault in self.faults))

    def __reduce__(self) -> tuple[type[ExpressionError], tuple[str, tuple[Fault, ...]]]:
        return (ExpressionError, (self.text, self.faults))
