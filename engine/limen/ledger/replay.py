"""Replay: decide again what was decided, from facts that somebody shows again, and compare.

The ledger holds no request. Whoever has it can show that it is the one (a commitment was recorded), and is then told
whether the same request, under the same law, profile and date, is answered in the same way today.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from limen.ledger.errors import RecordRefused
from limen.ledger.masking import Personal, mask_body
from limen.ledger.record import Record
from limen.ledger.subject import Pseudonym

if TYPE_CHECKING:
    from limen.ledger.ledger import Ledger
    from limen.request.model import Request

VOLATILE = frozenset({"id", "decided_at", "request_digest", "engine", "fault", "book_version", "caveat"})
"""What may differ between two decisions that say the same."""


@dataclass(frozen=True, slots=True)
class Difference:
    """At `path` (as in `items/0/verdict`) the ledger says `recorded` and the new decision `replayed`."""

    path: str
    recorded: Any
    replayed: Any


@dataclass(frozen=True, slots=True)
class Replay:
    """`same_book`: the rule book is the one the decision was made under; otherwise differences may be its."""

    sequence: int
    same_book: bool
    differences: tuple[Difference, ...]

    @property
    def agrees(self) -> bool:
        return not self.differences


Redecide = Callable[[Record, Mapping[str, Any]], Mapping[str, Any]]
"""Given the record and the decision in it (whose profile and dates count), decide the request again: the decision as
`model_dump(mode="json")` gives it."""


def replay(ledger: Ledger, which: str | int, shown: Request, redecide: Redecide) -> Replay:
    """Decide again the decision in record `which`, from the request `shown`.

    Raises RecordRefused if the record is no decision, if its subject was forgotten, or if the request shown is not
    the one it was made on; NoSuchRecord if there is no such record.
    """
    from limen.request.digest import request_digest

    record = ledger.show(which)
    body = record.body
    decision = body.get("decision", body)
    if record.kind != "decision" or not isinstance(decision, dict):
        raise RecordRefused(f"record {record.sequence} is no decision", ledger.where, "name the record of a decision")
    salt = _salt_for(ledger, record, shown)
    if not hmac.compare_digest(salt.commit("request", request_digest(shown)), str(decision.get("request_digest"))):
        raise RecordRefused(
            f"the request shown is not the one of record {record.sequence}", ledger.where, "show the same file again"
        )
    again = dict(redecide(record, decision))
    personal = Personal(shown.subject)
    same_book = again.get("book_digest") == decision.get("book_digest")
    return Replay(record.sequence, same_book, differences_between(decision, mask_body(again, personal, salt)))


def differences_between(recorded: Mapping[str, Any], replayed: Mapping[str, Any]) -> tuple[Difference, ...]:
    """Every place where two decisions (as JSON) do not say the same, what may differ left out."""
    return tuple(_differences("", _compared(recorded), _compared(replayed)))


def _salt_for(ledger: Ledger, record: Record, shown: Request) -> Pseudonym:
    if record.subject is None:
        key = ledger.keys.find(record.key)
        if key is None:
            raise RecordRefused("the key of the record is not in the ring", ledger.where, "put the old keys back")
        return Pseudonym("", key.mask)
    with ledger.lock:
        found = ledger.writer.subjects.find_all(Personal(shown.subject).parts, None)
    for pseudonym in found:
        if pseudonym.subject == record.subject:
            return pseudonym
    raise RecordRefused(
        f"the subject shown is not that of record {record.sequence}, or was forgotten",
        ledger.where,
        "show the same file again; what was forgotten cannot be replayed",
    )


def _compared(decision: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in decision.items() if name not in VOLATILE and name != "book_digest"}


def _differences(path: str, recorded: Any, replayed: Any) -> Iterator[Difference]:
    if isinstance(recorded, Mapping) and isinstance(replayed, Mapping):
        for name in sorted(recorded.keys() | replayed.keys()):
            yield from _differences(f"{path}/{name}".lstrip("/"), recorded.get(name), replayed.get(name))
    elif isinstance(recorded, list) and isinstance(replayed, list):
        for place in range(max(len(recorded), len(replayed))):
            one = recorded[place] if place < len(recorded) else None
            other = replayed[place] if place < len(replayed) else None
            yield from _differences(f"{path}/{place}", one, other)
    elif recorded != replayed:
        yield Difference(path, recorded, replayed)
