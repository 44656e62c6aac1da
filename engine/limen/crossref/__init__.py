"""From a name and an address to a match.

Light to import: what needs tables (`tables`, `generate`) is imported where it is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from limen.crossref.errors import RegistryError
    from limen.crossref.make import make_registry
    from limen.crossref.registry import Person, Registry, RegistryInfo, open_registry
    from limen.crossref.settings import Settings

__all__ = ["Person", "Registry", "RegistryError", "RegistryInfo", "Settings", "make_registry", "open_registry"]

_HOMES = {
    "Person": "registry",
    "Registry": "registry",
    "RegistryError": "errors",
    "RegistryInfo": "registry",
    "Settings": "settings",
    "make_registry": "make",
    "open_registry": "registry",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module `limen.crossref` has no `{name}`")
    from importlib import import_module

    return getattr(import_module(f"limen.crossref.{_HOMES[name]}"), name)
