"""The person a request is about, as the agency wrote it; and what it means to state something at all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

Text = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=200, pattern=r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029]*$")
]
"""One line of at most 200 characters, without control characters."""


class _Masked:
    """What stands for a personal value wherever a model is shown."""

    def __repr__(self) -> str:
        return "***"


MASKED = _Masked()


def blank_is_not_stated(text: str | None) -> str | None:
    """`None` for a text with nothing in it."""
    return text or None


def without_blanks(texts: tuple[str, ...]) -> tuple[str, ...]:
    """The texts that have something in them."""
    return tuple(text for text in texts if text) if "" in texts else texts


Said = Annotated[Text | None, AfterValidator(blank_is_not_stated)]
"""A line of text; blank is the same as not stated."""

SaidTexts = Annotated[tuple[Text, ...], Field(max_length=200), AfterValidator(without_blanks)]
"""Lines of text, the blank ones left out."""


class Stated(BaseModel):
    """What a document states: frozen, strict, nothing undeclared. `None` is not stated.

    Fields named in `personal` say who somebody is; they are masked wherever the model is shown, and an error
    never repeats what was put in.
    """

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", hide_input_in_errors=True, defer_build=True)

    personal: ClassVar[frozenset[str]] = frozenset()

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        """Only what is stated, with the personal parts masked."""
        for name, value in super().__repr_args__():
            if value is None or value == () or value == {}:
                continue
            yield name, MASKED if name in self.personal else value


class PersonName(Stated):
    """A name in the parts the agency gave."""

    personal = frozenset({"first", "middle", "last", "suffix"})

    first: Said = None
    middle: Said = None
    last: Said = None
    suffix: Said = None


class Address(Stated):
    """An address as written, one string a line, at most five."""

    personal = frozenset({"lines"})

    lines: Annotated[tuple[Text, ...], Field(max_length=5), AfterValidator(without_blanks)] = ()


class Subject(Stated):
    """Name, address, taxpayer number and date of birth, each as the agency wrote it.

    These are the agency's own words: `unknown` written here is what the agency wrote, not what we do not know.
    """

    personal = frozenset({"tin", "date_of_birth"})

    name: PersonName | None = None
    address: Address | None = None
    tin: Said = None
    date_of_birth: date | None = None
