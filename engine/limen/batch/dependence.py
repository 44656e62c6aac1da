"""Which columns each fact depends on, so that it can be worked out once for each combination of them.

Facts read from a path depend on that field, on whether its section is there, and on whether the file is whole. What a
registered derivation looks at is listed here; a test changes every other column and sees that nothing moves. A
vocabulary with a derivation that is not listed is read one request at a time.

Names beginning with `@` are not columns: `@order` says whether any field of that section is stated.
"""

from __future__ import annotations

from collections.abc import Iterable

from limen.law.vocabulary import Fact
from limen.request.model import Item, Request
from limen.request.paths import place_of

WHOLE = "nothing_else"
ALL_RECIPIENTS = "recipients.*"
NAMED = ("recipients.*.name", "recipients.*.agency")
"""Who the recipients are, as the counts of a batch tell them apart."""
ALL_ITEMS = "items.*"
ITEM = "item."
"""Columns of the one item that a fact is about."""

DERIVED: dict[str, tuple[str, ...]] = {
    "states_name": ("subject.name.last",),
    "address_quality": ("subject.address.lines",),
    "address_has_zip_like_number": ("subject.address.lines",),
    "states_tax_periods": ("tax_periods",),
    "states_authority": ("matter.statute", "matter.authority_cited"),
    "states_reasons": ("reasons",),
    "terrorism_states_reasons": ("@terrorism", "terrorism.reasons"),
    "seeks_more_than_identity": (ALL_ITEMS,),
    "designated_statute": ("matter.statute", "matter.conduct"),
    "serves_immigration_enforcement": ("matter.statute", "matter.conduct", "purposes"),
    "recipients_in_requesting_agency": (ALL_RECIPIENTS, "requester.agency"),
    "recipients_agency_or_team": (ALL_RECIPIENTS, "requester.agency"),
    "recipients_all_federal": (ALL_RECIPIENTS,),
    "recipients_all_treasury": (ALL_RECIPIENTS,),
    "recipients_all_justice": (ALL_RECIPIENTS,),
    "recipients_all_federal_law_enforcement": (ALL_RECIPIENTS,),
    "recipients_all_federal_or_state_law_enforcement": (ALL_RECIPIENTS,),
    "recipients_all_intelligence": (ALL_RECIPIENTS,),
    "recipients_staff_or_representatives": (ALL_RECIPIENTS,),
    "recipients_any_contractor": (ALL_RECIPIENTS,),
    "batch_requests_with_same_reasons": ("reasons",),
    "batch_matters_naming_same_recipient": ("@recipients.*", *NAMED),
    "item_named_in_order": ("@order", "order.items", ITEM + "id", ITEM + "kind"),
    "item_period_in_order": ("@order", "order.periods", ITEM + "period", "tax_periods"),
}
DIRECT: dict[str, tuple[str, ...]] = {
    "address_quality": ("subject.address.lines",),
    "address_has_zip_like_number": ("subject.address.lines",),
    "states_reasons": ("reasons",),
    "batch_requests_with_same_reasons": ("reasons",),
    "batch_matters_naming_same_recipient": NAMED,
}
"""Derivations whose columns hold something else in nearly every request. When these columns alone give a value,
nothing else in the request matters, and the derivation is asked without making a request."""
OF_MATCH = frozenset({"match_grade", "match_lane", "match_address_held", "match_tin_agrees", "match_name_agrees"})
"""Derivations that look at the match alone."""

BY_PRESENCE = {"subject.name.last": "Doe"}
"""Columns of which only matters whether they are stated, and what stands in for them."""


def depends_on(fact: Fact, columns: Iterable[str]) -> tuple[str, ...] | None:
    """The columns (of those given) that `fact` depends on; `None` where that is not known.

    `columns` are dotted columns of requests, in their order.
    """
    source = fact.source
    if source is None:
        return ()
    if source.derive is not None:
        if source.derive in OF_MATCH:
            return ("@match",)
        named = DERIVED.get(source.derive)
        return None if named is None else _spread((*named, WHOLE), columns)
    place = place_of(source.path or "", Item if fact.per_item else Request)
    if fact.per_item:
        return (ITEM + ".".join(place.steps),)
    if place.steps[0] == "recipients":
        return _spread((ALL_RECIPIENTS, WHOLE), columns)
    return ("@" + place.steps[0], ".".join(place.steps), WHOLE)


def direct_columns(fact: Fact, columns: Iterable[str]) -> tuple[str, ...]:
    """The columns that may give `fact` without a request being made; none for most facts."""
    derive = fact.source.derive if fact.source is not None else None
    return () if derive is None else _spread(DIRECT.get(derive, ()), columns)


def _spread(named: Iterable[str], columns: Iterable[str]) -> tuple[str, ...]:
    """`named` with the columns of every recipient, or the kind of every item, in place of a star."""
    columns = list(columns)
    found: list[str] = []
    for name in named:
        if name == ALL_RECIPIENTS:
            own = [column for column in columns if column.startswith("recipients.")]
            found += [column for column in own if not column.endswith(".name")]
            found += sorted({f"@{'.'.join(column.split('.')[:2])}" for column in own})
        elif name == "@recipients.*":
            own = [column for column in columns if column.startswith("recipients.")]
            found += sorted({f"@{'.'.join(column.split('.')[:2])}" for column in own})
        elif name in NAMED:
            last = name.removeprefix("recipients.*")
            found += [column for column in columns if column.startswith("recipients.") and column.endswith(last)]
        elif name == ALL_ITEMS:
            found += [column for column in columns if column.startswith("items.") and column.endswith(".kind")]
        else:
            found.append(name)
    return tuple(dict.fromkeys(found))
