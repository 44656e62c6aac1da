"""Listening: where, with how many processes, and the refusal to be reachable without sign-in."""

from __future__ import annotations

import ipaddress
import os
import signal
import socket
from collections.abc import Callable
from dataclasses import dataclass
from tempfile import TemporaryDirectory

import uvicorn

from limen.web import metrics
from limen.web.accounts import Accounts
from limen.web.app import make_app
from limen.web.protocol import PromptProtocol
from limen.web.settings import LOOPBACK, Settings

STOP_SECONDS = 20
"""How long answers under way may take when the server is told to stop."""


class ServeError(Exception):
    """The server cannot be started as asked."""


@dataclass(frozen=True, slots=True)
class Listening:
    """Where a server listens, and with what."""

    host: str = "127.0.0.1"
    port: int = 8787
    workers: int = 1
    certificate: str | None = None
    key: str | None = None
    behind_proxy: bool = False


def listen(settings: Settings, where: Listening, say: Callable[[str], object]) -> int:
    """Serve until told to stop. Raises `ServeError` before anything is open where it would not be safe."""
    check_reach(settings, where)
    if settings.sign_in:
        with Accounts(settings.store) as accounts:
            settings = settings.with_(secret=accounts.secret)
            if not accounts.users():
                say("nobody has an account yet: `limen serve user add NAME --role admin` makes the first")
    if not is_loopback(where.host) and where.host not in ("0.0.0.0", "::"):
        settings = settings.with_(hosts=(*settings.hosts, where.host))
    sock = _bound(where)
    port = sock.getsockname()[1]
    scheme = "https" if where.certificate else "http"
    shown = "localhost" if is_loopback(where.host) else where.host
    say(f"limen serves {scheme}://{shown}:{port}/  (Ctrl-C stops it)")
    common = {
        "http": PromptProtocol,
        "log_level": "warning",
        "access_log": False,
        "server_header": False,
        "ws": "none",
        "proxy_headers": where.behind_proxy,
        "timeout_keep_alive": 15,
        "timeout_graceful_shutdown": STOP_SECONDS,
        "h11_max_incomplete_event_size": 32 * 1024,
        "ssl_certfile": where.certificate,
        "ssl_keyfile": where.key,
        "limit_concurrency": 1000,
    }
    if where.workers == 1:
        # The server stops by itself when told to; what the signal would do after that is not wanted.
        for sort in (signal.SIGINT, signal.SIGTERM):
            signal.signal(sort, lambda *_: None)
        server = uvicorn.Server(uvicorn.Config(make_app(settings), **common))  # type: ignore[arg-type]
        server.run(sockets=[sock])
        return 0 if server.started else 1
    settings.to_environment()
    counts = TemporaryDirectory(prefix="limen-counts-")
    os.environ[metrics.SHARED] = counts.name
    config = uvicorn.Config("limen.web.app:app_from_environment", factory=True, workers=where.workers, **common)  # type: ignore[arg-type]
    from uvicorn.supervisors import Multiprocess

    try:
        Multiprocess(config, sockets=[sock]).run()
    finally:
        counts.cleanup()
    return 0


def check_reach(settings: Settings, where: Listening) -> None:
    """Refuse an address that others reach unless they have to sign in, over a line nobody listens in on."""
    if bool(where.certificate) != bool(where.key):
        raise ServeError("a certificate and its key are given together: `--tls-certificate` and `--tls-key`")
    if is_loopback(where.host):
        return
    if not settings.sign_in:
        raise ServeError(
            f"`{where.host}` can be reached from other machines: add `--sign-in`, or leave out `--host` to serve "
            "this machine only"
        )
    if not settings.tls:
        raise ServeError(
            "passwords would cross the network in the open: give `--tls-certificate` and `--tls-key`, or "
            "`--tls-by-proxy` where a proxy in front ends TLS"
        )
    if set(settings.hosts) == set(LOOPBACK) and where.host in ("0.0.0.0", "::"):
        raise ServeError("say by which name it is called: `--allow-host limen.example`")


def is_loopback(host: str) -> bool:
    """Whether an address is this machine's own, reached by nobody else."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _bound(where: Listening) -> socket.socket:
    """A socket at the address. Raises `ServeError` where it cannot be had."""
    host = where.host.strip("[]")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((host, where.port))
        # From here on callers wait in line instead of being refused while the book is opened.
        sock.listen(1024)
    except OSError as error:
        sock.close()
        raise ServeError(
            f"cannot listen on `{host}` port {where.port}: {os.strerror(error.errno or 0).lower()}"
        ) from None
    sock.set_inheritable(True)
    return sock
