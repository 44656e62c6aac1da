"""The one keyed hash: BLAKE2b with its own key parameter (RFC 7693), 32 bytes, in hexadecimal.

It is a message authentication code by design, and takes a quarter of the time of an HMAC over SHA-256, of which a
record would need half a dozen.
"""

from __future__ import annotations

from hashlib import blake2b


def keyed_hash(key: bytes, text: str) -> str:
    """The hash of `text` under `key` (at most 64 bytes)."""
    return blake2b(text.encode(), key=key, digest_size=32).hexdigest()
