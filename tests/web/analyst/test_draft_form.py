"""A draft as a form and as text is one document: what is changed in one is changed in the other."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
import yaml
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from book_cases import book
from limen.web.pages.checking import Checker, begun
from limen.web.pages.draft_form import (
    FIELDS,
    KINDS,
    FormError,
    form_of,
    with_field,
    with_operation,
    without_operation,
)
from limen.web.pages.drafts import Drafts
from limen.web.pages.workroom import Workroom

IN_WRITING = "usc.26.6103.i.2#in_writing"
BEGUN = begun(book(), "draft", IN_WRITING)
COMMENTED = BEGUN.replace("operations:", "# why it is drafted\noperations:").replace("with:", "with:  # section 3")
PAGE = {"accept": "text/html"}

words = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Co", "Zl", "Zp"]), max_size=60)


def shown(text: str) -> dict[str, str]:
    """Every field of the form of a text."""
    form = form_of(text)
    assert form is not None
    found = {"title": form.title}
    for one in form.operations:
        found |= {f"{one.number}.kind": one.kind, f"{one.number}.address": one.address}
        found |= {field.name: field.value for field in one.fields}
    return found


@given(name=st.sampled_from(["0.label", "0.test", "0.if_false", "0.if_unknown", "title"]), value=words)
def test_what_is_written_into_a_field_is_what_the_field_shows_and_nothing_else_changes(name: str, value: str) -> None:
    text = with_field(COMMENTED, name, value)
    wanted = " ".join(value.split()) or ("A draft" if name == "title" else "")
    assert shown(text) == {**shown(COMMENTED), name: wanted}
    assert "# why it is drafted" in text and "# section 3" in text


def test_a_reading_takes_the_place_of_a_test_and_back() -> None:
    text = with_field(BEGUN, "0.reading", "specific_reasons")
    assert (shown(text)["0.test"], shown(text)["0.reading"]) == ("", "specific_reasons")
    again = with_field(text, "0.test", "request.in_writing")
    assert (shown(again)["0.test"], shown(again)["0.reading"]) == ("request.in_writing", "")


@pytest.mark.parametrize("kind", KINDS)
def test_an_operation_becomes_another_and_stays_one(kind: str) -> None:
    text = with_field(COMMENTED, "0.kind", kind)
    (operation,) = yaml.safe_load(text)["operations"]
    assert set(operation) == {kind, *({"with"} if kind == "replace" else {"node"} if kind == "add_after" else ())}
    assert operation[kind] == IN_WRITING
    back = yaml.safe_load(with_field(text, "0.kind", "replace"))["operations"][0]
    assert back["replace"] == IN_WRITING and "with" in back


def test_operations_come_and_go() -> None:
    two = with_operation(BEGUN, "usc.26.6103.i.2#not_displaced")
    assert shown(two)["1.address"] == "usc.26.6103.i.2#not_displaced"
    assert shown(without_operation(two, "1")) == shown(BEGUN)
    assert form_of(without_operation(BEGUN, "0")) is not None, "a draft without operations can be shown too"
    assert shown(with_operation(without_operation(BEGUN, "0"), "x"))["0.address"] == "x"


@pytest.mark.parametrize("text", ["", "kind: overlay\noperations: {a: 1}\n", "x: [", "operations:\n  - a\n"])
def test_a_text_that_no_form_can_show_shows_none(text: str) -> None:
    assert form_of(text) is None or not form_of(text).operations  # type: ignore[union-attr]


@pytest.mark.parametrize("name", ["0.no_field", "9.label", "x.label", "0.kind", "no"])
def test_a_field_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(FormError):
        with_field(BEGUN, name, "something")
    assert "no_field" not in FIELDS


def test_the_words_of_what_is_changed_stand_beside_it(tmp_path: Path) -> None:
    checker = Checker(Workroom(book(), Drafts(tmp_path)))
    text = with_field(BEGUN, "0.test", "not request.in_writing")
    (said,) = checker.check(text).said
    assert said.address == IN_WRITING and said.before != said.after and said.after is not None
    gone = checker.check(with_field(BEGUN, "0.kind", "repeal")).said
    assert [(one.address, one.after) for one in gone] == [(IN_WRITING, None)]
    new = checker.check(
        with_field(with_field(with_field(BEGUN, "0.kind", "add_after"), "0.id", "oath"), "0.label", "an oath")
    ).said
    assert [(one.address, one.before) for one in new] == [("usc.26.6103.i.2#oath", None)]
    assert checker.check(BEGUN).said == ()


def test_the_page_writes_the_form_into_the_text(client: TestClient) -> None:
    page = client.get("/check", params={"edit": IN_WRITING}, headers=PAGE).text
    assert 'name="0.test"' in page and "The same as a form" in page
    token = re.search(r'name="csrf" value="([^"]+)"', page)
    assert token is not None
    sent = {"csrf": token[1], "name": "draft", "text": BEGUN, **shown(BEGUN), "0.test": "not request.in_writing"}
    part = client.post("/check/form", data=sent, headers={**PAGE, "HX-Request": "true"})
    assert part.status_code == 200
    written = re.search(r'<textarea id="text".*?>(.*?)</textarea>', part.text, re.DOTALL)
    assert (
        written is not None
        and html.unescape(written[1]).strip() == with_field(BEGUN, "0.test", "not request.in_writing").strip()
    )
    whole = client.post("/check/form", data={**sent, "add": "yes"}, headers=PAGE)
    assert whole.status_code == 200 and "Change 2" in whole.text
    broken = client.post("/check/form", data={**sent, "text": "x: ["}, headers={**PAGE, "HX-Request": "true"})
    assert broken.status_code == 200 and 'class="alert"' in broken.text and ">x: [</textarea>" in broken.text
    assert client.post("/check/form", data={**sent, "csrf": "no"}, headers=PAGE).status_code == 403
