"""Names that stand in a shared wording, told by their places in it.

The wording is an object; its names in their order are the list. A record says of some of them what they are:

    {"=": NAME OF THE WORDING, "has": PLACES, "values": [VALUE, ...]}
    {"=": NAME OF THE WORDING, "has": PLACES, "but": {VALUE: PLACES, ...}}

The first gives the values in order. In the second each has the value that the wording gives it, but for those in `but`.
`PLACES` is a number in hexadecimal: its bit n, counted from the lowest, stands for the name at place n.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

SIGN = "="
HAS = "has"
BUT = "but"
VALUES = "values"


def places(some: Iterable[int]) -> str:
    """The text that stands for some places.

    >>> places([0, 2, 3])
    'd'
    """
    return f"{sum(1 << place for place in some):x}"


def expand_listed(wording: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
    """What `told` says of names of the wording. Raises ValueError, KeyError or TypeError if it is not of that form."""
    names = list(wording)
    named = _placed(names, told[HAS])
    if VALUES in told:
        return dict(zip(named, told[VALUES], strict=True))
    said = {name: wording[name] for name in named}
    for value, some in told.get(BUT, {}).items():
        said.update(dict.fromkeys(_placed(names, some), value))
    return said


def _placed(names: list[str], some: str) -> list[str]:
    bits = int(some, 16)
    if bits < 0 or bits >> len(names):
        raise ValueError("a record speaks of places that its wording does not have")
    return [name for place, name in enumerate(names) if bits >> place & 1]
