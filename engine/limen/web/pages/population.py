"""What the page Population shows: finished runs of `limen simulate`, and small ones made on the spot."""

from __future__ import annotations

import json
import os
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from limen.law.places import shipped_scenarios

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,79}")
CASE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,159}\.yaml")
MOST_BYTES, MOST_RUNS, MOST_CASES = 20_000_000, 60, 200
SMALLEST, LARGEST = 100, 5_000
VERDICTS = ("allow", "deny", "open")
PICTURES: Mapping[str, str] = {
    "flow": "From all requests to their answers, under the first policy",
    "reasons": "Which requirement how many requests lack, under each policy",
    "origins": "Who is missed and who is taken for another, by the origin of names, under the first policy",
}
"""The pictures that a run leaves behind, and what they show; the tables hold their numbers."""


class RunError(ValueError):
    """A run that is not there, or cannot be read or begun."""


@dataclass(frozen=True, slots=True)
class Count:
    """One policy: so many requests, and how many of them come to each verdict."""

    name: str
    requests: int
    verdicts: Mapping[str, int]
    reasons: Mapping[str, int]
    wrong: int
    profile: str | None

    def share(self, verdict: str) -> float:
        """The part of the requests that come to `verdict`, from 0 to 1."""
        return self.verdicts.get(verdict, 0) / self.requests if self.requests else 0.0


@dataclass(frozen=True, slots=True)
class Turned:
    """So many requests that one policy answers one way and the other another."""

    before: str
    after: str
    requests: int


@dataclass(frozen=True, slots=True)
class Run:
    """One finished run."""

    name: str
    simulation: str
    size: int
    book: str
    counts: tuple[Count, ...]
    flips: Mapping[tuple[str, str], tuple[Turned, ...]]
    folder: Path = field(repr=False)

    def count(self, policy: str) -> Count | None:
        """The figures of one policy."""
        return next((one for one in self.counts if one.name == policy), None)

    def between(self, before: str, after: str) -> tuple[Turned, ...]:
        """The requests that two policies answer differently, whichever of them comes first in the file."""
        if (before, after) in self.flips:
            return self.flips[before, after]
        return tuple(Turned(one.after, one.before, one.requests) for one in self.flips.get((after, before), ()))

    def cases(self, policy: str, verdict: str | None = None) -> list[str]:
        """The files of the cases kept of one policy, and of one verdict."""
        if self.count(policy) is None or not NAME.fullmatch(policy):
            raise RunError("there is no such policy in this run")
        folder = self.folder / "cases" / policy
        names = sorted(path.name for path in folder.glob("*.yaml") if CASE.fullmatch(path.name))
        return [name for name in names if verdict is None or name.startswith(f"{verdict}-")][:MOST_CASES]

    def pictures(self) -> dict[str, str]:
        """The pictures there are, by name, with what they show."""
        return {name: shows for name, shows in PICTURES.items() if self._picture(name).is_file()}

    def picture(self, name: str) -> bytes:
        """One picture, as PNG. Raises `RunError`."""
        if name not in self.pictures():
            raise RunError("there is no such picture in this run")
        return self._picture(name).read_bytes()

    def _picture(self, name: str) -> Path:
        return self.folder / "pictures" / f"{name}.png"

    def case(self, policy: str, name: str) -> str:
        """The text of one case."""
        if name not in self.cases(policy):
            raise RunError("there is no such case in this run")
        return (self.folder / "cases" / policy / name).read_text(encoding="utf-8")


@dataclass
class Making:
    """A run being made: its stage, how far it is, or why it failed."""

    name: str
    stage: str = "waiting"
    done: int = 0
    total: int = 0
    failed: str | None = None
    finished: bool = False


class Runs:
    """The runs in the folders of a server; at most one is being made at a time."""

    def __init__(self, home: Path, rules: Path | None = None) -> None:
        named = os.environ.get("LIMEN_SIMULATIONS")
        self.folder = Path(named).expanduser() if named else home / "simulations"
        self._rules = rules
        self._lock = threading.Lock()
        self.making: Making | None = None

    def names(self) -> list[str]:
        """The finished runs, the newest first: in the folder for state, and `simulation-*` where the server runs."""
        found = {path.parent.name: path for path in self._figures()}
        return sorted(found, key=lambda name: found[name].stat().st_mtime, reverse=True)[:MOST_RUNS]

    def _figures(self) -> list[Path]:
        places = [*self.folder.glob("*/figures.json"), *Path.cwd().glob("simulation-*/figures.json")]
        return [path for path in places if NAME.fullmatch(path.parent.name)]

    def get(self, name: str) -> Run:
        """One finished run. Raises `RunError`."""
        for path in self._figures():
            if path.parent.name == name:
                return _read(name, path)
        raise RunError("there is no such run")

    def begin(self, size: int) -> Making:
        """Begin a small run of the shipped plan, in a thread of its own. Raises `RunError`."""
        if not SMALLEST <= size <= LARGEST:
            raise RunError(
                f"a run made here has {SMALLEST:,} to {LARGEST:,} requests; `limen simulate` makes larger ones"
            )
        with self._lock:
            if self.making is not None and not self.making.finished:
                raise RunError("a run is being made already; wait for it")
            self.making = Making(f"small-{size}-{datetime.now(UTC):%Y%m%d-%H%M%S}")
            making = self.making
        threading.Thread(target=self._make, args=(making, size), daemon=True, name="a small simulation").start()
        return making

    def _make(self, making: Making, size: int) -> None:
        def tell(stage: str, done: int, total: int) -> None:
            making.stage, making.done, making.total = stage, done, total

        try:
            from limen.simulate.plan_file import read_plan
            from limen.simulate.write import simulate_into

            plan = read_plan(shipped_scenarios() / "plans" / "august-2025.yaml", size, ())
            simulate_into(plan, self.folder / making.name, 1, tell, full_size=None, sweeps=False, book=self._rules)
        except ModuleNotFoundError as missing:
            making.failed = f"`{missing.name}` is not installed; `pip install limen[columns]` brings it"
        except Exception as error:
            making.failed = f"{type(error).__name__}: the run stopped"
        finally:
            making.finished = True


def _read(name: str, path: Path) -> Run:
    if path.stat().st_size > MOST_BYTES:
        raise RunError("the figures of this run are too large to show")
    try:
        data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        counts = tuple(
            Count(
                str(one["name"]), int(one["requests"]), {v: int(one["verdicts"].get(v, 0)) for v in VERDICTS},
                {str(why): int(n) for why, n in one["reasons"].items()}, int(one["wrong"]),
                str(one["profile"]) if one.get("profile") else None,
            )
            for one in data["policies"]
        )  # fmt: skip
        flips: dict[tuple[str, str], list[Turned]] = {}
        for one in data["flips"]:
            pair = (str(one["before"]), str(one["after"]))
            flips.setdefault(pair, []).append(
                Turned(str(one["verdict_before"]), str(one["verdict_after"]), int(one["requests"]))
            )
        return Run(
            name, str(data["simulation"]), int(data["size"]), str(data["book"]), counts,
            {pair: tuple(found) for pair, found in flips.items()}, path.parent,
        )  # fmt: skip
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise RunError("the figures of this run cannot be read") from error
