"""What a visitor's browser does."""

from __future__ import annotations

import re
from typing import Any

from fastapi.testclient import TestClient

PASSWORD = "a password for tests only"


def sign_in(visitor: TestClient, name: str, password: str = PASSWORD, **more: str) -> Any:
    """Sign in as a browser does: load the form, send it with its token."""
    form = {"csrf": token(visitor), "name": name, "password": password, **more}
    return visitor.post("/sign-in", data=form)


def token(visitor: TestClient, path: str = "/sign-in") -> str:
    """The token in the forms of a page."""
    page = visitor.get(path, headers={"accept": "text/html"})
    found = re.search(r'name="csrf" value="([0-9a-f]{64})"', page.text)
    assert found is not None, page.text[:400]
    return found[1]
