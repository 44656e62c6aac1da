"""The kinds of event there are: what each may say, and what must have happened before it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

FieldType = Literal["name", "words", "truth", "text"]
YES, NO = "yes", "no"


@dataclass(frozen=True, slots=True)
class Field:
    """What a field may hold: a `name` of some thing, one of its `words`, `truth`, or `text` that is never shown."""

    type: FieldType
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """Events of `kinds` whose field `theirs` holds what the event's own field `ours` holds."""

    kinds: tuple[str, ...]
    theirs: str
    ours: str


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of event. `rank` orders what happens in the same minute: what permits before what is permitted.

    `makes` names the field with the thing that is new. `after` are events of which one must have happened before,
    each; `not_after` are events none of which may have.
    """

    name: str
    rank: int
    says: str
    fields: Mapping[str, Field]
    must: tuple[str, ...]
    makes: str | None
    after: tuple[Link, ...]
    not_after: tuple[Link, ...]


DERIVED: Mapping[str, Field] = {
    "of_release": Field("name"),
    "of_matter": Field("name"),
    "same_matter": Field("truth", (YES, NO)),
    "gateway": Field("words", ("i_1", "i_2", "i_3_a", "i_3_b", "i_3_c", "i_5", "i_7", "other")),
}
"""Fields that follow from where a copy comes from; nobody states them except a release its gateway."""
