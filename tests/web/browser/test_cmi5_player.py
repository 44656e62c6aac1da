"""The cmi5 package in a browser: launched by a learning system, without our server, closed in the middle, sat again."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.web.browser.checks import Checks
from tests.web.browser.lrs import Lrs, held, learning_system

if TYPE_CHECKING:
    from playwright.sync_api import Page

COURSE = "missing-is-not-false"

RIGHT = """(number) => {
  const q = LIMEN_COURSE.questions[number], m = (...parts) => limenDigest.hex([LIMEN_COURSE.salt, ...parts].join("|")).slice(0, 16);
  const verdicts = q.items.map((item) => LIMEN_COURSE.answers.find((a) => q.marking.verdicts[m(q.id, item.id, a)][1] === "right"));
  const grounds = q.items.map((item, i) => (q.grounds.find((g) => q.marking.grounds.includes(m(q.id, item.id, verdicts[i], g.address))) || {}).address);
  const named = (list, ways) => list.filter((one) => ways[0].right.includes(m(q.id, one.name))).map((one) => one.name);
  return {verdicts, grounds, missing: named(q.missing, q.marking.missing), duties: named(q.duties, q.marking.duties)};
}"""  # noqa: E501
"""What somebody with a debugger finds out: the docs say so."""


@pytest.fixture
def lrs() -> Iterator[Lrs]:
    with learning_system() as system:
        yield system


@pytest.fixture
def launched(page: Page, browser: Any, tmp_path: Path, folder_server: str, lrs: Lrs) -> Iterator[Callable[..., Page]]:
    """`launched(mode)` opens the package as the learning system does, each time in a session of its own."""
    contexts: list[Any] = []
    complaints: list[str] = []

    def open_(mode: str, launch: str = "Normal", **more: Any) -> Page:
        got = page.request.get(f"/teach/{COURSE}/package/cmi5/{mode}").body()
        zipfile.ZipFile(io.BytesIO(got)).extractall(tmp_path)
        context = browser.new_context()
        contexts.append(context)
        made: Page = context.new_page()
        made.on("pageerror", lambda error: complaints.append(str(error)))
        made.goto(lrs.launch(f"{folder_server}/index.html", launch, **more))
        return made

    yield open_
    for context in contexts:
        context.close()
    assert complaints == []
    assert lrs.refused == []


def answer(page: Page, right: bool = True, words: str = "Withhold") -> None:
    """Answer the question on the page."""
    number = int(re.findall(r"question (\d+)", page.locator("#where").inner_text())[0]) - 1
    known = page.evaluate(RIGHT, number)
    for place, verdict in enumerate(known["verdicts"]):
        label = page.evaluate(f"LIMEN_COURSE.words['{verdict}']") if right else words
        page.locator(f"input[name=v{place}]").locator("..").filter(has_text=label).locator("input").check()
    page.get_by_role("button", name="Next: say why").click()
    for place, ground in enumerate(known["grounds"]):
        if right and ground:
            page.locator(f'input[name=g{place}][value="{ground}"]').check()
        elif not right:
            page.locator(f"input[name=g{place}]").first.check()
    for name, kind in (("missing", "m"), ("duties", "d")):
        for value in known[name] if right else ():
            page.locator(f'input[name={kind}][value="{value}"]').check()
    page.get_by_role("button", name="Give this answer").click()


def test_an_assessment_closed_in_the_middle_failed_and_then_passed(
    launched: Callable[..., Page], lrs: Lrs, checks: Checks
) -> None:
    mastery = {"masteryScore": 0.75, "returnURL": f"{lrs.url}/back"}
    page = launched("assessment", **mastery)
    page.get_by_role("button", name="Start").click()
    answer(page)
    answer(page)
    checks.axe(page)
    page.close()  # the window is closed after two questions
    first = lrs.session
    _wait(lambda: "terminated" in lrs.verbs(first))
    assert set(lrs.verbs(first)) == {"initialized", "answered", "terminated"}
    held(lrs, first)

    page = launched("assessment", **mastery)
    page.get_by_role("button", name="Go on with question 3").click()
    questions = page.evaluate("LIMEN_COURSE.questions.length")
    answer(page, right=False, words="Release")
    for _ in range(questions - 3):
        answer(page, right=False)
    page.get_by_text("You have not passed.").wait_for()
    checks.axe(page)
    checks.picture(page, "training-cmi5-summary")
    page.get_by_role("button", name="Leave the course").click()
    page.wait_for_url("**/back")
    second = lrs.session
    assert lrs.verbs(second)[-3:] == ["completed", "failed", "terminated"]
    held(lrs, second)

    page = launched("assessment", **mastery)
    page.get_by_role("button", name="Start").click()
    for _ in range(questions):
        answer(page)
    page.get_by_text("You have passed.").wait_for()
    page.get_by_role("button", name="Leave the course").click()
    page.wait_for_url("**/back")
    third = lrs.session
    assert lrs.verbs(third)[-2:] == ["passed", "terminated"], "and not completed again"
    held(lrs, third)
    told = [one for one in lrs.of(third) if one["verb"]["id"].endswith("/answered")]
    assert all(one["result"]["success"] for one in told)
    assert all("correctResponsesPattern" not in one["object"]["definition"] for one in told)
    (passed,) = (one for one in lrs.of(third) if one["verb"]["id"].endswith("/passed"))
    assert passed["result"]["score"]["scaled"] == 1
    assert passed["context"]["extensions"]["urn:limen:xapi:provisions"]

    page = launched("assessment", **mastery)
    page.get_by_text("You have passed this before.").wait_for()
    page.get_by_role("button", name="Start").click()
    for _ in range(questions):
        answer(page, right=False)
    page.get_by_role("button", name="Leave the course").click()
    page.wait_for_url("**/back")
    assert set(lrs.verbs(lrs.session)) == {"initialized", "answered", "terminated"}, "a failure never follows a pass"
    held(lrs, lrs.session)


def test_an_unlawful_release_fails_with_a_score_that_would_pass(launched: Callable[..., Page], lrs: Lrs) -> None:
    page = launched("assessment", masteryScore=0.0)
    page.get_by_role("button", name="Start").click()
    answer(page, right=False, words="Release")
    for _ in range(page.evaluate("LIMEN_COURSE.questions.length") - 1):
        answer(page)
    page.get_by_text("You have not passed.").wait_for()
    page.get_by_role("button", name="Leave the course").click()
    page.get_by_text("You can close this window.").wait_for()
    (failed,) = (one for one in lrs.of(lrs.session) if one["verb"]["id"].endswith("/failed"))
    assert "score" not in failed["result"], "it would contradict the mastery score"
    assert failed["result"]["extensions"]["urn:limen:xapi:unlawful-releases"] == 1
    held(lrs, lrs.session)


@pytest.mark.parametrize("launch", ["Browse", "Review"])
def test_looking_around_is_not_marked(launched: Callable[..., Page], lrs: Lrs, launch: str) -> None:
    page = launched("practice", launch)
    page.get_by_text("nothing is marked or kept").wait_for()
    page.get_by_role("button", name="Start").click()
    answer(page)
    assert page.get_by_role("heading", name="How you did").is_visible()
    page.get_by_role("button", name="Stop here").click()
    page.get_by_text("You can close this window.").wait_for()
    assert lrs.verbs(lrs.session) == ["initialized", "terminated"]
    assert lrs.state == {}


def test_a_learning_system_that_fails_is_asked_again_and_a_used_token_stops_the_course(
    launched: Callable[..., Page], lrs: Lrs
) -> None:
    page = launched("practice")
    page.get_by_role("button", name="Start").click()
    lrs.down = 1
    answer(page)
    _wait(lambda: lrs.verbs(lrs.session) == ["initialized", "answered", "answered"])
    assert not page.locator("#trouble").is_visible()
    lrs.down = 10
    page.get_by_role("button", name="Next question").click()
    answer(page)
    page.locator("#trouble").filter(has_text="did not keep").wait_for()
    lrs.down = 0
    page.reload()
    page.get_by_text("The token was given before").wait_for()
    assert page.get_by_role("button").count() == 0, "nothing is asked that would not be kept"


def _wait(done: Callable[[], bool], seconds: float = 20) -> None:
    import time

    until = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < until, "it did not come"
        time.sleep(0.05)
