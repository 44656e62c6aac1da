"""Loading: what a book becomes, and how its problems are told."""

from __future__ import annotations

import copy
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.strategies import CITE, SMALL_BOOK, as_raw_files, write_book

from limen.law.book import Book
from limen.law.load.files import RawFile
from limen.law.load.loader import load_files, load_folder
from limen.law.places import shipped_rules
from limen.law.problem import BookError, Problem
from limen.law.tree import BoolFact, Literal, Member

BAR = """\
kind: bar
rule: law.bar_0
title: An informant
cite: {title: 26, code: U.S.C., section: "6103", paragraph: (i)(6), certainty: assumed}
overrides: [law.gate_0]
any:
  - id: folded
    label: a folded test
    test: >-
      request.in_writing
      and request.names_taxpayr
  - id: literal
    label: a literal test
    test: |
      request.in_writing and
        requester.office == 'hed'
  - id: single
    label: a test in single quotes
    test: 'requester.office == ''hed'''
  - id: double
    label: a test in double quotes
    test: "requester.office \\
      == 'hed'"
  - {id: flow, label: a test in a row, test: matter.opn}
if_true: It stands.
if_unknown: Ask.
"""


def small(**changes: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The small book, with whole files changed by name (`.yaml` left out)."""
    documents = copy.deepcopy(SMALL_BOOK)
    for name, change in changes.items():
        documents.setdefault(f"{name}.yaml", {}).update(change)
    return documents


def load(documents: dict[str, dict[str, Any]]) -> Book:
    return load_files(as_raw_files(documents))


def problems(files: list[RawFile]) -> tuple[Problem, ...]:
    with pytest.raises(BookError) as caught:
        load_files(files)
    return caught.value.problems


def small_with(name: str, text: str) -> list[RawFile]:
    return [file for file in as_raw_files(SMALL_BOOK) if file.name != name] + [RawFile(name, text.encode())]


def test_a_fault_in_a_test_is_found_where_it_stands_however_the_text_is_written() -> None:
    lines = BAR.splitlines()
    for problem in problems(small_with("bar_0.yaml", BAR)):
        there = lines[problem.line - 1][problem.column - 1 :]
        assert there.startswith(("request.names_taxpayr", "'hed'", "''hed'''", "matter.opn")), (problem, there)
    assert len(problems(small_with("bar_0.yaml", BAR))) == 5


def test_ten_things_wrong_give_ten_helpful_errors(tmp_path: Path) -> None:
    folder = write_book(SMALL_BOOK, tmp_path / "rules")

    def edit(name: str, old: str, new: str) -> None:
        path = folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    edit("a.yaml", "says:", "syas:")
    edit("bar_0.yaml", "param.clock", "param.clok")
    edit("bar_0.yaml", "law.gate_0", "law.gate_9")
    edit("first.yaml", "law.gate_0/engaged: narrow", "law.gate_0/engaged: narow")
    edit("gate_0.yaml", "effect: must", "effect: shall")
    edit("gate_0.yaml", "test: request.proper", "test: request.propper")
    edit("gate_0.yaml", "item.kind == 'name'", "item.kind == 'nam'")
    edit("gate_0.yaml", "reading: engaged", "reading: engagd")
    edit("vocabulary.yaml", "type: date", "type: dat")
    (folder / "bar_1.yml").write_text((folder / "bar_0.yaml").read_text().replace("law.bar_0", "law.bar_1"))
    with pytest.raises(BookError) as caught:
        load_folder(folder)
    found = {(problem.file, problem.code) for problem in caught.value.problems}
    assert found == {
        ("a.yaml", "unknown-key"),
        ("a.yaml", "missing-key"),
        ("bar_0.yaml", "unknown-name"),
        ("bar_0.yaml", "dangling-reference"),
        ("bar_1.yml", "wrong-suffix"),
        ("bar_1.yml", "unknown-name"),
        ("bar_1.yml", "dangling-reference"),
        ("first.yaml", "unknown-alternative"),
        ("gate_0.yaml", "not-one-of"),
        ("gate_0.yaml", "unknown-name"),
        ("gate_0.yaml", "unknown-value"),
        ("gate_0.yaml", "dangling-reference"),
        ("vocabulary.yaml", "not-one-of"),
    }
    for problem in caught.value.problems:
        assert problem.line >= 1
        assert problem.mend
    nearest = {problem.nearest for problem in caught.value.problems}
    assert {
        "says",
        "param.clock",
        "law.gate_0",
        "narrow",
        "request.proper",
        "name",
        "law.gate_0/engaged",
        "date",
    } <= nearest
    said = str(caught.value)
    assert said.startswith(f"the rule book has {len(caught.value.problems)} problems\n")


def test_a_broken_vocabulary_does_not_make_its_facts_unknown() -> None:
    """What stands in a broken part of the book is not reported as missing where it is used."""
    vocabulary = small()["vocabulary.yaml"]
    vocabulary["facts"]["request.in_writing"]["typ"] = "bool"
    del vocabulary["facts"]["request.in_writing"]["type"]
    codes = [problem.code for problem in problems(as_raw_files({**SMALL_BOOK, "vocabulary.yaml": vocabulary}))]
    assert codes == ["missing-key", "unknown-key"]


def test_a_file_that_is_not_yaml_does_not_make_its_rule_dangle() -> None:
    text = as_raw_files(SMALL_BOOK)[[f.name for f in as_raw_files(SMALL_BOOK)].index("gate_0.yaml")].content.decode()
    found = problems(small_with("gate_0.yaml", text + "  : [\n"))
    assert [problem.code for problem in found] == ["yaml-syntax"]


def test_the_shape_of_what_is_loaded() -> None:
    book = load(small())
    (gateway,) = book.gateways
    assert (book.name, book.version, book.title) == ("small", "1", "A small book")
    assert [node.address for node in gateway.elements] == ["law.gate_0#proper", "law.gate_0#engaged"]
    assert gateway.elements[0].cite is not None
    assert gateway.elements[0].cite.text == "26 U.S.C. § 6103(A)"
    assert gateway.elements[1].reading == "law.gate_0/engaged"
    reading = book.readings["law.gate_0/engaged"]
    assert [alternative.meaning.address for alternative in reading.alternatives] == [
        "law.gate_0/engaged:narrow",
        "law.gate_0/engaged:broad",
    ]
    assert reading.alternatives[0].meaning.test == Member("requester.office", ("head",))
    definition = book.vocabulary.definitions["request.proper"]
    assert definition.meaning.address == "law#request.proper"
    assert definition.meaning.test == BoolFact("request.in_writing")
    assert book.locations["law.gate_0#engaged"][0] == "gate_0.yaml"
    assert book.locations["law#request.in_writing"][0] == "vocabulary.yaml"


def test_a_definition_knows_whether_it_speaks_of_an_item() -> None:
    definitions = {
        "item.reachable": {"test": "item.filed and request.in_writing"},
        "item.named": {"none": [{"id": "a", "label": "a", "test": "not item.reachable"}]},
        "request.proper": {"test": "request.in_writing"},
    }
    book = load(small(vocabulary={"definitions": definitions}))
    per_item = {name: definition.per_item for name, definition in book.vocabulary.definitions.items()}
    assert per_item == {"item.reachable": True, "item.named": True, "request.proper": False}


def test_an_element_may_not_speak_of_an_item_even_through_a_definition() -> None:
    definitions = {"request.proper": {"test": "item.filed"}}
    with pytest.raises(BookError, match="item-fact-in-element"):
        load(small(vocabulary={"definitions": definitions}))


def test_redacted_words_get_an_alternative_that_nobody_has_seen() -> None:
    documents = small()
    reading = documents["gate_0.yaml"]["readings"][0]
    reading.update(status="redacted", bounds="narrows")
    last = load(documents).readings["law.gate_0/engaged"].alternatives[-1]
    assert last.id == "unseen"
    assert last.meaning.test == Literal(None)


@pytest.mark.parametrize(
    ("bounds", "place", "fits"),
    [
        ("narrows", "elements", True),
        ("widens", "elements", False),
        ("unknown", "elements", True),
        ("narrows", "releases", False),
        ("widens", "releases", True),
    ],
)
def test_bounds_have_to_fit_the_place_of_the_words(bounds: str, place: str, fits: bool) -> None:
    documents = small()
    gate = documents["gate_0.yaml"]
    gate["readings"][0].update(status="redacted", bounds=bounds)
    engaged = gate["elements"].pop()
    gate[place].append(engaged)
    if fits:
        load(documents)
        return
    with pytest.raises(BookError, match="redacted-bounds"):
        load(documents)


def test_hidden_words_inside_a_bar_may_narrow_whatever_not_stands_before_them() -> None:
    documents = small()
    documents["gate_0.yaml"]["readings"][0].update(status="redacted", bounds="narrows")
    documents["gate_0.yaml"]["elements"].pop()
    documents["bar_0.yaml"]["any"] = [
        {
            "id": "lacking",
            "label": "a request without an assurance",
            "all": [
                {"id": "applies", "label": "applies", "test": "matter.open"},
                {
                    "id": "no",
                    "label": "none",
                    "none": [{"id": "given", "label": "given", "reading": "law.gate_0/engaged"}],
                },
            ],
        }
    ]
    load(documents)


@pytest.mark.parametrize(
    ("in_force", "where", "loosens"),
    [
        ({"from": date(2025, 4, 7)}, "element", True),
        ({"until": date(2025, 4, 7)}, "element", True),
        ({"from": date(2025, 4, 7), "by": "an Act"}, "element", False),
        ({"until": date(2025, 4, 7), "repealed_by": "an Act"}, "element", False),
        ({"until": date(2025, 4, 7), "by": "an Act"}, "element", True),
        ({"from": date(2025, 4, 7)}, "ground", False),
        ({"from": date(2025, 4, 7)}, "gateway", False),
        ({"from": date(2025, 4, 7)}, "bar", True),
        ({"from": date(2025, 4, 7)}, "condition", True),
        ({"from": date(2025, 4, 7)}, "prohibition", True),
        ({"from": date(2025, 4, 7)}, "only part of an element", True),
        ({"from": date(2025, 4, 7)}, "one way to meet an element", False),
    ],
)
def test_a_lapse_that_makes_release_easier_has_to_name_its_law(
    in_force: dict[str, Any], where: str, loosens: bool
) -> None:
    documents = small()
    node = {"id": "dated", "label": "a dated part", "test": "matter.open", "in_force": in_force}
    always = {"id": "always", "label": "another part", "test": "matter.open"}
    match where:
        case "element":
            documents["gate_0.yaml"]["elements"].append(node)
        case "ground":
            documents["gate_0.yaml"]["releases"].append(node)
        case "gateway":
            documents["gate_0.yaml"]["in_force"] = in_force
        case "bar":
            documents["bar_0.yaml"]["in_force"] = in_force
        case "condition":
            documents["bar_0.yaml"]["any"].append(node)
        case "prohibition":
            documents["a.yaml"]["in_force"] = in_force
        case "only part of an element":
            documents["gate_0.yaml"]["elements"].append({"id": "group", "label": "a group", "any": [node]})
        case "one way to meet an element":
            documents["gate_0.yaml"]["elements"].append({"id": "group", "label": "a group", "any": [node, always]})
    if not loosens:
        load(documents)
        return
    with pytest.raises(BookError) as caught:
        load(documents)
    assert {problem.code for problem in caught.value.problems} == {"loosening-date"}


def test_a_bar_on_a_bar_on_itself_is_a_circle() -> None:
    bar = {**SMALL_BOOK["bar_0.yaml"], "rule": "law.bar_1", "overrides": ["law.bar_0"]}
    with pytest.raises(BookError, match=r"law.bar_0` -> `law.bar_1` -> `law.bar_0"):
        load(small(bar_0={"overrides": ["law.gate_0", "law.bar_1"]}, bar_1=bar))


def test_a_reading_may_not_be_built_on_itself() -> None:
    documents = small()
    alternatives = documents["gate_0.yaml"]["readings"][0]["alternatives"]
    del alternatives[0]["test"]
    alternatives[0]["reading"] = "engaged"
    with pytest.raises(BookError, match="cycle"):
        load(documents)


def test_the_digest_is_of_what_the_book_says_not_of_how_it_is_written() -> None:
    files = as_raw_files(SMALL_BOOK)
    spaced = [RawFile(file.name, b"# a comment\n\n" + file.content) for file in files]
    moved = [RawFile(file.name.replace("gate_0", "moved/gate"), file.content) for file in files]
    changed = small(gate_0={"effect": "may"})
    assert load_files(spaced).digest == load_files(files).digest == load_files(moved).digest
    assert load(changed).digest != load_files(files).digest


def test_problems_come_sorted_and_once() -> None:
    with pytest.raises(BookError) as caught:
        load(small(bar_0={"if_true": 3, "confidential": "very"}, a={"says": 4}))
    places = [(problem.file, problem.line, problem.column) for problem in caught.value.problems]
    assert places == sorted(set(places))


def test_the_shipped_book_has_no_problem_and_every_address_a_place() -> None:
    book = load_folder(shipped_rules())
    for node in book.nodes():
        assert book.locations[node.address][1] >= 1
    assert book.prohibitions
    assert book.gateways


def test_cite_on_a_document_takes_a_place_in_it() -> None:
    documents = small()
    documents["bar_0.yaml"]["cite"] = {"document": "An agreement", "dated": date(2025, 4, 7), "certainty": "reported"}
    documents["bar_0.yaml"]["any"][0]["cite"] = "section 4"
    (condition,) = load(documents).bars[0].conditions
    assert condition.cite is not None
    assert condition.cite.text == "An agreement, section 4 (Apr. 7, 2025)"
    assert condition.cite.certainty == "reported"


def test_a_bare_paragraph_needs_something_to_stand_on() -> None:
    documents = small()
    documents["vocabulary.yaml"]["definitions"]["request.proper"]["cite"] = "(b)(1)"
    with pytest.raises(BookError, match="bad-citation"):
        load(documents)
    documents["vocabulary.yaml"]["cite"] = CITE
    cite = load(documents).vocabulary.definitions["request.proper"].meaning.cite
    assert cite is not None
    assert cite.text == "26 U.S.C. § 6103(b)(1)"
