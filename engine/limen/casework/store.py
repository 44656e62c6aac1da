"""Cases kept on disk: one file of JSON lines each, only ever added to."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

from limen.casework.event import Event
from limen.casework.law_book import Aftercare
from limen.casework.read import event_to_json, read_line

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


class CaseError(Exception):
    """A case that is not there, is there already, or has no proper name."""


class CaseFolder:
    """The cases in `folder`. An event that was added is on disk when `add` returns."""

    def __init__(self, folder: Path, law: Aftercare) -> None:
        self._folder = folder
        self.law = law

    def open(self, name: str) -> Path:
        """Begin a case. Raises `CaseError`."""
        path = self._path(name)
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        except FileExistsError as error:
            raise CaseError(
                f"the case `{name}` is open already; add to it with `limen case event {name} ...`"
            ) from error
        return path

    def names(self) -> list[str]:
        """The cases there are."""
        return sorted(path.stem for path in self._folder.glob("*.jsonl"))

    def events(self, name: str) -> tuple[Event, ...]:
        """What has happened in a case, in the order of arrival. Raises `CaseError`, `TimelineError`."""
        return tuple(self._read(self._there(name)))

    def add(self, name: str, event: Event) -> None:
        """Add an event to a case. Raises `CaseError`."""
        path = self._there(name)
        line = json.dumps(event_to_json(event, self.law.kinds), ensure_ascii=False) + "\n"
        with path.open("a", encoding="utf-8") as file:
            file.write(line)
            file.flush()
            os.fsync(file.fileno())

    def _read(self, path: Path) -> Iterator[Event]:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if line.strip():
                yield read_line(line, path.name, number, self.law)

    def _there(self, name: str) -> Path:
        path = self._path(name)
        if not path.exists():
            from limen.law.problem import nearest

            near = nearest(name, self.names())
            hint = f"did you mean `{near}`?" if near else f"begin it with `limen case open {name}`"
            raise CaseError(f"there is no case `{name}`; {hint}")
        return path

    def _path(self, name: str) -> Path:
        if _NAME.fullmatch(name) is None:
            raise CaseError(f"`{name}` is no name for a case; use letters, digits, dots and dashes")
        return self._folder / f"{name}.jsonl"
