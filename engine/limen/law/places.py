"""Where the shipped data lies: beside the package in an installed copy, at the top of a checkout."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


def shipped_rules() -> Path:
    """The folder of the shipped rule book."""
    return _shipped("rules")


def shipped_scenarios() -> Path:
    """The folder of the shipped scenarios."""
    return _shipped("scenarios")


def shipped_registry() -> Path:
    """The folder of the shipped synthetic registry."""
    return _PACKAGE / "data" / "registry"


def _shipped(name: str) -> Path:
    inside = _PACKAGE / "data" / name
    return inside if inside.is_dir() else _PACKAGE.parent.parent / name
