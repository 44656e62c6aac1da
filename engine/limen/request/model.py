"""The request as an agency writes it, with everything its file may hold.

Blank is not stated. `unknown` can be said. Nothing here is law: what a statement means is for the vocabulary and the
rules; what is not stated makes nothing true.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from limen.request.sections import (
    Agreement,
    Audit,
    AuthorityFile,
    Claim,
    Consent,
    CourtOrder,
    DeclaredUse,
    NamedProgramme,
    OwnInitiative,
    Safeguards,
    StateTax,
    TaxInvestigation,
    TaxMatter,
    Terrorism,
    Warrant,
)
from limen.request.subject import Said, SaidTexts, Stated, Subject
from limen.request.words import (
    Agency,
    Answer,
    Conduct,
    Day,
    Employment,
    Engagement,
    Facts,
    Identifier,
    ItemKind,
    LongText,
    MatterKind,
    Office,
    Origin,
    Purpose,
    RemovalClass,
    Stage,
    Unknown,
)

SCHEMA_VERSION = 1


class Holder(Stated):
    """Who holds the information and is asked to disclose it."""

    agency: Agency | None = None
    covered_person: Answer = None


class Requester(Stated):
    """Who asks, and how: the agency, the office of the one who signed, the form."""

    personal: ClassVar[frozenset[str]] = frozenset({"signed_by"})

    agency: Agency | None = None
    office: Office | None = None
    signed_by: Said = None
    in_writing: Answer = None
    dated: Day = None
    federal_law_enforcement: Answer = None


class Matter(Stated):
    """The proceeding or investigation for which the information is asked: its law, its stage, its dates."""

    kind: MatterKind | None = None
    statute: Said = None
    authority_cited: Said = None
    stage: Stage | None = None
    number: Said = None
    opened: Day = None
    closed: Day = None
    us_is_or_may_be_party: Answer = None
    tax_administration: Answer = None
    specific_investigation: Answer = None
    missing_child: Answer = None
    recipient_locates_child: Answer = None
    removal_order: Answer = None
    removal_order_final: Day = None
    court_reviewed: Answer = None
    court_review_final: Day = None
    removal_class: RemovalClass | None = None
    conduct: Conduct | None = None
    wilful: Answer = None
    seeks_exemption: Answer = None


class Recipient(Stated):
    """Somebody who would see the information, and what they have to do with this matter."""

    personal: ClassVar[frozenset[str]] = frozenset({"name"})

    name: Said = None
    office: Office | None = None
    agency: Agency | None = None
    employment: Employment | None = None
    engagement: Engagement | None = None
    law_enforcement: Answer = None
    intelligence: Answer = None
    investigative_team: Answer = None


class Item(Stated):
    """One thing asked for. `came_from` is who filed or furnished it; `facts` state facts about it outright."""

    id: Identifier
    kind: ItemKind
    came_from: Origin | None = None
    period: Said = None
    tax_is_listed: Answer = None
    facts: Facts = Field(default_factory=dict)


class Request(Stated):
    """One request about one person.

    `id` and the items' ids are printed and logged. `facts` are facts the author states outright; they win over what
    would be read from the other fields. A section that is not there says nothing, unless `nothing_else` says that the
    file is whole: then there is no such document. New fields have to be optional, or digests change.
    A request is not changed once it is made, its facts included: its digest is kept with it.

    Raises `pydantic.ValidationError`, which never repeats what was put in; `limen.request.read_request` gives errors
    with file, line and remedy.
    """

    __slots__ = ("_digest",)  # no field: neither a copy nor a pickle takes it along

    personal: ClassVar[frozenset[str]] = frozenset({"note", "reasons"})

    id: Identifier
    batch: Identifier | None = None
    note: LongText = None
    holder: Holder = Holder()
    requester: Requester = Requester()
    subject: Subject = Subject()
    tax_periods: SaidTexts = ()
    matter: Matter = Matter()
    reasons: LongText = None
    recipients: Annotated[tuple[Recipient, ...], Field(max_length=200)] = ()
    items: Annotated[tuple[Item, ...], Field(min_length=1, max_length=200)]
    purposes: Annotated[tuple[Purpose, ...], Field(max_length=20)] = ()
    use: DeclaredUse = DeclaredUse()
    dated: Day = None
    received: date | None = None
    nothing_else: Answer = None

    order: CourtOrder | Unknown | None = None
    warrant: Warrant | Unknown | None = None
    consent: Consent | Unknown | None = None
    state_tax: StateTax | None = None
    tax_matter: TaxMatter | None = None
    initiative: OwnInitiative | None = None
    terrorism: Terrorism | None = None
    audit: Audit | None = None
    claim: Claim | None = None
    tax_investigation: TaxInvestigation | None = None
    programme: NamedProgramme | None = None
    agreement: Agreement | None = None
    safeguards: Safeguards | None = None
    authority: AuthorityFile | None = None

    facts: Facts = Field(default_factory=dict)

    @model_validator(mode="after")
    def _items_have_their_own_ids(self) -> Self:
        if len({item.id for item in self.items}) != len(self.items):
            raise ValueError("two items have the same `id`; give each item its own")
        return self
