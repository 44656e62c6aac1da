"""Loads a rule book: reads everything, checks everything, and only then builds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from limen.law.book import Book
from limen.law.digest import book_digest
from limen.law.documents import RuleFile
from limen.law.load.build import build
from limen.law.load.desk import Desk
from limen.law.load.files import RawFile, SourceFile, decoded, find_files
from limen.law.load.shape import shaped
from limen.law.load.yaml_file import read_yaml
from limen.law.problem import BookError, Problem


def load_folder(folder: Path) -> Book:
    """The rule book in `folder`; raises `BookError` with every problem found."""
    files, problems = find_files(folder)
    return load_files(files, problems)


def load_files(files: Sequence[RawFile], problems: Sequence[Problem] = ()) -> Book:
    """The rule book that `files` make; raises `BookError` with every problem found, those given included."""
    desk = Desk(problems=list(problems))
    documents: list[tuple[SourceFile, RuleFile]] = []
    for raw in files:
        source = _read(raw, desk)
        if source.root is not None and (document := shaped(source, desk)) is not None:
            documents.append((source, document))
    book, _scope = build(documents, desk)
    if desk.problems:
        raise BookError(desk.problems)
    return replace(book, digest=book_digest(book))


def _read(raw: RawFile, desk: Desk) -> SourceFile:
    def report(code: str, line: int, column: int, message: str, mend: str | None = None) -> None:
        desk.problems.append(Problem(raw.name, line, column, code, message, mend=mend))

    def report_mark(code: str, mark: Any, message: str, mend: str | None = None) -> None:
        report(code, mark.line + 1, mark.column + 1, message, mend)

    text = decoded(raw, report)
    if text is None:
        return SourceFile(raw.name, "")
    return SourceFile(raw.name, text, read_yaml(text, report_mark))
