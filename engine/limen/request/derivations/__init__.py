"""The registered derivations: facts that are read from a request by looking at more than one place in it.

Each says in one sentence what it means in law, and gives a value, `BLANK` (the document does not say it) or `None`
(not known). None of them raises, and none of them makes something of nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from limen.request.derivation import Derivation
from limen.request.derivations import found, letter, matter, order, recipients

DERIVATIONS: Final[Mapping[str, Derivation]] = MappingProxyType(
    {derivation.name: derivation for module in (letter, matter, recipients, order, found) for derivation in module.ALL}
)
"""Every derivation by name; a vocabulary refers to them with `source: {derive: NAME}`."""
