"""The short answer is the one that follows from full findings, with or without an index."""

from __future__ import annotations

import itertools
import pickle
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_law import CITE, OFFICES, _point, cases, editions, expressions, strange_cases
from test_compiled import _edition_of

from limen.decide import compiled_answer, compiled_index, reference
from limen.decide.answer import answers_of, passed_over
from limen.decide.compiled import compile_edition
from limen.decide.compiled_index import Leaf, Split, build_index
from limen.law.edition import Edition, EditionBar, EditionGateway
from limen.law.facts import CaseFacts, ItemFacts
from limen.law.period import ALWAYS
from limen.law.rules import Bar, Gateway
from limen.law.tree import All, BoolFact, Expr, Member
from sizes import tries


@settings(max_examples=tries(80), deadline=None)
@given(edition=editions(), facts=cases())
def test_answers_follow_from_the_findings(edition: Edition, facts: CaseFacts) -> None:
    assert tuple(compile_edition(edition).answer(facts)) == answers_of(edition, reference.find(edition, facts))


@settings(max_examples=tries(40), deadline=None)
@given(edition=editions(), facts=strange_cases())
def test_answers_hold_for_values_of_the_wrong_type(edition: Edition, facts: CaseFacts) -> None:
    assert tuple(compile_edition(edition).answer(facts)) == answers_of(edition, reference.find(edition, facts))


@st.composite
def indexed_editions(draw: st.DrawFn) -> Edition:
    """Editions of many gateways, most of which open with a test on one of two enums."""
    edition = draw(editions())
    offices = st.sets(st.sampled_from(OFFICES), min_size=1, max_size=2).map(lambda values: tuple(sorted(values)))
    plain = st.builds(Member, st.sampled_from(["case.office_0", "case.office_1"]), offices)
    both = st.builds(lambda a, b: All((a, b)), plain, expressions(items=False))
    leading: list[Expr] = draw(st.lists(st.one_of(plain, plain, both), min_size=8, max_size=14))
    start = len(edition.case_points)
    points = tuple(_point(start + n, expr, "case") for n, expr in enumerate(leading))
    gateways = []
    for n in range(len(leading)):
        rule = Gateway(f"led.{n}", "Gateway", CITE, ALWAYS, draw(st.sampled_from(["must", "may"])), (), (), "No.")
        others = draw(st.lists(st.sampled_from(range(start)), max_size=2, unique=True))
        grounds = tuple(draw(st.lists(st.sampled_from(range(len(edition.item_points))), min_size=1, max_size=2)))
        gateways.append(EditionGateway(rule, (start + n, *others), grounds, (), ()))
    return replace(edition, case_points=(*edition.case_points, *points), gateways=tuple(gateways))


@settings(max_examples=tries(80), deadline=None)
@given(edition=indexed_editions(), facts=st.lists(cases(), min_size=4, max_size=4))
def test_the_index_changes_no_answer(edition: Edition, facts: list[CaseFacts]) -> None:
    compiled = compile_edition(edition)
    for one in facts:
        assert tuple(compiled.answer(one)) == answers_of(edition, reference.find(edition, one))


@settings(max_examples=tries(40), deadline=None)
@given(edition=indexed_editions(), facts=cases())
def test_every_gateway_is_accounted_for(edition: Edition, facts: CaseFacts) -> None:
    """No gateway falls through: each has opened, has an obstacle named, or was closed by its leading element."""
    found = reference.find(edition, facts)
    for answer, item in zip(compile_edition(edition).answer(facts), found.items, strict=True):
        assert answer.verdict == item.verdict
        if answer.gateway is None and answer.verdict != "not_covered":
            left_out = {obstacle.rule for obstacle in passed_over(edition, answer)}
            named = {obstacle.rule for obstacle in answer.obstacles}
            assert left_out | named >= {gateway.rule.address for gateway in edition.gateways}
            led = {gateway.rule.address: gateway.elements[0] for gateway in edition.gateways}
            assert all(found.case[led[address]] is False for address in left_out)


def test_an_index_is_made_where_gateways_differ_by_one_fact(many_programmes: Edition) -> None:
    tree = build_index(many_programmes)
    assert isinstance(tree, Split)
    assert tree.fact == "case.office_0"
    assert all(isinstance(branch, Leaf) and len(branch.gateways) == 3 for branch in tree.branches.values())
    assert len(tree.otherwise.gateways) == len(many_programmes.gateways)


def test_few_gateways_need_no_index(many_programmes: Edition) -> None:
    few = replace(many_programmes, gateways=many_programmes.gateways[: compiled_index.SMALL])
    assert build_index(few) == Leaf(tuple(range(compiled_index.SMALL)))


def test_a_pickled_evaluator_gives_the_same_answer_source(many_programmes: Edition) -> None:
    compiled = compile_edition(many_programmes)
    assert pickle.loads(pickle.dumps(compiled)).answer_source == compiled.answer_source


def test_an_unknown_attribute_is_an_error(many_programmes: Edition) -> None:
    with pytest.raises(AttributeError, match="no attribute `guess`"):
        compile_edition(many_programmes).guess  # noqa: B018


@pytest.fixture
def many_programmes() -> Edition:
    """Twelve gateways, three for each office."""
    edition = _edition_of(*(Member("case.office_0", (office,)) for office in OFFICES for _ in range(3)))
    gateways = tuple(
        EditionGateway(Gateway(f"g.{n}", "Gateway", CITE, ALWAYS, "may", (), (), "No."), (n,), (0,), (), ())
        for n in range(12)
    )
    return replace(edition, gateways=gateways)


def test_a_bar_that_is_itself_barred_stands_aside() -> None:
    """Every combination of one element, one ground, a bar and the bar that lifts it."""
    edition = _edition_of(BoolFact("case.flag_0"))
    ground, stops, lifts = (
        _point(n, BoolFact(fact), "item") for n, fact in enumerate(("item.flag_0", "case.flag_1", "case.flag_2"), 2)
    )
    bars = tuple(
        EditionBar(Bar(f"bar.{n}", "Bar", CITE, ALWAYS, (), (), "It stands.", "It may."), (n,), by)
        for n, by in ((4, ()), (3, (0,)))
    )
    gate = EditionGateway(Gateway("g", "Gateway", CITE, ALWAYS, "may", (), (), "No."), (0,), (2,), (1,), ())
    edition = replace(edition, item_points=(*edition.item_points, ground, stops, lifts), bars=bars, gateways=(gate,))
    compiled = compile_edition(edition)
    allowed = 0
    for values in itertools.product((True, False, None), repeat=4):
        element, opens, stop, lift = values
        stated = {"case.flag_0": element, "case.flag_1": stop, "case.flag_2": lift}
        facts = CaseFacts(stated, (ItemFacts("i", {"item.flag_0": opens}),))
        expected = reference.find(edition, facts)
        assert compiled.find(facts) == expected
        assert tuple(compiled.answer(facts)) == answers_of(edition, expected)
        allowed += expected.items[0].verdict == "allow"
    assert allowed == 5  # everything else true, and the bar false (3) or lifted while it is true or not known (2)


def test_each_leaf_is_written_once(many_programmes: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    """With an index and without one, and also for whoever kept the function from before."""
    written: list[tuple[int, ...]] = []
    honest = compiled_answer.LeafWriter.write

    def counting(self: compiled_answer.LeafWriter, numbers: tuple[int, ...]) -> str:
        written.append(numbers)
        return honest(self, numbers)

    monkeypatch.setattr(compiled_answer.LeafWriter, "write", counting)
    few = replace(many_programmes, gateways=many_programmes.gateways[:2])
    for edition, leaves in ((few, 1), (many_programmes, 2)):
        written.clear()
        answer = compile_edition(edition).answer
        for office in (OFFICES[0], OFFICES[0], None, None, OFFICES[0]):
            stated = {"case.office_0": office} if office else {}
            answer(CaseFacts(stated, (ItemFacts("i", {}),)))
        assert len(written) == leaves
