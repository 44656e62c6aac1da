"""Four scores; what is unlawful weighs most; what some accepted profile supports is never wrong."""

from __future__ import annotations

from functools import cache
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from limen.law import Book, load_book
from limen.training.cases import Cases, TrainingCase
from limen.training.course import Course, PassMarks, Question
from limen.training.key import ANSWERS, Key, KeyMaker
from limen.training.misconceptions import MISCONCEPTIONS, misconceptions
from limen.training.question import PutQuestion, put_question
from limen.training.response import Response, ResponseError, check_response, keys_own
from limen.training.scoring import (
    DEFENSIBLE,
    FULL,
    PARTS,
    UNLAWFUL,
    Part,
    Score,
    passed,
    score,
    score_of,
    total,
)

NAMES = (
    "perfect-number-no-address", "four-things-missing", "i2", "i2/requester-not-met", "demo-one-officer", "i5",
    "employer-and-wages", "i3b1",
)  # fmt: skip
PROFILES = ("all", "irs-2025-08", "ddc-2025-26", "text-strict", "centro-2026", "dmass-2026", "mou-as-signed")


@cache
def shipped_book() -> Book:
    return load_book()


@cache
def makers() -> tuple[Cases, KeyMaker]:
    return Cases(shipped_book()), KeyMaker(shipped_book())


@cache
def asked(name: str, profile: str, seed: str = "s") -> tuple[TrainingCase, PutQuestion, Key]:
    cases, maker = makers()
    course = Course(course="c", title="t", summary="s", profile=profile, questions=(Question(id="q", scenario=name),))
    case = cases.of(course.questions[0])
    key = maker.key(course, "q", case)
    return case, put_question(shipped_book(), maker.edition(key.accepts[0], case), "q", case, key, seed), key


questions = st.builds(asked, st.sampled_from(NAMES), st.sampled_from(PROFILES), st.sampled_from("abc"))


def some_of(names: list[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(names), max_size=3, unique=True)


@st.composite
def answered(draw: st.DrawFn) -> tuple[TrainingCase, PutQuestion, Key, Response]:
    """A question, and any answer that can be given to it."""
    case, put, key = draw(questions)
    verdicts = {item.id: draw(st.sampled_from(ANSWERS)) for item in put.items}
    grounds = {
        item: tuple(draw(some_of([choice.address for choice in put.grounds_for(answer)])))
        for item, answer in verdicts.items() if put.grounds_for(answer)
    }  # fmt: skip
    some = [
        tuple(draw(st.lists(st.sampled_from(names), unique=True))) if names else ()
        for names in ([c.name for c in put.missing], [c.name for c in put.duties])
    ]
    return case, put, key, Response(verdicts=verdicts, grounds=grounds, missing=some[0], duties=some[1])


@pytest.mark.parametrize(("name", "profile"), list(product(NAMES, PROFILES)))
def test_the_keys_own_answer_gets_full_marks_under_every_profile(name: str, profile: str) -> None:
    case, put, key = asked(name, profile)
    own = check_response(put, keys_own(put, key))
    reached = score(put, key, own)
    assert [reached.part(part).percent for part in PARTS] == [100, 100, 100, 100]
    assert passed(reached, PassMarks(verdict=100, ground=100, missing=100, duties=100))
    assert misconceptions(case, key, own) == ()


@pytest.mark.parametrize("name", NAMES)
def test_what_an_accepted_profile_answers_is_never_marked_wrong(name: str) -> None:
    _, put, key = asked(name, "all")
    for profile in key.accepts:
        answer = check_response(put, keys_own(put, key, profile))
        reached = score(put, key, answer)
        assert not reached.unlawful
        assert not reached.refused
        for item in key.items:
            if answer.verdicts[item.item] != item.verdict:
                assert profile in (reached.defensible or {})[item.item]
        assert reached.verdict.points >= DEFENSIBLE * len(key.items)
        assert [reached.part(part).percent for part in PARTS[1:]] == [100, 100, 100]


@given(answered())
def test_a_release_against_the_law_never_outscores_a_refusal(
    one: tuple[TrainingCase, PutQuestion, Key, Response],
) -> None:
    _, put, key, response = one
    reached = score(put, key, response)
    for item in reached.unlawful:
        for refusal in ("withhold", "more_needed", "readings_differ"):
            other = response.model_copy(update={"verdicts": {**response.verdicts, item: refusal}})
            assert score(put, key, other).verdict.points >= reached.verdict.points - UNLAWFUL


@given(answered())
def test_only_a_release_that_no_accepted_profile_allows_is_unlawful(
    one: tuple[TrainingCase, PutQuestion, Key, Response],
) -> None:
    _, put, key, response = one
    reached = score(put, key, response)
    for item in key.items:
        allowed = item.verdict == "release" or bool(key.supporters(item.item, "release"))
        assert (item.item in reached.unlawful) == (response.verdicts[item.item] == "release" and not allowed)
        supported = key.supporters(item.item, response.verdicts[item.item])
        if supported:
            assert item.item not in reached.refused
        if supported and response.verdicts[item.item] != item.verdict:
            assert (reached.defensible or {})[item.item] == supported


@given(answered(), st.randoms(use_true_random=False))
def test_the_order_of_choices_and_of_questions_does_not_matter(
    one: tuple[TrainingCase, PutQuestion, Key, Response], dice: object
) -> None:
    _, put, key, response = one
    turned = Response(
        verdicts=dict(reversed(response.verdicts.items())),
        grounds={item: tuple(reversed(marked)) for item, marked in reversed(response.grounds.items())},
        missing=tuple(reversed(response.missing)),
        duties=tuple(reversed(response.duties)),
    )
    reached = score(put, key, check_response(put, response))
    assert score(put, key, check_response(put, turned)) == reached
    others = [Score(Part(n, 4), Part(1, 4), Part(2, 4), Part(4, 4), unlawful=(str(n),)) for n in (-9, 0, 4)]
    assert total([reached, *others]) == total([*reversed(others), reached])


@given(answered())
def test_a_score_is_kept_and_read_back_and_each_part_lies_between_its_bounds(
    one: tuple[TrainingCase, PutQuestion, Key, Response],
) -> None:
    case, put, key, response = one
    reached = score(put, key, response)
    assert score_of(reached.stored()) == reached
    assert UNLAWFUL * len(key.items) <= reached.verdict.points <= reached.verdict.of == FULL * len(key.items)
    for part in PARTS[1:]:
        assert 0 <= reached.part(part).points <= reached.part(part).of
    assert set(misconceptions(case, key, response)) <= set(MISCONCEPTIONS)


@given(questions)
def test_any_correct_ground_counts(one: tuple[TrainingCase, PutQuestion, Key]) -> None:
    _, put, key = one
    own = keys_own(put, key)
    for item in key.items:
        right = [c.address for c in put.grounds_for(item.verdict) if c.address in item.grounds]
        for address in right:
            marked = own.model_copy(update={"grounds": {**own.grounds, item.item: (address,)}})
            assert score(put, key, marked).ground.percent == 100


def test_two_right_verdicts_do_not_make_up_for_one_release_against_the_law() -> None:
    assert 2 * FULL + UNLAWFUL < 0


def test_one_release_against_the_law_fails_unless_the_course_says_otherwise() -> None:
    nearly = Score(Part(391, 404), Part(4, 4), Part(4, 4), Part(4, 4), unlawful=("a",))
    assert not passed(nearly, PassMarks())
    assert passed(nearly, PassMarks(unlawful_release_fails=False))


@pytest.mark.parametrize(
    "part",
    [
        {"verdicts": {}},
        {"grounds": {"last-known-address": ("usc.26.6103.z",)}},
        {"missing": ("requester.shoe_size",)},
        {"duties": ("usc.26.6103.p.3#sing",)},
        {"verdicts": {"last-known-address": "withhold", "another": "release"}},
    ],
)
def test_an_answer_that_was_not_offered_is_refused(part: dict[str, object]) -> None:
    _, put, key = asked("perfect-number-no-address", "all")
    with pytest.raises(ResponseError):
        check_response(put, keys_own(put, key).model_copy(update=part))


def test_what_is_put_depends_on_the_seed_alone_and_offers_a_right_ground() -> None:
    for name in NAMES:
        _, put, key = asked(name, "all")
        assert put == asked.__wrapped__(name, "all", "s")[1]
        for item in key.items:
            assert {choice.address for choice in put.grounds_for(item.verdict)} & item.grounds
