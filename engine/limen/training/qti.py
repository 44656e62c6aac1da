"""A question bank as QTI 2.1: each question an item that is scored as ours is, and a test of them all, in one package.

All four scores are there, in the response processing of the standard itself: no script, no operator of our own. QTI 2.1
and not 3.0, because learning systems and banks read it; what is used here is the same in 2.2. Whoever imports a bank
can read the answers in it, so it is for those who teach, like the facilitator's key.

Source: IMS Question and Test Interoperability 2.1, information model (items, tests, response processing), and IMS
Content Packaging 1.1 for the manifest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from limen.decide.decision import CAVEAT
from limen.training.classroom import Classroom
from limen.training.course import Course
from limen.training.key import ANSWERS, WORDS, Key
from limen.training.markup import Element, document, element
from limen.training.offline import told, zipped
from limen.training.paper import Mode, paper
from limen.training.qti_marking import GROUPS, groups, parts, processing, set_to, value, variable
from limen.training.question import MOST_GROUNDS, PutQuestion, put_question
from limen.training.response import keys_own
from limen.training.scoring import FULL, PARTS, POINTS, RULES, marked

QTI: Final = "http://www.imsglobal.org/xsd/imsqti_v2p1"
CP: Final = "http://www.imsglobal.org/xsd/imscp_v1p1"
XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"


def qti_package(classroom: Classroom, course: Course, mode: Mode = "practice", seed: str = "qti") -> bytes:
    """The package as a zip file, the same bytes for the same course, book, mode and seed. Practice tells feedback after
    each question. Raises `CourseError` where a question has no key."""
    files: dict[str, str] = {}
    for number, id in enumerate(paper(course, mode, seed), 1):
        case, key = classroom.key(course, id)
        put = put_question(classroom.book, classroom.keys.edition(key.accepts[0], case), id, case, key, seed)
        feedback = told(classroom, course, put, key) if mode == "practice" else None
        files[f"items/q{number}.xml"] = document(item(f"q{number}", put, key, feedback))
    sizes = [len(classroom.key(course, id)[1].items) for id in paper(course, mode, seed)]
    tested = document(test(course, list(files), sizes))
    listed = document(manifest(course, list(files)))
    return zipped({"imsmanifest.xml": listed, "test.xml": tested, **files}, "imsmanifest.xml")


def item(id: str, put: PutQuestion, key: Key, feedback: Mapping[str, Any] | None = None) -> Element:
    """One question as an assessment item. `feedback`, where there is any, is told after the answer."""
    own = keys_own(put, key)
    declared = [
        element("responseDeclaration", *_correct([own.verdicts[one.id]]), _mapping(key, one.id),
                identifier=f"VERDICT_{n}", cardinality="single", baseType="identifier")
        for n, one in enumerate(put.items, 1)
    ]  # fmt: skip
    for n, one in enumerate(put.items, 1):
        for group, offered in groups(put):
            right = [name for name, address in offered if address in own.grounds[one.id]]
            declared.append(_several(f"{group}_{n}", right))
    for part, choices in parts(put):
        chosen = own.missing if part == "MISSING" else own.duties
        declared.append(_several(part, [name for name, choice in choices if choice in chosen]))
    outcomes = [
        *(_outcome(f"SCORE_{part.upper()}", "float", 0.0, most) for part, most in _most(len(put.items)).items()),
        _outcome("SCORE", "float", 0.0, sum(_most(len(put.items)).values())),
        _outcome("UNLAWFUL", "integer", 0), _outcome("WAY", "integer", 0),
    ]  # fmt: skip
    if feedback is not None:
        outcomes.append(
            element("outcomeDeclaration", identifier="FEEDBACK", cardinality="single", baseType="identifier")
        )
    rules = list(processing(put, key))
    if feedback is not None:
        rules.append(set_to("FEEDBACK", value("TOLD", "identifier")))
    return element(
        "assessmentItem", *declared, *outcomes, _body(put), element("responseProcessing", *rules),
        *([_feedback(feedback)] if feedback is not None else []),
        xmlns=QTI, identifier=id, title=put.title, adaptive="false", timeDependent="false", toolName="Limen",
        **{"xmlns:xsi": XSI, "xsi:schemaLocation": f"{QTI} {QTI}.xsd", "xml:lang": "en-US"},
    )  # fmt: skip


def _most(items: int) -> dict[str, int]:
    """The most there is for each of the four scores of a question about so many items."""
    return {"verdict": FULL * items, "ground": FULL * items, "missing": FULL, "duties": FULL}


# what is declared


def _correct(values: Iterable[str]) -> list[Element]:
    listed = [element("value", value) for value in values]
    return [element("correctResponse", *listed)] if listed else []


def _several(identifier: str, right: Iterable[str]) -> Element:
    return element(
        "responseDeclaration", *_correct(right), identifier=identifier, cardinality="multiple", baseType="identifier"
    )  # fmt: skip


def _mapping(key: Key, item: str) -> Element:
    """The points of each verdict on an item."""
    points = {answer: POINTS[marked(key, key.item(item), answer)[0]] for answer in ANSWERS}
    entries = [element("mapEntry", mapKey=answer, mappedValue=float(value)) for answer, value in points.items()]
    return element("mapping", *entries, defaultValue="0.0")


def _outcome(identifier: str, kind: str, value: float, most: int | None = None) -> Element:
    more = {} if most is None else {"normalMaximum": float(most)}
    default = element("defaultValue", element("value", str(value)))
    return element("outcomeDeclaration", default, identifier=identifier, cardinality="single", baseType=kind, **more)


# what is read and chosen


def _body(put: PutQuestion) -> Element:
    body = [element("p", f"{put.role} The law is that of {put.day}."), element("p", put.story)]
    for one in put.documents:
        rows = [element("tr", element("th", row.label, scope="row"), element("td", row.text)) for row in one.rows]
        body += [element("h3", one.title), element("table", element("tbody", *rows))]
    for n, asked in enumerate(put.items, 1):
        words = [(answer, WORDS[answer]) for answer in ANSWERS]
        body.append(_choice(f"VERDICT_{n}", f"{asked.name}: what do you decide?", words, most=1, least=1))
    labels = {choice.address: (choice.label, choice.citation) for choice in put.grounds}
    for n, asked in enumerate(put.items, 1):
        for group, offered in groups(put):
            prompt = GROUPS[group][1].format(item=f"“{asked.name}”")
            choices = [(name, "{} ({})".format(*labels[address])) for name, address in offered]
            body.append(_choice(f"{group}_{n}", f"{prompt} One to {MOST_GROUNDS} points.", choices, most=MOST_GROUNDS))
    facts = {choice.name: choice.label for choice in put.missing}
    duties = {choice.name: f"{choice.label} ({choice.detail})" for choice in put.duties}
    for part, offered in parts(put):
        prompt, said = (
            ("Would you ask for anything first? Only what could still change the answer.", facts)
            if part == "MISSING"
            else ("Which duties come with what you release? None, if you release nothing.", duties)
        )
        body.append(_choice(part, prompt, [(name, said[choice]) for name, choice in offered], most=0))
    return element("itemBody", *body)


def _choice(identifier: str, prompt: str, choices: Iterable[tuple[str, str]], most: int, least: int = 0) -> Element:
    return element(
        "choiceInteraction", element("prompt", prompt),
        *(element("simpleChoice", words, identifier=name) for name, words in choices),
        responseIdentifier=identifier, shuffle="false", maxChoices=most, minChoices=least,
    )  # fmt: skip


def _feedback(feedback: Mapping[str, Any]) -> Element:
    """What is told after the answer: the verdict of the rule on each item, why, what to ask for, duties, the twin."""
    said = [element("p", CAVEAT)]
    for one in feedback["items"]:
        said.append(
            element("p", f"{one['name']}: the rule says {one['verdict']}. {one['gateway']} {one['summary']}".strip())
        )
        reasons = [f"{outcome}: {label} ({cite}). {words}".strip() for outcome, label, cite, words in one["reasons"]]
        said += _list(reasons)
    said += _list([f"It turns on “{words}”: {question}" for words, question in feedback["hinges"]])
    said += _list([f"To ask for: {ask}" for ask in feedback["missing"]])
    said += _list([f"A duty: {duty}" for duty in feedback["duties"]])
    if feedback["teaches"]:
        said.append(element("p", feedback["teaches"]))
    if feedback["twin"]:
        twin = feedback["twin"]
        answers = "; ".join(f"{name}: {verdict}" for name, verdict in twin["verdicts"])
        said.append(element("p", f"The twin, “{twin['title']}”: {answers}. What differs:"))
        said += _list([f"{ask} Here: {here}. There: {there}." for ask, here, there in twin["differences"]])
    return element("modalFeedback", *said, outcomeIdentifier="FEEDBACK", identifier="TOLD", showHide="show")


def _list(texts: Sequence[str]) -> list[Element]:
    return [element("ul", *(element("li", text) for text in texts))] if texts else []


# the test, and the package


def test(course: Course, files: Sequence[str], sizes: Sequence[int]) -> Element:
    """The test: every item in its order, the four scores added up, and whether the marks are reached."""
    totals = {part: sum(_most(size)[part] for size in sizes) for part in PARTS}
    outcomes = [_outcome(f"SCORE_{part.upper()}", "float", 0.0, totals[part]) for part in PARTS]
    outcomes += [_outcome("SCORE", "float", 0.0, sum(totals.values())), _outcome("UNLAWFUL", "integer", 0)]
    passed = element("defaultValue", element("value", "false"))
    outcomes.append(
        element("outcomeDeclaration", passed, identifier="PASSED", cardinality="single", baseType="boolean")
    )
    rubric = [element("p", course.summary), *([element("p", course.introduction)] if course.introduction else [])]
    rubric += [*_list(RULES), element("p", CAVEAT)]
    refs = [
        element("assessmentItemRef", identifier=f"q{n}", href=file, fixed="true") for n, file in enumerate(files, 1)
    ]  # fmt: skip
    section = element(
        "assessmentSection", element("rubricBlock", *rubric, view="candidate"), *refs, identifier="questions",
        title=course.title, visible="true",
    )  # fmt: skip
    names = [*(f"SCORE_{part.upper()}" for part in PARTS), "SCORE", "UNLAWFUL"]
    added = [set_to(name, element("sum", element("testVariables", variableIdentifier=name))) for name in names]
    return element(
        "assessmentTest", *outcomes,
        element("testPart", section, identifier="paper", navigationMode="linear", submissionMode="individual"),
        element("outcomeProcessing", *added, set_to("PASSED", _passed(course, totals))),
        xmlns=QTI, identifier=f"limen-{course.course}-{course.version}", title=course.title, toolName="Limen",
        **{"xmlns:xsi": XSI, "xsi:schemaLocation": f"{QTI} {QTI}.xsd"},
    )  # fmt: skip


def _passed(course: Course, totals: Mapping[str, int]) -> Element:
    marks = course.pass_marks
    reached = [
        element("gte", element("product", variable(f"SCORE_{part.upper()}"), value(100.0, "float")),
                value(float(getattr(marks, part) * totals[part]), "float"))
        for part in PARTS
    ]  # fmt: skip
    if marks.unlawful_release_fails:
        reached.append(element("equal", variable("UNLAWFUL"), value(0, "integer"), toleranceMode="exact"))
    return element("and", *reached)


def manifest(course: Course, items: Sequence[str]) -> Element:
    """The manifest: the test, which depends on the items, and each item by itself, for a bank."""

    def resource(id: str, kind: str, href: str, *needs: Element) -> Element:
        return element("resource", element("file", href=href), *needs, identifier=id, type=kind, href=href)

    ids = {f"item-{n}": file for n, file in enumerate(items, 1)}
    needs = [element("dependency", identifierref=id) for id in ids]
    return element(
        "manifest",
        element("metadata", element("schema", "QTIv2.1 Package"), element("schemaversion", "1.0.0")),
        element("organizations"),
        element(
            "resources",
            resource("test", "imsqti_test_xmlv2p1", "test.xml", *needs),
            *(resource(id, "imsqti_item_xmlv2p1", file) for id, file in ids.items()),
        ),
        xmlns=CP, identifier=f"limen-{course.course}-{course.version}",
        **{"xmlns:xsi": XSI, "xsi:schemaLocation": f"{CP} {CP}.xsd"},
    )  # fmt: skip
