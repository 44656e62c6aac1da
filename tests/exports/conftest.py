"""Two cases to hand over, decided once."""

from __future__ import annotations

import pytest
from handing_over import brief

from limen.exports.memo import Brief


@pytest.fixture(scope="session")
def withheld() -> Brief:
    return brief("demo-number-no-address", "ddc-2025-26")


@pytest.fixture(scope="session")
def disputed() -> Brief:
    return brief("demo-one-officer", None)
