"""The parts of an address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Form = Literal["street", "box", "route", "military", "general_delivery", "building", "none"]


@dataclass(frozen=True, slots=True)
class ParsedAddress:
    """The parts of one address in standard upper-case ASCII words; an empty text where the part is not there.

    `form` says how mail would be delivered; `none`: no delivery point was found. `number` is the house number, or the
    box of a box or route address, whose `street` is then `PO BOX`, `RR 2`, `HC 1`, `PSC 80`.
    """

    form: Form = "none"
    number: str = ""
    predirection: str = ""
    street: str = ""
    suffix: str = ""
    postdirection: str = ""
    unit: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""
    rest: str = ""
