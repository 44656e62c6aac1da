"""Every `source` of the shipped vocabulary leads to something in a request, of the right type."""

from __future__ import annotations

from datetime import date

import pytest

from limen.law.vocabulary import Fact, Source, Vocabulary
from limen.request.characterise import Characteriser, SourceError
from limen.request.derivations import DERIVATIONS
from limen.request.model import Request
from limen.request.shape import shapes_of
from limen.request.subject import Stated


def test_every_source_of_the_shipped_vocabulary_resolves(vocabulary: Vocabulary) -> None:
    Characteriser(vocabulary)


def test_every_fact_of_the_shipped_vocabulary_has_a_source(vocabulary: Vocabulary) -> None:
    assert [fact.name for fact in vocabulary.facts.values() if fact.source is None] == []


def test_every_derivation_is_used_by_the_shipped_vocabulary(vocabulary: Vocabulary) -> None:
    used = {fact.source.derive for fact in vocabulary.facts.values() if fact.source is not None}
    assert set(DERIVATIONS) - used == set()


RECORDED = {
    "id", "batch", "note", "facts", "nothing_else", "dated", "requester.signed_by", "requester.dated",
    "subject.name.first", "subject.name.middle", "subject.name.suffix", "subject.tin",
    "subject.date_of_birth", "matter.number", "matter.opened", "matter.closed", "recipients.name",
    "recipients.office", "items.id", "items.facts", "order.dated", "order.number",
    "order.finds_reliable_information", "warrant.dated", "warrant.number", "consent.designee",
    "consent.purpose", "claim.under", "initiative.trigger", "safeguards.open_findings",
    "safeguards.corrective_plan", "authority.certified_to_court",
}  # fmt: skip
"""Fields no fact is read from: names and numbers, what cross-reference and the batch look at, what is only kept."""

DERIVED = {
    "subject.name.last", "subject.address.lines", "tax_periods", "matter.statute", "matter.authority_cited", "reasons",
    "recipients.agency", "recipients.law_enforcement", "recipients.intelligence", "recipients.investigative_team",
    "items.period", "purposes", "order.items", "order.periods", "terrorism.reasons",
}  # fmt: skip
"""Fields that derivations look at."""


def fields(model: type[Stated], before: str = "") -> set[str]:
    found: set[str] = set()
    for name, shape in shapes_of(model).items():
        section = (shape.element or shape).section
        found |= {before + name} if section is None else fields(section, f"{before}{name}.")
    return found


def test_no_field_of_a_request_is_without_effect_unless_it_is_only_for_the_record(vocabulary: Vocabulary) -> None:
    """A field that could be filled in and change nothing would be a trap."""
    read = {
        ("items." if fact.per_item else "") + fact.source.path.replace("[]", "")
        for fact in vocabulary.facts.values()
        if fact.source is not None and fact.source.path is not None
    }
    every = fields(Request)
    assert every - read - DERIVED == RECORDED
    assert every >= DERIVED


@pytest.mark.parametrize("name", sorted(DERIVATIONS))
def test_each_derivation_says_what_it_means_and_where_it_comes_from(name: str) -> None:
    derivation = DERIVATIONS[name]
    assert derivation.meaning.endswith(".")
    assert derivation.source
    assert (derivation.type == "enum") is bool(derivation.values)
    assert sum(f is not None for f in (derivation.of_case, derivation.of_item, derivation.of_recipients)) == 1


def fact(name: str, type: str, source: Source, values: tuple[str, ...] = (), per_item: bool = False) -> Fact:
    return Fact(name, type, "Is it?", source, values=values, per_item=per_item)  # type: ignore[arg-type]


BAD = {
    "no such field": (fact("a", "bool", Source(path="mater.stage")), "there is no `mater`; did you mean `matter`?"),
    "no such field in a section": (fact("a", "bool", Source(path="order.grantd")), "did you mean `granted`?"),
    "a path beyond a plain field": (fact("a", "bool", Source(path="reasons.text")), "there is no `text`"),
    "the wrong type": (fact("a", "date", Source(path="order.granted")), "holds `true` or `false` or `unknown`"),
    "a word the request has and the fact has not": (
        fact("a", "enum", Source(path="order.court"), values=("district_judge",)),
        "may say `magistrate_judge`",
    ),
    "a word the fact has and the request has not": (
        fact("a", "enum", Source(path="requester.office"), values=("king",)),
        "never says `king`",
    ),
    "somebody's date of birth": (
        fact("a", "date", Source(path="subject.date_of_birth")),
        "says who somebody is: a fact may only say whether it is stated",
    ),
    "a list without an aggregate": (fact("a", "bool", Source(path="recipients[].law_enforcement")), "walks a list"),
    "an aggregate without a list": (fact("a", "bool", Source("every", path="order.granted")), "walks no list"),
    "a word that is never said": (
        fact("a", "bool", Source("every", path="recipients[].employment", equals="contracter")),
        "never says `contracter`; did you mean `contractor`?",
    ),
    "an order that leaves a value out": (
        fact(
            "a",
            "enum",
            Source("worst_of", path="recipients[].engagement", order=("none",)),
            values=("none", "supervises"),
        ),
        "`order` must list the values",
    ),
    "no such derivation": (fact("a", "bool", Source(derive="state_name")), "did you mean `states_name`?"),
    "a derivation of the wrong type": (fact("a", "int", Source(derive="states_name")), "gives bool"),
    "a derivation of an item, asked of the case": (
        fact("a", "bool", Source(derive="item_named_in_order")),
        "is about an item",
    ),
    "a derivation of the case, asked of an item": (
        fact("item.a", "bool", Source(derive="states_name"), per_item=True),
        "is about a case",
    ),
    "a derivation with a value the fact does not know": (
        fact("a", "enum", Source(derive="match_lane"), values=("tin", "none")),
        "may give `address`",
    ),
    "the stated facts themselves": (fact("a", "bool", Source(path="facts")), "does not lead to anything"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_source_that_does_not_fit_is_refused_when_the_plan_is_made(case: str) -> None:
    wrong, words = BAD[case]
    with pytest.raises(SourceError) as refused:
        Characteriser(Vocabulary({wrong.name: wrong}, {}, {}))
    assert words in str(refused.value)


def test_all_sources_that_do_not_fit_are_named_at_once() -> None:
    first, second = fact("a", "bool", Source(path="x")), fact("b", "date", Source(path="y"))
    with pytest.raises(SourceError) as refused:
        Characteriser(Vocabulary({"a": first, "b": second}, {}, {}))
    assert len(refused.value.problems) == 2


def test_whether_something_personal_is_stated_may_be_a_fact_but_not_what_it_is() -> None:
    stated = fact("a", "bool", Source(path="subject.tin"))
    seen = Characteriser(Vocabulary({"a": stated}, {}, {})).characterise(
        Request.model_validate_json(
            '{"id": "r", "items": [{"id": "x", "kind": "name"}], "subject": {"tin": "900-70-1234"}}'
        ),
        as_of=date(2026, 3, 3),
    )
    assert seen.facts.facts == {"a": True}
