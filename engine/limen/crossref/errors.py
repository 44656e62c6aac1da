"""What can be wrong with a registry."""

from __future__ import annotations


class RegistryError(Exception):
    """A registry cannot be opened, read or made; the message says what, where and how to mend it."""
