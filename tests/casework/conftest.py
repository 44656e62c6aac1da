"""One follower for the whole room: its worker is started once."""

from __future__ import annotations

import pytest

from limen.casework.follow import Follower


@pytest.fixture(scope="session")
def follower():
    with Follower() as follower:
        yield follower
