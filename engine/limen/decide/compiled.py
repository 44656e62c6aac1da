"""The generated evaluator: one edition of the book as Python source, written once and run many times.

It reports the same `Findings` as `limen.decide.reference`, point by point. An edition is compiled from its typed
tree; rule text is never executed (`limen.decide.compiled_rails`). The result has no state of its own: it may be
shared by threads, and pickled (the copy is compiled again from the edition, so no code travels).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from limen.decide.compiled_find import write_find
from limen.decide.findings import Findings
from limen.law.edition import Edition
from limen.law.facts import CaseFacts


class Compiled:
    """An edition, ready to run.

    `find(facts)` reports every point, bar, gateway and verdict. `source` is the Python that does it.
    """

    __slots__ = ("edition", "find", "source")

    edition: Edition
    source: str
    find: Callable[[CaseFacts], Findings]

    def __init__(self, edition: Edition) -> None:
        source, namespace = write_find(edition)
        exec(compile(source, f"<{edition.book_name} {edition.profile} {edition.as_of}>", "exec"), namespace)
        self.edition = edition
        self.source = source
        self.find = cast(Callable[[CaseFacts], Findings], namespace["find"])

    def __reduce__(self) -> tuple[type[Compiled], tuple[Edition]]:
        return Compiled, (self.edition,)

    def __repr__(self) -> str:
        return f"Compiled({self.edition.book_name!r}, {self.edition.profile!r}, {self.edition.as_of})"


def compile_edition(edition: Edition) -> Compiled:
    """The generated evaluator of `edition`.

    Raises `limen.decide.compiled_rails.NotClosedError` if a point still holds a definition or a parameter.
    """
    return Compiled(edition)
