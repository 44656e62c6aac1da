"""A receipt: everything that an answer rests on, so that anybody can decide the same case again and compare.

It holds the facts with who stated them, the law they were put to (book, draft, profile, dates), the decision, and the
outcome of every point of that law as the reference interpreter found it. Its id is the digest of all of this, so that a
receipt somebody has changed is found.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from limen.canonical import encode
from limen.decide.audience import Audience, decision_for
from limen.decide.decision import Decision
from limen.decide.reference import find
from limen.law.book import Book
from limen.law.facts import CaseFacts, FactError, FactProblem, check_facts, from_json
from limen.law.making import make_edition
from limen.law.truth import Truth
from limen.law.vocabulary import FactValue, Vocabulary

Outcome = Literal["met", "not_met", "not_known"]
RECEIPT = "urn:limen:receipt"
"""What a receipt is called where a name of its own is needed; behind a colon follows its id."""
MOST_FACTS = 20_000
MAX_DRAFT = 200_000
"""Characters of a draft that a receipt takes with it."""

OUTCOMES: dict[Truth, Outcome] = {True: "met", False: "not_met", None: "not_known"}
UNKNOWN = "unknown"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, defer_build=True)


class Stated(_Part):
    """One fact of the case, and who stated it.

    A day is written `2025-04-07`; `unknown` stands where somebody was asked and does not know.
    """

    fact: str = Field(max_length=200)
    item: str | None = Field(None, max_length=200)
    value: bool | int | str
    by: str = Field(max_length=400)


class Traced(_Part):
    """What one point of the law came to, for the case or for one item."""

    address: str
    item: str | None = None
    outcome: Outcome


class Receipt(_Part):
    """A receipt; `id` is made of all the rest.

    `whole` is false for one made for a requester: facts that only the authority knows are not in it, and it cannot be
    decided again. `draft` is the text of the overlay the book was read with, if any; `book_digest` is that of the book
    with it. `trace` is under `decision.basis`.
    """

    receipt_version: Literal[1] = 1
    id: str = ""
    made_at: datetime
    title: str = Field(max_length=400)
    book_name: str
    book_version: str
    book_digest: str
    engine: str
    draft: str | None = Field(None, max_length=MAX_DRAFT)
    profile: str | None
    as_of: date
    known_at: date | None = None
    audience: Audience
    whole: bool
    items: tuple[str, ...] = Field(max_length=200)
    facts: tuple[Stated, ...] = Field(max_length=MOST_FACTS)
    decision: Decision
    trace: tuple[Traced, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """A case that was decided, with what a receipt says of it beside the decision.

    `by` says who stated a fact, by fact and item; `origin` who stated those that are not in it. `unknown` are facts of
    which somebody said that they do not know them.
    """

    title: str
    facts: CaseFacts
    origin: str
    by: Mapping[tuple[str, str | None], str] = field(default_factory=dict)
    unknown: frozenset[tuple[str, str | None]] = frozenset()
    draft: str | None = None


def make_receipt(book: Book, told: Told, decision: Decision, audience: Audience, made_at: datetime) -> Receipt:
    """The receipt of `decision`, made under `book` for the case `told`, as `audience` may have it."""
    seen = decision_for(decision, audience)
    # A path or a note from inside the engine is nothing to hand over.
    if seen.fault is not None:
        seen = seen.model_copy(update={"fault": seen.fault.model_copy(update={"reproduction": None})})
    whole = audience != "requester"
    stated = tuple(_stated(book, told, whole))
    receipt = Receipt(
        made_at=made_at.astimezone(UTC).replace(microsecond=0),
        title=told.title[:400],
        book_name=book.name,
        book_version=book.version,
        book_digest=book.digest,
        engine=decision.engine,
        draft=told.draft,
        profile=decision.profile,
        as_of=decision.as_of,
        known_at=decision.known_at,
        audience=audience,
        whole=whole,
        items=tuple(item.id for item in told.facts.items),
        facts=stated,
        decision=seen,
        trace=trace_of(book, told.facts, decision) if whole else (),
    )
    return receipt.model_copy(update={"id": receipt_id(receipt)})


def trace_of(book: Book, facts: CaseFacts, decision: Decision) -> tuple[Traced, ...]:
    """What the reference interpreter finds at every point, under the profile whose reasons the decision shows."""
    edition = make_edition(book, decision.basis, decision.as_of, decision.known_at)
    found = find(edition, facts)
    lines = [
        Traced(address=point.address, outcome=OUTCOMES[result])
        for point, result in zip(edition.case_points, found.case, strict=True)
    ]
    for item, of_item in zip(facts.items, found.items, strict=True):
        lines += [
            Traced(address=point.address, item=item.id, outcome=OUTCOMES[result])
            for point, result in zip(edition.item_points, of_item.points, strict=True)
        ]
    return tuple(lines)


def receipt_id(receipt: Receipt) -> str:
    """The digest of everything in a receipt but its id: 16 hexadecimal digits of SHA-256."""
    body = receipt.model_dump(mode="json", exclude={"id"})
    return hashlib.sha256(encode(body).encode("utf-8")).hexdigest()[:16]


def to_json(receipt: Receipt) -> str:
    """The receipt as JSON, one field a line at the top."""
    return json.dumps(receipt.model_dump(mode="json"), ensure_ascii=False, indent=1) + "\n"


def _stated(book: Book, told: Told, whole: bool) -> Iterable[Stated]:
    """The facts in the order of the vocabulary, those of the case first."""
    order = {name: number for number, name in enumerate(book.vocabulary.facts)}
    holders: list[tuple[str | None, Mapping[str, FactValue]]] = [(None, told.facts.facts)]
    holders += [(item.id, item.facts) for item in told.facts.items]
    for item, facts in holders:
        said: dict[str, FactValue] = {**{name: UNKNOWN for name, of in told.unknown if of == item}, **facts}
        for name in sorted(said, key=lambda one: order.get(one, len(order))):
            fact = book.vocabulary.facts.get(name)
            hidden = fact is None or fact.sensitive or fact.authority_side
            if whole or not hidden:
                value = said[name]
                plain = value.isoformat() if isinstance(value, date) else value
                yield Stated(fact=name, item=item, value=plain, by=told.by.get((name, item), told.origin)[:400])


def facts_of(receipt: Receipt, vocabulary: Vocabulary) -> CaseFacts:
    """The facts of the case, checked. Raises `FactError` where they do not fit the vocabulary."""
    case: dict[str, FactValue | None] = {}
    items: dict[str, dict[str, FactValue | None]] = {id: {} for id in receipt.items}
    problems = []
    for one in receipt.facts:
        into = case if one.item is None else items.get(one.item)
        if into is None:
            problems.append(FactProblem(one.fact, "stated of an item that is not among `items`", one.item))
        elif one.value != UNKNOWN:
            into[one.fact] = from_json(vocabulary.facts.get(one.fact), one.value)
    if problems:
        raise FactError(problems)
    return check_facts(vocabulary, case, items)
