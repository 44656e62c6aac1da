"""One digest for what a request says; counts over a batch that hold nobody's name."""

from __future__ import annotations

import json
import random

from hypothesis import given
from hypothesis import strategies as st

from limen.request.batch import BatchContext, BatchCounts
from limen.request.digest import canonical_json, request_digest
from limen.request.model import Request
from limen.request.read import build_request
from stated import calm, places, requests, with_value

LETTER = {
    "id": "letter",
    "requester": {"agency": "dhs", "in_writing": True},
    "subject": {"name": {"last": "Żółć"}},
    "matter": {"opened": "2026-02-20"},
    "items": [{"id": "x", "kind": "name"}],
    "facts": {"matter.kind": "criminal", "batch.requests_with_same_reasons": 1},
}


def shuffled(data: object, rng: random.Random) -> object:
    if isinstance(data, dict):
        pairs = [(key, shuffled(value, rng)) for key, value in data.items()]
        rng.shuffle(pairs)
        return dict(pairs)
    return [shuffled(value, rng) for value in data] if isinstance(data, list) else data


def test_the_canonical_form_is_fixed() -> None:
    """If this changes, digests in every ledger stop matching."""
    assert canonical_json(build_request(LETTER)).decode() == (
        '{"id":"letter","holder":{},"requester":{"agency":"dhs","in_writing":true},"subject":{"name":{"last":"Żółć"}},'
        '"tax_periods":[],"matter":{"opened":"2026-02-20"},"recipients":[],"items":[{"id":"x","kind":"name","facts":{}}],'
        '"purposes":[],"use":{},"facts":{"batch.requests_with_same_reasons":1,"matter.kind":"criminal"}}'
    )
    assert request_digest(build_request(LETTER)) == "12e3e3124f999c6e0221531faf202a94702fbb627e3ee003e350450137b5f99e"


@calm
@given(requests(), st.randoms(use_true_random=False))
def test_the_order_of_fields_has_no_part_in_the_digest(request_, rng):
    data = json.loads(request_.model_dump_json(exclude_none=True))
    again = build_request(shuffled(data, rng))
    assert again == request_
    assert request_digest(again) == request_digest(request_)


@calm
@given(st.data(), requests())
def test_a_field_more_or_less_changes_the_digest(data, request_):
    found = list(places(request_))
    if not found:
        return
    place, shape = data.draw(st.sampled_from(found))
    blank = with_value(request_, place, () if shape.element is not None else None)
    assert request_digest(blank) != request_digest(request_)


@calm
@given(requests())
def test_the_canonical_form_reads_back_as_the_same_request(request_):
    assert Request.model_validate_json(canonical_json(request_)) == request_


def letter(number: int, officer: str | None, reasons: str | None, matter: str | None = None) -> Request:
    return build_request(
        {
            "id": f"r{number}",
            "matter": {"number": matter},
            "reasons": reasons,
            "recipients": [{"name": officer, "agency": "dhs_ice"}],
            "items": [{"id": "x", "kind": "name"}],
        }
    )


def test_one_officer_in_many_matters_and_one_reason_in_many_requests() -> None:
    batch = [letter(n, "Assistant Director R. Stannard", "to enforce the law") for n in range(20)]
    batch += [letter(20, "assistant director  R Stannard", "To enforce\nthe law"), letter(21, "D. Okafor", "a case")]
    counts = BatchCounts(batch)
    assert counts.context(batch[0]) == BatchContext(21, 21, 22)
    assert counts.context(batch[20]) == BatchContext(21, 21, 22)
    assert counts.context(batch[21]) == BatchContext(1, 1, 22)


def test_two_requests_in_one_matter_name_the_recipient_in_one_matter() -> None:
    batch = [
        letter(1, "D. Okafor", "a", "YAK-1"),
        letter(2, "D. Okafor", "b", "yak-1"),
        letter(3, "D. Okafor", "c", "YAK-2"),
    ]
    assert BatchCounts(batch).context(batch[0]).matters_naming_same_recipient == 2


def test_who_is_not_named_is_not_counted() -> None:
    batch = [letter(1, None, None), letter(2, "unknown", "unknown")]
    for request in batch:
        assert BatchCounts(batch).context(request) == BatchContext(None, None, 2)


def test_a_namesake_in_another_agency_is_somebody_else() -> None:
    first = letter(1, "D. Okafor", "a")
    second = first.model_copy(update={"recipients": (first.recipients[0].model_copy(update={"agency": "fbi"}),)})
    assert BatchCounts([first, second]).context(first).matters_naming_same_recipient == 1


def test_counting_one_by_one_is_counting_together() -> None:
    batch = [letter(n, "D. Okafor", "a") for n in range(5)]
    counts = BatchCounts()
    for request in batch:
        counts.add(request)
    assert counts.context(batch[0]) == BatchCounts(batch).context(batch[0])


def test_the_counts_hold_no_names() -> None:
    counts = BatchCounts([letter(1, "Qxzandra Okafor", "find Qxzandra")])
    held = repr([counts._recipients, counts._reasons, counts._matters])
    assert "qxz" not in held.lower()
