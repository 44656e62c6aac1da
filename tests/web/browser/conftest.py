"""A real server, a real browser. Run by `make test-web`, which installs both.

Fixtures: `live_server` (one person, no sign-in), `shared_server` (accounts), `page` and `new_page` (a browser page that
fails the test for anything a script, the policy or the server complained of), `checks` (the accessibility checks).
Set `LIMEN_PICTURES` to a folder to keep a picture of every page that is looked at.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.web.browser.checks import Checks

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

ROOT = Path(__file__).parents[3]
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking",     "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
]  # fmt: skip
PASSWORD = "a password for tests only"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    files = {item.path for item in items}
    here = {path for path in files if Path(__file__).parent in path.parents}
    for item in items:
        if item.path in here:
            item.add_marker(pytest.mark.browser)


@dataclass(frozen=True)
class Server:
    """A running server: its address, and the home it keeps its state in."""

    url: str
    home: Path


def serving(home: Path, *words: str) -> Iterator[Server]:
    """`limen serve` until the tests are done; then it has to stop gracefully."""
    code = "import sys; from limen.cli.main import run; sys.exit(run())"
    environment = {**os.environ, "LIMEN_HOME": str(home), "PYTHONUNBUFFERED": "1", "PYTHONPATH": str(ROOT / "engine")}
    environment.pop("LIMEN_KEYS", None)
    process = subprocess.Popen(
        [sys.executable, "-c", code, "serve", "--port", "0", *words],
        env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=ROOT,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        said = process.stdout.readline()
        while said and "limen serves" not in said:
            said = process.stdout.readline()
        found = re.search(r"https?://[^/\s]+", said)
        assert found is not None, f"the server did not start: {said}"
        yield Server(found[0], home)
    finally:
        process.terminate()
        assert process.wait(30) in (0, -15), "the server did not stop gracefully"


@pytest.fixture(scope="session")
def live_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server for one person, without sign-in."""
    yield from serving(tmp_path_factory.mktemp("live"))


@pytest.fixture(scope="session")
def shared_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with sign-in, and one account for each role: the name is the role's."""
    from limen.web.accounts import ROLES, Accounts

    home = tmp_path_factory.mktemp("shared")
    accounts = Accounts(home / "web.sqlite")
    for role in ROLES:
        accounts.add(role, (role,), PASSWORD)
    accounts.close()
    yield from serving(home, "--sign-in")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, headless, from the system's packages, with a profile of its own."""
    from playwright.sync_api import sync_playwright

    program = os.environ.get("LIMEN_CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture
def new_page(browser: Browser, live_server: Server) -> Iterator[Callable[..., Page]]:
    """Make pages: `new_page(url=..., width=..., dark=..., ...)`. What goes wrong in one fails the test at its end."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def make(base: str | None = None, width: int = 1280, height: int = 900, dark: bool = False, **more: Any) -> Page:
        context = browser.new_context(
            base_url=base or live_server.url,
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            **more,
        )
        context.set_default_timeout(1000 * float(os.environ.get("LIMEN_BROWSER_SECONDS", "60")))
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(f"script: {error}"))
        page.on("console", lambda said: _heard(said, complaints))
        page.on("request", lambda asked: _went(asked.url, base or live_server.url, complaints))
        return page

    yield make
    for context in contexts:
        context.close()
    assert complaints == []


def _heard(said: Any, complaints: list[str]) -> None:
    """Errors in the console, but for answers that a test asks for by status (they are looked at there)."""
    if said.type == "error" and "Failed to load resource" not in said.text:
        complaints.append(f"console: {said.text}")


def _went(url: str, base: str, complaints: list[str]) -> None:
    """Nothing is ever loaded from another server."""
    if not url.startswith((base, "data:", "about:", "blob:")):
        complaints.append(f"asked another server: {url}")


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """One page of the server without sign-in."""
    return new_page()


@pytest.fixture
def signed_in(new_page: Callable[..., Page], shared_server: Server) -> Callable[[str], Page]:
    """A page of the shared server, signed in as one role: `signed_in("analyst")`."""

    def enter(role: str) -> Page:
        page = new_page(base=shared_server.url)
        page.goto("/sign-in")
        page.get_by_label("Name", exact=True).fill(role)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(lambda url: "/sign-in" not in url)
        return page

    return enter


@pytest.fixture(scope="session")
def checks() -> Checks:
    """The checks that every page passes."""
    return Checks.from_environment()


@pytest.fixture
def folder_server(tmp_path: Path) -> Iterator[str]:
    """A plain server of files, as a learning system has one: nothing of ours."""
    handler = partial(SimpleHTTPRequestHandler, directory=str(tmp_path))
    handler.log_message = lambda *_: None  # type: ignore[attr-defined]
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
