"""A real PostgreSQL server for the tests: the system's own programs, a fresh folder, a unix socket and no network.

The server refuses to run as root; then it is run as the user `postgres`, which the system's package makes.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
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


@contextmanager
def running_server() -> Iterator[str]:
    """A running server; gives the URL of a database of its own. Stopped and removed on the way out."""
    bin_ = programs()
    if bin_ is None:
        raise RuntimeError("no PostgreSQL server on this machine; install the system's package `postgresql`")
    user = "postgres" if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="limen-pg-"))
    try:
        if user:
            shutil.chown(folder, user)

        def run(*words: str) -> None:
            done = subprocess.run(words, user=user, cwd=folder, capture_output=True, text=True, check=False)
            if done.returncode:
                raise RuntimeError(f"{Path(words[0]).name} failed: {done.stdout}{done.stderr}")

        data = str(folder / "data")
        run(f"{bin_}/initdb", "-D", data, "-U", "limen", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync")
        settings = (
            f"-c listen_addresses= -c unix_socket_directories={folder} -c shared_buffers=16MB -c max_connections=40"
        )
        run(f"{bin_}/pg_ctl", "-D", data, "-w", "-s", "-l", str(folder / "log"), "-o", settings, "start")
        try:
            yield f"postgresql://limen@/postgres?host={folder}"
        finally:
            run(f"{bin_}/pg_ctl", "-D", data, "-w", "-s", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
