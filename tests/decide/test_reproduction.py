"""A fault is kept in one file, and whoever has the file can see it again."""

from __future__ import annotations

import json
import os
import stat
from dataclasses import replace
from datetime import date
from pathlib import Path

import bad_workers as bad
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_law import cases, editions
from small_editions import edition, exprs

from limen.decide import reference
from limen.decide.findings import Findings
from limen.decide.reproduction import FaultFolder, ReproductionError, read_reproduction, reproduce, write_whole
from limen.decide.reproduction_form import FormError, from_json, to_json
from limen.decide.second_key import SecondKey
from limen.law.edition import Edition
from limen.law.facts import CaseFacts, ItemFacts
from limen.law.tree import BoolFact, Expr, Member
from sizes import tries

BOOK = edition([BoolFact("requester.in_writing"), Member("match.grade", ("exact",))], [BoolFact("item.from_taxpayer")])
CASE = CaseFacts(
    {"requester.in_writing": True, "match.grade": "strong", "matters.named_in": 7},
    (ItemFacts("the wages of Mirela Vantongeren", {"item.from_taxpayer": False}),),
)
RIGHT = reference.find(BOOK, CASE)


class Liar:
    """An evaluator that turns the first point round, whatever it is."""

    def __init__(self, book: Edition) -> None:
        self.book = book

    def find(self, facts: CaseFacts) -> Findings:
        honest = reference.find(self.book, facts)
        return replace(honest, case=(not honest.case[0], *honest.case[1:]))


class Honest:
    def find(self, book: Edition, facts: CaseFacts) -> Findings:
        return reference.find(book, facts)


@settings(max_examples=tries(200), deadline=None)
@given(exprs(leaves=30))
def test_every_tree_comes_back_as_it_was_written(expr: Expr) -> None:
    assert from_json(json.loads(json.dumps(to_json(expr)))) == expr


@settings(max_examples=tries(60), deadline=None)
@given(editions(), cases())
def test_every_edition_case_and_finding_comes_back_as_it_was_written(book: Edition, case: CaseFacts) -> None:
    for value in (book, case, reference.find(book, case)):
        assert from_json(json.loads(json.dumps(to_json(value)))) == value


@given(st.recursive(st.one_of(st.none(), st.booleans(), st.text(), st.integers()), lambda inner: st.one_of(
    st.lists(inner), st.dictionaries(st.sampled_from(["is", "map", "date", "parts", "fact"]), inner))))  # fmt: skip
def test_any_json_is_read_or_refused_and_builds_nothing_but_law_and_facts(form: object) -> None:
    try:
        value = from_json(form)
    except FormError:
        return
    assert type(value).__module__.startswith(("limen.law", "limen.decide.findings", "builtins", "datetime"))


def test_a_value_that_is_neither_law_nor_fact_has_no_place_in_a_file() -> None:
    with pytest.raises(FormError, match=r"a `PosixPath` has no place"):
        to_json(CaseFacts({"requester.office": Path("/")}, ()))
    with pytest.raises(FormError, match=r"`Popen` is no kind of value"):
        from_json({"is": "Popen", "args": ["true"]})
    with pytest.raises(FormError, match=r"a `BoolFact` in the file has other fields"):
        from_json({"is": "BoolFact", "fact": "a", "colour": "red"})


def test_a_lying_first_key_is_written_down_and_lies_again(tmp_path: Path) -> None:
    path = write(tmp_path, Liar(BOOK).find(CASE), RIGHT)
    again = reproduce(path, first=Liar, second=Honest())
    assert (again.kind, again.still_happens, again.wrong) == ("disagreement", True, ("first",))


def test_a_lying_second_key_is_written_down_and_lies_again(tmp_path: Path) -> None:
    with SecondKey(command=bad.SAYS_YES) as liar:
        lie = liar.find(BOOK, CASE)
        assert lie != RIGHT
        again = reproduce(write(tmp_path, RIGHT, lie), second=liar)
    assert (again.kind, again.still_happens, again.wrong) == ("disagreement", True, ("second",))
    assert again.second == again.recorded.second == lie


def test_a_fault_that_was_mended_does_not_happen_with_the_keys_of_today(tmp_path: Path) -> None:
    again = reproduce(write(tmp_path, Liar(BOOK).find(CASE), RIGHT))
    assert (again.kind, again.still_happens, again.wrong) == (None, False, ())
    assert again.first == again.second == RIGHT


@pytest.mark.parametrize(("command", "kind"), [(bad.SEGFAULT, "crash"), (bad.HANGS, "timeout"), (bad.GARBAGE, "error")])
def test_a_failing_second_key_fails_again(tmp_path: Path, command, kind: str) -> None:
    path = write(tmp_path, RIGHT, None, kind)
    with SecondKey(command=command, deadline=0.5) as key:
        again = reproduce(path, second=key)
    assert (again.kind, again.still_happens, again.wrong) == (kind, True, ("second",))


def write(folder: Path, first: Findings | None, second: Findings | None, kind: str = "disagreement") -> Path:
    return Path(FaultFolder(folder / "faults")(BOOK, CASE, first, second, kind, "the keys differ"))


def test_the_file_says_everything_and_names_nobody(tmp_path: Path) -> None:
    path = write(tmp_path, RIGHT, None)
    text = path.read_text()
    assert "Mirela" not in text
    assert "matters.named_in" not in json.loads(text)["facts"]["facts"]["map"]
    recorded, book, case = read_reproduction(path)
    assert book == BOOK
    assert reference.find(book, case) == RIGHT
    assert recorded.first == RIGHT and recorded.second is None
    assert set(recorded.versions) == {"limen", "durable-rules", "python"}
    assert recorded.versions["durable-rules"] == "2.0.28"


def test_only_its_owner_may_read_it_and_nothing_half_written_stays(tmp_path: Path, monkeypatch) -> None:
    path = write(tmp_path, RIGHT, None)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_whole(tmp_path / "new.json", "{}")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["faults"]


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (None, "cannot be read: No such file"),
        ("{", "is no JSON file"),
        ("[]", "is no reproduction file of this version"),
        ('{"format": 0, "kind": "crash"}', "is no reproduction file of this version"),
        ('{"format": 1, "kind": "crash"}', "was written by a version with another form"),
        (
            '{"format": 1, "kind": "crash", "edition": 1, "facts": 2, "first": null, "second": null}',
            "holds no edition and facts",
        ),
    ],
)
def test_a_file_that_cannot_be_run_again_says_why(tmp_path: Path, content: str | None, complaint: str) -> None:
    path = tmp_path / "fault.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(ReproductionError, match=complaint):
        reproduce(path)


def test_dates_before_and_after_are_kept_as_dates() -> None:
    facts = CaseFacts({"matter.opened": date(1999, 12, 31)}, ())
    assert from_json(to_json(facts)).facts["matter.opened"] == date(1999, 12, 31)
