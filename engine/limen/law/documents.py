"""The shape of rule files: what an author writes. The JSON Schema of rule files is generated from these models.

A document is checked for shape here and no further; what its words refer to is checked by `limen.law.load`.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, StringConstraints, Tag, model_validator
from pydantic_core import PydanticCustomError

from limen.law.citation import Certainty
from limen.law.node import Operation
from limen.law.rules import Bounds, DutyTime, Effect, Status
from limen.law.vocabulary import FactType

Text = Annotated[str, StringConstraints(min_length=1, max_length=4000)]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=80)]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$", max_length=80)]
EnumValue = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_]*$", max_length=80)]
Address = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]*(\.[a-z0-9][a-z0-9_-]*)*$", max_length=120)]
ProfileId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$", max_length=80)]
OPERATIONS: tuple[Operation, ...] = ("test", "reading", "all", "any", "none")
SOURCES = ("path", "every", "any", "worst_of", "count", "derive")


class Document(BaseModel):
    """Every part of a rule file: no key but those listed, nothing converted."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Cite(Document):
    """One authority: a unit of a statute or regulation, or a document."""

    model_config = ConfigDict(
        json_schema_extra={"oneOf": [{"required": ["title", "code", "section"]}, {"required": ["document"]}]}
    )

    title: int | None = Field(None, description="Number of the title, as in 26 U.S.C.")
    code: Text | None = Field(None, description="U.S.C. or C.F.R.")
    section: Text | None = Field(None, description='In quotes: "6103"')
    paragraph: Text | None = Field(None, description="As in (i)(2)(B)(i)")
    document: Text | None = Field(None, description="An opinion, an agreement, a page, by its full name")
    dated: date | None = None
    certainty: Certainty | None = Field(None, description="read, reported by others, or assumed by us")
    note: Text | None = None

    @model_validator(mode="after")
    def one_authority(self) -> Cite:
        statute = self.title is not None and self.code is not None and self.section is not None
        if statute == (self.document is not None) or (self.document is None and not statute):
            raise PydanticCustomError("citation", "a citation has title, code and section, or a document")
        return self


def _kind_of_cite(value: Any) -> str:
    return "pin" if isinstance(value, str) else "cite"


CiteOrPin = Annotated[
    Annotated[Text, Tag("pin")] | Annotated[Cite, Tag("cite")],
    Discriminator(_kind_of_cite),
    Field(description="A full citation, or a paragraph such as (B)(i) to add to the citation of the rule"),
]


class InForce(Document):
    """When something was law. `until` is the first day on which it no longer is."""

    start: date | None = Field(None, alias="from")
    until: date | None = None
    by: Text | None = Field(None, description="What brought it into force")
    repealed_by: Text | None = Field(None, description="What ended it")


class Meaning(Document):
    """Exactly one of a test, a reading, or a group of nodes."""

    model_config = ConfigDict(json_schema_extra={"oneOf": [{"required": [name]} for name in OPERATIONS]})

    test: Annotated[str, StringConstraints(max_length=10_000)] | None = None
    reading: Text | None = None
    all: Annotated[list[NodeDoc], Field(min_length=1)] | None = None
    any: Annotated[list[NodeDoc], Field(min_length=1)] | None = None
    none: Annotated[list[NodeDoc], Field(min_length=1)] | None = None

    @model_validator(mode="after")
    def one_operation(self) -> Meaning:
        if sum(getattr(self, name) is not None for name in OPERATIONS) != 1:
            raise PydanticCustomError(
                "one-operation", "exactly one of `test`, `reading`, `all`, `any`, `none` is needed"
            )
        return self


class NodeDoc(Meaning):
    """A piece of a rule that is met, not met or not known."""

    id: Id
    label: Text | None = Field(None, description='Reads on in "... is met because ..."')
    cite: CiteOrPin | None = None
    certainty: Certainty | None = None
    in_force: InForce | None = None
    if_true: Text | None = None
    if_false: Text | None = Field(None, description="What is missing, and what would cure it")
    if_unknown: Text | None = Field(None, description="What to find out")
    curable: bool = Field(False, description="Whether the requester can mend it")


class LimbDoc(Meaning):
    """One side of a prohibition: a node whose id is given by its place."""

    label: Text | None = None
    cite: CiteOrPin | None = None
    certainty: Certainty | None = None
    if_true: Text | None = None
    if_false: Text | None = None
    if_unknown: Text | None = None


class DefinitionDoc(Meaning):
    """A term with a meaning of its own."""

    label: Text | None = None
    cite: CiteOrPin | None = None
    certainty: Certainty | None = None


class AlternativeDoc(Meaning):
    """One cited meaning of contested words."""

    id: Id
    label: Text
    authority: Annotated[list[Cite], Field(min_length=1)]
    held_by: Text | None = None
    in_force: InForce | None = None


class ReadingDoc(Document):
    """Words that bear several meanings, or that nobody outside has seen."""

    id: Id
    words: Text
    question: Text
    status: Status
    bounds: Bounds | None = Field(None, description="For redacted words: what the hidden text could do at most")
    alternatives: Annotated[list[AlternativeDoc], Field(min_length=1)]


class DutyDoc(Document):
    """What must follow a release, or be in place before it."""

    id: Id
    who: Text
    when: DutyTime
    duty: Text
    cite: CiteOrPin
    certainty: Certainty | None = None
    deadline: Text | None = Field(None, description="In plain words")
    within_hours: Annotated[int, Field(gt=0)] | None = None
    breach: Text | None = None
    in_force: InForce | None = None


class SourceDoc(Document):
    """Where a fact is read from in a request: one of `path`, `every`, `any`, `worst_of`, `count`, `derive`."""

    model_config = ConfigDict(json_schema_extra={"oneOf": [{"required": [name]} for name in SOURCES]})

    path: Text | None = None
    every: Text | None = None
    any: Text | None = None
    worst_of: Text | None = None
    count: Text | None = None
    derive: Text | None = Field(None, description="Name of a registered derivation")
    order: list[Text] = Field([], description="For worst_of: the values from worst to best")
    equals: Text | None = Field(None, description="The value that counts as true")

    @model_validator(mode="after")
    def one_source(self) -> SourceDoc:
        if sum(getattr(self, name) is not None for name in SOURCES) != 1:
            raise PydanticCustomError("source", "exactly one of {names} is needed", {"names": ", ".join(SOURCES)})
        return self


def _kind_of_source(value: Any) -> str:
    return "plain" if isinstance(value, str) else "source"


class FactDoc(Document):
    """One thing a case may say."""

    type: FactType
    of: list[EnumValue] = Field([], description="The values of an enum")
    ask: Text = Field(description="The question a person is asked")
    source: (
        Annotated[
            Annotated[Text, Tag("plain")] | Annotated[SourceDoc, Tag("source")],
            Discriminator(_kind_of_source),
            Field(description="Where it is read from in a request; plain text is a path"),
        ]
        | None
    ) = None
    silence: Annotated[bool | int | date | Text, Field(union_mode="left_to_right")] = Field(
        "unknown", description="unknown, absent (false), or the value that silence of the document means"
    )
    sensitive: bool = False
    authority_side: bool = Field(False, description="Known to the authority and not to the requester")
    min: int | None = None
    max: int | None = None
    cite: CiteOrPin | None = None
    certainty: Certainty | None = None
    labels: dict[EnumValue, Text] | None = Field(None, description="Plain words for each value")
    says: Text | None = Field(None, description="A statement for a bool fact; for others what it is, as a noun")


class ParameterDoc(Document):
    """A cited number or date in one of its periods."""

    value: Annotated[int | date, Field(union_mode="left_to_right")]
    start: date | None = Field(None, alias="from")
    until: date | None = None
    by: Text | None = None
    repealed_by: Text | None = None
    cite: CiteOrPin
    certainty: Certainty | None = None


class BookDoc(Document):
    """`book.yaml`: the name and version of the book."""

    kind: Literal["book"]
    book: Address
    version: Text
    title: Text


class VocabularyDoc(Document):
    """What a case may say."""

    kind: Literal["vocabulary"]
    vocabulary: Address
    title: Text | None = None
    cite: Cite | None = Field(None, description="What bare paragraphs in this file are added to")
    facts: dict[Name, FactDoc] = {}
    item_facts: dict[Name, FactDoc] = {}
    definitions: dict[Name, DefinitionDoc] = {}
    parameters: dict[Name, Annotated[list[ParameterDoc], Field(min_length=1)]] = {}
    readings: list[ReadingDoc] = []


class RuleDoc(Document):
    """What every rule has."""

    rule: Address
    title: Text
    cite: Cite
    in_force: InForce | None = None


class ProhibitionDoc(RuleDoc):
    """The general rule."""

    kind: Literal["prohibition"]
    applies_when: LimbDoc
    forbids: LimbDoc
    says: Text
    readings: list[ReadingDoc] = []


class GatewayDoc(RuleDoc):
    """An authorisation."""

    kind: Literal["gateway"]
    effect: Effect
    summary: Text | None = None
    elements: Annotated[list[NodeDoc], Field(min_length=1)]
    releases: Annotated[list[NodeDoc], Field(min_length=1)]
    withheld_because: Text
    duties: list[DutyDoc] = []
    readings: list[ReadingDoc] = []


class BarDoc(RuleDoc):
    """What stops gateways or other bars."""

    kind: Literal["bar"]
    summary: Text | None = None
    overrides: Annotated[list[Address], Field(min_length=1)]
    any: Annotated[list[NodeDoc], Field(min_length=1)]
    if_true: Text
    if_unknown: Text
    confidential: bool = False
    readings: list[ReadingDoc] = []


class DutyRuleDoc(RuleDoc):
    """Duties that attach to releases under several gateways."""

    kind: Literal["duty"]
    attaches_to: Annotated[list[Address], Field(min_length=1)]
    duties: Annotated[list[DutyDoc], Field(min_length=1)]


class ProfileDoc(Document):
    """A named choice of one alternative for every reading."""

    kind: Literal["profile"]
    profile: ProfileId
    title: Text
    held_by: Text
    start: date | None = Field(None, alias="from")
    summary: Text
    authority: Annotated[list[Cite], Field(min_length=1)]
    chooses: dict[Text, Id]


RuleFile = BookDoc | VocabularyDoc | ProhibitionDoc | GatewayDoc | BarDoc | DutyRuleDoc | ProfileDoc

KINDS: dict[str, type[RuleFile]] = {
    "book": BookDoc,
    "vocabulary": VocabularyDoc,
    "prohibition": ProhibitionDoc,
    "gateway": GatewayDoc,
    "bar": BarDoc,
    "duty": DutyRuleDoc,
    "profile": ProfileDoc,
}
