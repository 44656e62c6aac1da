"""What can keep a batch from being decided at all."""

from __future__ import annotations


class BatchError(Exception):
    """A batch that cannot start or go on: its file, its columns, its settings. The message says how to mend it."""
