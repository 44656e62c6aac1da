"""What the analysis finds, for programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any


def plain(value: Any) -> Any:
    """Value types as JSON takes them."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, (tuple, list, frozenset, set)):
        listed = sorted(value) if isinstance(value, (frozenset, set)) else value
        return [plain(one) for one in listed]
    return value.isoformat() if isinstance(value, date) else value
