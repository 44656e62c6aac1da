"""A large registry, a folder of Parquet, asked one request at a time.

For looking at single cases of a batch: the same lanes, grades and evidence as everywhere. Each question scans the key
columns once (about a second in ten million people), so a batch belongs on tables (`engines`).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from limen.crossref.columns import ADDRESS, KEYS, NAME
from limen.crossref.errors import RegistryError
from limen.crossref.ladder import Row
from limen.crossref.make import registry_info
from limen.crossref.matching import match_subject, person_number, person_text
from limen.crossref.normalise import AddressKey, NameKey
from limen.crossref.registry import Person, RegistryInfo, address_lines
from limen.crossref.settings import Settings
from limen.request.match import Match
from limen.request.subject import Subject


class FolderRegistry:
    """An open registry of Parquet files, with the face of `Registry`."""

    def __init__(self, path: Path, settings: Settings | None = None) -> None:
        """Open the folder. Raises `RegistryError` where it is no registry or DuckDB is not installed."""
        self.path = path
        self.settings = settings or Settings()
        self._info = registry_info(path)
        try:
            import duckdb
        except ModuleNotFoundError:
            raise RegistryError("a registry of Parquet files needs `duckdb`: install `limen[columns]`") from None
        self._db = duckdb.connect(config={"memory_limit": "1GB"})
        words = ", ".join(f'"{name}"' for name in (*NAME, *ADDRESS))
        parts = str(path / "part-*.parquet").replace("'", "''")
        self._rows = f"select spell, person, tin, current, distinctive, {words} from read_parquet('{parts}')"

    def match(self, subject: Subject) -> Match:
        """Who is meant by a name, an address and, where stated, a taxpayer number."""
        return match_subject(subject, self, self.settings)

    def person(self, person: str) -> Person:
        """The person with an id that a match gave. Raises `RegistryError` for an id that is not there."""
        number = person_number(person)
        held = [row for row in self._select("person = ?", [number]) if row.current]
        if not held:
            raise RegistryError(f"no person `{person}` in the registry")
        n, a = held[0].name, held[0].address
        name = " ".join(filter(None, (n.first, n.middle, n.last, n.last2, n.suffix)))
        lines = address_lines(a.number, a.direction, a.street, a.suffix, a.unit, a.city, a.state, a.zip)
        return Person(person_text(number), name, lines, held[0].tin)

    def info(self) -> RegistryInfo:
        """How large the registry is and where it comes from."""
        return self._info

    def close(self) -> None:
        """Let the files go."""
        self._db.close()

    def rows_in_blocks(self, keys: Sequence[int]) -> list[Row]:
        """Every row filed under one of the keys."""
        listed = ", ".join(map(str, keys)) or "-1"
        return self._select(" or ".join(f"{column} in ({listed})" for column in KEYS), [])

    def rows_of_tin(self, tin: str) -> list[Row]:
        """Every row of the persons who hold a taxpayer number."""
        return self._select("tin = ?", [int(tin)])

    def _select(self, where: str, values: list[int]) -> list[Row]:
        found = self._db.execute(f"{self._rows} where {where} order by spell", values).fetchall()
        return [
            Row(spell, person, NameKey(*words[:6]), AddressKey(*words[6:]), f"{tin:09d}" if tin >= 0 else "", now, few)
            for spell, person, tin, now, few, *words in found
        ]
