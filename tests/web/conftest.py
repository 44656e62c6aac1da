"""A server in this process, with a home of its own."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from visits import PASSWORD

from limen.web.app import make_app
from limen.web.settings import Settings


@pytest.fixture(scope="session", autouse=True)
def honest_hasher() -> Iterator[object]:
    """What hashes passwords, put aside: done as it should be, each takes a third of a second. Ours does as little as
    Argon2 can. A test of the hashes themselves puts the honest one back."""
    from argon2 import PasswordHasher

    from limen.web.accounts import Accounts

    quick = cached_property(lambda accounts: PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    quick.__set_name__(Accounts, "_hasher")
    honest = Accounts.__dict__["_hasher"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Accounts, "_hasher", quick)
        yield honest


@pytest.fixture(scope="session")
def web_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home for ledger, keys and accounts."""
    folder = tmp_path_factory.mktemp("web")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LIMEN_HOME", str(folder))
        patch.delenv("LIMEN_KEYS", raising=False)
        yield folder


@pytest.fixture(scope="session")
def settings(web_home: Path) -> Settings:
    """A server without sign-in, as `limen serve` starts it; without the second key, which starts a process."""
    return Settings(ledger=str(web_home / "ledger.sqlite"), store=str(web_home / "web.sqlite"), second_key=False)


@pytest.fixture(scope="session")
def client(settings: Settings) -> Iterator[TestClient]:
    """A caller of a server without sign-in."""
    with TestClient(make_app(settings), base_url="http://localhost:8787", follow_redirects=False) as calling:
        yield calling


@pytest.fixture(scope="session")
def shared_settings(settings: Settings, web_home: Path) -> Settings:
    """A server with sign-in and one account for each role, whose name is the role's."""
    from limen.web.accounts import ROLES, Accounts

    store = web_home / "shared.sqlite"
    with Accounts(store) as accounts:
        for role in ROLES:
            accounts.add(role, (role,), PASSWORD)
    return settings.with_(store=str(store), sign_in=True, calls_a_minute=100_000)


@pytest.fixture(scope="session")
def shared_app(shared_settings: Settings) -> Iterator[FastAPI]:
    """The application of a shared server, started."""
    app = make_app(shared_settings)
    with TestClient(app, base_url="http://localhost:8787"):
        yield app


@pytest.fixture
def visitor(shared_app: FastAPI) -> TestClient:
    """Somebody with a browser of their own, not signed in."""
    return TestClient(shared_app, base_url="http://localhost:8787", follow_redirects=False)
