"""Request files: what is accepted, and what each mistake says."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given

from limen.request.model import Request
from limen.request.problems import RequestError
from limen.request.read import build_request, read_request, read_requests
from stated import calm, requests

GOOD = """\
id: good
requester: {agency: dhs, office: agency_head, in_writing: true}
subject:
  name: {first: Tomas, last: Ferreira-Quill}
  address: {lines: ["418 Larkspur Ave Apt 2", "Yakima WA 98901"]}
tax_periods: [2022, "2023"]
matter: {statute: 8 U.S.C. 1326(a), opened: 2026-02-20, number: 77}
items:
  - {id: address, kind: mailing_address}
received: 2026-03-03
"""


def written(folder: Path, text: str, name: str = "request.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def problems(path: Path) -> list[tuple[int, int, str, str | None, str | None]]:
    with pytest.raises(RequestError) as refused:
        read_request(path)
    return [(p.line, p.column, p.code, p.address, p.nearest) for p in refused.value.problems]


def test_a_request_in_yaml(tmp_path):
    request = read_request(written(tmp_path, GOOD))
    assert request.requester.office == "agency_head"
    assert request.tax_periods == ("2022", "2023")
    assert request.matter.number == "77"
    assert request.matter.opened == date(2026, 2, 20)
    assert request.received == date(2026, 3, 3)


def test_the_same_request_in_json_and_as_plain_data(tmp_path):
    request = read_request(written(tmp_path, GOOD))
    text = request.model_dump_json(exclude_none=True)
    assert read_request(written(tmp_path, text, "request.json")) == request
    assert build_request(json.loads(text)) == request


def test_blank_is_not_stated(tmp_path):
    text = """\
id: blank
reasons: "   "
tax_periods:
subject:
  name: {first: "", last: Quill}
  address:
    lines: ["", 418 Larkspur Ave]
matter:
  stage:
  statute: ''
items:
  - {id: a, kind: name, came_from: ""}
"""
    request = read_request(written(tmp_path, text))
    assert request.reasons is None
    assert request.tax_periods == ()
    assert request.subject.name is not None
    assert (request.subject.name.first, request.subject.name.last) == (None, "Quill")
    assert request.subject.address is not None
    assert request.subject.address.lines == ("418 Larkspur Ave",)
    assert (request.matter.stage, request.matter.statute, request.items[0].came_from) == (None, None, None)
    empty = json.dumps(
        {"id": "a", "order": None, "reasons": None, "items": [{"id": "x", "kind": "name", "period": None}]}
    )
    assert read_request(written(tmp_path, empty, "request.json")).order is None


def test_one_text_may_stand_for_a_list_of_one(tmp_path):
    request = read_request(written(tmp_path, "id: a\ntax_periods: 2022\nitems: [{id: x, kind: name}]\n"))
    assert request.tax_periods == ("2022",)


def test_several_requests_in_one_yaml_file_keep_their_lines(tmp_path):
    text = f"# a batch\n---\n{GOOD}---\n# the second\n{GOOD.replace('id: good', 'id: second')}"
    path = written(tmp_path, text)
    assert [request.id for request in read_requests(path)] == ["good", "second"]
    broken = written(
        tmp_path, text.replace("id: second\nrequester: {agency: dhs,", "id: second\nrequester: {agency: dsh,")
    )
    with pytest.raises(RequestError) as refused:
        list(read_requests(broken))
    assert [(p.line, p.address, p.nearest) for p in refused.value.problems] == [(16, "requester.agency", "dhs")]


def test_read_request_wants_exactly_one(tmp_path):
    assert problems(written(tmp_path, GOOD + "---\n" + GOOD)) == [(1, 1, "several-documents", None, None)]
    assert problems(written(tmp_path, "# nothing\n")) == [(1, 1, "empty-file", None, None)]
    assert problems(written(tmp_path, "", "request.json")) == [(1, 1, "json-syntax", None, None)]
    assert problems(written(tmp_path, "", "request.jsonl")) == [(1, 1, "empty-file", None, None)]


def test_json_lines_are_read_one_by_one_and_bad_ones_can_be_passed_over(tmp_path):
    good = read_request(written(tmp_path, GOOD)).model_dump_json(exclude_none=True)
    bad = good.replace('"agency_head"', '"agency head"')
    path = written(tmp_path, f"{good}\n\n{bad}\n{good}\n{{\n", "requests.jsonl")
    refused: list[RequestError] = []
    assert [request.id for request in read_requests(path, on_error=refused.append)] == ["good", "good"]
    assert [(p.line, p.code, p.nearest) for error in refused for p in error.problems] == [
        (3, "request-value", "agency_head"),
        (5, "json-syntax", None),
    ]


def test_a_json_list_of_requests(tmp_path):
    good = json.loads(read_request(written(tmp_path, GOOD)).model_dump_json(exclude_none=True))
    path = written(tmp_path, json.dumps([good, {**good, "id": "b"}], indent=1), "many.json")
    assert [request.id for request in read_requests(path)] == ["good", "b"]
    bad = written(tmp_path, json.dumps([good, {**good, "holder": {"agency": "irz"}}], indent=1), "many.json")
    lines = bad.read_text(encoding="utf-8").splitlines()
    with pytest.raises(RequestError) as refused:
        list(read_requests(bad))
    assert "irz" in lines[refused.value.problems[0].line - 1]
    assert problems(written(tmp_path, "[", "many.json")) == [(1, 2, "json-syntax", None, None)]
    assert problems(written(tmp_path, "[] x", "many.json")) == [(1, 4, "json-syntax", None, None)]
    assert problems(written(tmp_path, "[{} {}]", "many.json"))[-1][2] in ("json-syntax", "request-missing")


MISTAKES = {
    "an unknown field": ("requester:", "requestor:", (2, 1, "request-field", "", "requester")),
    "an unknown field of a section": ("in_writing", "in_writting", (2, 47, "request-field", "requester", "in_writing")),
    "an unknown word": ("agency: dhs", "agency: dhs_icee", (2, 21, "request-value", "requester.agency", "dhs_ice")),
    "a word in another spelling": (
        "agency_head",
        "Agency Head",
        (2, 34, "request-value", "requester.office", "agency_head"),
    ),
    "a text for a yes": (
        "in_writing: true",
        "in_writing: maybe",
        (2, 59, "request-value", "requester.in_writing", None),
    ),
    "a day that is none": ("received: 2026-03-03", "received: soon", (10, 11, "request-value", "received", None)),
    "a kind of item that is missing": (", kind: mailing_address", "", (9, 5, "request-missing", None, None)),
    "an id with a space": ("id: good", "id: Tomas Quill", (1, 5, "request-value", "id", None)),
    "yes for true": ("in_writing: true", "in_writing: yes", (2, 59, "not-a-boolean", None, None)),
    "a field given twice": ("received:", "id: again\nreceived:", (10, 1, "duplicate-key", None, None)),
    "a comma that makes a field": ("first: Tomas,", "first: Tomas, Luis,", (4, 24, "flow-comma", None, None)),
    "an anchor": ("id: good", "id: &a good", (1, 5, "anchor", None, None)),
    "a tag": ("id: good", "id: !!str good", (1, 5, "tag", None, None)),
    "a number in an odd spelling": ("number: 77", "number: 0177", (7, 65, "ambiguous-value", None, None)),
    "a date that does not exist": ("opened: 2026-02-20", "opened: 2026-02-30", (7, 45, "not-a-date", None, None)),
    "a tab": ("  name:", "\tname:", (4, 1, "tab", None, None)),
    "not YAML": ("id: good", "id: good: bad", (1, 9, "yaml-syntax", None, None)),
}


@pytest.mark.parametrize("mistake", sorted(MISTAKES))
def test_each_mistake_is_named_with_its_place_and_the_nearest_valid_word(tmp_path, mistake):
    right, wrong, expected = MISTAKES[mistake]
    assert right in GOOD
    assert problems(written(tmp_path, GOOD.replace(right, wrong, 1))) == [expected]


def test_every_problem_of_a_request_is_reported_at_once(tmp_path):
    text = (
        GOOD.replace("agency: dhs", "agency: x")
        .replace("2026-03-03", "soon")
        .replace("kind: mailing_address", "kind: x")
    )
    assert [line for line, *_ in problems(written(tmp_path, text))] == [2, 9, 10]


def test_an_error_says_how_to_mend_it(tmp_path):
    with pytest.raises(RequestError) as refused:
        read_request(written(tmp_path, GOOD.replace("office: agency_head", "office: agency_hed")))
    assert str(refused.value) == (
        "the request cannot be used\n"
        f"{tmp_path}/request.yaml:2:34: this cannot stand in `requester.office` [request-value]\n"
        "  at: requester.office\n"
        "  did you mean: `agency_head`\n"
        "  mend: write one of `agency_head`, `component_head`, `inspector_general`, `attorney_general`, "
        "`deputy_attorney_general`, `associate_attorney_general`, `assistant_attorney_general`, `fbi_director`, "
        "`dea_administrator`, `us_attorney`, `special_prosecutor`, `strike_force_attorney`, `secret_service_director`, "
        "`senate_confirmed_official`, `comptroller_general`, `state_chief_executive`, `delegate`, `other_official` or "
        "`unknown`"
    )


LIMITS = {
    "a text that is too long": {"matter": {"number": "7" * 201}},
    "an address of six lines": {"subject": {"address": {"lines": ["a"] * 6}}},
    "reasons that are too long": {"reasons": "x" * 4001},
    "a control character": {"matter": {"number": "7\x1b[31m"}},
    "no items": {"items": []},
    "too many items": {"items": [{"id": f"i{n}", "kind": "name"} for n in range(201)]},
    "two items with one id": {"items": [{"id": "x", "kind": "name"}] * 2},
    "a fact that is a sentence": {"facts": {"matter.kind": "a civil matter"}},
    "a fact with no name": {"facts": {"Not a name": True}},
    "a fraction": {"facts": {"a": 1.5}},
    "a negative count": {"safeguards": {"open_findings": -1}},
    "a list for a section": {"matter": ["x"]},
    "a boolean for a text": {"matter": {"number": True}},
    "a number for a yes": {"requester": {"in_writing": 1}},
}


@pytest.mark.parametrize("limit", LIMITS)
def test_what_is_out_of_bounds_is_refused(limit):
    with pytest.raises(RequestError) as refused:
        build_request({"id": "a", "items": [{"id": "x", "kind": "name"}], **LIMITS[limit]})
    assert len(refused.value.problems) == 1
    assert refused.value.problems[0].mend


@pytest.mark.parametrize("data", [None, 3, "text", [1]])
def test_a_request_holds_fields(data):
    with pytest.raises(RequestError, match="a request holds fields"):
        build_request(data)


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"\xff\xfe", "r.yaml", "not-utf-8"),
        (b'{"id": "\xff"}', "r.jsonl", "not-utf-8"),
        (b"[" * 100_000, "r.yaml", "too-deep"),
        (b"[" * 100_000, "r.json", "too-deep"),
        (b'{"a":' * 100_000, "r.json", "too-deep"),
        (b"id: " + b"x" * 1_000_001, "r.yaml", "too-large"),
        (b'{"id": 1e5}', "r.json", "number"),
        (b'{"id": NaN}', "r.json", "number"),
        (b'{"id": ' + b"9" * 5000 + b"}", "r.json", "too-deep"),
        (b'{"id": "a", "id": "b"}', "r.json", "duplicate-key"),
    ],
)
def test_a_hostile_file_is_an_error_and_not_a_surprise(tmp_path, content, name, code):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(RequestError) as refused:
        read_request(path)
    assert [problem.code for problem in refused.value.problems] == [code]


def test_a_file_that_is_not_there(tmp_path):
    assert problems(tmp_path / "none.yaml") == [(0, 0, "unreadable-file", None, None)]
    assert problems(tmp_path / "none.jsonl") == [(0, 0, "unreadable-file", None, None)]


def test_an_error_survives_pickling(tmp_path):
    import pickle

    with pytest.raises(RequestError) as refused:
        build_request({"id": "a"})
    again = pickle.loads(pickle.dumps(refused.value))
    assert (str(again), again.problems) == (str(refused.value), refused.value.problems)


def test_a_byte_order_mark_is_not_part_of_the_first_field(tmp_path):
    path = tmp_path / "r.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.encode())
    assert isinstance(read_request(path), Request)


@calm
@given(requests())
def test_yaml_json_and_plain_data_say_the_same(tmp_path_factory, request_):
    folder = tmp_path_factory.mktemp("same")
    data = json.loads(request_.model_dump_json(exclude_none=True))
    yaml_file = written(folder, yaml.safe_dump(data, allow_unicode=True))
    lines = written(folder, f"{json.dumps(data)}\n" * 2, "requests.jsonl")
    assert read_request(yaml_file) == request_
    assert list(read_requests(lines)) == [request_, request_]
    assert build_request(data) == request_
