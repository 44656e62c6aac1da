"""What was decided is found by provision, outcome, reading, date, recipient and subject."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from told import GATEWAY, decision, reason, request, subject

from limen.ledger import Entry, Ledger
from limen.ledger.search import Query, search
from limen.request.model import Recipient, Requester


@pytest.fixture
def filled(ledger: Ledger) -> Iterator[Ledger]:
    """Records 2 (denied), 3 (allowed), 4 (another agency and recipient), 5 (no decision)."""
    other = request(3, requester=Requester(agency="fbi"), recipients=(Recipient(name="Lee", agency="fbi"),))
    ledger.append_many(
        (
            Entry("decision", {"decision": decision(request(1), number=1)}, request=request(1)),
            Entry("decision", {"decision": decision(request(2), allow=True, number=2)}, request=request(2)),
            Entry(
                "decision",
                {"decision": decision(other, number=3, hinges=(), profile=None)},
                request=other,
                person="P-3",
            ),
            Entry("case_event", {"event": "returned"}),
        )
    )
    yield ledger


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (Query(), [1, 2, 3, 4, 5]),
        (Query(kind="decision"), [2, 3, 4]),
        (Query(provision=GATEWAY), [2, 3, 4]),
        (Query(provision="usc.26.6103.i"), [2, 3, 4]),
        (Query(provision="usc.26.6103.i.20"), []),
        (Query(provision="usc.26.6103.i.2#address"), []),
        (Query(provision=f"{GATEWAY}#address_stated", outcome="not_met"), [2, 4]),
        (Query(provision=f"{GATEWAY}#address_stated", outcome="met"), [3]),
        (Query(provision="usc.26.6103.p.3"), [3]),
        (Query(provision="usc.26.6103.i.1", outcome="not_known"), [2, 3, 4]),
        (Query(outcome="allow"), [3]),
        (Query(outcome="withhold"), [2, 4]),
        (Query(outcome="not_known"), [2, 3, 4]),
        (Query(outcome="barred"), []),
        (Query(reading=f"{GATEWAY}/address_stated"), [2, 3]),
        (Query(reading="text-strict"), [2, 3, 4]),
        (Query(recipient="Kim Officer"), [2, 3]),
        (Query(recipient="kim  OFFICER"), [2, 3]),
        (Query(recipient="fbi"), [4]),
        (Query(agency="fbi"), [4]),
        (Query(subject=subject(2)), [3]),
        (Query(person="P-3"), [4]),
        (Query(subject=subject(9)), []),
        (Query(outcome="deny", agency="dhs_ice"), [2]),
        (Query(since="2000-01-01", until="2000-01-02"), []),
    ],
    ids=str,
)
def test_a_query_finds_what_meets_all_of_it(filled: Ledger, query: Query, expected: list[int]) -> None:
    assert [record.sequence for record in search(filled, query)] == expected


def test_dates_are_those_of_the_records(filled: Ledger) -> None:
    at = filled.show(2).at
    assert [record.sequence for record in search(filled, Query(since=at))] == [2, 3, 4, 5]
    assert [record.sequence for record in search(filled, Query(until=at))] == [1]


def test_a_recipient_is_found_under_old_keys_too(filled: Ledger) -> None:
    filled.rotate_keys()
    filled.append("decision", {"decision": decision(request(1))}, request=request(1))
    found = [record.sequence for record in search(filled, Query(recipient="Kim Officer"))]
    assert len(found) == 3 and found[:2] == [2, 3]


def test_bodies_without_shared_wording_are_searched_as_well(ledger: Ledger) -> None:
    body = {"items": [{"item": "a", "verdict": "deny", "reasons": ["plain", reason("x", "barred").model_dump()]}]}
    ledger.append("decision", body)
    assert [one.sequence for one in search(ledger, Query(provision=GATEWAY, outcome="barred"))] == [2]
