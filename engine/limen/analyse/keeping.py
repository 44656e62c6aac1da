"""What an unfinished run over mutants has found, kept in a file, so that the next one begins where it stopped.

The file is lines of JSON: first what was asked (the digests of book and trials), then a result a line, written as it is
known. A file about another book or suite is begun anew; a line cut short by a crash is passed over.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from limen.analyse.apart import Witness
from limen.analyse.mutate import Key, Result
from limen.analyse.trials import Trial
from limen.law.book import Book
from limen.law.facts import CaseFacts, ItemFacts
from limen.law.vocabulary import Fact, FactValue

FORM = 1


def suite_digest(trials: Iterable[Trial]) -> str:
    """A digest of everything that trials state and expect, in any order."""
    told = sorted(
        repr(
            (
                trial.id, trial.as_of, trial.profile, sorted(trial.choices.items()), sorted(trial.items.items()),
                trial.disposition, sorted(trial.facts.facts.items(), key=str),
                [(item.id, sorted(item.facts.items(), key=str)) for item in trial.facts.items],
                None if trial.joint is None else (trial.joint.id, sorted(trial.joint.items.items()),
                                                  trial.joint.disposition),
            )
        )
        for trial in trials
    )  # fmt: skip
    return sha256("\n".join(told).encode()).hexdigest()[:16]


class Kept:
    """The results of earlier runs (`known`), and a place for those of this one (`note`). Raises `OSError`."""

    def __init__(self, path: Path, book: Book, trials: Iterable[Trial]) -> None:
        self._path = path
        self._vocabulary = book.vocabulary.facts
        self._head = {"form": FORM, "book": book.digest, "suite": suite_digest(trials)}
        self.known: Mapping[Key, Result] = {result.key: result for result in self._read()}
        self._file: IO[str] | None = None

    def __enter__(self) -> Kept:
        # Written anew rather than appended to: a line cut short by a crash must not swallow the next one.
        self._file = self._path.open("w", encoding="utf-8")
        self._line(self._head)
        for result in self.known.values():
            self.note(result)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()

    def note(self, result: Result) -> None:
        """Keep one result."""
        self._line(
            {"kind": result.kind, "address": result.address, "what": result.what, "fate": result.fate,
             "by": result.by, "witness": None if result.witness is None else _told(result.witness)}
        )  # fmt: skip

    def _line(self, body: Mapping[str, Any]) -> None:
        if self._file is None:
            raise ValueError("results are kept inside `with` only")
        self._file.write(json.dumps(body, ensure_ascii=False, default=date.isoformat) + "\n")
        self._file.flush()

    def _read(self) -> Iterator[Result]:
        try:
            lines = self._path.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return
        bodies = [body for body in map(_parsed, lines) if body is not None]
        if not bodies or bodies[0] != self._head:
            return
        for body in bodies[1:]:
            witness = body.pop("witness")
            yield Result(**body, witness=None if witness is None else self._witness(witness))

    def _witness(self, told: Mapping[str, Any]) -> Witness:
        items = tuple(ItemFacts(id, _typed(stated, self._vocabulary)) for id, stated in told["items"].items())
        facts = CaseFacts(_typed(told["facts"], self._vocabulary), items)
        return Witness(facts, date.fromisoformat(told["as_of"]), told["profile"], told["before"], told["after"])


def _told(witness: Witness) -> dict[str, Any]:
    return {
        "facts": dict(witness.facts.facts),
        "items": {item.id: dict(item.facts) for item in witness.facts.items},
        "as_of": witness.as_of,
        "profile": witness.profile,
        "before": witness.before,
        "after": witness.after,
    }


def _typed(stated: Mapping[str, Any], facts: Mapping[str, Fact]) -> dict[str, FactValue]:
    return {name: date.fromisoformat(value) if facts[name].type == "date" else value for name, value in stated.items()}


def _parsed(line: str) -> dict[str, Any] | None:
    try:
        body = json.loads(line)
    except ValueError:
        return None
    return body if isinstance(body, dict) else None
