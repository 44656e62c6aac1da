"""The registry for one request: a SQLite file, normalised once at ingest, looked up by precomputed block keys.

Opening and one look-up need nothing beyond the standard library. The file is read, never written.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from limen.crossref.errors import RegistryError
from limen.crossref.ladder import Row
from limen.crossref.matching import match_subject, person_number, person_text
from limen.crossref.normalise import AddressKey, NameKey, full_form
from limen.crossref.settings import Settings
from limen.request.match import Match
from limen.request.subject import Subject

if TYPE_CHECKING:
    from limen.crossref.folder import FolderRegistry

FORMAT = 3
"""The layout of the file. A registry of another format is refused, never half understood."""

_ROWS = (
    "select s.id, s.person, p.tin, s.to_year is null, p.distinctive, p.first, p.middle, p.last, p.last2, p.suffix,"
    " s.number, s.street, s.street_suffix, s.direction, s.unit, c.city, c.state, c.zip"
    " from spell s join person p on p.id = s.person join place c on c.id = s.place"
)
_ENVELOPE = (
    "select number, direction, street, street_suffix, unit, city, state, zip"
    " from spell join place on place.id = spell.place where person = ? and to_year is null"
)
_AGAIN = "make it again with `limen registry make`"


@dataclass(frozen=True, slots=True)
class Person:
    """What would be released about an invented person: name, number and the address held now."""

    id: str
    name: str
    address: tuple[str, ...]
    tin: str


@dataclass(frozen=True, slots=True)
class RegistryInfo:
    """What a registry is: how many people and addresses, how it was made, and the digest of its content."""

    people: int
    spells: int
    origin: str
    digest: str
    path: str


class Registry:
    """An open registry. `settings` say how a match is accepted."""

    def __init__(self, path: Path, settings: Settings | None = None) -> None:
        """Open `path` read-only. Raises `RegistryError` where it is missing, damaged or of another format."""
        self.path = path
        self.settings = settings or Settings()
        if not path.is_file():
            raise RegistryError(f"there is no registry at `{path}`: make one with `limen registry make`")
        try:
            self._db = sqlite3.connect(
                f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
            )
            self._about = dict(self._db.execute("select key, value from about"))
        except sqlite3.Error as problem:
            raise RegistryError(f"`{path}` cannot be read as a registry ({problem}): {_AGAIN}") from None
        found = self._about.get("format")
        if found != str(FORMAT):
            raise RegistryError(f"`{path}` has registry format `{found}`, this version reads `{FORMAT}`: {_AGAIN}")

    def match(self, subject: Subject) -> Match:
        """Who is meant by a name, an address and, where stated, a taxpayer number."""
        return match_subject(subject, self, self.settings)

    def person(self, person: str) -> Person:
        """The person with an id that a match gave. Raises `RegistryError` for an id that is not there."""
        number = person_number(person)
        held = self._db.execute(
            "select first, middle, last, last2, suffix, tin from person where id = ?", (number,)
        ).fetchone()
        if held is None:
            raise RegistryError(f"no person `{person}` in the registry")
        spell = self._db.execute(_ENVELOPE, (number,)).fetchone()
        name = " ".join(filter(None, held[:5]))
        return Person(person_text(number), name, address_lines(*spell) if spell else (), held[5])

    def info(self) -> RegistryInfo:
        """How large the registry is and where it comes from."""
        about = self._about
        return RegistryInfo(
            int(about["people"]), int(about["spells"]), about["origin"], about["digest"], str(self.path)
        )

    def close(self) -> None:
        """Let the file go."""
        self._db.close()

    def rows_in_blocks(self, keys: Sequence[int]) -> list[Row]:
        """Every row filed under one of the keys: ids first, then only those rows."""
        marks = ",".join("?" * len(keys))
        found = self._db.execute(f"{_ROWS} where s.id in (select spell from block where key in ({marks}))", list(keys))
        return [_row(*values) for values in found]

    def rows(self) -> Iterator[Row]:
        """Every row, in the order of their numbers."""
        return (_row(*values) for values in self._db.execute(f"{_ROWS} order by s.id"))

    def rows_of_tin(self, tin: str) -> list[Row]:
        """Every row of the persons who hold a taxpayer number."""
        return [_row(*values) for values in self._db.execute(f"{_ROWS} where p.tin = ?", (tin,))]


def _row(spell: int, person: int, tin: str, current: int, distinctive: int, *words: str) -> Row:
    first, middle, last, last2, suffix = words[:5]
    name = NameKey(first, full_form(first), middle, last, last2, suffix)
    return Row(spell, person, name, AddressKey(*words[5:]), tin, bool(current), bool(distinctive))


def address_lines(
    number: str, direction: str, street: str, street_suffix: str, unit: str, city: str, state: str, zip5: str
) -> tuple[str, ...]:
    """A held address as it would be written on an envelope."""
    if street == "PO BOX" or street[:3] in {"RR ", "HC "}:
        first = f"{street} {'' if street == 'PO BOX' else 'BOX '}{number}"
    else:
        first = " ".join(filter(None, (number, direction, street, street_suffix)))
    return (f"{first} APT {unit}" if unit else first, f"{city} {state} {zip5}")


def open_registry(path: Path | str | None = None, settings: Settings | None = None) -> Registry | FolderRegistry:
    """Open a registry, a file or a folder of Parquet; without a path, the 20,000 invented people that are shipped.

    Raises `RegistryError` where it is missing, damaged or of another format.
    """
    if path is None:
        from limen.law.places import shipped_registry

        path = Path(shipped_registry()) / "registry.sqlite"
    path = Path(path)
    if path.is_dir():
        from limen.crossref.folder import FolderRegistry

        return FolderRegistry(path, settings)
    return Registry(path, settings)
