"""Silence never releases, and nothing lapses into permission: the load-time checks, proved by brute force.

A small book that the loader accepts is decided twice: once as it is, once with what the check guards against undone.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from tests.strategies import DAYS, SMALL_BOOK, as_raw_files, book_files, case_facts

from limen.decide.reference import find
from limen.law.book import Book
from limen.law.edition import Edition
from limen.law.facts import CaseFacts, ItemFacts
from limen.law.load.loader import load_files
from limen.law.making import EditionError, make_edition
from limen.law.problem import BookError
from limen.law.vocabulary import Fact, FactValue
from sizes import tries

thorough = settings(max_examples=tries(30), deadline=None, suppress_health_check=list(HealthCheck))
RELEASED = ("allow", "not_covered")


def loaded(documents: dict[str, dict[str, Any]]) -> Book | None:
    try:
        return load_files(as_raw_files(documents))
    except BookError as error:
        assert {problem.code for problem in error.problems} <= {"loosening-silence", "loosening-date"}, error
        return None


def spoken_for(edition: Edition, facts: CaseFacts) -> CaseFacts:
    """`facts` as they are when every document is there and says nothing more: silence speaks where it may."""

    def filled(stated: Any, per_item: bool) -> dict[str, FactValue]:
        silent = {
            name: fact.silence
            for name, fact in edition.facts.items()
            if fact.per_item is per_item and fact.silence is not None
        }
        return {**silent, **stated}

    items = tuple(ItemFacts(item.id, filled(item.facts, True)) for item in facts.items)
    return CaseFacts(filled(facts.facts, False), items)


@thorough
@given(st.data(), book_files(silence=True, max_gateways=1))
def test_no_silence_that_the_loader_accepts_ever_releases(data: st.DataObject, documents: dict[str, Any]) -> None:
    book = loaded(documents)
    assume(book is not None and any(fact.silence is not None for fact in book.vocabulary.facts.values()))
    edition = make_edition(book, data.draw(st.sampled_from(["first", "second"])), data.draw(st.sampled_from(DAYS)))
    for _ in range(5):
        facts = data.draw(case_facts(edition))
        without, with_silence = find(edition, facts), find(edition, spoken_for(edition, facts))
        for before, after in zip(without.items, with_silence.items, strict=True):
            assert after.verdict not in RELEASED or before.verdict == after.verdict


def without_authority(documents: dict[str, Any]) -> dict[str, Any]:
    """The same files with nothing said about what brought a period about, except on gateways."""

    def stripped(value: Any, top: bool = False) -> Any:
        if isinstance(value, dict):
            gateway = top and value.get("kind") == "gateway"
            return {
                key: (
                    {k: v for k, v in part.items() if k not in ("by", "repealed_by")}
                    if key == "in_force" and not gateway
                    else stripped(part)
                )
                for key, part in value.items()
            }
        return [stripped(part) for part in value] if isinstance(value, list) else value

    return {name: stripped(document, top=True) for name, document in documents.items()}


def undated(documents: dict[str, Any]) -> dict[str, Any]:
    """The same files with every node and bar always in force."""

    def stripped(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: stripped(part) for key, part in value.items() if key != "in_force"}
        return [stripped(part) for part in value] if isinstance(value, list) else value

    return {name: stripped(document) for name, document in documents.items()}


@thorough
@given(st.data(), book_files(max_gateways=1))
def test_no_period_that_the_loader_accepts_without_authority_ever_releases(
    data: st.DataObject, documents: dict[str, Any]
) -> None:
    book = loaded(without_authority(documents))
    assume(book is not None)
    always = load_files(as_raw_files(undated(documents)))
    day = data.draw(st.sampled_from(DAYS))
    profile = data.draw(st.sampled_from(["first", "second"]))
    now, ever = make_edition(book, profile, day), make_edition(always, profile, day)
    for _ in range(5):
        facts = data.draw(case_facts(now))
        for dated, lasting in zip(find(now, facts).items, find(ever, facts).items, strict=True):
            assert dated.verdict not in RELEASED or dated.verdict == lasting.verdict


def with_silence(fact: str, silence: Any, test: str, place: str) -> dict[str, Any]:
    """The small book with one silence, and `test` put where `place` says."""
    documents = {name: dict(document) for name, document in SMALL_BOOK.items()}
    vocabulary = documents["vocabulary.yaml"]
    vocabulary["facts"] = {**vocabulary["facts"], fact: {**vocabulary["facts"][fact], "silence": silence}}
    node = {"id": "point", "label": "the point", "test": test}
    match place:
        case "element":
            documents["gate_0.yaml"]["elements"] = [node]
        case "bar":
            documents["bar_0.yaml"]["any"] = [node]
        case "bar on the bar":
            documents["bar_1.yaml"] = {
                **SMALL_BOOK["bar_0.yaml"], "rule": "law.bar_1", "overrides": ["law.bar_0"], "any": [node],
            }  # fmt: skip
        case "prohibition":
            documents["a.yaml"]["applies_when"] = {"test": test}
        case "none":
            documents["gate_0.yaml"]["elements"] = [{"id": "outer", "label": "none of it", "none": [node]}]
        case "definition":
            vocabulary["definitions"] = {"request.proper": {"test": test}}
        case "not a definition":
            vocabulary["definitions"] = {"request.proper": {"test": test}}
            documents["gate_0.yaml"]["elements"] = [{"id": "point", "label": "not", "test": "not request.proper"}]
        case "alternative":
            reading = SMALL_BOOK["gate_0.yaml"]["readings"][0]
            narrow, broad = reading["alternatives"]
            documents["gate_0.yaml"]["readings"] = [{**reading, "alternatives": [narrow, {**broad, "test": test}]}]
    return documents


@pytest.mark.parametrize(
    ("place", "harder", "easier"),
    [
        ("element", "request.in_writing", "not request.in_writing"),
        ("bar", "not request.in_writing", "request.in_writing"),
        ("bar on the bar", "request.in_writing", "not request.in_writing"),
        ("none", "not request.in_writing", "request.in_writing"),
        ("definition", "request.in_writing", "not request.in_writing"),
        ("not a definition", "not request.in_writing", "request.in_writing"),
        ("alternative", "request.in_writing", "not request.in_writing"),
    ],
)
def test_silence_that_means_false_may_only_make_release_harder(place: str, harder: str, easier: str) -> None:
    load_files(as_raw_files(with_silence("request.in_writing", "absent", harder, place)))
    with pytest.raises(BookError) as caught:
        load_files(as_raw_files(with_silence("request.in_writing", "absent", easier, place)))
    assert {problem.code for problem in caught.value.problems} == {"loosening-silence"}


@pytest.mark.parametrize("test", ["request.in_writing", "not request.in_writing"])
def test_no_silence_may_settle_whether_the_general_rule_applies(test: str) -> None:
    with pytest.raises(BookError) as caught:
        load_files(as_raw_files(with_silence("request.in_writing", "absent", test, "prohibition")))
    assert {problem.code for problem in caught.value.problems} == {"loosening-silence"}


@pytest.mark.parametrize("silence", ["none", "partial"])
def test_a_value_that_silence_stands_for_is_tested_like_any_other(silence: str) -> None:
    load_files(as_raw_files(with_silence("request.address", silence, "request.address == 'complete'", "element")))
    with pytest.raises(BookError):
        load_files(as_raw_files(with_silence("request.address", silence, "request.address != 'complete'", "element")))


def test_that_something_is_known_may_not_come_from_silence() -> None:
    with pytest.raises(BookError) as caught:
        load_files(as_raw_files(with_silence("request.in_writing", "absent", "known(request.in_writing)", "element")))
    assert {problem.code for problem in caught.value.problems} == {"loosening-silence"}


def test_before_its_general_rule_the_book_has_no_law() -> None:
    documents = {name: dict(document) for name, document in SMALL_BOOK.items()}
    documents["a.yaml"]["in_force"] = {"from": DAYS[3], "by": "an invented Act"}
    book = load_files(as_raw_files(documents))
    with pytest.raises(EditionError, match="in force from 2025-04-07"):
        make_edition(book, "first", DAYS[2])
    make_edition(book, "first", DAYS[3])


def test_facts_keep_their_silence() -> None:
    book = load_files(as_raw_files(with_silence("request.in_writing", "absent", "request.in_writing", "element")))
    fact: Fact = book.vocabulary.facts["request.in_writing"]
    assert fact.silence is False
    assert replace(fact, silence=None) == load_files(as_raw_files(SMALL_BOOK)).vocabulary.facts["request.in_writing"]
