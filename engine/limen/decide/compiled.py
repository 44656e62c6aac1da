"""The generated evaluator: one edition of the book as Python source, written once and run many times.

It reports the same `Findings` as `limen.decide.reference`, point by point. An edition is compiled from its typed
tree; rule text is never executed (`limen.decide.compiled_rails`). The result has no state of its own: it may be
shared by threads, and pickled (the copy is compiled again from the edition, so no code travels).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from limen.decide.compiled_answer import AnswerFunction, make_answer, write_answer
from limen.decide.compiled_find import write_find
from limen.decide.findings import Findings
from limen.law.edition import Edition
from limen.law.facts import CaseFacts


class Compiled:
    """An edition, ready to run.

    - `find(facts)` reports every point, bar, gateway and verdict; its time grows with the edition.
    - `answer(facts)` gives one `Answer` per item: the verdict and what is in the way. Its time grows with the
      gateways such a request can reach, which an index tells apart (`limen.decide.compiled_index`).

    Each is written when it is first used. `source` is the Python of `find`, `answer_source` that of `answer`.
    """

    __slots__ = ("answer", "edition", "find", "source")

    edition: Edition
    source: str
    find: Callable[[CaseFacts], Findings]
    answer: AnswerFunction

    def __init__(self, edition: Edition) -> None:
        self.edition = edition

    def __getattr__(self, name: str) -> object:
        # Only called while a slot is empty. Two threads may both fill it, with equal functions: no lock is needed.
        if name in ("find", "source"):
            source, namespace = write_find(self.edition)
            edition = self.edition
            exec(compile(source, f"<find: {edition.book_name} {edition.profile} {edition.as_of}>", "exec"), namespace)
            self.source = source
            self.find = cast(Callable[[CaseFacts], Findings], namespace["find"])
        elif name == "answer":
            self.answer = make_answer(self.edition)
        else:
            raise AttributeError(f"`Compiled` has no attribute `{name}`")
        return object.__getattribute__(self, name)

    @property
    def answer_source(self) -> str:
        """The Python of every leaf of `answer`."""
        return write_answer(self.edition)

    def __reduce__(self) -> tuple[type[Compiled], tuple[Edition]]:
        return Compiled, (self.edition,)

    def __repr__(self) -> str:
        return f"Compiled({self.edition.book_name!r}, {self.edition.profile!r}, {self.edition.as_of})"


def compile_edition(edition: Edition) -> Compiled:
    """The generated evaluator of `edition`.

    Raises `limen.decide.compiled_rails.NotClosedError` (on first use) if a point still holds a definition or a
    parameter.
    """
    return Compiled(edition)
