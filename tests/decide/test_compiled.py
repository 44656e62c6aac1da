"""The generated evaluator says what the reference interpreter says, and never runs a rule's text."""

from __future__ import annotations

import ast
import pickle
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_law import CITE, FACTS, OFFICES, _point, cases, editions, strange_cases

from limen.decide import reference
from limen.decide.compiled import compile_edition
from limen.decide.compiled_rails import NotClosedError
from limen.law.edition import Edition
from limen.law.facts import CaseFacts, ItemFacts
from limen.law.period import ALWAYS
from limen.law.rules import Prohibition
from limen.law.tree import All, BoolFact, Defined, Literal, Member, Not
from limen.law.vocabulary import Fact
from sizes import tries


@settings(max_examples=tries(150), deadline=None)
@given(edition=editions(), facts=cases())
def test_generated_code_agrees_with_the_reference_at_every_point(edition: Edition, facts: CaseFacts) -> None:
    found = compile_edition(edition).find(facts)
    expected = reference.find(edition, facts)
    assert found == expected
    assert all(a is b for a, b in zip(found.case, expected.case, strict=True))


@settings(max_examples=tries(60), deadline=None)
@given(edition=editions(), facts=strange_cases())
def test_values_of_the_wrong_type_are_seen_as_the_reference_sees_them(edition: Edition, facts: CaseFacts) -> None:
    assert compile_edition(edition).find(facts) == reference.find(edition, facts)


@settings(max_examples=tries(50), deadline=None)
@given(edition=editions(), facts=cases())
def test_a_pickled_evaluator_answers_alike(edition: Edition, facts: CaseFacts) -> None:
    compiled = compile_edition(edition)
    copy = pickle.loads(pickle.dumps(compiled))
    assert copy.source == compiled.source
    assert copy.find(facts) == compiled.find(facts)


@settings(max_examples=tries(10), deadline=None)
@given(edition=editions(), many=st.lists(cases(), min_size=20, max_size=20))
def test_threads_share_one_evaluator(edition: Edition, many: list[CaseFacts]) -> None:
    compiled = compile_edition(edition)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(compiled.find, many * 5))
    assert found == [reference.find(edition, facts) for facts in many] * 5


HOSTILE = [
    "x') or __import__('os').abort() or ('",
    'a"\nraise SystemExit\n#',
    "\\", "'", '"""', "{}", "{0}", "%s", "\x00", "\u2028", "\ud800", "", "stated", "True",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_names_and_values_stay_quoted(text: str) -> None:
    """A fact name or an enum value is only ever a constant, whatever it spells."""
    name = f"case.{text}"
    facts = {**FACTS, name: Fact(name=name, type="enum", ask="?", source=None, values=(text, "other"))}
    expr = All((Member(name, (text,)), Not(Member(name, ("other", text + "!")))))
    edition = replace(_edition_of(expr), facts=facts)
    compiled = compile_edition(edition)
    for stated, expected in (({name: text}, True), ({name: "other"}, False), ({}, None)):
        assert compiled.find(CaseFacts(stated, (ItemFacts("i", {}),))).case == (expected,)


def test_generated_source_calls_nothing_but_a_short_list() -> None:
    """Read back as a syntax tree, the source holds no call, import or attribute beyond those an evaluator needs."""
    expr = All(tuple(Member("case.office_0", (text or "none",)) for text in HOSTILE))
    tree = ast.parse(compile_edition(_edition_of(expr)).source)
    called = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    allowed = {"case.get", "stated.get", "items.append", "tuple", "isinstance", "Findings", "ItemFindings"}
    assert called <= allowed
    attributes = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert attributes <= {"facts", "items", "get", "append", "days"}
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom | ast.Lambda)]


def test_a_shared_sub_expression_is_written_once() -> None:
    shared = All((BoolFact("case.flag_0"), BoolFact("case.flag_1"), BoolFact("case.flag_2")))
    edition = _edition_of(shared, Not(shared), All((shared, BoolFact("case.flag_3"))))
    source = compile_edition(edition).source
    reads = [line for line in source.splitlines() if "f0c is True and" in line]
    assert len(reads) == 1


def test_deep_nesting_compiles() -> None:
    expr = BoolFact("case.flag_0")
    for _ in range(60):
        expr = Not(All((expr, BoolFact("case.flag_1"))))  # type: ignore[assignment]
    edition = _edition_of(expr)
    facts = CaseFacts({"case.flag_0": True, "case.flag_1": True}, (ItemFacts("i", {}),))
    assert compile_edition(edition).find(facts).case == (True,)


def test_an_open_tree_is_refused() -> None:
    with pytest.raises(NotClosedError, match=r"`matter\.qualifies` is still open"):
        compile_edition(_edition_of(Defined("matter.qualifies"))).source  # noqa: B018


def _edition_of(*exprs: object) -> Edition:
    """An edition with these case points, a prohibition that always applies and no gateway."""
    points = tuple(_point(n, expr, "case") for n, expr in enumerate(exprs))  # type: ignore[arg-type]
    always = (_point(0, Literal(True), "item"), _point(1, Literal(True), "item"))
    rule = Prohibition("general", "The general rule", CITE, ALWAYS, always[0].node, always[1].node, "No.")
    return Edition("one", "1", "0", "p", date(2025, 1, 1), {}, FACTS, points, always, ((rule, 0, 1),), (), (), "0")


def test_offices_include_what_must_be_escaped() -> None:
    assert any('"' in office and "\\" in office for office in OFFICES)
