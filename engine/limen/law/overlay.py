"""Overlays: a bill, an amendment or a hypothetical, written as changes to a book and not as a copy of it.

    kind: overlay
    overlay: delegates-may-sign
    base: us-6103
    title: A bill that lets delegates sign
    operations:
      - replace: usc.26.6103.i.2#requester/inspector_general
        with: {test: "requester.office in ['inspector_general', 'delegate']"}
      - add_after: usc.26.6103.i.2#in_writing
        node: {id: under_oath, label: a request under oath, test: request.in_writing}
      - repeal: usc.26.6103.i.2#not_displaced

An operation names its place by address. `replace` gives the keys that change (a new `test`, `reading`, `all`, `any` or
`none` takes the place of the old one), `add_after` puts a node, an alternative or, after a rule, a whole rule behind
what it names, `repeal` takes it away. A reading that an overlay brings needs `chooses: {ADDRESS: ALTERNATIVE}`, which
is put into every profile; one that goes is taken out of them, and a rule that goes out of the lists of other rules.
The result is loaded and checked like any other book.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import Field, ValidationError

from limen.law.book import Book
from limen.law.documents import OPERATIONS, Document, Id, ProfileId, Text
from limen.law.load.files import RawFile, find_files
from limen.law.load.loader import load_files
from limen.law.load.yaml_file import YamlMap, marks_under, read_yaml
from limen.law.places import shipped_rules
from limen.law.problem import BookError, Problem, nearest

MAX_BYTES = 1_000_000


class OperationDoc(Document):
    """One change: exactly one of `replace`, `add_after` and `repeal`, with what it needs."""

    replace: Text | None = None
    add_after: Text | None = None
    repeal: Text | None = None
    changes: dict[str, Any] | None = Field(None, alias="with")
    node: dict[str, Any] | None = None


class OverlayDoc(Document):
    """An overlay as its author writes it."""

    kind: Literal["overlay"]
    overlay: ProfileId
    base: Text = Field(description="The name of the book it changes")
    title: Text
    summary: Text | None = None
    chooses: Annotated[dict[Text, Id], Field(default_factory=dict)]
    operations: Annotated[list[OperationDoc], Field(min_length=1)]


class OverlayError(Exception):
    """An overlay that cannot be applied: where, what, the nearest address, and how to mend it."""

    def __init__(self, file: str, line: int, message: str, nearest: str | None = None, mend: str | None = None) -> None:
        self.file, self.line, self.message, self.nearest, self.mend = file, line, message, nearest, mend
        hint = f"; did you mean `{nearest}`?" if nearest else f"; {mend}" if mend else ""
        super().__init__(f"{file}:{line}: {message}{hint}")

    def __reduce__(self) -> tuple[type[OverlayError], tuple[str, int, str, str | None, str | None]]:
        return (OverlayError, (self.file, self.line, self.message, self.nearest, self.mend))


def load_overlay(path: Path, base: Path | None = None) -> Book:
    """The book that the overlay in `path` makes of the book in folder `base` (`None`: the shipped one).

    Raises `OverlayError` where an operation does not fit the book, `BookError` where the book that results has
    problems, and `OSError`.
    """
    return overlaid(path.read_bytes(), path.name, base)


def overlaid(content: bytes, file: str, base: Path | None = None) -> Book:
    """The book that the overlay `content`, called `file` in errors, makes of `base`. Raises as `load_overlay` does."""
    doc, root = _read(content, file)
    files, problems = find_files(base or shipped_rules())
    if problems:
        raise BookError(problems)
    documents = {raw.name: _plain(_yaml(raw.content.decode("utf-8"), raw.name)) for raw in files}
    # By their letters: to Python `True == 1`, and to a rule book they are two things.
    before = {raw.name: (repr(documents[raw.name]), raw) for raw in files}
    place = _Places(file, documents)
    name = place.book_name()
    if doc.base != name:
        message = f"this overlay is of `{doc.base}`, and the book is `{name}`"
        raise OverlayError(file, _line(root, ("base",)), message, mend="give its own base book")
    for number, operation in enumerate(doc.operations):
        place.apply(operation, number, _line(root, ("operations", number)))
    place.finish(doc)
    made = []
    for name, data in sorted(documents.items()):
        was, raw = before.get(name, (None, None))
        made.append(raw if raw is not None and was == repr(data) else RawFile(name, _written(data)))
    try:
        return load_files(made)
    except BookError as error:
        raise BookError(
            Problem(f"{file} on {p.file}", 0, 0, p.code, p.message, p.address, p.nearest, p.mend)
            for p in error.problems
        ) from None


def _written(data: Any) -> bytes:
    text: str = yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=10_000)
    return text.encode("utf-8")


def _read(content: bytes, file: str) -> tuple[OverlayDoc, YamlMap]:
    if len(content) > MAX_BYTES:
        raise OverlayError(file, 1, f"the file has more than {MAX_BYTES:,} bytes", mend="split it")
    try:
        root = _yaml(content.decode("utf-8"), file)
    except UnicodeDecodeError:
        raise OverlayError(file, 1, "this is not UTF-8 text", mend="save the file as UTF-8") from None
    if not isinstance(root, YamlMap):
        raise OverlayError(file, 1, "an overlay holds keys and values", mend="start it with `kind: overlay`")
    try:
        doc = OverlayDoc.model_validate(root)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(step) for step in first["loc"]) or "the file"
        words = first["msg"]
        raise OverlayError(file, _line(root, first["loc"]), f"`{where}`: {words[:1].lower()}{words[1:]}") from None
    for number, operation in enumerate(doc.operations):
        named = [operation.replace, operation.add_after, operation.repeal]
        line = _line(root, ("operations", number))
        if sum(address is not None for address in named) != 1:
            raise OverlayError(file, line, "an operation is one of `replace`, `add_after` and `repeal`",
                               mend="make two operations of it")  # fmt: skip
        if (operation.changes is not None) != (operation.replace is not None):
            raise OverlayError(file, line, "`replace` says `with` what, and no other operation does")
        if (operation.node is not None) != (operation.add_after is not None):
            raise OverlayError(file, line, "`add_after` says which `node`, and no other operation does")
    return doc, root


def _yaml(text: str, name: str) -> Any:
    def report(code: str, mark: Any, message: str, mend: str | None = None) -> None:
        raise OverlayError(name, mark.line + 1, message, mend=mend)

    return read_yaml(text, report)


def _line(root: YamlMap, path: Any) -> int:
    line: int = marks_under(root, tuple(path))[1].line + 1
    return line


def _plain(value: Any) -> Any:
    """The same data without marks, to be changed and written again."""
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list) else value


class _Places:
    """The documents of a book, found and changed by address."""

    def __init__(self, overlay: str, documents: dict[str, Any]) -> None:
        self._overlay = overlay
        self._documents = documents

    def book_name(self) -> str:
        return str(self._of_kind("book")[1]["book"])

    def _of_kind(self, kind: str) -> tuple[str, dict[str, Any]]:
        return next((file, data) for file, data in self._documents.items() if data.get("kind") == kind)

    def apply(self, operation: OperationDoc, number: int, line: int) -> None:
        address = operation.replace or operation.add_after or operation.repeal or ""
        spots = dict(self._spots())
        if address not in spots:
            raise OverlayError(self._overlay, line, f"the book has nothing at `{address}`", nearest(address, spots))
        holder, key = spots[address]
        if operation.changes is not None:
            _replace(holder[key], operation.changes)
        elif operation.repeal is not None:
            del holder[key]
        elif isinstance(holder, list):
            holder.insert(key + 1, _plain(operation.node))
        elif holder is self._documents:
            self._documents[f"{str(key).removesuffix('.yaml')}+{number}.yaml"] = _plain(operation.node)
        else:
            raise OverlayError(self._overlay, line, f"nothing can stand after `{address}`, which is no part of a list")

    def finish(self, doc: OverlayDoc) -> None:
        """Profiles choose what there is to choose; the book says that it has been changed."""
        head = self._of_kind("book")[1]
        head["version"] = f"{head['version']}+{doc.overlay}"
        self._forget_rules_gone()
        readings = {address for address, _ in self._spots() if "/" in address and "#" not in address}
        for data in self._documents.values():
            if data.get("kind") == "profile":
                kept = {reading: id for reading, id in data["chooses"].items() if reading in readings}
                data["chooses"] = {**doc.chooses, **kept}

    def _forget_rules_gone(self) -> None:
        """A rule taken away is no longer overridden and has no duties; what speaks of no other rule goes with it."""
        rules = {data["rule"] for data in self._documents.values() if "rule" in data}
        for key in ("overrides", "attaches_to"):
            for file, data in list(self._documents.items()):
                if key in data and not rules.issuperset(data[key]):
                    data[key] = [address for address in data[key] if address in rules]
                    if not data[key]:
                        del self._documents[file]

    def _spots(self) -> Iterator[tuple[str, tuple[Any, Any]]]:
        """Every address, and the list or mapping it stands in with its place there."""
        for file, data in self._documents.items():
            base = data.get("rule") or data.get("vocabulary")
            if not isinstance(base, str):
                continue
            if "rule" in data:
                yield base, (self._documents, file)
            for limb in ("applies_when", "forbids"):
                if limb in data:
                    yield f"{base}#{limb}", (data, limb)
                    yield from _nodes(f"{base}#{limb}/", _children(data[limb]))
            for name, definition in data.get("definitions", {}).items():
                yield f"{base}#{name}", (data["definitions"], name)
                yield from _nodes(f"{base}#{name}/", _children(definition))
            lists = ("elements", "releases", "duties") if data.get("kind") != "bar" else ("any",)
            for name in lists:
                yield from _nodes(f"{base}#", data.get(name, []))
            readings = data.get("readings", [])
            for number, reading in enumerate(readings):
                address = f"{base}/{reading['id']}"
                yield address, (readings, number)
                for at, alternative in enumerate(reading["alternatives"]):
                    yield f"{address}:{alternative['id']}", (reading["alternatives"], at)
                    yield from _nodes(f"{address}:{alternative['id']}/", _children(alternative))


def _children(node: Mapping[str, Any]) -> list[Any]:
    return next((node[group] for group in ("all", "any", "none") if group in node), [])


def _nodes(prefix: str, nodes: list[Any]) -> Iterator[tuple[str, tuple[Any, Any]]]:
    for number, node in enumerate(nodes):
        address = f"{prefix}{node['id']}"
        yield address, (nodes, number)
        yield from _nodes(f"{address}/", _children(node))


def _replace(there: dict[str, Any], changes: Mapping[str, Any]) -> None:
    """The keys of `changes`; a new operation of a node takes the place of the old one."""
    if any(name in changes for name in OPERATIONS):
        for name in OPERATIONS:
            there.pop(name, None)
    there.update(_plain(changes))
