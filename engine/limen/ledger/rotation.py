"""Rotating the keys: a fresh key for what comes, vouched for by the old one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from limen.ledger.checkpoint import make_checkpoint, public_key_of
from limen.ledger.entry import Entry
from limen.ledger.keys import rotate_keys

if TYPE_CHECKING:
    from limen.ledger.ledger import Ledger

ROTATED_KIND = "key_rotated"


def rotate(ledger: Ledger) -> str:
    """Make a fresh key, record its name and public key under the old seal, and seal with it from then on.

    A last checkpoint signed with the old key closes its time: even if that key becomes known later, what it sealed
    until then cannot be written anew, for the checkpoint's copies are elsewhere.
    """
    with ledger.lock:
        make_checkpoint(ledger)
        ring = rotate_keys(ledger.keys)
        fresh = ring.current
        ledger.writer.write([Entry(ROTATED_KIND, {"key": fresh.id, "public_key": public_key_of(fresh)})])
        ledger.writer.use_keys(ring)
    return fresh.id
