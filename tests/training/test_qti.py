"""The QTI 2.1 package: its structure as the schema asks, and every answer scored in it as we score it.

What marks an answer here is a small reader of QTI's own response processing, which knows nothing of how it was written.
"""

from __future__ import annotations

import io
import random
import re
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from limen.training.classroom import Classroom
from limen.training.course import Course
from limen.training.paper import paper
from limen.training.qti import qti_package
from limen.training.question import MOST_GROUNDS, PutQuestion, put_question
from limen.training.response import Response, check_response, keys_own
from limen.training.scoring import PARTS, passed, score, total

Q = "{http://www.imsglobal.org/xsd/imsqti_v2p1}"
CP = "{http://www.imsglobal.org/xsd/imscp_v1p1}"
IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
NUMBERS: dict[str, Callable[[str], Any]] = {
    "float": float, "integer": int, "identifier": str, "boolean": lambda text: text == "true",
}  # fmt: skip


class Marking:
    """Response and outcome processing of QTI 2.1, as far as these packages use it; anything else is an error."""

    def __init__(self, root: ET.Element, answers: dict[str, Any], items: list[Marking] | None = None) -> None:
        self.root, self.items = root, items or []
        self.values: dict[str, Any] = dict(answers)
        for one in root.iter(f"{Q}outcomeDeclaration"):
            value = one.findtext(f"{Q}defaultValue/{Q}value")
            self.values[one.attrib["identifier"]] = None if value is None else NUMBERS[one.attrib["baseType"]](value)

    def done(self) -> dict[str, Any]:
        for rules in (*self.root.iterfind(f"{Q}responseProcessing"), *self.root.iterfind(f"{Q}outcomeProcessing")):
            for rule in rules:
                self._do(rule)
        return self.values

    def _do(self, rule: ET.Element) -> None:
        match rule.tag.removeprefix(Q):
            case "setOutcomeValue":
                self.values[rule.attrib["identifier"]] = self._of(rule[0])
            case "responseCondition":
                for case in rule:
                    if case.tag == f"{Q}responseElse" or self._of(case[0]) is True:
                        for step in case[0 if case.tag == f"{Q}responseElse" else 1 :]:
                            self._do(step)
                        return
            case other:
                raise AssertionError(f"not known here: {other}")

    def _of(self, one: ET.Element) -> Any:
        name = one.tag.removeprefix(Q)
        if name == "baseValue":
            return NUMBERS[one.attrib["baseType"]](one.text or "")
        if name == "variable":
            return self.values[one.attrib["identifier"]]
        if name == "testVariables":
            return [item.values[one.attrib["variableIdentifier"]] for item in self.items]
        if name == "mapResponse":
            (declared,) = self.root.iterfind(f"{Q}responseDeclaration[@identifier='{one.attrib['identifier']}']")
            mapped = {e.attrib["mapKey"]: float(e.attrib["mappedValue"]) for e in declared.iter(f"{Q}mapEntry")}
            return mapped.get(self.values[one.attrib["identifier"]], 0.0)
        parts = [self._of(part) for part in one]
        if name == "isNull":
            return parts[0] in (None, [], "")
        if name == "not":
            return not parts[0]
        if name == "and":
            return all(parts)
        if name == "or":
            return any(parts)
        if name == "member":
            return parts[0] in (parts[1] or [])
        if name in ("match", "equal"):
            return parts[0] == parts[1]
        if name == "gt":
            return parts[0] > parts[1]
        if name == "gte":
            return parts[0] >= parts[1]
        if name == "sum":
            return sum(number for part in parts for number in (part if isinstance(part, list) else [part]))
        if name == "product":
            return parts[0] * parts[1]
        if name == "integerDivide":
            return parts[0] // parts[1]
        raise AssertionError(f"not known here: {name}")


def opened(package: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(package))


def put(classroom: Classroom, course: Course, id: str, seed: str) -> PutQuestion:
    case, key = classroom.key(course, id)
    return put_question(classroom.book, classroom.keys.edition(key.accepts[0], case), id, case, key, seed)


def told(question: PutQuestion, response: Response) -> dict[str, Any]:
    """A response of ours as the variables of the item."""
    grounds = {choice.address: (f"G{n}", choice.sort) for n, choice in enumerate(question.grounds, 1)}
    groups = {"OPENS": ("gateway",), "STANDS": ("point", "bar"), "WORDS": ("reading",)}
    said: dict[str, Any] = {
        "MISSING": [f"M{n}" for n, one in enumerate(question.missing, 1) if one.name in response.missing],
        "DUTIES": [f"D{n}" for n, one in enumerate(question.duties, 1) if one.name in response.duties],
    }
    for n, item in enumerate(question.items, 1):
        said[f"VERDICT_{n}"] = response.verdicts[item.id]
        marked = [grounds[address] for address in response.grounds.get(item.id, ())]
        for group, sorts in groups.items():
            said[f"{group}_{n}"] = [name for name, sort in marked if sort in sorts]
    return said


def some_response(question: PutQuestion, dice: random.Random) -> Response:
    """Any answer that can be given."""
    verdicts = {
        one.id: dice.choice(["release", "withhold", "more_needed", "readings_differ"]) for one in question.items
    }
    grounds = {}
    for item, verdict in verdicts.items():
        fitting = [choice.address for choice in question.grounds_for(verdict)]
        grounds[item] = dice.sample(fitting, dice.randint(0, min(MOST_GROUNDS, len(fitting))))
    some = {part: [c.name for c in getattr(question, part) if dice.random() < 0.4] for part in ("missing", "duties")}
    return check_response(question, Response.model_validate({"verdicts": verdicts, "grounds": grounds, **some}))


@pytest.mark.parametrize("profile", ["all", "ddc-2025-26"])
def test_every_answer_is_scored_in_the_package_as_we_score_it(
    classroom: Classroom, course: Course, profile: str
) -> None:
    course = course.model_copy(update={"profile": profile})
    package = opened(qti_package(classroom, course, "assessment", "7"))
    dice = random.Random(7)
    for n, id in enumerate(paper(course, "assessment", "7"), 1):
        root, asked, (_, key) = ET.fromstring(package.read(f"items/q{n}.xml")), put(classroom, course, id, "7"), (
            classroom.key(course, id)
        )  # fmt: skip
        own = [keys_own(asked, key), *(keys_own(asked, key, name) for name in key.views)]
        for response in [*own, *(some_response(asked, dice) for _ in range(25))]:
            response = check_response(asked, response)
            ours = score(asked, key, response)
            theirs = Marking(root, told(asked, response)).done()
            assert {part: theirs[f"SCORE_{part.upper()}"] for part in PARTS} == {
                part: ours.part(part).points for part in PARTS
            }, response
            assert theirs["UNLAWFUL"] == len(ours.unlawful)
            assert theirs["SCORE"] == sum(ours.part(part).points for part in PARTS)


def test_the_correct_response_of_an_item_follows_from_facts_and_profile(classroom: Classroom, course: Course) -> None:
    for profile in ("text-strict", "irs-2025-08"):
        asked = course.model_copy(update={"profile": profile})
        package = opened(qti_package(classroom, asked, "practice", "7"))
        for n, id in enumerate(paper(asked, "practice", "7"), 1):
            root = ET.fromstring(package.read(f"items/q{n}.xml"))
            values = {
                one.attrib["identifier"]: [v.text for v in one.iterfind(f"{Q}correctResponse/{Q}value")]
                for one in root.iter(f"{Q}responseDeclaration")
            }
            answers = {name: found[0] if name.startswith("VERDICT") else found for name, found in values.items()}
            marked = Marking(root, answers).done()
            best = {
                one.attrib["identifier"]: float(one.attrib["normalMaximum"])
                for one in root.iter(f"{Q}outcomeDeclaration") if "normalMaximum" in one.attrib
            }  # fmt: skip
            assert {name: marked[name] for name in best} == best
            _, key = classroom.key(asked, id)
            assert [answers[f"VERDICT_{n}"] for n in range(1, len(key.items) + 1)] == [i.verdict for i in key.items]


@pytest.mark.parametrize("slip", [None, "complete"])
def test_the_test_adds_the_items_up_and_says_who_passed(classroom: Classroom, course: Course, slip: str | None) -> None:
    package = opened(qti_package(classroom, course, "assessment", "7"))
    items, scores = [], []
    for n, id in enumerate(paper(course, "assessment", "7"), 1):
        asked, (_, key) = put(classroom, course, id, "7"), classroom.key(course, id)
        response = keys_own(asked, key)
        if id == slip:
            response = Response.model_validate({"verdicts": dict.fromkeys(response.verdicts, "withhold")})
        response = check_response(asked, response)
        scores.append(score(asked, key, response))
        items.append(Marking(ET.fromstring(package.read(f"items/q{n}.xml")), told(asked, response)))
        items[-1].done()
    whole = Marking(ET.fromstring(package.read("test.xml")), {}, items).done()
    ours = total(scores)
    assert {part: whole[f"SCORE_{part.upper()}"] for part in PARTS} == {p: ours.part(p).points for p in PARTS}
    assert whole["PASSED"] == passed(ours, course.pass_marks)


def test_items_test_and_manifest_are_built_as_the_schema_asks(classroom: Classroom, course: Course) -> None:
    package = opened(qti_package(classroom, course))
    assert package.namelist()[0] == "imsmanifest.xml"
    for name in package.namelist():
        if not name.startswith("items/"):
            continue
        root = ET.fromstring(package.read(name))
        assert root.tag == f"{Q}assessmentItem"
        assert {root.attrib[one] for one in ("adaptive", "timeDependent")} == {"false"}
        assert root.attrib["title"]
        order = ["responseDeclaration", "outcomeDeclaration", "itemBody", "responseProcessing", "modalFeedback"]
        places = [order.index(child.tag.removeprefix(Q)) for child in root]
        assert places == sorted(places)
        declared = {one.attrib["identifier"] for one in root.iter(f"{Q}responseDeclaration")}
        outcomes = {one.attrib["identifier"] for one in root.iter(f"{Q}outcomeDeclaration")}
        asked = [one.attrib["responseIdentifier"] for one in root.iter(f"{Q}choiceInteraction")]
        assert sorted(asked) == sorted(declared), "each response is given once"
        assert {one.attrib["identifier"] for one in root.iter(f"{Q}setOutcomeValue")} <= outcomes
        assert {one.attrib["identifier"] for one in root.iter(f"{Q}variable")} <= declared | outcomes
        for one in root.iter(f"{Q}choiceInteraction"):
            choices = [choice.attrib["identifier"] for choice in one.iter(f"{Q}simpleChoice")]
            assert choices and len(set(choices)) == len(choices)
            assert one[0].tag == f"{Q}prompt"
            assert 0 <= int(one.attrib["minChoices"]) <= len(choices)
            response = next(r for r in root.iter(f"{Q}responseDeclaration")
                            if r.attrib["identifier"] == one.attrib["responseIdentifier"])  # fmt: skip
            assert (response.attrib["cardinality"] == "single") == (one.attrib["maxChoices"] == "1")
            assert {value.text for value in response.iterfind(f"{Q}correctResponse/{Q}value")} <= set(choices)
        assert all(IDENTIFIER.fullmatch(one.attrib["identifier"]) for one in root.iter() if "identifier" in one.attrib)
        assert root.find(f"{Q}modalFeedback") is not None
    test = ET.fromstring(package.read("test.xml"))
    hrefs = [one.attrib["href"] for one in test.iter(f"{Q}assessmentItemRef")]
    assert hrefs == sorted(name for name in package.namelist() if name.startswith("items/"))
    manifest = ET.fromstring(package.read("imsmanifest.xml"))
    resources = {one.attrib["identifier"]: one for one in manifest.iter(f"{CP}resource")}
    assert {one.attrib["href"] for one in resources.values()} == set(package.namelist()) - {"imsmanifest.xml"}
    assert {one.attrib["type"] for one in resources.values()} == {"imsqti_test_xmlv2p1", "imsqti_item_xmlv2p1"}
    assert {one.attrib["identifierref"] for one in manifest.iter(f"{CP}dependency")} == set(resources) - {"test"}


def test_an_assessment_tells_no_feedback_and_a_package_is_the_same_each_time(
    classroom: Classroom, course: Course
) -> None:
    made = qti_package(classroom, course, "assessment")
    assert made == qti_package(classroom, course, "assessment")
    assert all(b"modalFeedback" not in opened(made).read(name) for name in opened(made).namelist())


def test_what_xml_cannot_hold_is_left_out(classroom: Classroom, course: Course) -> None:
    strange = course.model_copy(update={"title": "A \x0b title <&> \ufffe"})
    root = ET.fromstring(opened(qti_package(classroom, strange)).read("test.xml"))
    assert root.attrib["title"] == "A  title <&> "
