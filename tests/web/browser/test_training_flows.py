"""Training as people do it: a trainer who makes a course, trainees who sit it, and a package that runs by itself."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.web.browser.checks import Checks

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from tests.web.browser.conftest import Server

COURSE = "missing-is-not-false"


def looked_at(page: Page, checks: Checks, name: str) -> None:
    """The checks that every page passes, on the page as it is now; afterwards it is as wide as before."""
    checks.picture(page, f"training-{name}-light")
    checks.axe(page)
    checks.structure(page)
    checks.keyboard(page)
    checks.printed(page)
    page.emulate_media(color_scheme="dark")
    checks.axe(page)
    checks.picture(page, f"training-{name}-dark")
    page.emulate_media(color_scheme="light")
    checks.zoom(page)
    page.set_viewport_size({"width": 400, "height": 800})
    checks.picture(page, f"training-{name}-narrow")
    page.set_viewport_size({"width": 1280, "height": 900})


def test_a_trainer_makes_a_course_gives_it_out_and_reads_the_results(
    signed_in: Callable[[str], Page], new_page: Callable[..., Page], shared_server: Server, checks: Checks
) -> None:
    page = signed_in("trainer")
    page.get_by_role("navigation").get_by_role("link", name="Teach").click()
    page.get_by_role("link", name="Make a course").click()
    page.get_by_label("Title").fill("Finding a fugitive")
    page.get_by_label("Locating a fugitive").check()
    page.get_by_label("Cases of each kind").fill("1")
    page.get_by_role("button", name="Make the course").click()
    page.wait_for_url("**/teach/finding-a-fugitive")
    checks.picture(page, "training-made-light")
    page.get_by_role("link", name=re.compile(r"^1\. ")).click()
    page.get_by_label("Title").fill("A warrant and a letter")
    page.get_by_role("button", name="Keep the words").click()
    assert page.get_by_role("heading", level=1).inner_text() == "A warrant and a letter"
    looked_at(page, checks, "question")
    page.get_by_role("link", name="The course").click()
    page.get_by_label("How many people").fill("1")
    page.get_by_label("assessment, once").check()
    page.get_by_role("button", name="Make codes").click()
    code = page.locator(".codes code").inner_text()
    looked_at(page, checks, "codes")

    trainee = new_page(base=shared_server.url)
    trainee.goto("/sign-in")
    trainee.get_by_role("textbox", name="Code").fill(code)
    trainee.get_by_role("textbox", name="Your name").fill("Ines Sample")
    trainee.get_by_role("button", name="Begin").click()
    assert trainee.get_by_text("you can sit it once").is_visible()
    trainee.get_by_role("button", name="Start").click()
    assert trainee.get_by_text("In doubt, do not release.").is_visible()
    trainee.get_by_role("link", name="Start").click()
    for _ in range(2):
        trainee.get_by_role("link", name="Open everything").click()
        for answer in trainee.get_by_label("Withhold").all():
            answer.check()
        trainee.get_by_role("button", name="Next: say why").click()
        trainee.locator("input[name^=ground]").first.check()
        trainee.get_by_role("button", name="Give this answer").click()
    assert "/end" in trainee.url
    looked_at(trainee, checks, "end-of-assessment")

    page.goto("/teach/finding-a-fugitive/results")
    assert page.get_by_role("rowheader", name="Ines Sample").is_visible()
    looked_at(page, checks, "results")
    page.goto("/teach/finding-a-fugitive")
    with page.expect_download() as download:
        page.get_by_role("link", name="Results as xAPI statements").click()
    verbs = [one["verb"]["display"]["en-US"] for one in json.loads(Path(download.value.path()).read_text())]
    assert verbs[0] == "initialized"
    assert verbs.count("answered") >= 2


def test_a_trainee_practises_with_the_keyboard_alone_and_comes_back_after_closing(
    new_page: Callable[..., Page], live_server: Server, checks: Checks
) -> None:
    page = new_page()
    page.goto("/learn")
    page.get_by_label("Your name").last.fill("Kay Board")
    page.get_by_role("button", name=re.compile("Start.*Missing is not false")).focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/learn/\w{16}$"))
    looked_at(page, checks, "briefing")
    page.get_by_role("link", name="Start").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/1")
    looked_at(page, checks, "desk")
    page.get_by_role("link", name="Open “The matter”").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**open=matter*")
    page.keyboard.press("Tab")  # from the document that was opened, on to what follows it
    assert page.evaluate("document.activeElement.closest('#content') !== null")
    page.get_by_role("link", name="Where should I look?").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Look once more at").wait_for()
    for answer in page.get_by_label("More needed").all():
        answer.focus()
        page.keyboard.press("Space")
    page.get_by_role("button", name="Next: say why").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/why")
    looked_at(page, checks, "why")
    here = page.url
    page.context.close()

    again = new_page()
    again.goto("/learn")
    again.get_by_role("link", name=re.compile("Missing is not false")).first.click()
    again.get_by_role("link", name=re.compile("^Start|^Go on")).click()
    assert again.get_by_label("More needed").first.is_checked(), "the draft is still there"
    again.goto(here.replace(live_server.url, ""))
    again.locator("input[name^=ground]").first.check()
    again.get_by_role("button", name="Give this answer").click()
    assert again.get_by_role("heading", level=1).inner_text() == "How you did"
    again.wait_for_function("document.activeElement.id === 'feedback'")  # focus moves to the feedback
    looked_at(again, checks, "feedback")


def test_everything_works_without_script(new_page: Callable[..., Page]) -> None:
    page = new_page(java_script_enabled=False)
    page.goto("/learn")
    page.get_by_role("button", name=re.compile("Start.*Missing is not false")).click()
    page.get_by_role("link", name="Start").click()
    page.get_by_role("link", name="Open everything").click()
    for answer in page.get_by_label("Release").all():
        answer.check()
    page.get_by_role("button", name="Next: say why").click()
    page.get_by_role("button", name="Give this answer").click()
    assert page.get_by_text("Released against the law").first.is_visible()
    page.get_by_role("link", name="Next question").click()
    assert page.get_by_text("Question 2 of").is_visible()


LMS = """
window.API = (function () {
  var said = [], data = JSON.parse(localStorage.getItem("kept") || "{}"), open = false;
  function call(name) { return function (key, value) {
    said.push([name, key, value]);
    if (name === "LMSInitialize") { open = true; return "true"; }
    if (name === "LMSFinish") { open = false; localStorage.setItem("kept", JSON.stringify(data)); return "true"; }
    if (!open) return "false";
    if (name === "LMSSetValue") { if (key === "cmi.suspend_data" && value.length > 4096) return "false"; data[key] = value; return "true"; }
    if (name === "LMSGetValue") return data[key] === undefined ? (key === "cmi.core.lesson_status" ? "not attempted" : "") : data[key];
    return "true"; }; }
  return { said: said, data: data, LMSInitialize: call("LMSInitialize"), LMSFinish: call("LMSFinish"), LMSGetValue: call("LMSGetValue"),
    LMSSetValue: call("LMSSetValue"), LMSCommit: call("LMSCommit"), LMSGetLastError: function () { return "0"; },
    LMSGetErrorString: function () { return ""; }, LMSGetDiagnostic: function () { return ""; } };
})();
"""  # noqa: E501
"""A learning system as SCORM 1.2 has it, which remembers what it is told from one launch to the next."""


def test_a_scorm_package_runs_in_a_learning_system_without_our_server(
    page: Page, tmp_path: Path, folder_server: str, browser: Any, checks: Checks
) -> None:
    got = page.request.get(f"/teach/{COURSE}/package/scorm/assessment").body()
    zipfile.ZipFile(io.BytesIO(got)).extractall(tmp_path)
    (tmp_path / "system.js").write_text(LMS)
    (tmp_path / "lms.html").write_text(
        "<!doctype html><html lang='en'><title>LMS</title><script src='system.js'></script>"
        "<iframe title='course' src='index.html' width='1000' height='800'></iframe>"
    )
    context = browser.new_context()
    lms = context.new_page()
    complaints: list[str] = []
    lms.on("pageerror", lambda error: complaints.append(str(error)))
    lms.goto(f"{folder_server}/lms.html")
    course = lms.frame_locator("iframe")

    def said(kind: str) -> list[Any]:
        return [one for one in lms.evaluate("window.API.said") if one[0] == kind]

    course.get_by_role("button", name="Start").click()
    questions = lms.frames[1].evaluate("LIMEN_COURSE.questions.length")

    def answer(words: str) -> None:
        for label in course.get_by_label(words, exact=True).all():
            label.check()
        course.get_by_role("button", name="Next: say why").click()
        course.locator("input[name^=g]").first.check()
        course.get_by_role("button", name="Give this answer").click()

    answer("Withhold")
    answer("Withhold")
    lms.goto("about:blank")  # the window is closed after two questions
    lms.goto(f"{folder_server}/lms.html")
    assert lms.evaluate("window.API.data['cmi.core.exit']") == "suspend"
    course.get_by_role("button", name="Go on with question 3").click()
    answer("Release")
    for _ in range(questions - 3):
        answer("Withhold")
    course.get_by_role("heading", name="Summary").wait_for()
    data = lms.evaluate("window.API.data")
    assert len(said("LMSInitialize")) == len(said("LMSFinish")) == 1
    assert data["cmi.core.lesson_status"] == "failed"
    assert 0 <= int(data["cmi.core.score.raw"]) <= 100
    assert (data["cmi.core.score.min"], data["cmi.core.score.max"]) == ("0", "100")
    assert re.fullmatch(r"\d{2}:\d{2}:\d{2}", data["cmi.core.session_time"])
    assert data["cmi.suspend_data"].count(";") == questions - 1
    assert [data[f"cmi.objectives.{n}.id"] for n in range(4)] == ["verdict", "ground", "missing", "duties"]
    results = {data[key] for key in data if re.fullmatch(r"cmi\.interactions\.\d+\.result", key)}
    assert results <= {"correct", "wrong"}
    assert said("LMSFinish")[-1] == lms.evaluate("window.API.said")[-1]
    alone = context.new_page()
    alone.goto((tmp_path / "index.html").as_uri())  # from a disk, without any server
    assert alone.get_by_text("No learning system was found").is_visible()
    checks.axe(alone)
    alone.set_viewport_size({"width": 400, "height": 800})
    alone.get_by_role("button", name="Start").click()
    checks.picture(alone, "training-scorm-narrow")
    checks.axe(alone)
    context.close()
    assert complaints == []
