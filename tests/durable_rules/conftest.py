"""One second key for all traps: what one of them leaves behind must not reach the next."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "decide"))

from limen.decide.second_key import SecondKey


@pytest.fixture(scope="package")
def key():
    with SecondKey(deadline=20) as key:
        yield key
