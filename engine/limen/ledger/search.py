"""Searching the ledger: by provision, outcome, reading, date, recipient and more."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from limen.ledger.account import name_pseudonym
from limen.ledger.expand import with_steady
from limen.ledger.listed import SIGN
from limen.ledger.masking import Personal
from limen.ledger.record import Record

if TYPE_CHECKING:
    from limen.ledger.ledger import Ledger
    from limen.request.subject import Subject

_REASONED = ("reasons", "elsewhere", "duties")


@dataclass(frozen=True, slots=True)
class Query:
    """What is sought; a record must meet all that is given.

    `provision` is an address or the beginning of one (whole parts of it: `usc.26.6103.i.2` is not found in
    `usc.26.6103.i.20`), which a reason or duty must name. `outcome` is that of a reason (with `provision`: of the same
    reason), or the effect, disposition or verdict of the decision. `reading` is a reading the decision hinges on, or
    the profile it was made under. `since` and `until` are days or moments (ISO 8601); `until` is the first not
    included. `recipient` is an official's name, or an agency or office in the words of requests; `agency` is who
    asked. `subject` (as stated) and `person` are found by their pseudonyms.
    """

    kind: str | None = None
    provision: str | None = None
    outcome: str | None = None
    reading: str | None = None
    since: str | None = None
    until: str | None = None
    recipient: str | None = None
    agency: str | None = None
    subject: Subject | None = None
    person: str | None = None


def search(ledger: Ledger, query: Query) -> Iterator[Record]:
    """The records that meet `query`, in order."""
    tests = list(_tests(ledger, query))
    for record in ledger.records():
        if _outside(record, query):
            continue
        if tests:
            try:
                body = record.stored_body
            except ValueError:
                continue
            if not all(test(record, body) for test in tests):
                continue
        yield record


def _outside(record: Record, query: Query) -> bool:
    return (
        (query.kind is not None and record.kind != query.kind)
        or (query.since is not None and record.at < query.since)
        or (query.until is not None and record.at >= query.until)
    )


Test = Callable[[Record, Mapping[str, Any]], bool]


def _tests(ledger: Ledger, query: Query) -> Iterator[Test]:
    if query.subject is not None or query.person is not None:
        parts = Personal(query.subject).parts
        with ledger.lock:
            sought = {found.subject for found in ledger.writer.subjects.find_all(parts, query.person)}
        yield lambda record, _: record.subject in sought
    if query.provision is not None or query.outcome is not None:
        yield _reason_test(ledger, query)
    if query.reading is not None:
        yield _reading_test(ledger, query.reading)
    if query.recipient is not None:
        yield _recipient_test(ledger, query.recipient)
    if (agency := query.agency) is not None:
        yield lambda _, body: _part(body, "request").get("agency") == agency


def _decision(ledger: Ledger) -> Callable[[Mapping[str, Any]], Mapping[str, Any]]:
    """Gives the decision in a body, with its steady fields and its lists by wording."""

    def says(name: str) -> Mapping[str, Any]:
        with ledger.lock:
            return ledger.writer.texts.says(name)

    def decision(body: Mapping[str, Any]) -> Mapping[str, Any]:
        try:
            return with_steady(_part(body, "decision") or body, says)
        except ValueError:  # A wording is missing: `verify` says so, and the rest can still be searched.
            return _part(body, "decision")

    return decision


def _reason_test(ledger: Ledger, query: Query) -> Test:
    provision, outcome = query.provision, query.outcome
    decision_in = _decision(ledger)

    def fits(said: Mapping[str, Any]) -> bool:
        named = provision is None or any(
            _is_under(said.get(field), provision) for field in ("address", "rule", "gateway")
        )
        return named and (outcome is None or said.get("outcome") == outcome)

    fitting = _texts_that(ledger, fits)

    def test(_: Record, body: Mapping[str, Any]) -> bool:
        decision = decision_in(body)
        items = [item for item in decision.get("items", ()) if isinstance(item, Mapping)]
        if provision is None and (
            outcome in (decision.get("effect"), decision.get("disposition"))
            or any(item.get("verdict") == outcome for item in items)
        ):
            return True
        return any(
            _any_fits(holder.get(field), fits, fitting) for holder in (decision, *items) for field in _REASONED
        ) or (outcome is None and any(_is_under(item.get("gateway"), provision or "") for item in items))

    return test


def _reading_test(ledger: Ledger, reading: str) -> Test:
    def fits(said: Mapping[str, Any]) -> bool:
        return _is_under(said.get("reading"), reading) or reading in said.get("together_with", ())

    fitting = _texts_that(ledger, fits)
    decision_in = _decision(ledger)

    def test(_: Record, body: Mapping[str, Any]) -> bool:
        decision = decision_in(body)
        if reading in (decision.get("profile"), decision.get("basis")):
            return True
        return _any_fits(decision.get("hinges"), fits, fitting)

    return test


def _recipient_test(ledger: Ledger, recipient: str) -> Test:
    names = {name_pseudonym(key, recipient) for key in ledger.keys.keys}

    def test(_: Record, body: Mapping[str, Any]) -> bool:
        return any(
            one.get("name") in names or recipient in (one.get("agency"), one.get("office"))
            for one in _part(body, "request").get("recipients", ())
        )

    return test


def _texts_that(ledger: Ledger, fits: Callable[[Mapping[str, Any]], bool]) -> frozenset[str]:
    """The names of the shared wordings that fit."""
    with ledger.lock:
        rows = ledger.store.run(ledger.store.sql.all_texts)
    return frozenset(name for name, text in rows if fits(json.loads(text)))


def _any_fits(listed: Any, fits: Callable[[Mapping[str, Any]], bool], fitting: frozenset[str]) -> bool:
    if isinstance(listed, Mapping):
        return any(name in fitting for name in listed.get(SIGN, ()))
    return any(isinstance(one, Mapping) and fits(one) for one in listed or ())


def _is_under(address: object, provision: str) -> bool:
    """Whether `address` is `provision` or lies under it."""
    if not isinstance(address, str) or not address.startswith(provision):
        return False
    return len(address) == len(provision) or address[len(provision)] in ".#/:" or provision[-1:] in ".#/:"


def _part(body: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = body.get(name)
    return part if isinstance(part, Mapping) else {}
