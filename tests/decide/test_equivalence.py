"""The release gate at its small size; `python -m limen.decide.equivalence --cases 1000000` is the nightly one."""

from __future__ import annotations

import json

import pytest

pytest.importorskip("pyarrow")
pytest.importorskip("ibis")

from limen.decide import equivalence
from limen.decide.compiled import Compiled
from limen.decide.equivalence_cases import CaseMaker, random_edition
from limen.law import load_book, make_edition


def test_all_evaluators_agree(capsys: pytest.CaptureFixture[str]) -> None:
    status = equivalence.main(["--cases", "6000", "--second-key-every", "100"])
    report = json.loads(capsys.readouterr().out)
    assert report["disagreements"] == []
    assert status == 0
    whole = {"interpreter", "generated findings", "generated answers", "columns on Arrow", "columns on DuckDB"}
    assert {name: report["agreed"][name] for name in whole} == dict.fromkeys(whole, 6000)
    assert report["agreed"]["second key"] == 60


@pytest.mark.spark
def test_spark_agrees_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert equivalence.main(["--cases", "4000", "--second-key-every", "0", "--spark"]) == 0
    assert json.loads(capsys.readouterr().out)["agreed"]["columns on Spark"] == 4000


def test_an_evaluator_that_lies_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Generated findings and columns are made to lie in one place each; nobody else is blamed."""
    honest = equivalence.compile_edition

    def lying(edition: object) -> Compiled:
        compiled = honest(edition)  # type: ignore[arg-type]
        find = compiled.find
        object.__setattr__(compiled, "find", lambda facts: None if len(facts.items) == 3 else find(facts))
        return compiled

    monkeypatch.setattr(equivalence, "compile_edition", lying)
    on_arrow = equivalence._on_arrow

    def inverted(edition: object, many: object) -> object:
        import pyarrow as pa

        table = on_arrow(edition, many)  # type: ignore[arg-type]
        place = table.schema.get_field_index("verdict")
        return table.set_column(place, "verdict", pa.array(["allow"] * table.num_rows))

    monkeypatch.setattr(equivalence, "_on_arrow", inverted)
    gate = equivalence.run_gate(300, second_key_every=0)
    blamed = {line.split(" differs")[0] for line in gate.disagreements}
    assert blamed == {"generated findings", "columns on Arrow"}
    assert 0 < gate.agreed["generated findings"] < 300
    assert gate.agreed["columns on DuckDB"] == 300


def test_cases_reach_every_verdict_and_leave_facts_out() -> None:
    """A gate that only ever saw denials would prove nothing."""
    from limen.decide import reference

    book = load_book()
    seen: set[str] = set()
    stated: set[str] = set()
    missing: set[str] = set()
    for number in range(12):
        edition = make_edition(book, "text-strict", equivalence.DAYS[0])
        if number % 2:
            edition = random_edition(edition, number)
        for case in CaseMaker(edition, number).cases(60):
            seen |= {item.verdict for item in reference.find(edition, case).items}
            stated |= set(case.facts)
            missing |= set(edition.facts) - set(case.facts)
    assert seen == {"allow", "deny", "open", "not_covered"}
    case_facts = {name for name, fact in book.vocabulary.facts.items() if not fact.per_item}
    assert stated == case_facts
    assert missing >= case_facts
