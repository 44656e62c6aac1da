from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from postgresql_server import running_server
from store_tools import open_at

from limen.ledger import Ledger
from limen.request.subject import Address, PersonName, Subject

_schemas = itertools.count(1)

REQUIRED = os.environ.get("LIMEN_TEST_POSTGRESQL") == "required"
"""`make test-postgres` says so: then every test of a store runs on a real server too, and is not skipped."""


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The URL of a real server."""
    if not REQUIRED:
        pytest.skip("needs a PostgreSQL server: run `make test-postgres`")
    with running_server() as server:
        yield server.url


@pytest.fixture
def postgresql_url(postgresql: str) -> str:
    """The URL of an empty place on the server."""
    import psycopg

    schema = f"place_{next(_schemas)}"
    with psycopg.connect(postgresql, autocommit=True) as db:
        db.execute(f"CREATE SCHEMA {schema}")
    return f"{postgresql}&options=-csearch_path%3D{schema}"


@pytest.fixture(params=["sqlite", "postgresql"] if REQUIRED else ["sqlite"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A folder for one ledger: its keys, and its store or the URL of its store."""
    if request.param == "postgresql":
        (tmp_path / "url").write_text(request.getfixturevalue("postgresql_url"))
    return tmp_path


@pytest.fixture
def ledger(place: Path) -> Iterator[Ledger]:
    with open_at(place) as opened:
        yield opened


@pytest.fixture
def sqlite_ledger(tmp_path: Path) -> Iterator[Ledger]:
    with open_at(tmp_path) as opened:
        yield opened


@pytest.fixture
def reopen(place: Path) -> Callable[[], Ledger]:
    return lambda: open_at(place)


@pytest.fixture
def ana() -> Subject:
    return Subject(
        name=PersonName(first="Ana", last="Quorrel"),
        address=Address(lines=("4821 Tamarind Street", "Vexley, ZZ 99901")),
        tin="900-70-1234",
    )
