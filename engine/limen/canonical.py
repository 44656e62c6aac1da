"""Canonical JSON: sorted keys, no spaces, no NaN. Two equal values have one text."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any


def encoder(default: Callable[[Any], Any] | None = None) -> Callable[[Any], str]:
    """What writes values as canonical JSON; `default` says what stands for a value that JSON has not."""
    return json.JSONEncoder(
        sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=default
    ).encode


encode = encoder()
