"""The registry, opened when the first subject is looked up."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from limen.crossref import Registry
    from limen.crossref.folder import FolderRegistry
    from limen.request import Match, Subject


class LazyRegistry:
    """A registry at a path (`None`: the shipped one) that costs nothing until somebody is looked up."""

    def __init__(self, path: str | None) -> None:
        self._path = path
        self._opened: Registry | FolderRegistry | None = None

    def match(self, subject: Subject) -> Match:
        """Who `subject` is in the registry. Raises the registry's own error if it cannot be opened."""
        return self._open().match(subject)

    @property
    def people(self) -> int:
        """How many people it holds."""
        return self._open().info().people

    def _open(self) -> Registry | FolderRegistry:
        if self._opened is None:
            from limen.crossref import open_registry

            self._opened = open_registry(Path(self._path) if self._path else None)
        return self._opened
