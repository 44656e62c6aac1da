"""What a server is started with."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import asdict, dataclass, field, replace

VARIABLE = "LIMEN_WEB_SETTINGS"
"""How the settings reach the worker processes of one server."""

LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, slots=True)
class Settings:
    """Where things are (`None`: what is shipped), who may come in, and how much is taken from them.

    `hosts` are the names under which the server may be called; a request for another is refused, so that a page
    elsewhere cannot reach a server on this machine under a name of its own. `store` holds accounts, sessions, courses.

    `body_bytes` and `body_seconds` bound what is sent, `answer_seconds` how long an answer may take. `at_once` calls
    are worked on, `waiting` at most are taken in; more are told to come back. `calls_a_minute` is for one address,
    where people sign in; `many` is the most requests in one call.
    """

    ledger: str
    store: str
    rules: str | None = None
    registry: str | None = None
    second_key: bool = True
    sign_in: bool = False
    tls: bool = False
    hosts: tuple[str, ...] = LOOPBACK
    secret: str = field(default_factory=lambda: secrets.token_hex(32), repr=False)
    body_bytes: int = 1_000_000
    body_seconds: float = 15.0
    answer_seconds: float = 30.0
    at_once: int = 8
    waiting: int = 64
    calls_a_minute: int = 1200
    many: int = 200

    def to_environment(self) -> None:
        """Hand these settings to the processes that this one starts."""
        os.environ[VARIABLE] = json.dumps(asdict(self))

    @staticmethod
    def from_environment() -> Settings:
        """The settings that `to_environment` handed over. Raises `KeyError` where nobody did."""
        given = json.loads(os.environ[VARIABLE])
        return Settings(**{**given, "hosts": tuple(given["hosts"])})

    def with_(self, **changes: object) -> Settings:
        """These settings with some of them otherwise."""
        return replace(self, **changes)  # type: ignore[arg-type]
