"""Reading requests from files: YAML or JSON, one request or many, JSON lines for very many.

Every problem in a request is reported at once with its line, and none repeats what was written there. The traps of
YAML (duplicate fields, `yes` and `no`, numbers in odd spellings, a comma that makes a field, anchors, tags, deep
nesting) are refused, as in rule files.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

from pydantic import ValidationError

from limen.law.problem import Problem
from limen.request.digest import request_digest
from limen.request.model import Request
from limen.request.plain import plain_section
from limen.request.problems import Path as FieldPath
from limen.request.problems import Place, RequestError, problems_of, reading_problem

MAX_BYTES = 1_000_000
"""Size of one request as text."""

MAX_FILE_BYTES = 64_000_000
"""Size of a file of YAML or JSON; there is no bound on JSON lines, which are read one by one."""

MAX_DEPTH = 40
_LINES = (".jsonl", ".ndjson")
_DOCUMENT = re.compile(r"^---(?=\s|$)", re.MULTILINE)


def read_request(path: Path | str) -> Request:
    """The one request in the file `path`.

    Raises `RequestError` if the file cannot be read, holds none or several, or the request has problems.
    """
    found = list(read_requests(path))
    if len(found) != 1:
        code = "several-documents" if found else "empty-file"
        raise RequestError([reading_problem(code, str(path), 1, 1)])
    return found[0]


def read_requests(path: Path | str, *, on_error: Callable[[RequestError], None] | None = None) -> Iterator[Request]:
    """Every request in the file `path`, in order: YAML documents, a JSON object or list, or JSON lines by suffix.

    With `on_error`, a request that cannot be used is handed to it and passed over; without, it is raised as a
    `RequestError`. A file that cannot be read at all is always raised.
    """
    path = Path(path)
    documents = _lines(path) if path.suffix in _LINES else _documents(path)
    for document in documents:
        try:
            yield _build(document)
        except RequestError as error:
            if on_error is None:
                raise
            on_error(error)


def build_request(data: Mapping[str, Any], where: str = "request") -> Request:
    """A request from plain data (text, numbers, booleans, days or their ISO form, lists, mappings).

    `where` stands for the file in errors. Raises `RequestError`.
    """
    return _validated(data, where, lambda path, of_key: (0, 0))


class _Document:
    """The text of one request, and the line of its file on which it starts (from 0)."""

    __slots__ = ("file", "first_line", "is_json", "text")

    def __init__(self, file: str, text: str, first_line: int, is_json: bool) -> None:
        self.file, self.text, self.first_line, self.is_json = file, text, first_line, is_json

    def refuse(self, code: str, line: int, column: int) -> NoReturn:
        raise RequestError([reading_problem(code, self.file, self.first_line + line, column)])


def _lines(path: Path) -> Iterator[_Document]:
    try:
        with path.open("rb") as file:
            for number, line in enumerate(iter(lambda: file.readline(MAX_BYTES + 1), b"")):
                if line.strip():
                    yield _Document(str(path), _text(line, str(path), number).rstrip("\r\n"), number, True)
    except OSError:
        raise RequestError([reading_problem("unreadable-file", str(path), 0, 0)]) from None


def _documents(path: Path) -> Iterator[_Document]:
    try:
        with path.open("rb") as file:
            content = file.read(MAX_FILE_BYTES + 1)
    except OSError:
        raise RequestError([reading_problem("unreadable-file", str(path), 0, 0)]) from None
    if len(content) > MAX_FILE_BYTES:
        raise RequestError([reading_problem("too-large", str(path), 0, 0)])
    text = _text(content, str(path), 0)
    if path.suffix == ".json":
        yield from _json_documents(str(path), text)
        return
    starts = [match.start() for match in _DOCUMENT.finditer(text)]
    line = 0
    any_found = False
    for start, end in zip([0, *starts], [*starts, len(text)], strict=True):
        part = text[start:end]
        body = "   " + part[3:] if start in starts else part
        if any(row.strip() and not row.lstrip().startswith("#") for row in body.splitlines()):
            any_found = True
            yield _Document(str(path), body, line, False)
        line += part.count("\n")
    if not any_found:
        raise RequestError([reading_problem("empty-file", str(path), 1, 1)])


def _json_documents(file: str, text: str) -> Iterator[_Document]:
    """One object, or each object of a list (found again in the text, so that lines are right)."""
    if not text.lstrip().startswith("["):
        yield _Document(file, text, 0, True)
        return
    whole = _Document(file, text, 0, True)
    decoder = json.JSONDecoder()
    at = text.index("[") + 1
    while True:
        at = _skip(text, at)
        if text[at : at + 1] == "]":
            break
        try:
            _, end = decoder.raw_decode(text, at)
        except json.JSONDecodeError as error:
            whole.refuse("json-syntax", error.lineno, error.colno)
        except RecursionError:
            whole.refuse("too-deep", *_line_and_column(text, at))
        yield _Document(file, text[at:end], text.count("\n", 0, at), True)
        at = _skip(text, end)
        if text[at : at + 1] == ",":
            at += 1
        elif text[at : at + 1] != "]":
            whole.refuse("json-syntax", *_line_and_column(text, at))
    if text[at + 1 :].strip():
        whole.refuse("json-syntax", *_line_and_column(text, _skip(text, at + 1)))


def _line_and_column(text: str, at: int) -> tuple[int, int]:
    return text.count("\n", 0, at) + 1, at - (text.rfind("\n", 0, at) + 1) + 1


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \t\r\n":
        at += 1
    return at


def _text(content: bytes, file: str, line: int) -> str:
    try:
        return content.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        here = line + before.count(b"\n") + 1
        column = error.start - (before.rfind(b"\n") + 1) + 1
        raise RequestError([reading_problem("not-utf-8", file, here, column)]) from None


def _build(document: _Document) -> Request:
    if len(document.text) > MAX_BYTES:
        document.refuse("too-large", 1, 1)
    if document.is_json:
        data = _json(document)
        with suppress(ValidationError):  # the common case, twice as fast; what it refuses is looked at again below
            return _named(Request.model_validate_json(document.text))
        return _validated(data, document.file, lambda path, of_key: _place_in_json(document, path))
    data, place = _yaml(document)
    return _validated(data, document.file, place)


def _validated(data: Any, file: str, place: Place) -> Request:
    if not isinstance(data, Mapping):
        line, column = place((), False)
        problem = Problem(file, line, column, "request-value", "a request holds fields", mend="start it with `id:`")
        raise RequestError([problem])
    try:
        return _named(Request.model_validate(plain_section(data, Request)))
    except ValidationError as error:
        raise RequestError(problems_of(error, data, file, place)) from None


def _named(request: Request) -> Request:
    """The request, its digest taken: whatever is read is decided, recorded or compared under it."""
    request_digest(request)
    return request


def _yaml(document: _Document) -> tuple[Any, Place]:
    from limen.law.load.yaml_file import marks_under, read_yaml  # not needed before a YAML file is read

    problems: list[Problem] = []

    def report(code: str, mark: Any, message: str, mend: str | None = None) -> None:
        if code != "empty-value":  # blank is not stated
            line = document.first_line + mark.line + 1
            problems.append(reading_problem(code, document.file, line, mark.column + 1))

    def place(path: FieldPath, of_key: bool) -> tuple[int, int]:
        if not hasattr(root, "mark"):
            return document.first_line + 1, 1
        key, value = marks_under(root, path)
        mark = key if of_key else value
        return document.first_line + mark.line + 1, mark.column + 1

    root = read_yaml(document.text, report)
    if problems:
        raise RequestError(problems)
    return root, place


def _json(document: _Document) -> Any:
    def fields(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            raise _Twice
        return found

    def refuse(_: str) -> NoReturn:
        raise _NotWhole

    try:
        data = json.loads(document.text, object_pairs_hook=fields, parse_float=refuse, parse_constant=refuse)
    except json.JSONDecodeError as error:
        document.refuse("json-syntax", error.lineno, error.colno)
    except _Twice:
        document.refuse("duplicate-key", 1, 1)
    except _NotWhole:
        document.refuse("number", 1, 1)
    except (RecursionError, ValueError):  # ValueError: a number of thousands of digits
        document.refuse("too-deep", 1, 1)
    return data


class _Twice(Exception):
    pass


class _NotWhole(Exception):
    pass


def _place_in_json(document: _Document, path: FieldPath) -> tuple[int, int]:
    """Where `path` stands in JSON text: each name of the path is looked for after the one before it.

    Good enough to lead a reader to the line; the path itself is exact.
    """
    at = 0
    for step in path:
        if isinstance(step, str):
            found = re.compile(rf'"{re.escape(step)}"\s*:').search(document.text, at)
            at = at if found is None else found.start()
    line, column = _line_and_column(document.text, at)
    return document.first_line + line, column
