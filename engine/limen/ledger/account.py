"""The account of a request: what the law wants kept of it, and nothing that names its subject.

26 U.S.C. § 6103(p)(3)(A) asks for a standardised record of every request, its reasons and dates, and of what was
disclosed; 5 U.S.C. § 552a(c)(1) for date, nature, purpose and recipient. Agencies, offices, kinds and dates are kept in
clear. A name of an official is kept as a keyed pseudonym, so that it can be searched for and counted. The reasons are
kept as a keyed pseudonym of their wording with the subject blanked, so that one reason given twice is seen to be so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from limen.ledger.keyed import keyed_hash
from limen.ledger.subject import Pseudonym, plain

if TYPE_CHECKING:
    from limen.ledger.keys import Key
    from limen.ledger.masking import Personal
    from limen.request.model import Request

_STATUTE = re.compile(
    r"[0-9]{1,3} ?(U\. ?S\. ?C\.?|USC|C\. ?F\. ?R\.?|CFR) ?(§+|[Ss]ec(tion|\.))? ?[0-9][0-9A-Za-z().,\-– ]{0,40}"
)
_PERIOD = re.compile(r"[0-9]{4}([-/](0[1-9]|1[0-2]|[0-9]{4}|Q[1-4]))?")
OTHER = "other"
"""Stands for words of the request that are not of the expected form, and so might name somebody."""


def name_pseudonym(key: Key, name: str) -> str:
    """The keyed pseudonym of an official's name. The same name has the same one under the same key."""
    return _official(key.lookup, name)


@lru_cache(maxsize=4096)
def _official(secret: bytes, name: str) -> str:
    return "r-" + keyed_hash(secret, f"official\n{plain(name)}")[:24]


def wording_pseudonym(key: Key, text: str, personal: Personal) -> str:
    """The keyed pseudonym of a wording, alike for every subject it is used of."""
    return _wording(key.lookup, personal.blank(text))


@lru_cache(maxsize=1024)
def _wording(secret: bytes, blanked: str) -> str:
    return "w-" + keyed_hash(secret, f"wording\n{blanked}")[:24]


def request_account(request: Request, salt: Pseudonym, key: Key, personal: Personal) -> dict[str, Any]:
    """The account of `request` as JSON values; what was not stated is left out.

    The number of the matter is committed to with the subject's salt: it goes when the subject is forgotten.
    """
    requester, matter = request.requester, request.matter
    account: dict[str, Any] = {
        "id": request.id,
        "batch": request.batch,
        "agency": requester.agency,
        "office": requester.office,
        "signed_by": name_pseudonym(key, requester.signed_by) if requester.signed_by else None,
        "in_writing": requester.in_writing,
        "dated": str(request.dated) if request.dated is not None else None,
        "received": request.received.isoformat() if request.received is not None else None,
        "matter": matter.kind,
        "stage": matter.stage,
        "statute": _expected(matter.statute, _STATUTE),
        "matter_number": salt.commit("matter", plain(matter.number))[:24] if matter.number else None,
        "purposes": list(request.purposes),
        "reasons": wording_pseudonym(key, request.reasons, personal) if request.reasons else None,
        "periods": [_expected(period, _PERIOD) for period in request.tax_periods],
        "items": [
            {"id": item.id, "kind": item.kind, "came_from": item.came_from, "period": _expected(item.period, _PERIOD)}
            for item in request.items
        ],
        "recipients": [
            {
                "name": name_pseudonym(key, recipient.name) if recipient.name else None,
                "office": recipient.office,
                "agency": recipient.agency,
                "employment": recipient.employment,
            }
            for recipient in request.recipients
        ],
    }
    return {
        name: value for name, value in account.items() if (value is not None and value.__class__ is not list) or value
    }


def pseudonyms_in(account: Mapping[str, Any]) -> list[str]:
    """The keyed pseudonyms and commitments of an account: none of them holds anything of what it stands for."""
    found = [account.get(name) for name in ("signed_by", "matter_number", "reasons")]
    found += [recipient["name"] for recipient in account.get("recipients", ())]
    return [pseudonym for pseudonym in found if pseudonym]


def _expected(text: str | None, form: re.Pattern[str]) -> str | None:
    if text is None:
        return None
    return text if form.fullmatch(text) else OTHER
