"""Drafts: overlays that analysts write at the workbench, each a file of its own. The book itself is never written."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

from limen.law.book import Book
from limen.law.overlay import overlaid

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
MOST_DRAFTS, MOST_CHARACTERS = 200, 100_000


class DraftError(ValueError):
    """A draft that cannot be kept or is not there."""


@dataclass(frozen=True, slots=True)
class Draft:
    """One draft as it stands: its name, its text, and the digest of the text."""

    name: str
    text: str

    @property
    def digest(self) -> str:
        """SHA-256 of the text."""
        return hashlib.sha256(self.text.encode("utf-8")).hexdigest()


class Drafts:
    """The drafts in a folder, over the book in `rules` (`None`: the shipped one)."""

    def __init__(self, folder: Path, rules: Path | None = None) -> None:
        self._folder = folder
        self._rules = rules

    def names(self) -> list[str]:
        """The names there are, sorted."""
        return sorted(self._names())

    def _names(self) -> Iterator[str]:
        if self._folder.is_dir():
            for path in self._folder.glob("*.yaml"):
                if NAME.fullmatch(path.stem):
                    yield path.stem

    def get(self, name: str) -> Draft:
        """The draft called `name`. Raises `DraftError`."""
        path = self._path(name)
        try:
            if path.stat().st_size > 4 * MOST_CHARACTERS:
                raise DraftError("this draft is larger than the workbench takes")
            return Draft(name, path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise DraftError(f"there is no draft `{name}`") from None
        except UnicodeDecodeError:
            raise DraftError(f"the draft `{name}` is not UTF-8 text") from None

    def save(self, name: str, text: str) -> Draft:
        """Keep `text` under `name`, whole or not at all. Raises `DraftError`."""
        path = self._path(name)
        if len(text) > MOST_CHARACTERS:
            raise DraftError(f"a draft has at most {MOST_CHARACTERS:,} characters")
        if not path.exists() and len(self.names()) >= MOST_DRAFTS:
            raise DraftError(f"there are {MOST_DRAFTS} drafts already; remove one first")
        self._folder.mkdir(parents=True, exist_ok=True)
        text = text.replace("\r\n", "\n")
        with NamedTemporaryFile("w", encoding="utf-8", dir=self._folder, suffix=".part", delete=False) as file:
            file.write(text)
        Path(file.name).replace(path)
        return Draft(name, text)

    def remove(self, name: str) -> None:
        """Remove a draft. Raises `DraftError`."""
        try:
            self._path(name).unlink()
        except FileNotFoundError:
            raise DraftError(f"there is no draft `{name}`") from None

    def book_with(self, draft: Draft) -> Book:
        """The book as the draft makes it. Raises `OverlayError` and `BookError`, with the lines of the draft."""
        return overlaid(draft.text.encode("utf-8"), f"{draft.name}.yaml", self._rules)

    def _path(self, name: str) -> Path:
        if not NAME.fullmatch(name):
            raise DraftError("the name of a draft has small letters, digits and `-`")
        return self._folder / f"{name}.yaml"


def home_of_drafts(home: Path) -> Path:
    """The folder of drafts under the folder for state; `LIMEN_DRAFTS` names another."""
    named = os.environ.get("LIMEN_DRAFTS")
    return Path(named).expanduser() if named else home / "drafts"
