"""Files that this package keeps for itself between two runs, so that the second does not do again what the first did.

A file is kept whole or not at all, in a folder of this user's. What was damaged, was written by somebody else or can
be written by others is as if it were not there. Nothing kept is ever the only place where something is.

`LIMEN_CACHE` names another folder, or switches keeping off with `off`.
"""

from __future__ import annotations

import hashlib
import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path

_MAGIC = b"limen kept 2\n"
_CHECKSUM = hashlib.sha256().digest_size
_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH


def kept_folder() -> Path | None:
    """Where files are kept; `None` if keeping is off or this user has no place for them."""
    chosen = os.environ.get("LIMEN_CACHE")
    if chosen is not None:
        return None if chosen in ("", "off", "0") else Path(chosen)
    base = os.environ.get("LOCALAPPDATA") if sys.platform == "win32" else os.environ.get("XDG_CACHE_HOME")
    try:
        home = Path(base) if base else Path.home() / ("Library/Caches" if sys.platform == "darwin" else ".cache")
    except RuntimeError:
        return None
    return home / "limen"


def read_kept(name: str) -> bytes | None:
    """What was kept under `name`, or `None`."""
    folder = kept_folder()
    if folder is None:
        return None
    try:
        with (folder / name).open("rb") as stream:
            found = os.fstat(stream.fileno())
            if hasattr(os, "getuid") and (found.st_uid != os.getuid() or found.st_mode & _OTHERS_WRITE):
                return None
            content = stream.read()
    except OSError:
        return None
    start = len(_MAGIC) + _CHECKSUM
    body = content[start:]
    return body if content[:start] == _MAGIC + hashlib.sha256(body).digest() else None


def keep(name: str, make: Callable[[], bytes | None], *, at_most: int) -> None:
    """Keep what `make` gives under `name`; of the files named alike up to the dash, the `at_most` last written stay.

    Where nothing is kept, nothing is made. What cannot be written is not kept, and that is no error.
    """
    folder = kept_folder()
    if folder is None:
        return
    body = make()
    if body is None:
        return
    import tempfile  # reading needs none

    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, new = tempfile.mkstemp(prefix="new-", dir=folder)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(_MAGIC + hashlib.sha256(body).digest() + body)
            Path(new).replace(folder / name)
        except OSError:
            Path(new).unlink(missing_ok=True)
        alike = sorted(folder.glob(f"{name.split('-')[0]}-*"), key=lambda path: path.stat().st_mtime_ns, reverse=True)
        for path in alike[at_most:]:
            path.unlink(missing_ok=True)
    except OSError:
        return
