"""Who is meant by each request of a batch: one by one, or on tables where there are many or the registry is large.

Both give the same matches; a test of `tests/batch` holds one to the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa

from limen.batch.checked import CheckedColumns
from limen.crossref import Registry
from limen.crossref.columns import MATCHES
from limen.crossref.ingest import Stated, arrow_schema
from limen.crossref.matching import person_number, person_text
from limen.request.match import Match
from limen.request.model import Request
from limen.request.subject import Address, PersonName, Subject

MANY = 20_000
"""From so many requests on it pays to read a registry file into columns."""
MILLIONTHS = 1_000_000
_PARTS = ("first", "middle", "last", "suffix")


class Matcher(Protocol):
    """Cross-reference of many subjects."""

    def match_all(self, stated: Iterable[Stated]) -> pa.Table:
        """The `MATCHES` of `stated`, a row each, in their order; the numbers of the requests must rise."""


class OneByOne:
    """A registry file, asked about one subject after the other."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def match_all(self, stated: Iterable[Stated]) -> pa.Table:
        """The `MATCHES` of `stated`, a row each, in their order."""
        rows = [(one.request, self._registry.match(_subject(one))) for one in stated]
        columns = {
            "request": [number for number, _ in rows],
            "person": [None if match.person is None else person_number(match.person) for _, match in rows],
            "score": [round(match.score * MILLIONTHS) for _, match in rows],
            **{
                name: [getattr(match, name) for _, match in rows]
                for name in ("grade", "lane", "candidates", "address_held", "tin_agrees", "name_agrees")
            },
        }
        return pa.table({name: columns[name] for name in MATCHES}, schema=arrow_schema(MATCHES))


def check_registry(registry: Path) -> None:
    """Raises `RegistryError` where there is no registry at a path, before any process is started to use it."""
    if registry.is_dir():
        from limen.crossref.together import TogetherMatcher

        TogetherMatcher(registry)
    else:
        Registry(registry).close()


def open_matcher(registry: Path, requests: int | None) -> Matcher:
    """The way to match `requests` (`None`: nobody knows how many) with the registry at a path.

    Raises `RegistryError` where there is none.
    """
    if registry.is_dir() or (requests or 0) >= MANY:
        from limen.crossref.together import TogetherMatcher

        return TogetherMatcher(registry)
    return OneByOne(Registry(registry))


def match_requests(matcher: Matcher, requests: Sequence[tuple[int, Request]]) -> list[Match]:
    """The match of each request, without evidence; each comes with the number of its row, and the numbers rise."""
    found = matcher.match_all(_stated(number, request.subject) for number, request in requests)
    return [
        Match(
            person=None if person is None else person_text(person),
            score=score / MILLIONTHS,
            evidence=(),
            **others,
        )
        for others in found.drop_columns(["request"]).to_pylist()
        for person, score in [(others.pop("person"), others.pop("score"))]
    ]


def match_rows(matcher: Matcher, checked: CheckedColumns) -> pa.Table:
    """The match of every row, as columns named after the derivations that read it."""
    nothing = [""] * checked.rows

    def said(name: str) -> list[Any]:
        column = checked.columns.get(name)
        return nothing if column is None else [value or "" for value in column.to_pylist()]

    parts = [said(f"subject.name.{part}") for part in _PARTS]
    lines = (tuple(one) for one in said("subject.address.lines"))
    numbers = range(checked.rows)
    found = matcher.match_all(map(Stated, numbers, *parts, lines, said("subject.tin")))
    read = ("grade", "lane", "address_held", "tin_agrees", "name_agrees")
    return pa.table({f"match_{name}": found.column(name).combine_chunks() for name in read})


def _stated(number: int, subject: Subject) -> Stated:
    name, address = subject.name or PersonName(), subject.address or Address()
    parts = {part: getattr(name, part) or "" for part in _PARTS}
    return Stated(request=number, **parts, lines=address.lines, tin=subject.tin or "")


def _subject(one: Stated) -> Subject:
    parts = {part: getattr(one, part) or None for part in _PARTS}
    return Subject(
        name=PersonName(**parts) if any(parts.values()) else None,
        address=Address(lines=one.lines) if one.lines else None,
        tin=one.tin or None,
    )
