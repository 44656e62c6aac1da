"""Helpers shared by the tests of every room live beside this file (`canary.py`, `sizes.py`, `strategies.py`)."""

from __future__ import annotations

import gc
from collections.abc import Generator

import pytest
from hypothesis import HealthCheck, settings

from sizes import DEFAULT, PROFILE, tries

_ALL = [HealthCheck.too_slow, HealthCheck.data_too_large]
settings.register_profile(PROFILE, max_examples=tries(DEFAULT), deadline=None, suppress_health_check=_ALL)
settings.load_profile(PROFILE)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is imported and collected stays to the end: the garbage collector need not walk through it each time."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()
