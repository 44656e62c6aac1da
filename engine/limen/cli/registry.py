"""The registry, opened when the first subject is looked up."""

from __future__ import annotations

from limen.crossref.lazy import LazyRegistry

__all__ = ["LazyRegistry"]
