"""The files of a rule book, read but not yet understood."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from limen.law.problem import Problem

MAX_BYTES = 1_000_000
"""Size of one rule file. The longest shipped file has a twentieth of this."""

MAX_FILES = 2_000
"""Rule files in one book."""


@dataclass(frozen=True, slots=True)
class RawFile:
    """The bytes of one rule file; `name` is its path in the book, with `/`."""

    name: str
    content: bytes


@dataclass(slots=True)
class SourceFile:
    """One rule file as text and data.

    `root` is `None` when the file could not be read at all; `cut` says that part of it could not.
    """

    name: str
    text: str
    root: Any = None
    cut: bool = False


def find_files(folder: Path) -> tuple[list[RawFile], list[Problem]]:
    """Every rule file under `folder`, sorted by path, with the problems of those that cannot be one."""
    if not folder.is_dir():
        mend = "give the folder that holds the rule files"
        return [], [Problem(str(folder), 0, 0, "no-book", "this is not a folder", mend=mend)]
    files: list[RawFile] = []
    problems: list[Problem] = []
    for path in sorted(_rule_paths(folder), key=lambda path: path.relative_to(folder).as_posix()):
        name = path.relative_to(folder).as_posix()
        if path.suffix != ".yaml":
            message = f"`{path.suffix}` is not the suffix of a rule file, so the file would be passed over"
            problems.append(Problem(name, 1, 1, "wrong-suffix", message, mend="rename it to end in `.yaml`"))
        try:
            with path.open("rb") as stream:
                content = stream.read(MAX_BYTES + 1)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            problems.append(
                Problem(
                    name,
                    1,
                    1,
                    "unreadable-file",
                    f"the file cannot be read: {reason}",
                    mend="restore the file or its permissions, or remove it",
                )
            )
            continue
        files.append(RawFile(name, content))
    if len(files) > MAX_FILES:
        problems.append(Problem("", 0, 0, "too-large", f"more than {MAX_FILES} rule files"))
        files = files[:MAX_FILES]
    return files, problems


def _rule_paths(folder: Path) -> list[Path]:
    """Everything under `folder` that is, or looks as if it was meant to be, a rule file."""
    found: list[Path] = []
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found += [
            Path(parent, name)
            for name in names
            if not name.startswith(".") and name.lower().endswith((".yaml", ".yml"))
        ]
    return found


def decoded(raw: RawFile, report: Callable[..., None]) -> str | None:
    """The text of a file, or `None` after a problem."""
    if len(raw.content) > MAX_BYTES:
        report("too-large", 1, 1, f"the file has more than {MAX_BYTES} bytes", "split it into several rules")
        return None
    try:
        return raw.content.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        before = raw.content[: error.start]
        line = before.count(b"\n") + 1
        column = error.start - (before.rfind(b"\n") + 1) + 1
        report("not-utf-8", line, column, "this is not UTF-8 text", "save the file as UTF-8")
        return None
