"""Loads a rule book: reads everything, checks everything, and only then builds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from limen.law.book import Book
from limen.law.check import check_whole
from limen.law.check.items import ItemFactsRead
from limen.law.digest import book_digest
from limen.law.documents import BookDoc, RuleFile
from limen.law.load.build import build
from limen.law.load.desk import Desk
from limen.law.load.files import RawFile, SourceFile, decoded, find_files
from limen.law.load.salvage import lose_unread, salvage
from limen.law.load.shape import shaped
from limen.law.load.yaml_file import read_yaml
from limen.law.problem import BookError, Problem

_LOSING = frozenset({"yaml-syntax", "tab", "anchor", "too-deep", "not-a-key", "several-documents", "duplicate-key"})
"""Problems of a YAML file after which more of it may be missing than the value they are about."""


def load_folder(folder: Path) -> Book:
    """The rule book in `folder`; raises `BookError` with every problem found."""
    files, problems = find_files(folder)
    return load_files(files, problems)


def load_files(files: Sequence[RawFile], problems: Sequence[Problem] = ()) -> Book:
    """The rule book that `files` make; raises `BookError` with every problem found, those given included."""
    desk = Desk(problems=list(problems))
    documents: list[tuple[SourceFile, RuleFile]] = []
    complete = not problems
    for raw in files:
        source = _read(raw, desk)
        document = shaped(source, desk) if source.root is not None else None
        complete &= document is not None and not source.cut
        if document is None and source.root is not None:
            document = salvage(source, desk)
        if document is not None:
            documents.append((source, document))
    if complete and not any(isinstance(document, BookDoc) for _, document in documents):
        mend = "add `book.yaml` with `kind: book`, a name and a version"
        desk.problems.append(Problem("book.yaml", 0, 0, "no-book", "the book has no name and version", mend=mend))
    book = build(documents, desk)
    check_whole(book, desk.report_at, desk.is_lost, complete)
    if desk.problems:
        raise BookError(desk.problems)
    book = _with_item_definitions(book)
    return replace(book, digest=book_digest(book))


def _with_item_definitions(book: Book) -> Book:
    """The book, each definition marked as speaking of an item or not."""
    reads = ItemFactsRead(book)
    definitions = {
        name: replace(definition, per_item=bool(reads.of(definition.meaning)))
        for name, definition in book.vocabulary.definitions.items()
    }
    return replace(book, vocabulary=replace(book.vocabulary, definitions=definitions))


def _read(raw: RawFile, desk: Desk) -> SourceFile:
    def report(code: str, line: int, column: int, message: str, mend: str | None = None) -> None:
        desk.problems.append(Problem(raw.name, line, column, code, message, mend=mend))

    def report_mark(code: str, mark: Any, message: str, mend: str | None = None) -> None:
        report(code, mark.line + 1, mark.column + 1, message, mend)

    text = decoded(raw, report)
    if text is None:
        desk.blind = True
        return SourceFile(raw.name, "", cut=True)
    before = len(desk.problems)
    root = read_yaml(text, report_mark)
    noted = {problem.code for problem in desk.problems[before:]}
    if noted & _LOSING:
        lose_unread(text, desk)
    return SourceFile(raw.name, text, root, cut=bool(noted))
