"""What lies on the desk: the letter, and what else is in the file. A fact becomes known by reading where it stands.

Documents are made from the case itself, so they cannot say anything that the case does not. What is not stated is not
there: that something is missing has to be noticed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from limen.law.book import Book
from limen.law.english import day
from limen.law.vocabulary import Fact, FactValue
from limen.request.model import Request
from limen.training.cases import TrainingCase

LETTER: Final = "letter"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a document: what it is about, and what it says."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """One document. `facts` are those that become known by reading it."""

    id: str
    title: str
    rows: tuple[Row, ...]
    facts: tuple[str, ...]


TITLES: Final[Mapping[str, str]] = {
    LETTER: "The letter",
    "items": "What is asked for",
    "matter": "The matter",
    "recipient": "Who would receive it",
    "use": "What it is for",
    "order": "The order of the court",
    "warrant": "The warrant",
    "consent": "The consent",
    "state_tax": "The State tax agency",
    "tax": "The tax matter",
    "initiative": "What the authority found itself",
    "terrorism": "The terrorism matter",
    "audit": "The audit",
    "claim": "The claim of the United States",
    "inquiry": "The tax investigation",
    "programme": "The named programme",
    "agreement": "The sheet on the agreement",
    "safeguards": "How the information would be kept",
    "match": "What cross-reference found",
    "batch": "The delivery it came in",
    "secretary": "Our own file",
}
_SHORT: Final[Mapping[str, str]] = {
    "irs": "IRS", "tigta": "TIGTA", "fbi": "FBI", "dea": "DEA", "dhs": "DHS", "gao": "GAO", "us": "U.S.",
    "tin": "number", "federal": "Federal", "senate": "Senate", "re": "re-",
}  # fmt: skip
"""Parts of the words of enums that are written otherwise."""
SENDERS: Final[Mapping[str, str]] = {
    "private": "Somebody from outside government", "taxpayer": "The taxpayer", "foreign": "A foreign authority",
    "irs": "The IRS", "treasury": "The Treasury", "tigta": "The Inspector General for Tax Administration",
    "secret_service": "The Secret Service", "department_of_justice": "The Department of Justice", "fbi": "The FBI",
    "dea": "The DEA", "gao": "The Government Accountability Office", "state_tax": "A State tax agency",
    "state_audit": "A State audit agency", "state_law_enforcement": "A State law enforcement agency",
    "other_state": "A State agency", "local_law_enforcement": "A local law enforcement agency",
    "other_local": "A local agency", "other_federal_law_enforcement": "A Federal law enforcement agency",
    "other_federal_intelligence": "A Federal intelligence agency", "other_federal_agency": "Another Federal agency",
}  # fmt: skip
"""Who writes, by the value of the fact: as a sentence and the head of a letter begin."""
_PLACES: Final[Mapping[str, str]] = {"holder": LETTER, "requester": LETTER, "request": LETTER, "item": "items"}
_SEEN: Final = frozenset({
    "requester.agency", "requester.office", "request.in_writing", "request.received", "request.states_name",
    "request.address_quality", "request.address_has_zip_like_number", "request.states_tax_periods",
    "request.states_authority", "request.states_reasons", "request.seeks_more_than_identity",
    "matter.designated_statute", "holder.agency", "matter.serves_immigration_enforcement", "order.presented",
    "terrorism.presented", "claim.presented", "programme.presented", "inquiry.recorded", "initiative.recorded",
})  # fmt: skip
"""Facts that a document shows in its own words, or by being there: whoever reads has to see them, and is not told."""


_SAYS_ITS_SOURCE: Final = ("third_party_amount", "reported_amount")
_OF_ORDER: Final = ("item.named_in_order", "item.period_in_order")


def documents(book: Book, case: TrainingCase) -> tuple[Document, ...]:
    """The documents of a case, the letter first."""
    rows: dict[str, list[Row]] = {name: [] for name in TITLES}
    facts: dict[str, list[str]] = {name: [] for name in TITLES}
    request = case.request
    if request is not None:
        rows[LETTER] += _letter(book, request)
        rows["recipient"] += _recipients(book, request)
        rows["items"] += [
            Row(
                item_name(item.id),
                _kind(book, item.kind) + ("" if item.kind in _SAYS_ITS_SOURCE else _came(item.came_from)),
            )
            for item in request.items
        ]
    for name, value in case.facts.facts.items():
        place = place_of(name)
        facts[place].append(name)
        shown = name in _SEEN or place == "recipient" or (place == "batch" and value == 1)
        if not (request is not None and shown) and not _silent(case, book, name, value):
            rows[place].append(Row(book.vocabulary.facts[name].ask, said(book.vocabulary.facts[name], value)))
    for item in case.facts.items:
        facts["items"] += [name for name in item.facts if name not in facts["items"]]
        for name, value in item.facts.items():
            fact = book.vocabulary.facts[name]
            shown = name in ("item.kind", "item.came_from") or (
                name in _OF_ORDER and request is not None and request.order is None
            )
            if request is None or not shown:
                rows["items"].append(Row(f"{item_name(item.id)}: {fact.ask}", said(fact, value)))
    made = [
        Document(name, TITLES[name], tuple(rows[name]), tuple(facts[name])) for name in TITLES if rows[name]
    ]  # fmt: skip
    return tuple(made)


def said(fact: Fact, value: FactValue) -> str:
    """A value in words."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, date):
        return day(value)
    words = (fact.labels or {}).get(str(value)) or " ".join(_SHORT.get(part, part) for part in str(value).split("_"))
    return words[:1].upper() + words[1:]


def sender_name(fact: Fact, agency: str) -> str:
    """An agency as the one who writes a letter."""
    return SENDERS.get(agency) or said(fact, agency)


def item_name(id: str) -> str:
    """The id of an item as words: `last-known-address` is the last known address."""
    words = id.replace("-", " ").replace("_", " ")
    return words[:1].upper() + words[1:]


def place_of(name: str) -> str:
    """The document that a fact stands in, or would stand in."""
    head = name.partition(".")[0]
    return _PLACES.get(head, head if head in TITLES else "matter")


def _silent(case: TrainingCase, book: Book, name: str, value: FactValue) -> bool:
    """Whether a fact only follows from a document's not being there; then no document says it."""
    fact = book.vocabulary.facts[name]
    if case.request is None or fact.silence is None or fact.silence != value:
        return False
    section = name.partition(".")[0]
    sections = {"tax": "tax_matter", "inquiry": "tax_investigation", "secretary": "authority"}
    stated = getattr(case.request, sections.get(section, section), None)
    if stated is None:
        return True
    path = fact.source.path if fact.source is not None else None
    field = path.rpartition(".")[2] if path else ""
    return bool(field) and getattr(stated, field, value) is None


def _letter(book: Book, request: Request) -> Iterator[Row]:
    facts = book.vocabulary.facts
    asks = request.requester
    if request.holder.agency and request.holder.agency != "unknown":
        yield Row("To", said(facts["holder.agency"], request.holder.agency))
    if asks.agency and asks.agency != "unknown":
        yield Row("From", sender_name(facts["requester.agency"], asks.agency))
    if asks.office and asks.office != "unknown":
        yield Row("Signed by", said(facts["requester.office"], asks.office))
    if asks.in_writing is not None and asks.in_writing != "unknown":
        yield Row("Form", "In writing" if asks.in_writing else "Not in writing: by word of mouth")
    if isinstance(asks.dated, date):
        yield Row("Dated", day(asks.dated))
    if request.received is not None:
        yield Row("Received", day(request.received))
    name, address = request.subject.name, request.subject.address
    if name is not None:
        parts = [part for part in (name.first, name.middle, name.last, name.suffix) if part]
        if parts:
            yield Row("About", " ".join(parts))
    if address is not None and address.lines:
        yield Row("Address given", ", ".join(address.lines))
    if request.subject.tin:
        yield Row("Taxpayer number given", request.subject.tin)
    if request.tax_periods:
        periods = ", ".join(request.tax_periods)
        yield Row("Tax periods", "cannot be read" if periods == "unknown" else periods)
    if request.matter.statute:
        yield Row("Statute named", request.matter.statute)
    if request.matter.authority_cited:
        yield Row("Conducted under", request.matter.authority_cited)
    if request.matter.number:
        yield Row("Their file number", request.matter.number)
    if request.reasons:
        yield Row("Reasons", request.reasons)
    if request.note:
        yield Row("Note", request.note)


def _recipients(book: Book, request: Request) -> Iterator[Row]:
    words = book.vocabulary.facts.get("recipient.engagement")
    for number, recipient in enumerate(request.recipients, 1):
        parts = []
        if recipient.agency:
            parts.append(said(book.vocabulary.facts["requester.agency"], recipient.agency))
        for value in (recipient.employment, recipient.office):
            if value:
                parts.append(value.replace("_", " "))
        if recipient.engagement and recipient.engagement != "unknown" and words is not None:
            parts.append(said(words, recipient.engagement).lower())
        for flag, label in ((recipient.law_enforcement, "law enforcement"), (recipient.intelligence, "intelligence"),
                            (recipient.investigative_team, "on the investigative team")):  # fmt: skip
            if flag is True:
                parts.append(label)
        yield Row(recipient.name or f"Recipient {number}", ", ".join(parts) or "named, and nothing more is said")


def _kind(book: Book, kind: str) -> str:
    return said(book.vocabulary.facts["item.kind"], kind)


def _came(origin: str | None) -> str:
    return {
        "taxpayer": ", which the taxpayer filed or furnished",
        "third_party": ", which somebody else reported",
        "authority": ", which the authority made itself",
    }.get(origin or "", "")
