"""Who would receive it: what can be said of all recipients together.

An agency has its parts: an officer of a part belongs to the whole, and not to a sister agency.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from limen.law.truth import Truth, conjunction, disjunction
from limen.request.derivation import BLANK, Derivation, Derived, answer, every, is_one_of
from limen.request.model import Recipient

FEDERAL_AGENCIES: Final = frozenset({
    "irs", "treasury", "tigta", "secret_service", "department_of_justice", "fbi", "dea", "dhs", "dhs_ice",
    "other_federal_law_enforcement", "other_federal_intelligence", "other_federal_agency", "gao",
})  # fmt: skip
PART_OF: Final = {
    "irs": "treasury", "tigta": "treasury", "fbi": "department_of_justice", "dea": "department_of_justice",
    "secret_service": "dhs", "dhs_ice": "dhs",
}  # fmt: skip
_LAW_ENFORCEMENT: Final = frozenset({"fbi", "dea", "secret_service", "dhs_ice", "other_federal_law_enforcement"})
_STATE_OR_LOCAL: Final = ("state_law_enforcement", "local_law_enforcement")


def _all(ask: Callable[[Recipient], Truth]) -> Callable[[tuple[Recipient, ...], str | None], Derived]:
    return lambda recipients, asking: every(map(ask, recipients))


def _within(recipient: Recipient, whole: str | None) -> Truth:
    if whole is None or whole == "unknown" or recipient.agency is None or recipient.agency == "unknown":
        return None
    return recipient.agency == whole or PART_OF.get(recipient.agency) == whole


def _federal(recipient: Recipient) -> Truth:
    return is_one_of(recipient.agency, FEDERAL_AGENCIES)


def _federal_law_enforcement(recipient: Recipient) -> Truth:
    enforces = True if recipient.agency in _LAW_ENFORCEMENT else answer(recipient.law_enforcement)
    return conjunction((_federal(recipient), enforces))


def _intelligence(recipient: Recipient) -> Truth:
    collects = True if recipient.agency == "other_federal_intelligence" else answer(recipient.intelligence)
    return conjunction((_federal(recipient), collects))


def _on_team(recipient: Recipient) -> Truth:
    return conjunction((is_one_of(recipient.agency, _STATE_OR_LOCAL), answer(recipient.investigative_team)))


def _all_in_requesting_agency(recipients: tuple[Recipient, ...], asking: str | None) -> Derived:
    return every(_within(recipient, asking) for recipient in recipients)


def _agency_or_team(recipients: tuple[Recipient, ...], asking: str | None) -> Derived:
    return every(disjunction((_within(recipient, asking), _on_team(recipient))) for recipient in recipients)


def _any_contractor(recipients: tuple[Recipient, ...], asking: str | None) -> Derived:
    if not recipients:
        return BLANK
    return disjunction(is_one_of(recipient.employment, ("contractor", "agent")) for recipient in recipients)


ALL: Final = (
    Derivation(
        "recipients_in_requesting_agency",
        "bool",
        "Every recipient belongs to the agency that asks, or to a part of it.",
        "26 U.S.C. 6103(i)(2)(A)",
        of_recipients=_all_in_requesting_agency,
    ),
    Derivation(
        "recipients_agency_or_team",
        "bool",
        "Every recipient belongs to the agency that asks or, as a State or local law enforcement officer, to its team.",
        "26 U.S.C. 6103(i)(7)(A)(ii)",
        of_recipients=_agency_or_team,
    ),
    Derivation(
        "recipients_all_federal",
        "bool",
        "Every recipient belongs to an authority of the Government of the United States.",
        "26 U.S.C. 6103(b)(9)",
        of_recipients=_all(_federal),
    ),
    Derivation(
        "recipients_all_treasury",
        "bool",
        "Every recipient belongs to the Treasury, or to a part of it.",
        "26 U.S.C. 6103(h)(1)",
        of_recipients=_all(lambda recipient: _within(recipient, "treasury")),
    ),
    Derivation(
        "recipients_all_justice",
        "bool",
        "Every recipient belongs to the Department of Justice, or to a part of it.",
        "26 U.S.C. 6103(h)(2)",
        of_recipients=_all(lambda recipient: _within(recipient, "department_of_justice")),
    ),
    Derivation(
        "recipients_all_federal_law_enforcement",
        "bool",
        "Every recipient belongs to a Federal law enforcement agency.",
        "26 U.S.C. 6103(i)(3)(B)(ii)",
        of_recipients=_all(_federal_law_enforcement),
    ),
    Derivation(
        "recipients_all_federal_or_state_law_enforcement",
        "bool",
        "Every recipient belongs to a Federal or State law enforcement agency; a county or a city is neither.",
        "26 U.S.C. 6103(i)(3)(B)(i)",
        of_recipients=_all(
            lambda recipient: disjunction(
                (_federal_law_enforcement(recipient), is_one_of(recipient.agency, ("state_law_enforcement",)))
            )
        ),
    ),
    Derivation(
        "recipients_all_intelligence",
        "bool",
        "Every recipient belongs to a Federal agency and collects or analyses intelligence there.",
        "26 U.S.C. 6103(i)(7)(B)",
        of_recipients=_all(_intelligence),
    ),
    Derivation(
        "recipients_staff_or_representatives",
        "bool",
        "Every recipient is an employee or a legal representative.",
        "26 U.S.C. 6103(d)(1)",
        of_recipients=_all(
            lambda recipient: is_one_of(recipient.employment, ("officer_or_employee", "legal_representative"))
        ),
    ),
    Derivation(
        "recipients_any_contractor",
        "bool",
        "Some recipient is a contractor or an agent, and so neither officer nor employee.",
        "26 U.S.C. 6103(p)(9)",
        of_recipients=_any_contractor,
    ),
)
