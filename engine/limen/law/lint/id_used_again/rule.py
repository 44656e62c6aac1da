"""An address that was once published is never used again for something else.

`retired.txt` in the folder of the book lists the addresses that are gone, one to a line; `#` starts a comment.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from limen.law.lint.finding import Context, Finding

NAME = "id-used-again"
LIST = "retired.txt"


def find(context: Context) -> Iterator[Finding]:
    """Every address of the book that is on the list of retired ones."""
    retired = retired_addresses(context.folder)
    for address in context.book.locations:
        if address in retired:
            yield context.finding(
                NAME,
                address,
                f"`{address}` was retired; old decisions and training items still point to what it meant",
                "choose a new id",
            )


def retired_addresses(folder: Path) -> frozenset[str]:
    """The addresses that `retired.txt` lists; none if there is no such file."""
    path = folder / LIST
    if not path.is_file():
        return frozenset()
    lines = (line.split(" #")[0].strip() for line in path.read_text(encoding="utf-8").splitlines())
    return frozenset(line for line in lines if line and not line.startswith("#"))
