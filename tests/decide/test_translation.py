"""What is emitted in three languages is read back and proved equal to its source tree, for every case there is."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from random_law import editions

from sizes import tries

pytest.importorskip("z3")
pytest.importorskip("ibis")

from limen.decide import reference
from limen.decide.compiled_find import write_find
from limen.decide.rete import Asked, Questions, rule_name
from limen.decide.translation.network_form import read_network
from limen.decide.translation.proof import Mismatch, Proof, UnknownFormError
from limen.decide.translation.python_form import read_python
from limen.decide.translation.sql_form import emitted_sql, read_sql
from limen.decide.translation.validate import DIALECTS, validate
from limen.law import load_book, make_edition
from limen.law.edition import Edition
from limen.law.facts import CaseFacts, ItemFacts

DAY = date(2026, 3, 1)


@pytest.fixture(scope="module")
def edition() -> Edition:
    return make_edition(load_book(), "text-strict", DAY)


def proved() -> list[object]:
    """The profiles, all but the strictest for `make test-slow`: the solver takes some seconds for each."""
    slow = pytest.mark.slow
    return [name if name == "text-strict" else pytest.param(name, marks=slow) for name in sorted(load_book().profiles)]


@pytest.mark.parametrize("profile", proved())
def test_every_emitted_form_of_the_shipped_book_is_proved(profile: str) -> None:
    edition = make_edition(load_book(), profile, DAY)
    validation = validate(edition)
    points = len(edition.case_points) + len(edition.item_points)
    whole = points + len(edition.bars) + len(edition.gateways) + 4
    assert validation.mismatches == ()
    assert validation.proved == {
        "Python": whole, "SQL (duckdb)": whole, "SQL (pyspark)": whole, "durable-rules": points,
    }  # fmt: skip


@settings(max_examples=tries(15), deadline=None)
@given(edition=editions())
def test_every_emitted_form_of_any_edition_is_proved(edition: Edition) -> None:
    """Dates, limits, quoted words, shared parts and bars on bars included."""
    assert validate(edition).mismatches == ()


def spoil(text: str, old: str, new: str) -> str:
    """`text` with one place changed."""
    assert old in text
    return text.replace(old, new, 1)


def assert_real(edition: Edition, mismatch: Mismatch, source: str) -> None:
    """The facts that a mismatch shows do make spoiled Python answer otherwise than the reference."""
    case = {name: value for name, value in mismatch.facts.items() if not edition.facts[name].per_item}
    item = {name: value for name, value in mismatch.facts.items() if edition.facts[name].per_item}
    facts = CaseFacts(case, (ItemFacts("i", item),))
    namespace = dict(write_find(edition)[1])
    exec(source, namespace)
    assert namespace["find"](facts) != reference.find(edition, facts)  # type: ignore[operator]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (" and ", " or "),
        ("is not True)", "is True)"),
        (" <= ", " < "),
        ("else False if", "else None if"),
        ("'dhs', ", ""),
        ("not_covered", "allow"),
        ("g0 = True if", "g0 = None if"),
    ],
)  # fmt: skip
def test_python_that_says_something_else_is_found_out(edition: Edition, old: str, new: str) -> None:
    source, namespace = write_find(edition)
    spoiled = spoil(source, old, new)
    proof = Proof(edition)
    found = proof.mismatches(read_python(spoiled, namespace, proof.variables))
    assert found
    if new != "allow":  # then two branches say so, and the first is real only where both are reached
        assert_real(edition, found[0], spoiled)


@pytest.mark.parametrize("dialect", [DIALECTS[0], *(pytest.param(one, marks=pytest.mark.slow) for one in DIALECTS[1:])])
@pytest.mark.parametrize(("old", "new"), [(" OR ", " AND "), (" NOT ", " "), ("IN ('", "IN ('nobody', '"), ("<=", "<")])
def test_sql_that_says_something_else_is_found_out(edition: Edition, dialect: str, old: str, new: str) -> None:
    query = spoil(emitted_sql(edition, dialect), old, new)
    proof = Proof(edition)
    found = proof.mismatches(read_sql(query, dialect, edition, proof.variables))
    # A word that no case can state changes nothing, and the proof knows that.
    assert bool(found) is (new != "IN ('nobody', '")


def test_rules_that_say_something_else_are_found_out(edition: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rule for *is false* of one question is swapped with its rule for *is true*."""
    honest = Questions.plan

    def swapped(self: Questions, of: Edition) -> object:
        plan = honest(self, of)
        asked = next(question for question in plan.case if isinstance(question, Asked))
        rules = self.rulesets[asked.ruleset]
        yes, no = rule_name(asked.tag, True), rule_name(asked.tag, False)
        rules[yes], rules[no] = rules[no], rules[yes]
        return plan

    monkeypatch.setattr(Questions, "plan", swapped)
    proof = Proof(edition)
    found = proof.mismatches(read_network(edition, proof.variables))
    assert found
    assert found[0].address.startswith("usc.26.6103")


@pytest.mark.parametrize("statement", ["    import os\n", "    x = open('/etc/passwd')\n", "    del case\n"])
def test_text_the_writer_never_emits_is_not_read(edition: Edition, statement: str) -> None:
    source, namespace = write_find(edition)
    at = source.index("\n", source.index("case = facts.facts")) + 1
    with pytest.raises(UnknownFormError, match="the Python reader does not know"):
        read_python(source[:at] + statement + source[at:], namespace, Proof(edition).variables)


def test_a_select_that_leaves_rows_out_is_not_read(edition: Edition) -> None:
    query = emitted_sql(edition, "duckdb")
    with pytest.raises(UnknownFormError, match="the SQL"):
        read_sql(f"{query} WHERE TRUE", "duckdb", edition, Proof(edition).variables)
