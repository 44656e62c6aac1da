from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from store_tools import open_at

from limen.ledger import Ledger
from limen.request.subject import Address, PersonName, Subject


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with open_at(tmp_path) as opened:
        yield opened


@pytest.fixture
def reopen(tmp_path: Path) -> Callable[[], Ledger]:
    return lambda: open_at(tmp_path)


@pytest.fixture
def ana() -> Subject:
    return Subject(
        name=PersonName(first="Ana", last="Quorrel"),
        address=Address(lines=("4821 Tamarind Street", "Vexley, ZZ 99901")),
        tin="900-70-1234",
    )
