"""What nobody stated is not known; silence means what the vocabulary declares, and nothing else ever does."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from limen.law.vocabulary import Fact, Source, Vocabulary
from limen.request.batch import BatchContext
from limen.request.characterise import Characterisation, Characteriser
from limen.request.match import Match
from limen.request.model import Item, Request
from limen.request.sections import CourtOrder
from stated import calm, places, requests, with_value

DAY = date(2026, 3, 3)
BARE = Request(id="bare", items=(Item(id="x", kind="name"),))
DECLARED_FOR_ITEMS = frozenset({"item.period_in_order"})
"""An item without a period of its own is asked for all periods of the request: its derivation says so."""

matches = st.none() | st.builds(
    Match,
    grade=st.sampled_from(("exact", "strong", "weak", "ambiguous", "none")),
    lane=st.sampled_from(("tin", "address", "none")),
    person=st.none(),
    candidates=st.integers(0, 3),
    score=st.just(1.0),
    address_held=st.sampled_from(("current", "former", "never", None)),
    tin_agrees=st.booleans() | st.none(),
    name_agrees=st.booleans() | st.none(),
    evidence=st.just(()),
)
batches = st.none() | st.builds(BatchContext, st.none() | st.integers(1, 9), st.none() | st.integers(1, 9), st.none())


def all_of(seen: Characterisation) -> dict[tuple[str, str], tuple[object, str]]:
    """Every fact of the case and of its items, with its origin."""
    return {
        **{("", name): (value, seen.origin[name]) for name, value in seen.facts.facts.items()},
        **{
            (item.id, name): (value, seen.item_origin[item.id][name])
            for item in seen.facts.items
            for name, value in item.facts.items()
        },
    }


@calm
@given(requests(), matches, batches)
def test_every_fact_has_its_type_and_an_origin_and_silence_is_as_declared(characteriser, request_, match, batch):
    known = characteriser.vocabulary.facts
    for (_, name), (value, origin) in all_of(
        characteriser.characterise(request_, match, as_of=DAY, batch=batch)
    ).items():
        fact = known[name]
        assert type(value) is {"bool": bool, "enum": str, "int": int, "date": date}[fact.type]
        assert fact.type != "enum" or value in fact.values
        source = fact.source
        if origin == "silence":
            assert fact.silence is not None
            assert value == fact.silence
        else:
            assert origin == (f"derivation {source.derive}" if source.derive else f"path {source.path}")


@calm
@given(st.data(), requests(), matches)
def test_leaving_a_field_blank_makes_nothing_known_but_by_a_declared_silence(characteriser, data, request_, match):
    found = list(places(request_))
    if not found:
        return
    place, shape = data.draw(st.sampled_from(found))
    before = all_of(characteriser.characterise(request_, match, as_of=DAY))
    blank = with_value(request_, place, () if shape.element is not None else None)
    after = all_of(characteriser.characterise(blank, match, as_of=DAY))
    for key, (value, origin) in after.items():
        if origin != "silence" and key[1] not in DECLARED_FOR_ITEMS:
            assert key in before, f"{place} left blank made {key} known"
            assert before[key][0] == value


@calm
@given(st.data(), requests(), matches)
def test_what_is_said_to_be_unknown_is_never_read_as_silence(characteriser, data, request_, match):
    found = [(place, shape) for place, shape in places(request_) if shape.may_be_unknown or shape.element is not None]
    found = [(place, shape) for place, shape in found if shape.element is None or shape.element.may_be_unknown]
    if not found:
        return
    place, shape = data.draw(st.sampled_from(found))
    before = all_of(characteriser.characterise(request_, match, as_of=DAY))
    unknown = with_value(request_, place, ("unknown",) if shape.element is not None else "unknown")
    after = all_of(characteriser.characterise(unknown, match, as_of=DAY))
    for key, (value, _) in after.items():
        assert key in before, f"{place} said to be unknown made {key} known"
        assert before[key][0] == value


def test_a_bare_request_makes_known_only_what_the_vocabulary_says_its_silence_means(characteriser):
    seen = characteriser.characterise(BARE, as_of=DAY)
    known = characteriser.vocabulary.facts
    loud = {name for name, origin in seen.origin.items() if origin != "silence"}
    assert loud == {"request.seeks_more_than_identity"}
    for name in set(seen.origin) - loud:
        assert seen.facts.facts[name] == known[name].silence
    assert [dict(item.facts) for item in seen.facts.items] == [{"item.kind": "name"}]


def test_the_silence_of_a_document_that_is_not_there_means_nothing(characteriser):
    without = characteriser.characterise(BARE, as_of=DAY)
    order = BARE.model_copy(update={"order": CourtOrder()})
    with_order = characteriser.characterise(order, as_of=DAY)
    said_unknown = characteriser.characterise(BARE.model_copy(update={"order": "unknown"}), as_of=DAY)
    assert "item.named_in_order" not in without.facts.items[0].facts
    assert "item.named_in_order" not in said_unknown.facts.items[0].facts
    assert with_order.facts.items[0].facts["item.named_in_order"] is False
    assert with_order.item_origin["x"]["item.named_in_order"] == "silence"


def test_where_there_is_nothing_else_a_document_that_is_not_there_is_silent():
    silent = one(Source(path="order.granted"), silence=False)
    derived = one(Source(derive="terrorism_states_reasons"), silence=False)
    loud = one(Source(path="order.granted"))
    assert read(silent) is None
    assert read(silent, nothing_else=False) is None
    assert read(silent, nothing_else="unknown") is None
    assert read(silent, nothing_else=True) is False
    assert read(silent, nothing_else=True, order="unknown") is None
    assert read(silent, nothing_else=True, order=CourtOrder(granted=True)) is True
    assert read(loud, nothing_else=True) is None
    assert (read(derived), read(derived, nothing_else=True)) == (None, False)


def one(source: Source, type: str = "bool", values: tuple[str, ...] = (), **more: object) -> Characteriser:
    fact = Fact("a", type, "Is it?", source, values=values, **more)  # type: ignore[arg-type]
    return Characteriser(Vocabulary({"a": fact}, {}, {}))


def read(characteriser: Characteriser, **fields: object) -> object:
    return characteriser.characterise(BARE.model_copy(update=fields), as_of=DAY).facts.facts.get("a")


def recipients(**column: tuple[object, ...]) -> dict[str, object]:
    from limen.request.model import Recipient

    (name, found), *_ = column.items()
    return {"recipients": tuple(Recipient(**{name: value}) for value in found)}


@pytest.mark.parametrize(
    ("said", "every", "any_"),
    [
        ((True, True), True, True),
        ((True, None), None, True),
        ((False, None), False, None),
        ((True, "unknown"), None, True),
        ((False, False), False, False),
        ((), None, None),
    ],
)
def test_lists_fold_in_three_values(said, every, any_):
    path = "recipients[].law_enforcement"
    folded = recipients(law_enforcement=said)
    assert read(one(Source("every", path=path)), **folded) is every
    assert read(one(Source("any", path=path)), **folded) is any_


@pytest.mark.parametrize(
    ("said", "worst"),
    [
        (("works_the_matter", "supervises"), "supervises"),
        (("works_the_matter", None), None),
        (("none", None), "none"),
        (("unknown",), None),
        ((), None),
    ],
)
def test_the_worst_of_a_list_is_not_known_while_one_not_known_could_be_worse(said, worst):
    order = ("none", "designated_point_of_contact", "supervises", "works_the_matter")
    plan = one(Source("worst_of", path="recipients[].engagement", order=order), "enum", order)
    assert read(plan, **recipients(engagement=said)) == worst


def test_counting_counts_what_is_there_and_does_not_guess_at_what_equals():
    contractors = one(Source("count", path="recipients[].employment", equals="contractor"), "int")
    assert read(one(Source("count", path="recipients[]"), "int"), **recipients(employment=(None, "agent"))) == 2
    assert read(contractors, **recipients(employment=("contractor", "agent"))) == 1
    assert read(contractors, **recipients(employment=("contractor", None))) is None


def test_a_number_out_of_the_bounds_of_its_fact_is_not_known():
    bounded = one(Source(derive="batch_requests_with_same_reasons"), "int", minimum=0, maximum=10)

    def seen(count):
        batch = BatchContext(requests_with_same_reasons=count)
        return bounded.characterise(BARE, as_of=DAY, batch=batch).facts.facts.get("a")

    assert (seen(10), seen(11)) == (10, None)


def test_a_word_in_a_list_can_be_asked_for():
    civil = one(Source("any", path="purposes[]", equals="civil_removal"))
    assert read(civil, purposes=("audit", "civil_removal")) is True
    assert read(civil, purposes=("audit",)) is False
    assert read(civil, purposes=("audit", "unknown")) is None
