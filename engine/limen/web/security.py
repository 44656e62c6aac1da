"""What stands between the network and every route: names of the host, headers, limits on size and time."""

from __future__ import annotations

import asyncio
import json
import math
import time
from collections.abc import Callable
from typing import Any

from limen.ledger.fault import write_report
from limen.web import metrics
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
    # Not `no-referrer`: with that a browser says of every form that it comes from nowhere, and it would be refused.
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
)
NO_STORE = (b"cache-control", b"no-store")
HSTS = (b"strict-transport-security", b"max-age=31536000")

UNLIMITED = frozenset({"/health", "/metrics"})
"""What is answered also by a server that has its hands full."""

App = Any


class Shield:
    """The outermost layer: refuses foreign host names, bodies too large or too slow, and more calls than can be
    answered; adds headers to every answer.

    Written against ASGI itself, so that it holds for pages, API, files and errors alike.
    """

    def __init__(self, app: App, settings: Settings) -> None:
        self._app = app
        self._settings = settings
        self._hosts = {host.lower().strip("[]") for host in settings.hosts}
        self._headers = [*HEADERS, *([HSTS] if settings.tls else [])]
        self._rates = Rates(settings.calls_a_minute) if settings.sign_in else None
        self._under_way: set[asyncio.Task[None]] = set()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            if scope["type"] != "websocket":
                await self._app(scope, receive, send)
            return
        answer = _Answer(send, self._with_ours)
        why, wait = self._refusal(scope)
        if why is not None:
            metrics.REFUSED.labels(why).inc()
            await answer.problem(why, wait)
            return
        task = asyncio.create_task(self._run(scope, receive, answer))
        task.add_done_callback(self._done)
        self._under_way.add(task)
        metrics.UNDER_WAY.inc()
        try:
            async with asyncio.timeout(self._settings.answer_seconds):
                await asyncio.shield(task)
        except TimeoutError:
            # What was begun in a thread cannot be stopped; it finishes, keeps its place until then, and is not heard.
            await answer.end("too-long")
        except asyncio.CancelledError:
            task.cancel()
            raise

    def _done(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        metrics.UNDER_WAY.dec()
        if not task.cancelled():
            task.exception()

    async def _run(self, scope: Any, receive: Any, answer: _Answer) -> None:
        began = time.perf_counter()
        try:
            await self._app(scope, self._limited(scope, receive), answer.send)
        except _BodyRefused as refused:
            await answer.end(refused.name)
        except Exception as error:
            # Reported without its message, and not passed on: a server's log would print both, and a name with it.
            write_report(error, f"route: {_route(scope)}")
            await answer.end("engine-fault")
        finally:
            route = _route(scope)
            metrics.CALLS.labels(route, scope["method"], str(answer.status)).inc()
            metrics.SECONDS.labels(route).observe(time.perf_counter() - began)

    def _refusal(self, scope: Any) -> tuple[str | None, float]:
        """Why a call is not looked at at all, and how many seconds to wait; `None` where it is."""
        if not self._is_our_name(scope):
            return "wrong-host", 0
        if scope["path"] in UNLIMITED or scope["path"].startswith("/static/"):
            return None, 0
        if len(self._under_way) >= self._settings.waiting:
            return "busy", 1
        if self._rates is not None:
            wait = self._rates.take(scope["client"][0] if scope.get("client") else "")
            if wait > 0:
                return "too-often", wait
        return None, 0

    def _with_ours(self, given: Any) -> list[Any]:
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


class _Answer:
    """The one answer to a call, with our headers; what comes after its end is dropped."""

    def __init__(self, send: Any, headers: Callable[[Any], list[Any]]) -> None:
        self._send = send
        self._headers = headers
        self._started = False
        self._ended = False
        self.status = 0

    async def send(self, message: Any) -> None:
        if self._ended:
            return
        if message["type"] == "http.response.start":
            self._started = True
            self.status = message["status"]
            message = {**message, "headers": self._headers(message["headers"])}
        elif message["type"] == "http.response.body" and not message.get("more_body", False):
            self._ended = True
        await self._send(message)

    async def end(self, name: str) -> None:
        """End with a problem, where nothing was said yet; an answer that was begun stays cut off."""
        if not self._started:
            await self.problem(name)
        self._ended = True

    async def problem(self, name: str, wait: float = 1) -> None:
        """A problem document, without the rest of the application."""
        about = PROBLEMS[name]
        said = {"type": f"/problems/{name}", "title": about.title.lower(), "status": about.status, "detail": about.mend}
        body = json.dumps(said).encode()
        headers = [
            (b"content-type", PROBLEM_JSON.encode()),
            (b"content-length", str(len(body)).encode()),
            (b"connection", b"close"),
        ]
        if about.status in (429, 503):
            headers.append((b"retry-after", str(max(1, math.ceil(wait))).encode()))
        await self.send({"type": "http.response.start", "status": about.status, "headers": headers})
        await self.send({"type": "http.response.body", "body": body})


class Rates:
    """How often each address may call: a bucket that holds a minute's calls and fills evenly."""

    MOST_ADDRESSES = 10_000

    def __init__(self, calls_a_minute: int, now: Callable[[], float] = time.monotonic) -> None:
        self._most = calls_a_minute
        self._now = now
        self._left: dict[str, tuple[float, float]] = {}

    def take(self, address: str) -> float:
        """Take one call; 0 where it may be made, else the seconds until it may."""
        now = self._now()
        left, at = self._left.pop(address, (float(self._most), now))
        left = min(self._most, left + (now - at) * self._most / 60)
        may = left >= 1
        self._left[address] = (left - 1 if may else left, now)
        if len(self._left) > self.MOST_ADDRESSES:
            self._left.pop(next(iter(self._left)))
        return 0 if may else (1 - left) * 60 / self._most


def _route(scope: Any) -> str:
    """The route's pattern; never the path, which may hold what somebody typed."""
    path = getattr(scope.get("route"), "path", None)
    return str(path) if path is not None else "none"
