"""What the release gate has compared so far, and the file it is kept in between one start and the next."""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

import limen
from limen.law import load_book

MOST_WORDS = 20
"""Disagreements that are told; more than that say nothing new."""


class StateError(Exception):
    """A state file that cannot be gone on with. The message says how to mend it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A run of the gate: how many cases, from which seed, how many of an edition together, which engines.

    The second key is asked about every `second_key_every`th case (0: none).
    """

    cases: int
    seed: int = 6103
    round: int = 2_000
    second_key_every: int = 1
    spark: bool = False


@dataclass(slots=True)
class Gate:
    """What was compared: cases by evaluator, and the first disagreements in words.

    `differing` counts what no evaluator may do: cases on which one differed, whether or not they are told. `seconds`
    are of processor time of this process, over all its starts.
    """

    cases: int = 0
    rounds: int = 0
    agreed: Counter[str] = field(default_factory=Counter)
    differing: int = 0
    disagreements: list[str] = field(default_factory=list)
    verdicts: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    def note(self, evaluator: str, agree: int, of: int, where: str) -> None:
        """That `evaluator` agreed on `agree` of `of` cases."""
        self.agreed[evaluator] += agree
        if agree < of:
            self.differing += of - agree
            if len(self.disagreements) < MOST_WORDS:
                self.disagreements.append(f"{evaluator} differs on {of - agree} of {of} cases: {where}")

    def report(self) -> dict[str, Any]:
        """What the command prints."""
        return {
            "cases": self.cases,
            "rounds": self.rounds,
            "agreed": dict(self.agreed),
            "verdicts": dict(self.verdicts),
            "differing": self.differing,
            "disagreements": self.disagreements,
            "seconds": round(self.seconds),
        }


def engine_digest() -> str:
    """SHA-256 of the code that decides: another engine's cases must not be counted as this one's."""
    rooms = Path(limen.__file__).parent
    digest = hashlib.sha256()
    for path in sorted(path for room in ("law", "decide") for path in (rooms / room).rglob("*.py")):
        digest.update(f"{path.relative_to(rooms).as_posix()}\n".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


class Keeper:
    """Keeps a gate in a file. What runs is looked at once, when it starts: a later change of it is another run."""

    def __init__(self, path: Path, asked: Asked) -> None:
        self._path = path
        settings = {name: value for name, value in asdict(asked).items() if name != "cases"}
        self._run = {**settings, "book": load_book().digest, "engine": engine_digest()}

    def read(self) -> Gate:
        """What is kept, or a fresh gate where there is nothing. Raises `StateError` if it is another run's.

        More cases may be asked for than before; they are the next ones.
        """
        if not self._path.exists():
            return Gate()
        try:
            kept = json.loads(self._path.read_text("utf-8"))
            run, gate = kept["run"], kept["gate"]
        except (ValueError, KeyError, TypeError):
            raise StateError(f"`{self._path}` is no state of the release gate; remove it, or name another") from None
        changed = sorted(name for name, value in self._run.items() if run.get(name) != value)
        if changed:
            raise StateError(
                f"`{self._path}` is the state of a run with another {' and '.join(changed)}; "
                "remove it to begin afresh, or name another file"
            )
        return Gate(**{**gate, "agreed": Counter(gate["agreed"]), "verdicts": Counter(gate["verdicts"])})

    def write(self, gate: Gate) -> None:
        """Keep `gate`, whole or not at all."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = self._path.with_name(f".{self._path.name}.{os.getpid()}.unfinished")
        kept = {"run": self._run, "gate": {one.name: getattr(gate, one.name) for one in fields(gate)}}
        unfinished.write_text(json.dumps(kept, indent=1) + "\n", "utf-8")
        unfinished.replace(self._path)
