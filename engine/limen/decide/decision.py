"""The decision: what was answered, item by item, and why. Frozen; its JSON form is versioned."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict

from limen.decide.findings import Verdict

SCHEMA_VERSION = 1
CAVEAT = "A simulation with invented people. Not legal advice, and not a decision of any authority."

Effect = Literal["allow", "deny"]
Disposition = Literal["release", "withhold", "more_needed", "readings_differ"]
Outcome = Literal["met", "not_met", "not_known", "barred"]


class Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


Made = TypeVar("Made", bound=Record)
_new = object.__new__
# What a pydantic record consists of, each set directly: `object.__setattr__` would look for it by name every time.
_set_values, _set_given, _set_extra, _set_private = (
    vars(BaseModel)[name].__set__
    for name in ("__dict__", "__pydantic_fields_set__", "__pydantic_extra__", "__pydantic_private__")
)


def make(kind: type[Made], values: dict[str, Any], given: set[str]) -> Made:
    """A record of `kind` from values that are known to fit, without looking at each again.

    What `kind.model_construct` makes of the same values, in a tenth of its time. `values` must name every field, in
    the order of the class, and becomes the record's own; `given` names those that are not left at their default, and
    is shared by all records made with it.
    """
    made = _new(kind)
    _set_values(made, values)
    _set_given(made, given)
    _set_extra(made, None)
    _set_private(made, None)
    return made


class Reason(Record):
    """One point that the verdict rests on. `sentence` is rendered from `address` and `outcome`."""

    address: str
    citation: str
    certainty: str
    outcome: Outcome
    label: str
    sentence: str
    cure: str | None = None
    rule: str
    confidential: bool = False


class ItemDecision(Record):
    """The answer for one item.

    `gateway` is the one that answers: an open one, or the one nearest to opening. `reasons` are its requirements;
    `elsewhere` has the first obstacle in each other gateway. `verdict` is `readings_differ` when several profiles
    were asked and do not agree on the item.
    """

    item: str
    kind: str | None
    verdict: Verdict | Literal["readings_differ"]
    gateway: str | None = None
    effect: Literal["must", "may"] | None = None
    reasons: tuple[Reason, ...] = ()
    elsewhere: tuple[Reason, ...] = ()


class Missing(Record):
    """A fact not known that could still change a verdict. `items` are those it could change."""

    fact: str
    ask: str
    items: tuple[str, ...]
    elements: tuple[str, ...]
    authority_side: bool = False


class Hinge(Record):
    """A reading the answer turns on.

    `under` maps each alternative to the disposition it gives, all other readings being as in `Decision.basis`.
    Where no single reading changes the answer, `together_with` names those that must change with this one.
    """

    reading: str
    words: str
    chosen: str
    under: dict[str, Disposition]
    together_with: tuple[str, ...] = ()


class AttachedDuty(Record):
    address: str
    who: str
    when: str
    duty: str
    citation: str
    certainty: str
    deadline: str | None = None
    within_hours: int | None = None
    breach: str | None = None
    items: tuple[str, ...]


class ProfileOutcome(Record):
    """What one profile answers, when several were asked."""

    profile: str
    effect: Effect
    disposition: Disposition
    verdicts: dict[str, Verdict]


class EngineFault(Record):
    """The evaluators disagreed, or one failed. The decision is deny, whatever they said."""

    kind: Literal["disagreement", "crash", "timeout", "error"]
    detail: str
    reproduction: str | None = None


class Decision(Record):
    """A decision. `effect` is allow only if every item requested is allowed; `releasable` is the largest set that
    could be released now. `profile` is the one asked for (`None`: all), `basis` the one whose reasons are shown."""

    schema_version: int = SCHEMA_VERSION
    id: str
    request_id: str
    request_digest: str
    decided_at: datetime
    effect: Effect
    disposition: Disposition
    items: tuple[ItemDecision, ...]
    releasable: tuple[str, ...]
    missing: tuple[Missing, ...] = ()
    hinges: tuple[Hinge, ...] = ()
    duties: tuple[AttachedDuty, ...] = ()
    profile: str | None
    basis: str
    profiles: tuple[ProfileOutcome, ...] = ()
    as_of: date
    known_at: date | None = None
    book_name: str
    book_version: str
    book_digest: str
    engine: str
    second_key: Literal["agrees", "disagrees", "failed", "not_asked"]
    fault: EngineFault | None = None
    caveat: str = CAVEAT

    def _repr_html_(self) -> str:
        from limen.decide.notebook import decision_html

        return decision_html(self)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        from limen.decide.shown import bundle

        return bundle(self._repr_html_())
