"""Reading scenarios: what is wrong is said with its line and how to mend it; what is right is kept as written."""

from __future__ import annotations

import json
import pickle
import textwrap
from collections.abc import Callable
from datetime import date
from pathlib import Path

import jsonschema
import pytest

from limen.law.places import shipped_scenarios
from limen.scenario import ScenarioError, find_scenarios, load, load_scenario, scenario_schema, shipped

Write = Callable[..., Path]

GOOD = """\
scenario: a-good-one
title: A good one
story: Somebody asks.
teaches: Asking is not getting.
provisions: [usc.26.6103.i.2]
as_of: 2025-06-27
facts:
  request.in_writing: true
items:
  address: {item.kind: mailing_address}
expect:
  text-strict: {disposition: withhold, items: {address: deny}}
"""


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(text: str, name: str = "case.yaml") -> Path:
        path = tmp_path / name
        path.write_text(textwrap.dedent(text), encoding="utf-8")
        return path

    return write


def problems(path: Path) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path)
    assert pickle.loads(pickle.dumps(caught.value)).problems == caught.value.problems
    return [str(problem) for problem in caught.value.problems]


def test_a_scenario_is_read_as_written(write: Write) -> None:
    scenario = load_scenario(write(GOOD))
    assert scenario.scenario == "a-good-one"
    assert scenario.items == {"address": {"item.kind": "mailing_address"}}
    assert scenario.expect["text-strict"].items == {"address": "deny"}


def test_a_wrong_key_is_reported_with_its_line_and_the_nearest(write: Write) -> None:
    (problem,) = problems(write(GOOD.replace("teaches:", "teachs:") + "teaches: something\n"))
    assert problem.startswith("case.yaml:4:1: `teachs` is not a key that belongs here")
    assert "did you mean: `teaches`" in problem


def test_a_wrong_key_in_an_expectation_is_reported_where_it_stands(write: Write) -> None:
    (problem,) = problems(write(GOOD.replace("{disposition: withhold, ", "{dispositon: withhold, ")))
    assert problem.startswith("case.yaml:12:17: `expect.text-strict.dispositon` is not a key that belongs here")
    assert "did you mean: `disposition`" in problem


@pytest.mark.parametrize(
    ("change", "by", "said"),
    [
        ("title: A good one\n", "", "`title` is missing"),
        ("as_of: 2025-06-27\n", "", "say which day's law applies"),
        ("disposition: withhold", "disposition: refuse", "input should be 'release'"),
        ("as_of: 2025-06-27", "as_of: 2025-06-31", "not a day of the calendar"),
        ("provisions: [usc.26.6103.i.2]", "provisions: []", "at least 1 item"),
        ("items:\n  address: {item.kind: mailing_address}\n", "items: {}\n", "a case has at least one item"),
        ("facts:", "match: {grade: exact}\nfacts:", "`match` and `batch` belong to a `request`"),
        ("facts:", "request: {items: []}\nfacts:", "a case is stated once"),
        ("text-strict: {disposition: withhold, items: {address: deny}}", "text-strict: {}", "an expectation says"),
        ("story: Somebody asks.", "story: yes", "boolean to some YAML readers"),
        ("scenario: a-good-one", "scenario: A good one", "pattern"),
    ],
)  # fmt: skip
def test_each_mistake_is_said_in_words(write: Write, change: str, by: str, said: str) -> None:
    assert change in GOOD
    found = "\n".join(problems(write(GOOD.replace(change, by))))
    assert said in found
    assert "case.yaml:" in found
    assert "pydantic" not in found


VARIED = """\
scenario: varied
title: Told twice
story: Somebody asks for an address.
teaches: Asking is not getting.
provisions: [usc.26.6103.i.2]
as_of: 2025-06-27
facts:
  request.in_writing: true
  match.grade: exact
items:
  address: {item.kind: mailing_address}
expect:
  text-strict: {disposition: withhold}
variants:
  by-telephone:
    title: By telephone
    story: Somebody rings up.
    facts: {request.in_writing: false}
    without: [facts.match.grade]
    as_of: 2026-01-15
    expect:
      every: {disposition: withhold}
  nothing-asked:
    title: Nothing is asked
    story: Somebody rings up and asks for a name.
    items: {name: {item.kind: name}}
    without: [items.address]
    expect:
      text-strict: {disposition: withhold}
"""


def test_a_variant_is_the_case_with_something_changed(write: Write) -> None:
    path = write(VARIED)
    told, by_telephone, another = [scenario for _, scenario in find_scenarios([path])]
    assert told.facts == {"request.in_writing": True, "match.grade": "exact"}
    assert by_telephone.scenario == "varied/by-telephone"
    assert by_telephone.family == "varied"
    assert by_telephone.facts == {"request.in_writing": False}
    assert by_telephone.items == told.items
    assert (by_telephone.teaches, by_telephone.provisions) == (told.teaches, told.provisions)
    assert by_telephone.as_of == date(2026, 1, 15)
    assert set(by_telephone.expect) == {"every"}
    assert another.items == {"name": {"item.kind": "name"}}
    assert another.facts == told.facts
    assert not by_telephone.variants


def test_a_variant_is_found_by_its_name_after_the_file(write: Write) -> None:
    path = write(VARIED)
    assert load_scenario(path / "by-telephone").scenario == "varied/by-telephone"
    assert [scenario.scenario for _, scenario in find_scenarios([path / "nothing-asked"])] == ["varied/nothing-asked"]
    (problem,) = problems(path / "by-telefone")
    assert "no variant `by-telefone`" in problem
    assert "did you mean: `by-telephone`" in problem


@pytest.mark.parametrize(
    ("change", "by", "line", "said"),
    [
        ("    story: Somebody rings up.\n", "", 15, "`variants.by-telephone.story` is missing"),
        ("    as_of: 2026-01-15", "    as_off: 2026-01-15", 20, "`variants.by-telephone.as_off` is not a key"),
        ("without: [facts.match.grade]", "without: [facts.match.rung]", 19, "`facts.match.rung` is not in"),
        ("without: [items.address]", "without: [title]", 27, "`title` is not in the scenario"),
        ("items: {name: {item.kind: name}}", "request: {items: []}", 24, "a case is stated once"),
        ("  by-telephone:", "  By Telephone:", 15, "pattern"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_variant_is_reported_with_its_line(
    write: Write, change: str, by: str, line: int, said: str
) -> None:
    assert change in VARIED
    found = problems(write(VARIED.replace(change, by)))
    assert any(said in problem for problem in found), found
    assert any(problem.startswith(f"case.yaml:{line}:") for problem in found), found


REQUEST = """\
scenario: told-as-a-request
title: Told as a request
story: Somebody asks.
teaches: Asking is not getting.
provisions: [usc.26.6103.i.2]
request:
  received: 2025-06-27
  requester: {agency: dhs, ofice: agency_head}
  subject: {name: {last: Qxzabel, nick: Qxzy}}
  items: [{id: address, kind: mailing_address}]
expect:
  text-strict: {disposition: withhold}
"""


def test_a_mistake_in_the_request_is_reported_in_the_scenario_and_repeats_no_value(write: Write) -> None:
    found = problems(write(REQUEST))
    assert [problem.split(": ")[0] for problem in found] == ["case.yaml:8:28", "case.yaml:9:35"]
    assert "Qxz" not in "\n".join(found)


def test_problems_of_several_files_come_together_in_order(write: Write, tmp_path: Path) -> None:
    write(GOOD.replace("title: A good one\n", ""), "b.yaml")
    write(GOOD.replace("story: Somebody asks.\n", ""), "a.yaml")
    write(GOOD, "c.yaml")
    write(GOOD, "d.yaml")
    with pytest.raises(ScenarioError) as caught:
        find_scenarios([tmp_path])
    assert [(problem.file, problem.message.split(" ")[-2:]) for problem in caught.value.problems] == [
        ("a.yaml", ["is", "missing"]),
        ("b.yaml", ["is", "missing"]),
        ("d.yaml", ["by", "c.yaml"]),
    ]


def test_a_file_that_is_no_scenario_is_passed_over(write: Write, tmp_path: Path) -> None:
    write(GOOD)
    write("id: r-1\nitems: []\n", "request.yaml")
    assert [path.name for path, _ in find_scenarios([tmp_path])] == ["case.yaml"]


def test_a_place_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="there is no such file or folder"):
        find_scenarios([tmp_path / "nothing"])


def test_a_file_that_is_too_large_or_not_text_is_refused(write: Write) -> None:
    path = write(GOOD)
    path.write_bytes(b"scenario: x\n" + b"#" * 300_000)
    assert "larger than" in problems(path)[0]
    path.write_bytes(b"scenario: \xff\n")
    assert "not UTF-8" in problems(path)[0]


def test_shipped_scenarios_are_found_by_id_and_by_path() -> None:
    path, scenario = find_scenarios()[0]
    assert shipped(scenario.scenario) == path
    assert shipped(str(path.relative_to(shipped_scenarios()).with_suffix(""))) == path
    assert shipped("no-such-scenario") is None
    assert shipped("../pyproject.toml") is None


def test_a_scenario_is_found_where_it_is_now(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where scenarios are is kept; one that was moved, renamed or added since is found all the same."""
    path = write(GOOD)
    monkeypatch.setattr(load, "shipped_scenarios", lambda: path.parent)
    assert shipped("a-good-one") == path
    moved = path.rename(path.with_name("moved.yaml"))
    assert shipped("a-good-one") == moved
    moved.write_text(GOOD.replace("a-good-one", "another"))
    assert shipped("a-good-one") is None
    assert shipped("another") == moved
    assert shipped("another/variant") == moved / "variant"


def test_the_schema_accepts_what_the_loader_accepts() -> None:
    schema = scenario_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    for _, scenario in find_scenarios():
        told = json.loads(scenario.model_dump_json(exclude_unset=True))
        told["scenario"] = scenario.family
        assert list(validator.iter_errors(told)) == [], scenario.scenario
    assert list(validator.iter_errors({"scenario": "x"}))


def test_the_schema_for_editors_is_the_one_of_the_model() -> None:
    """To make it anew: `limen scenario schema > docs/schemas/scenario.schema.json`."""
    written = Path(__file__).parents[2] / "docs" / "schemas" / "scenario.schema.json"
    assert json.loads(written.read_text(encoding="utf-8")) == scenario_schema()
