"""The registered derivations: facts that are read from a request by looking at more than one place in it.

Each says in one sentence what it means in law, and gives a value, `BLANK` (the document does not say it) or `None`
(not known). None of them raises, and none of them makes something of nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Final

from limen.law.truth import Truth, conjunction, disjunction
from limen.request.derivation import BLANK, Blank, Derived, Given, Registry
from limen.request.model import Item, Recipient
from limen.request.periods import covers
from limen.request.sections import CourtOrder
from limen.request.statutes import DESIGNATIONS, designations, says_nothing

_registry = Registry()
DERIVATIONS: Final = _registry.all
"""Every derivation by name; a vocabulary refers to them with `source: {derive: NAME}`."""

IDENTITY_KINDS: Final = frozenset({"name", "mailing_address", "taxpayer_number"})
FEDERAL_AGENCIES: Final = frozenset({
    "irs", "treasury", "tigta", "secret_service", "department_of_justice", "fbi", "dea", "dhs", "dhs_ice",
    "other_federal_law_enforcement", "other_federal_intelligence", "other_federal_agency", "gao",
})  # fmt: skip
PART_OF: Final = {
    "irs": "treasury", "tigta": "treasury", "fbi": "department_of_justice", "dea": "department_of_justice",
    "secret_service": "dhs", "dhs_ice": "dhs",
}  # fmt: skip
_IMMIGRATION: Final = frozenset({
    "usc_8_1253_a_1", "usc_8_1253_b", "usc_8_1306", "usc_8_1324", "usc_8_1325", "usc_8_1326", "usc_8_1324d",
    "unlawful_presence",
})  # fmt: skip
_OTHER_LAW: Final = frozenset({"other_federal_crime", "federal_tax_crime"})
_CONDUCT_UNDER: Final = {
    "failed_to_depart": "usc_8_1253_a_1", "no_travel_documents": "usc_8_1253_a_1",
    "hampered_departure": "usc_8_1253_a_1", "failed_to_appear": "usc_8_1253_a_1", "broke_supervision": "usc_8_1253_b",
    "harboured_or_smuggled": "usc_8_1324", "improper_entry": "usc_8_1325", "re_entered": "usc_8_1326",
    "failed_to_register": "usc_8_1306", "unlawful_presence": "unlawful_presence",
}  # fmt: skip
_LOCATING: Final = frozenset({"locate_fugitive", "locate_child"})
_ZIP_LIKE: Final = re.compile(r"(?<!\d)(?:\d{5}|\d{9}|\d{5}-\d{4})(?!\d)")
_THE_LETTER: Final = "26 U.S.C. 6103(i)(2)(B)"


# --- what the request states


@_registry.case(
    "bool",
    "The request states the taxpayer's name when it gives at least a last name.",
    source=f"{_THE_LETTER}(i)",
)
def states_name(given: Given) -> Derived:
    name = given.request.subject.name
    return BLANK if name is None or name.last is None else True


@_registry.case(
    "enum",
    "What stands in the place of the address is an address, part of one, or something else.",
    source=f"{_THE_LETTER}(i)",
    values=("complete", "partial", "placeholder", "facility_only", "zip_only", "none"),
)
def address_quality(given: Given) -> Derived:
    address = given.request.subject.address
    if address is None or not address.lines:
        return BLANK
    from limen.request.address import judge_address  # the lists it judges by are read when first needed

    return judge_address(address.lines).kind


@_registry.case(
    "bool",
    "Some number of five or nine digits stands in the address field, whatever it is.",
    source="agency filter of August 2025, as reported",
)
def address_has_zip_like_number(given: Given) -> Derived:
    address = given.request.subject.address
    if address is None or not address.lines:
        return BLANK
    return any(_ZIP_LIKE.search(line) is not None for line in address.lines)


@_registry.case(
    "bool",
    "The request states the taxable period or periods when it names at least one.",
    source=f"{_THE_LETTER}(ii)",
)
def states_tax_periods(given: Given) -> Derived:
    return _is_stated(given.request.tax_periods)


@_registry.case(
    "bool",
    "The request states the statutory authority of the matter when it names some law for it, rightly or not.",
    source=f"{_THE_LETTER}(iii)",
)
def states_authority(given: Given) -> Derived:
    return _is_stated((given.request.matter.statute, given.request.matter.authority_cited))


@_registry.case(
    "bool",
    "The request states reasons when it gives any of its own; whether they are specific is not for a machine to say.",
    source=f"{_THE_LETTER}(iv)",
)
def states_reasons(given: Given) -> Derived:
    return _is_stated((given.request.reasons,))


@_registry.case(
    "bool",
    "The request asks for something that is not the taxpayer's name, mailing address or number.",
    source="26 U.S.C. 6103(b)(6), (i)(2)(C)",
)
def seeks_more_than_identity(given: Given) -> Derived:
    return any(item.kind not in IDENTITY_KINDS for item in given.request.items)


# --- the matter


@_registry.case(
    "enum",
    "The statute that the request designates is the one law it cites; where it cites several, the one that fits the "
    "conduct it describes, and otherwise it is not known.",
    source="26 U.S.C. 6103(i)(1)(A)(i)",
    values=DESIGNATIONS,
)
def designated_statute(given: Given) -> Derived:
    return _designated(given)


@_registry.case(
    "bool",
    "The information is sought to enforce the immigration laws when the statute designated, the conduct or a purpose "
    "declared is one of theirs.",
    source="8 U.S.C. chapter 12",
)
def serves_immigration_enforcement(given: Given) -> Derived:
    request = given.request
    designated = _designated(given)
    if designated in _IMMIGRATION or "civil_removal" in request.purposes:
        return True
    if request.matter.conduct in _CONDUCT_UNDER:
        return True
    other_law = designated in _OTHER_LAW or request.matter.kind in ("tax", "audit", "claim", "benefits", "terrorism")
    purposes_known = bool(request.purposes) and not {"unknown", "other", "other_civil"} & set(request.purposes)
    return False if other_law and purposes_known else None


@_registry.case(
    "bool",
    "A court reviewed the order of removal when the request says so, or gives the day of that court's final order.",
    source="8 U.S.C. 1253(a)(1)(A)",
)
def court_reviewed(given: Given) -> Derived:
    matter = given.request.matter
    if matter.court_reviewed is not None:
        return _answer(matter.court_reviewed)
    if matter.court_review_final is None:
        return BLANK
    return True if isinstance(matter.court_review_final, date) else None


# --- who would receive it, and for what


@_registry.case(
    "bool",
    "Every recipient belongs to the agency that asks or to a part of it; a sister agency is not enough.",
    source="26 U.S.C. 6103(i)(2)(A)",
)
def recipients_in_requesting_agency(given: Given) -> Derived:
    asking = given.request.requester.agency
    return _every(_belongs(recipient, asking) for recipient in given.request.recipients)


@_registry.case(
    "bool",
    "Every recipient belongs to an authority of the Government of the United States.",
    source="26 U.S.C. 6103(b)(9)",
)
def recipients_all_federal(given: Given) -> Derived:
    return _every(_is_one_of(recipient.agency, FEDERAL_AGENCIES) for recipient in given.request.recipients)


@_registry.case(
    "bool",
    "Some recipient is a contractor or an agent, and so neither officer nor employee.",
    source="26 U.S.C. 6103(p)(9)",
)
def recipients_any_contractor(given: Given) -> Derived:
    recipients = given.request.recipients
    if not recipients:
        return BLANK
    return disjunction(_is_one_of(recipient.employment, ("contractor", "agent")) for recipient in recipients)


@_registry.case(
    "bool",
    "The information is sought only to find out where the person is.",
    source="26 U.S.C. 6103(i)(5)(B)(ii), compared with (i)(2)",
)
def only_to_locate(given: Given) -> Derived:
    stated = given.request.use.only_to_locate
    if stated is not None:
        return _answer(stated)
    purposes = set(given.request.purposes)
    if not purposes:
        return BLANK
    if purposes - _LOCATING - {"unknown"}:
        return False
    return None if "unknown" in purposes else True


# --- an order of a court


@_registry.item(
    "bool",
    "The order reaches the item when it names the item, or its kind.",
    source="26 U.S.C. 6103(i)(1)(A)",
    part="order",
)
def item_named_in_order(given: Given, item: Item) -> Derived:
    order = given.request.order
    if not isinstance(order, CourtOrder):
        return None
    if not order.items:
        return BLANK
    named = {name.casefold() for name in order.items}
    if item.id.casefold() in named or item.kind in named:
        return True
    return None if "unknown" in named else False


@_registry.item(
    "bool",
    "The order specifies the taxable period of the item; an item without one of its own is asked for all periods of "
    "the request.",
    source="26 U.S.C. 6103(i)(1)(A)",
    part="order",
)
def item_period_in_order(given: Given, item: Item) -> Derived:
    order = given.request.order
    if not isinstance(order, CourtOrder):
        return None
    if not order.periods:
        return BLANK
    wanted = given.request.tax_periods if item.period is None else (item.period,)
    if not wanted or "unknown" in wanted:
        return None
    if covers(order.periods, wanted):
        return True
    return None if "unknown" in order.periods else False


# --- what only the batch, or cross-reference, can tell


@_registry.case(
    "int",
    "How many requests of the batch give these reasons word for word, this one counted.",
    source=f"{_THE_LETTER}(iv), read one request at a time",
    part="batch",
)
def batch_requests_with_same_reasons(given: Given) -> Derived:
    return None if given.batch is None else given.batch.requests_with_same_reasons


@_registry.case(
    "int",
    "In how many matters of the batch the recipient named most often is named, this one counted.",
    source="26 U.S.C. 6103(i)(2)(A): personally and directly engaged",
    part="batch",
)
def batch_matters_naming_same_recipient(given: Given) -> Derived:
    return None if given.batch is None else given.batch.matters_naming_same_recipient


@_registry.case(
    "enum",
    "How well one person in the registry fits the person whom the request describes.",
    source="26 U.S.C. 6103(a): information about one taxpayer and no other",
    values=("exact", "strong", "weak", "ambiguous", "none"),
    part="match",
)
def match_grade(given: Given) -> Derived:
    return None if given.match is None else given.match.grade


@_registry.case(
    "enum",
    "Whether a taxpayer number or the address led to the person matched.",
    source="agency matching practice of August 2025, as reported",
    values=("tin", "address", "none"),
    part="match",
)
def match_lane(given: Given) -> Derived:
    return None if given.match is None else given.match.lane


@_registry.case(
    "enum",
    "Whether the registry has held the stated address for the person matched, now or before.",
    source=f"{_THE_LETTER}(i): the address of the taxpayer",
    values=("current", "former", "never"),
    part="match",
)
def match_address_held(given: Given) -> Derived:
    return None if given.match is None else given.match.address_held


@_registry.case(
    "bool",
    "The taxpayer number stated is that of the person matched.",
    source="26 U.S.C. 6103(b)(6)",
    part="match",
)
def match_tin_agrees(given: Given) -> Derived:
    return None if given.match is None else given.match.tin_agrees


@_registry.case(
    "bool",
    "The name stated is that of the person matched.",
    source=f"{_THE_LETTER}(i)",
    part="match",
)
def match_name_agrees(given: Given) -> Derived:
    return None if given.match is None else given.match.name_agrees


# --- small questions they share


def _answer(said: bool | str | None) -> Truth:
    return said if isinstance(said, bool) else None


def _is_stated(texts: Iterable[str | None]) -> bool | Blank | None:
    """Stated once any of the texts says something; not known if the only one there is said to be unknown."""
    said = [text for text in texts if text is not None and not says_nothing(text)]
    if any(text.casefold() != "unknown" for text in said):
        return True
    return None if said else BLANK


def _every(answers: Iterable[Truth]) -> Derived:
    found = list(answers)
    return conjunction(found) if found else BLANK


def _is_one_of(word: str | None, words: Iterable[str]) -> Truth:
    return None if word is None or word == "unknown" else word in words


def _belongs(recipient: Recipient, asking: str | None) -> Truth:
    if recipient.in_requesting_agency is not None:
        return _answer(recipient.in_requesting_agency)
    if asking in (None, "unknown") or recipient.agency in (None, "unknown"):
        return None
    return recipient.agency == asking or PART_OF.get(recipient.agency or "") == asking


def _designated(given: Given) -> str | None:
    matter = given.request.matter
    if matter.statute is None:
        return None
    fitting = designations(matter.statute)
    if fitting is None:
        return None
    if len(fitting) == 1:
        return next(iter(fitting))
    by_conduct = _CONDUCT_UNDER.get(matter.conduct or "")
    return by_conduct if by_conduct in fitting else None
