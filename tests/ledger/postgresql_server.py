"""A real PostgreSQL server for the tests: the system's own programs, a fresh folder, a unix socket and no network.

The server refuses to run as root; then it is run as the user `postgres`, which the system's package makes.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def programs() -> Path | None:
    """The folder of the newest server programs on this machine, or `None`."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


class Server:
    """A server in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        bin_ = programs()
        if bin_ is None:
            raise RuntimeError("no PostgreSQL server on this machine; install the system's package `postgresql`")
        self._bin = bin_
        self._folder = folder
        self._user = "postgres" if os.geteuid() == 0 else None
        if self._user:
            shutil.chown(folder, self._user)
        self.url = f"postgresql://limen@/postgres?host={folder}"
        self._run("initdb", "-U", "limen", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync")

    def start(self) -> None:
        settings = (
            f"-c listen_addresses= -c unix_socket_directories={self._folder} "
            "-c shared_buffers=16MB -c max_connections=60"
        )
        self._run("pg_ctl", "-w", "-s", "-l", str(self._folder / "log"), "-o", settings, "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-w", "-s", "-m", "immediate", "stop")

    def kill(self) -> None:
        """End the server and all its processes at once, as a power cut would for them."""
        first = int((self._folder / "data" / "postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
        for process in (first, *map(int, children)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        while any(Path(f"/proc/{process}").exists() for process in (first, *children)):
            time.sleep(0.01)

    def _run(self, program: str, *words: str) -> None:
        # Its output goes to a file: a pipe would stay open as long as the server runs.
        with (self._folder / "said").open("w") as said:
            done = subprocess.run(
                [f"{self._bin}/{program}", "-D", str(self._folder / "data"), *words],
                user=self._user, cwd=self._folder, stdout=said, stderr=said, check=False,
            )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"{program} failed: {(self._folder / 'said').read_text()}")


@contextmanager
def running_server() -> Iterator[Server]:
    """A running server. Stopped and removed on the way out."""
    folder = Path(tempfile.mkdtemp(prefix="limen-pg-"))
    try:
        server = Server(folder)
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
