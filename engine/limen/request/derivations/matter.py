"""Which law the matter is about."""

from __future__ import annotations

from typing import Final

from limen.request.derivation import Derivation, Derived, Given
from limen.request.statutes import DESIGNATIONS, designations, is_immigration_law, says_nothing

_LAW_OF_CONDUCT: Final = {
    "failed_to_depart": "usc_8_1253_a_1", "no_travel_documents": "usc_8_1253_a_1",
    "hampered_departure": "usc_8_1253_a_1", "failed_to_appear": "usc_8_1253_a_1", "broke_supervision": "usc_8_1253_b",
    "harboured_or_smuggled": "usc_8_1324", "improper_entry": "usc_8_1325", "re_entered": "usc_8_1326",
    "failed_to_register": "usc_8_1306", "unlawful_presence": "unlawful_presence",
}  # fmt: skip
_NOT_IMMIGRATION: Final = frozenset({
    "tax_administration", "state_tax_administration", "audit", "benefits", "locate_child", "terrorism_response",
    "terrorism_intelligence",
})  # fmt: skip
_ANY_CRIME: Final = frozenset({"criminal_proceeding", "criminal_investigation", "grand_jury", "locate_fugitive"})


def _designated(given: Given) -> str | None:
    matter = given.request.matter
    fitting = None if matter.statute is None else designations(matter.statute)
    if fitting is None:
        return None
    if len(fitting) == 1:
        return next(iter(fitting))
    of_conduct = _LAW_OF_CONDUCT.get(matter.conduct or "")
    return of_conduct if of_conduct in fitting else None


def _immigration(given: Given) -> Derived:
    request = given.request
    law = request.matter.statute
    if "civil_removal" in request.purposes or (law is not None and is_immigration_law(law)):
        return True
    if law is None or law == "unknown" or says_nothing(law):
        return None
    other_crime = _designated(given) in ("other_federal_crime", "federal_tax_crime")
    elsewhere = _NOT_IMMIGRATION | _ANY_CRIME if other_crime else _NOT_IMMIGRATION
    return False if request.purposes and elsewhere.issuperset(request.purposes) else None


ALL: Final = (
    Derivation(
        "designated_statute",
        "enum",
        "The statute that the request designates is the one law it cites; where it cites several, the one that fits "
        "the conduct it describes, and otherwise it is not known.",
        "26 U.S.C. 6103(i)(1)(A)(i)",
        values=DESIGNATIONS,
        of_case=_designated,
    ),
    Derivation(
        "serves_immigration_enforcement",
        "bool",
        "The information is sought to enforce the immigration laws when the law cited or a purpose declared is theirs; "
        "it is not when another law is cited and every purpose declared is something else.",
        "8 U.S.C., the title on aliens and nationality",
        of_case=_immigration,
    ),
)
