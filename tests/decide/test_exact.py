"""The formulas for Z3 say what the reference interpreter says; what they say of every case is true of each."""

from __future__ import annotations

from datetime import date

import pytest

z3 = pytest.importorskip("z3")

from hypothesis import given, settings  # noqa: E402
from hypothesis import strategies as st  # noqa: E402
from random_law import CITE, FACTS, VALUES, cases, editions  # noqa: E402

from limen.decide import reference  # noqa: E402
from limen.decide.exact import VERDICTS, ExactItem, FactVariables, Fold, Undecided, can_hold, reachable  # noqa: E402
from limen.decide.exact_rails import Rails  # noqa: E402
from limen.law.edition import Edition, EditionGateway, Point  # noqa: E402
from limen.law.facts import CaseFacts, ItemFacts  # noqa: E402
from limen.law.node import Node  # noqa: E402
from limen.law.period import ALWAYS  # noqa: E402
from limen.law.rules import Gateway, Prohibition  # noqa: E402
from limen.law.tree import All, AnyOf, BoolFact, Defined, Expr, Literal, Not  # noqa: E402
from sizes import tries  # noqa: E402


def one_gateway(element: Expr) -> Edition:
    """An edition that forbids everything and has one gateway, open wherever `element` holds."""

    def point(name: str, expr: Expr) -> Point:
        return Point(name, Node(name, name, "test", test=expr), expr)

    limb = Node("general", "general", "test", test=Literal(True))
    gateway = Gateway("gate", "Gateway", CITE, ALWAYS, "must", (), (), "No.")
    return Edition(
        book_name="small", book_version="1", book_digest="0", profile="one", as_of=date(2025, 11, 21), choices={},
        facts=FACTS,
        case_points=(point("element", element),),
        item_points=(point("ground", Literal(True)),),
        prohibitions=((Prohibition("general", "Rule", CITE, ALWAYS, limb, limb, "No."), 0, 0),),
        bars=(), gateways=(EditionGateway(gateway, (0,), (0,), (), ()),), digest="0",
    )  # fmt: skip


def as_truth(rails: Rails) -> bool | None:
    return True if rails.true is True else False if rails.false is True else None


@given(editions(), cases())
def test_with_every_fact_fixed_the_formulas_are_constants_equal_to_the_reference(
    edition: Edition, facts: CaseFacts
) -> None:
    found = reference.find(edition, facts)
    for item, expected in zip(facts.items, found.items, strict=True):
        stated = {**facts.facts, **item.facts}
        variables = FactVariables(FACTS, z3.Context(), fixed=stated, silent=FACTS)
        exact = ExactItem(edition, Fold(variables))
        assert tuple(map(as_truth, exact.case)) == found.case
        assert tuple(map(as_truth, exact.points)) == expected.points
        assert tuple(map(as_truth, exact.settled.bars)) == expected.bars
        assert tuple(map(as_truth, exact.settled.gateways)) == expected.gateways
        assert [verdict for verdict in VERDICTS if exact.settled.verdict(verdict) is True] == [expected.verdict]


@given(editions(), cases())
@settings(max_examples=tries(40))
def test_with_facts_free_exactly_the_verdict_of_the_reference_can_hold(edition: Edition, facts: CaseFacts) -> None:
    found = reference.find(edition, facts)
    stated = {**facts.facts, **facts.items[0].facts}
    context = z3.Context()
    variables = FactVariables(FACTS, context)
    settled = ExactItem(edition, Fold(variables)).settled
    solver = z3.Solver(ctx=context)
    for name in variables.made():
        solver.add(variables.says(name, stated.get(name)))
    solver.add(*variables.domain)
    can = [verdict for verdict in VERDICTS if can_hold(solver, settled.verdict(verdict))]
    assert can == [found.items[0].verdict]


@given(editions(), cases())
@settings(max_examples=tries(40))
def test_a_model_is_a_case_that_the_reference_decides_that_way(edition: Edition, facts: CaseFacts) -> None:
    for verdict in VERDICTS:
        context = z3.Context()
        variables = FactVariables(FACTS, context, fixed=facts.facts)
        settled = ExactItem(edition, Fold(variables)).settled
        solver = z3.Solver(ctx=context)
        formula = settled.verdict(verdict)
        solver.add(*variables.domain)
        if can_hold(solver, formula):
            case = {} if formula is True else variables.read(solver.model())
            stated = case or dict(facts.facts)
            answer = reference.find(edition, CaseFacts(stated, (ItemFacts("it", stated),)))
            assert answer.items[0].verdict == verdict


@given(editions(), cases(), st.data())
@settings(max_examples=tries(40))
def test_whatever_is_found_out_the_verdict_is_one_that_was_said_to_be_within_reach(
    edition: Edition, facts: CaseFacts, data: st.DataObject
) -> None:
    whole = {name: data.draw(VALUES[fact.type]) for name, fact in FACTS.items()}
    case = CaseFacts(
        {n: v for n, v in {**whole, **facts.facts}.items() if not FACTS[n].per_item},
        (ItemFacts("it", {n: v for n, v in {**whole, **facts.items[0].facts}.items() if FACTS[n].per_item}),),
    )
    assert reference.find(edition, case).items[0].verdict in reachable(edition, facts)


def test_a_verdict_that_nothing_can_change_is_seen_where_it_is_open() -> None:
    either_way = AnyOf((BoolFact("case.flag_0"), Not(BoolFact("case.flag_0"))))
    edition = one_gateway(AnyOf((either_way, BoolFact("case.flag_1"))))
    nothing = CaseFacts({}, (ItemFacts("it", {}),))
    assert reference.find(edition, nothing).items[0].verdict == "open"
    assert reachable(edition, nothing) == {"allow"}


def test_words_that_nobody_has_seen_keep_a_verdict_open_for_good() -> None:
    edition = one_gateway(All((BoolFact("case.flag_0"), Literal(None))))
    assert reachable(edition, CaseFacts({}, (ItemFacts("it", {}),))) == {"deny", "open"}


@pytest.mark.parametrize("left_open", [Defined("x"), Not(Defined("x"))])
def test_a_tree_that_is_not_closed_is_refused(left_open: object) -> None:
    fold = Fold(FactVariables(FACTS, z3.Context()))
    assert fold(Literal(None)) == Rails(False, False)
    with pytest.raises(ValueError, match="`x` is still open"):
        fold(left_open)  # type: ignore[arg-type]


def test_a_solver_out_of_time_is_no_answer() -> None:
    context = z3.Context()
    solver = z3.Solver(ctx=context)
    solver.set("rlimit", 1)
    a, b, c = z3.Ints("a b c", context)
    with pytest.raises(Undecided, match="gave no answer"):
        can_hold(solver, a * a * a + b * b * b == c * c * c, a > 1, b > 1, c > 1)
