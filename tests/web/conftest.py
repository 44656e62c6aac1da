"""A server in this process, with a home of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from limen.web.app import make_app
from limen.web.settings import Settings


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
