"""The release gate at its small size; `python -m limen.decide.equivalence --cases 1000000` is the nightly one."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

pytest.importorskip("pyarrow")
pytest.importorskip("ibis")

from limen.decide import equivalence
from limen.decide.compiled import Compiled
from limen.decide.equivalence_cases import CaseMaker, random_edition
from limen.decide.equivalence_gate import Asked, Keeper
from limen.law import load_book, make_edition


@pytest.mark.parametrize("cases", [1_500, pytest.param(6_000, marks=pytest.mark.slow)])
def test_all_evaluators_agree(cases: int, capsys: pytest.CaptureFixture[str]) -> None:
    status = equivalence.main(["--cases", str(cases), "--second-key-every", "100", "--no-spark"])
    report = json.loads(capsys.readouterr().out)
    assert report["disagreements"] == []
    assert status == 0
    whole = {
        "interpreter", "generated findings", "generated answers", "reasons", "reasons of requests", "columns on Arrow",
        "columns on DuckDB",
    }  # fmt: skip
    assert {name: report["agreed"][name] for name in whole} == dict.fromkeys(whole, cases)
    assert report["agreed"]["second key"] == cases // 100


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
    gate = equivalence.run_gate(Asked(300, second_key_every=0))
    blamed = {line.split(" differs")[0] for line in gate.disagreements}
    assert blamed == {"generated findings", "columns on Arrow"}
    assert 0 < gate.agreed["generated findings"] < 300
    assert gate.differing == 600 - gate.agreed["generated findings"] - gate.agreed["columns on Arrow"]
    assert gate.agreed["columns on DuckDB"] == 300


def test_a_run_that_was_stopped_goes_on_and_ends_as_if_it_had_not_been(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = equivalence.shipped_editions(load_book())  # made once for the five runs
    monkeypatch.setattr(equivalence, "shipped_editions", lambda book: shipped)
    whole = ["--cases", "160", "--round", "100", "--second-key-every", "90", "--no-spark"]
    kept = [*whole, "--state", str(tmp_path / "gate.json")]
    said = []
    for arguments, status in (
        (whole, equivalence.FINISHED),
        ([*kept, "--rounds", "1"], equivalence.UNFINISHED),
        (kept, equivalence.FINISHED),
        (kept, equivalence.FINISHED),
    ):
        assert equivalence.main(arguments) == status
        said.append({name: value for name, value in json.loads(capsys.readouterr().out).items() if name != "seconds"})
    assert said[1]["cases"] == 100
    assert said[0] == said[2] == said[3]
    assert equivalence.main([*kept, "--seed", "1"]) == equivalence.NOT_RUN
    assert "another seed" in capsys.readouterr().err


def test_a_disagreement_is_still_one_after_the_run_went_on(tmp_path: Path) -> None:
    """What differed once is not forgotten because what came later agreed."""
    keeper = Keeper(tmp_path / "gate.json", Asked(10))
    gate = keeper.read()
    gate.note("columns on Arrow", 9, 10, "somewhere")
    keeper.write(gate)
    again = keeper.read()
    assert (again.differing, again.disagreements) == (1, gate.disagreements)


def test_every_law_the_book_has_had_is_asked() -> None:
    book = load_book()
    shipped = equivalence.shipped_editions(book)
    assert {edition.profile for edition in shipped} == set(book.profiles)
    assert len({edition.as_of for edition in shipped}) > 10
    asked = [equivalence.edition_of(shipped, number, 1) for number in range(3 * len(shipped))]
    assert {edition.digest for edition in shipped} <= {edition.digest for edition in asked}
    assert sum(edition.profile.startswith("random") for edition in asked) == len(shipped)


def test_cases_reach_every_verdict_and_leave_facts_out() -> None:
    """A gate that only ever saw denials would prove nothing."""
    from limen.decide import reference

    book = load_book()
    seen: set[str] = set()
    stated: set[str] = set()
    missing: set[str] = set()
    for number in range(12):
        edition = make_edition(book, "text-strict", date(2025, 6, 1))
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
