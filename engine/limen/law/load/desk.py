"""The loader's desk: what it has found so far, where each thing stands, and what is wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from limen.law.load.files import SourceFile
from limen.law.load.yaml_file import YamlMap
from limen.law.problem import Problem


@dataclass(frozen=True, slots=True)
class Site:
    """Where an address stands: its file, its mapping there, and the mark it starts at."""

    file: SourceFile
    raw: Any
    mark: Any


@dataclass(slots=True)
class Desk:
    """Problems and sites, gathered while a book is read.

    `lost` are names and addresses that are in the book but broken, and `blind` says that a file could not be read at
    all; so neither is reported as missing where something refers to it.
    """

    problems: list[Problem] = field(default_factory=list)
    sites: dict[str, Site] = field(default_factory=dict)
    lost: set[str] = field(default_factory=set)
    blind: bool = False

    def is_lost(self, name: str) -> bool:
        """Whether `name` may well be in the book, in a part that could not be read."""
        if self.blind or name in self.lost:
            return True
        return any(name.startswith((f"{lost}#", f"{lost}/", f"{lost}:")) for lost in self.lost)

    def report(
        self,
        code: str,
        file: SourceFile,
        mark: Any,
        message: str,
        *,
        address: str | None = None,
        nearest: str | None = None,
        mend: str | None = None,
    ) -> None:
        """Notes a problem at a mark (line and column from 0)."""
        self.problems.append(
            Problem(file.name, mark.line + 1, mark.column + 1, code, message, address, nearest, mend)
        )  # fmt: skip

    def report_at(
        self,
        code: str,
        address: str,
        message: str,
        *,
        key: str | None = None,
        of_key: bool = False,
        within: str | None = None,
        nearest: str | None = None,
        mend: str | None = None,
    ) -> None:
        """Notes a problem at an address; `key` names the value it is in (`of_key`: the key itself)."""
        site = self.sites[address]
        raw: Any = site.raw
        mark = site.mark
        if within is not None and isinstance(raw, YamlMap) and within in raw.value_marks:
            raw, mark = raw.get(within), raw.value_marks[within]
        if key is not None and isinstance(raw, YamlMap) and key in raw.value_marks:
            mark = raw.key_marks[key] if of_key else raw.value_marks[key]
        self.report(code, site.file, mark, message, address=address, nearest=nearest, mend=mend)

    def register(self, address: str, file: SourceFile, raw: Any, mark: Any) -> bool:
        """Notes where `address` stands; a second one is a problem, and then the answer is `False`."""
        first = self.sites.get(address)
        if first is None:
            self.sites[address] = Site(file, raw, mark)
            return True
        there = f"{first.file.name}:{first.mark.line + 1}"
        self.report(
            "duplicate-address",
            file,
            mark,
            f"`{address}` is already the address of something in {there}",
            address=address,
            mend="give one of the two another id",
        )
        return False


def place_in_text(text: str, start: int, value: str, offset: int) -> tuple[int, int]:
    """Line and column (from 1) in the file of the character at `offset` of a YAML text value.

    `start` is where the value starts in `text`. YAML folds line breaks and drops indentation, so the place is found
    by counting what is not white space.
    """
    wanted = sum(not char.isspace() for char in value[:offset])
    at = start
    quote = text[at : at + 1]
    if quote in ("|", ">"):
        at = text.find("\n", at)
    elif quote in ("'", '"'):
        at += 1
    while 0 <= at < len(text) - 1 and (wanted or text[at].isspace()):
        if (quote == '"' and text[at] == "\\") or (quote == "'" and text[at : at + 2] == "''"):
            at += 1
        elif not text[at].isspace():
            wanted -= 1
        at += 1
    at = max(at, 0)
    line_start = text.rfind("\n", 0, at) + 1
    return text.count("\n", 0, at) + 1, at - line_start + 1
