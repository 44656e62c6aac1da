"""The keys of a ledger. They live in a folder of their own, never in the store.

One secret per key; what it is used for (sealing, looking a subject up, masking, marking, signing) each gets its own
key derived from it, so that no use can be turned into another. Old keys stay in the ring: they prove old records.
"""

from __future__ import annotations

import hmac
import json
import os
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from limen.ledger.errors import LedgerUnavailable

KEYS_FILE = "keys.json"
KEYS_VARIABLE = "LIMEN_KEYS"


def _derive(secret: bytes, use: str) -> bytes:
    return hmac.digest(secret, f"limen ledger key 1: {use}".encode(), "sha256")


@dataclass(frozen=True, slots=True, repr=False)
class Key:
    """One key and what is derived from it. Its `repr` does not show it."""

    id: str
    made: str
    secret: bytes
    seal: bytes = field(init=False)
    lookup: bytes = field(init=False)
    mask: bytes = field(init=False)
    mark: bytes = field(init=False)
    sign: bytes = field(init=False)

    def __post_init__(self) -> None:
        for use in ("seal", "lookup", "mask", "mark", "sign"):
            object.__setattr__(self, use, _derive(self.secret, use))

    def __repr__(self) -> str:
        return f"Key(id={self.id!r}, made={self.made!r})"


@dataclass(frozen=True, slots=True)
class KeyRing:
    """All keys of a folder. `current` seals what is written now; `folder` also holds the marks of the ledgers."""

    folder: Path
    keys: tuple[Key, ...]

    @property
    def current(self) -> Key:
        return self.keys[-1]

    def find(self, id_: str) -> Key | None:
        """The key of that name; one that another process added since is looked for in the folder."""
        for key in self.keys:
            if key.id == id_:
                return key
        try:
            return next((key for key in _read_keys(self.folder) if key.id == id_), None)
        except (OSError, ValueError, KeyError, TypeError, LedgerUnavailable):
            return None


def default_folder() -> Path:
    """Where keys live when nobody says: `$LIMEN_KEYS`, or the user's state folder."""
    if stated := os.environ.get(KEYS_VARIABLE):
        return Path(stated)
    state = os.environ.get("XDG_STATE_HOME")
    return (Path(state) if state else Path.home() / ".local" / "state") / "limen" / "keys"


def open_keys(folder: Path | str | None = None) -> KeyRing:
    """The keys in `folder`, made with one fresh key if there are none.

    Raises LedgerUnavailable if they cannot be read or made, or if others than the owner may read them.
    """
    place = Path(folder) if folder is not None else default_folder()
    try:
        try:
            keys = _read_keys(place)
        except FileNotFoundError:
            _write_keys(place, (_new_key(1),), replace=False)
            keys = _read_keys(place)
    except OSError as error:
        raise LedgerUnavailable(
            f"the keys of the ledger cannot be read or made: {error.strerror}",
            str(place),
            f"give a folder that can be written, or set `{KEYS_VARIABLE}`",
        ) from None
    except (ValueError, KeyError, TypeError):
        raise LedgerUnavailable(
            f"`{KEYS_FILE}` is not a key file", str(place), "put the right file back from your backup of the keys"
        ) from None
    if not keys or len({key.id for key in keys}) != len(keys):
        raise LedgerUnavailable(
            f"`{KEYS_FILE}` holds no keys, or two of one name", str(place), "put the right file back from your backup"
        )
    return KeyRing(place, keys)


def _read_keys(folder: Path) -> tuple[Key, ...]:
    entries = json.loads(_read_private(folder / KEYS_FILE))["keys"]
    return tuple(Key(e["id"], e["made"], bytes.fromhex(e["secret"])) for e in entries)


def rotate_keys(ring: KeyRing) -> KeyRing:
    """A ring with one more key, which is the current one from now on. The old keys stay, to prove old records."""
    _write_keys(ring.folder, (*ring.keys, _new_key(len(ring.keys) + 1)), replace=True)
    return open_keys(ring.folder)


def _new_key(number: int) -> Key:
    made = datetime.now(UTC).isoformat(timespec="seconds")
    return Key(f"k{number}-{secrets.token_hex(3)}", made, secrets.token_bytes(32))


def _read_private(path: Path) -> str:
    mode = path.stat().st_mode
    if mode & 0o077:
        raise LedgerUnavailable(
            f"`{path.name}` may be read by others", str(path.parent), f"run `chmod 600 {path.name}` in that folder"
        )
    return path.read_text(encoding="utf-8")


def _write_keys(folder: Path, keys: tuple[Key, ...], *, replace: bool) -> None:
    """Written whole or not at all; of two makers at once, the first wins and the second reads what it wrote."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    text = json.dumps(
        {"schema": 1, "keys": [{"id": k.id, "made": k.made, "secret": k.secret.hex()} for k in keys]}, indent=1
    )
    draft = folder / f".{KEYS_FILE}.{os.getpid()}.{secrets.token_hex(4)}"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if replace:
            draft.replace(folder / KEYS_FILE)
        else:
            try:
                os.link(draft, folder / KEYS_FILE)
            except FileExistsError:
                return
    finally:
        draft.unlink(missing_ok=True)
