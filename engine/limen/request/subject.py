"""The person a request is about, as the agency wrote it."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]


class Stated(BaseModel):
    """What a document states: frozen, strict, nothing undeclared. `None` is not stated."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", hide_input_in_errors=True)


class PersonName(Stated):
    """A name in the parts the agency gave."""

    first: Text | None = None
    middle: Text | None = None
    last: Text | None = None
    suffix: Text | None = None


class Address(Stated):
    """An address as written, one string a line, at most five."""

    lines: Annotated[tuple[Text, ...], "1 to 5 lines"] = ()


class Subject(Stated):
    """Name, address, taxpayer number and date of birth, each as the agency wrote it."""

    name: PersonName | None = None
    address: Address | None = None
    tin: Text | None = None
    date_of_birth: date | None = None
