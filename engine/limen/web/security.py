"""What stands between the network and every route: names of the host, headers, limits on size and time."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from limen.ledger.fault import write_report
from limen.web.errors import PROBLEM_JSON, PROBLEMS
from limen.web.settings import Settings

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
"""Nothing is loaded from elsewhere, no script stands in a page, and no page stands in another."""

HEADERS = (
    (b"content-security-policy", CSP.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
)
NO_STORE = (b"cache-control", b"no-store")
HSTS = (b"strict-transport-security", b"max-age=31536000")

App = Any


class Shield:
    """The outermost layer: refuses foreign host names, bodies too large or too slow, and adds headers to every answer.

    Written against ASGI itself, so that it holds for pages, API, files and errors alike.
    """

    def __init__(self, app: App, settings: Settings) -> None:
        self._app = app
        self._settings = settings
        self._hosts = {host.lower().strip("[]") for host in settings.hosts}
        self._headers = [*HEADERS, *([HSTS] if settings.tls else [])]

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            if scope["type"] == "websocket":
                return
            await self._app(scope, receive, send)
            return
        started = False

        async def guarded(message: Any) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                message = {**message, "headers": self._with_ours(scope, message["headers"])}
            await send(message)

        if not self._is_our_name(scope):
            await _answer(guarded, "wrong-host")
            return
        try:
            await self._app(scope, self._limited(scope, receive), guarded)
        except _BodyRefused as refused:
            if not started:
                await _answer(guarded, refused.name)
        except Exception as error:
            # Reported without its message, and not passed on: a server's log would print both, and a name with it.
            write_report(error, f"route: {getattr(scope.get('route'), 'path', 'none')}")
            if not started:
                await _answer(guarded, "engine-fault")

    def _with_ours(self, scope: Any, given: Any) -> list[Any]:
        """The headers of an answer with ours: what the answer says itself of caching stands."""
        names = {name.lower() for name, _ in given}
        ours = [(name, value) for name, value in self._headers if name not in names]
        return [*given, *ours, *([] if b"cache-control" in names else [NO_STORE])]

    def _is_our_name(self, scope: Any) -> bool:
        hosts = [value for name, value in scope["headers"] if name == b"host"]
        if len(hosts) != 1:
            return False
        host = hosts[0].decode("latin-1").lower()
        name = host[1 : host.find("]")] if host.startswith("[") else host.partition(":")[0]
        return name in self._hosts

    def _limited(self, scope: Any, receive: Any) -> Any:
        """`receive`, with an end to how much and how long."""
        most = self._settings.body_bytes
        for name, value in scope["headers"]:
            if name == b"content-length" and (not value.isdigit() or int(value) > most):
                return _refusing("too-large")
        had = 0
        whole = False
        until = asyncio.get_running_loop().time() + self._settings.body_seconds

        async def limited() -> Any:
            nonlocal had, whole
            if whole:
                return await receive()
            try:
                async with asyncio.timeout_at(until):
                    message = await receive()
            except TimeoutError:
                raise _BodyRefused("too-slow") from None
            had += len(message.get("body", b""))
            whole = not message.get("more_body", False)
            if had > most:
                raise _BodyRefused("too-large")
            return message

        return limited


class _BodyRefused(Exception):
    """Inside this module only: the body is not read to its end."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def _refusing(name: str) -> Any:
    async def receive() -> Any:
        raise _BodyRefused(name)

    return receive


async def _answer(send: Any, name: str) -> None:
    """A problem document, without the rest of the application."""
    about = PROBLEMS[name]
    body = json.dumps(
        {"type": f"/problems/{name}", "title": about.title.lower(), "status": about.status, "detail": about.mend}
    ).encode()
    headers = [
        (b"content-type", PROBLEM_JSON.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": about.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
