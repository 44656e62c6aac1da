"""The account of a request: what the law wants kept of it, and nothing that names its subject.

26 U.S.C. § 6103(p)(3)(A) asks for a standardised record of every request, its reasons and dates, and of what was
disclosed; 5 U.S.C. § 552a(c)(1) for date, nature, purpose and recipient. Agencies, offices, kinds and dates are kept in
clear. A name of an official is kept as a keyed pseudonym, so that it can be searched for and counted. The reasons are
kept as a keyed pseudonym of their wording with the subject blanked, so that one reason given twice is seen to be so.
"""

from __future__ import annotations

import re
from functools import lru_cache
from json.encoder import encode_basestring as escaped
from operator import itemgetter
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

_FORMS = 4096
"""So many citations and periods are remembered."""

_ANSWERS = {True: "true", False: "false"}
_OF_REQUESTER = itemgetter("agency", "in_writing", "office", "signed_by")
_OF_MATTER = itemgetter("kind", "number", "stage", "statute")
_OF_REQUEST = itemgetter(
    "id", "batch", "dated", "received", "reasons", "tax_periods", "items", "recipients", "purposes"
)
_OF_ITEM = itemgetter("came_from", "id", "kind", "period")
_OF_RECIPIENT = itemgetter("agency", "employment", "name", "office")


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


def account_text(request: Request, salt: Pseudonym, key: Key, personal: Personal) -> tuple[str, str]:
    """The account of `request` as canonical JSON, and what of it has to be looked through: all but the pseudonyms.

    The text is that of `request_account`, which a test holds it to. None of the pseudonyms holds anything of what it
    stands for.
    """
    top = request.__dict__
    agency, in_writing, office, signed_by = _OF_REQUESTER(top["requester"].__dict__)
    kind, number, stage, statute = _OF_MATTER(top["matter"].__dict__)
    id_, batch, dated, received, reasons, periods, items, recipients, purposes = _OF_REQUEST(top)
    # What lies between one pseudonym and the next, in the order of the names.
    asked = "" if agency is None else f'"agency":{escaped(agency)},'
    if batch is not None:
        asked += f'"batch":{escaped(batch)},'
    if dated is not None:
        asked += f'"dated":{escaped(str(dated))},'
    asked += f'"id":{escaped(id_)}'
    if in_writing is not None:
        asked += f',"in_writing":{_ANSWERS[in_writing] if in_writing.__class__ is bool else escaped(in_writing)}'
    if items:
        asked += f',"items":[{",".join([_item(*_OF_ITEM(item.__dict__)) for item in items])}]'
    if kind is not None:
        asked += f',"matter":{escaped(kind)}'
    sought = "" if office is None else f',"office":{escaped(office)}'
    if periods:
        sought += f',"periods":[{",".join([_period(period) for period in periods])}]'
    if purposes:
        sought += f',"purposes":[{",".join(map(escaped, purposes))}]'
    came = "" if received is None else f',"received":"{received.isoformat()}"'
    under = "" if stage is None else f',"stage":{escaped(stage)}'
    if statute is not None:
        under += f',"statute":{_statute(statute)}'
    matter = f',"matter_number":"{salt.commit("matter", plain(number))[:24]}"' if number else ""
    why = f',"reasons":"{wording_pseudonym(key, reasons, personal)}"' if reasons else ""
    named, own = "", ""
    if recipients:
        named, own = _recipients(key.lookup, tuple([_OF_RECIPIENT(one.__dict__) for one in recipients]))
    signed = f',"signed_by":"{name_pseudonym(key, signed_by)}"' if signed_by else ""
    return f"{{{asked}{matter}{sought}{why}{came}{named}{signed}{under}}}", f"{asked}{sought}{came}{own}{under}"


def _item(came_from: str | None, id_: str, kind: str, period: str | None) -> str:
    return (
        f'{{"came_from":{_or_null(came_from)},"id":{escaped(id_)}'
        f',"kind":{escaped(kind)},"period":{"null" if period is None else _period(period)}}}'
    )


@lru_cache(maxsize=4096)
def _recipients(secret: bytes, stated: tuple[tuple[str | None, ...], ...]) -> tuple[str, str]:
    """The recipients as text, and without their names; the same officials receive again and again."""
    texts, own = [], []
    for agency, employment, name, office in stated:
        begun, end = (
            f'{{"agency":{_or_null(agency)},"employment":{_or_null(employment)}',
            f',"office":{_or_null(office)}}}',
        )
        texts.append(f'{begun},"name":{_or_null(_official(secret, name) if name else None)}{end}')
        own.append(begun + end)
    return f',"recipients":[{",".join(texts)}]', "".join(own)


def _or_null(text: str | None) -> str:
    return "null" if text is None else escaped(text)


def _period(text: str) -> str:
    return f'"{_of_form(text, _PERIOD)}"'


def _statute(text: str) -> str:
    return f'"{_of_form(text, _STATUTE)}"'


_seen_form: dict[tuple[str, re.Pattern[str]], str] = {}


def _of_form(text: str, form: re.Pattern[str]) -> str:
    """The text if it is of the form; what is not, and might name somebody, is never remembered."""
    known = _seen_form.get((text, form))
    if known is not None:
        return known
    if not form.fullmatch(text):
        return OTHER
    if len(_seen_form) >= _FORMS:
        _seen_form.clear()
    return _seen_form.setdefault((text, form), text)


def _expected(text: str | None, form: re.Pattern[str]) -> str | None:
    return None if text is None else _of_form(text, form)
