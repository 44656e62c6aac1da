"""One request as the reports see it, read from the record of its decision."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from limen.ledger.record import Record

NOT_STATED = "not stated"
ACCOUNTING_RULE = "usc.26.6103.p.3"
"""The rule whose duties attach to a release that has to be accounted for; (p)(3)(A) exempts the other gateways."""

_SECTION = re.compile(r"usc\.(\d+)\.(\w+)((?:\.\w+)*)")


@dataclass(frozen=True, slots=True)
class Released:
    """An item that was allowed, and the gateway that allowed it."""

    item: str
    kind: str
    gateway: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A request and its answer. `released` is empty unless every item was allowed, for only then is anything disclosed.

    `accounted` says whether the disclosure has to be in the standing record; a request always has.
    """

    sequence: int
    at: str
    received: str
    subject: str | None
    request: str
    agency: str
    office: str
    purpose: str
    statute: str
    reasons: str
    recipients: tuple[str, ...]
    items: tuple[str, ...]
    disposition: str
    released: tuple[Released, ...]
    accounted: bool


def asked(records: Iterable[Record]) -> Iterator[Asked]:
    """The requests that were decided, in the order of the ledger."""
    for record in records:
        if record.kind != "decision":
            continue
        body = record.body
        decision = body.get("decision", body)
        if isinstance(decision, Mapping) and "disposition" in decision:
            yield _asked(record, decision, body.get("request") or {})


def _asked(record: Record, decision: Mapping[str, Any], request: Mapping[str, Any]) -> Asked:
    items = [item for item in decision.get("items", ()) if isinstance(item, Mapping)]
    allowed = decision.get("effect") == "allow"
    released = tuple(
        Released(str(item.get("item")), str(item.get("kind") or NOT_STATED), str(item.get("gateway") or NOT_STATED))
        for item in items
        if allowed and item.get("verdict") == "allow"
    )
    duties = decision.get("duties", ())
    return Asked(
        sequence=record.sequence,
        at=record.at,
        received=str(request.get("received") or record.at[:10]),
        subject=record.subject,
        request=str(decision.get("request_id") or NOT_STATED),
        agency=_words(request.get("agency")),
        office=_words(request.get("office")),
        purpose="; ".join(_words(purpose) for purpose in request.get("purposes", ())) or _words(request.get("matter")),
        statute=str(request.get("statute") or NOT_STATED),
        reasons=str(request.get("reasons") or NOT_STATED),
        recipients=tuple(
            ", ".join(_words(one.get(part)) for part in ("office", "agency") if one.get(part)) or NOT_STATED
            for one in request.get("recipients", ())
        ),
        items=tuple(str(item.get("kind") or item.get("item")) for item in items),
        disposition=str(decision["disposition"]),
        released=released,
        accounted=any(_under(duty.get("address"), ACCOUNTING_RULE) for duty in duties),
    )


def _words(value: object) -> str:
    return str(value).replace("_", " ") if value else NOT_STATED


def _under(address: object, rule: str) -> bool:
    return isinstance(address, str) and (address == rule or address.startswith((f"{rule}#", f"{rule}.")))


def cited(address: str) -> str:
    """A rule's address as a lawyer writes it, where it is a section of the Code.

    >>> cited("usc.26.6103.i.2")
    '26 U.S.C. § 6103(i)(2)'
    """
    found = _SECTION.fullmatch(address)
    if found is None:
        return address
    title, section, rest = found.groups()
    return f"{title} U.S.C. § {section}" + "".join(f"({part})" for part in rest.split(".") if part)
