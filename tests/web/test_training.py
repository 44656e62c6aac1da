"""Training over the web: roles, codes, and nothing that tells what is right before its time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from limen.training.key import WORDS
from limen.training.packages import PACKAGES
from limen.training.store import Store, StoreError
from limen.web.accounts import Accounts
from limen.web.app import make_app
from limen.web.learn.rooms import classroom_of
from limen.web.settings import Settings

PASSWORD = "a password for tests only"
COURSE = "missing-is-not-false"


class Visitor:
    """A browser without script: it remembers cookies, and sends the token of the page it looked at last."""

    def __init__(self, app: object) -> None:
        self.client = TestClient(app, base_url="http://localhost:8787", follow_redirects=True)  # type: ignore[arg-type]
        self.seen: list[str] = []
        self.token = ""
        self.text = ""
        self.url = ""
        self.status = 0

    def _took(self, answer: object) -> Visitor:
        self.status, self.text, self.url = answer.status_code, answer.text, answer.url.path  # type: ignore[attr-defined]
        self.seen += [one.text for one in (*answer.history, answer)]  # type: ignore[attr-defined]
        assert self.status < 500, f"{self.url}: {self.text[:300]}"
        if found := re.search(r'name="csrf" value="([^"]+)"', self.text):
            self.token = found[1]
        return self

    def get(self, path: str) -> Visitor:
        return self._took(self.client.get(path, headers={"Accept": "text/html"}))

    def post(self, path: str, **data: object) -> Visitor:
        return self._took(self.client.post(path, data={"csrf": self.token, **data}, headers={"Accept": "text/html"}))

    def sign_in(self, name: str) -> Visitor:
        self.get("/sign-in")
        return self.post("/sign-in", name=name, password=PASSWORD)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    """A shared server with one account for each role."""
    home = tmp_path_factory.mktemp("training-web")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LIMEN_HOME", str(home))
        patch.delenv("LIMEN_KEYS", raising=False)
        accounts = Accounts(home / "web.sqlite")
        for role in ("trainer", "trainee", "analyst"):
            accounts.add(role, (role,), PASSWORD)  # type: ignore[arg-type]
        accounts.close()
        settings = Settings(
            ledger=str(home / "ledger.sqlite"), store=str(home / "web.sqlite"), second_key=False, sign_in=True
        )
        made = make_app(settings)
        with TestClient(made, base_url="http://localhost:8787"):
            yield made


@pytest.fixture
def trainer(app: object) -> Visitor:
    return Visitor(app).sign_in("trainer")


def test_roles_are_kept_apart(app: object) -> None:
    trainee, analyst = Visitor(app).sign_in("trainee"), Visitor(app).sign_in("analyst")
    for path in (
        "/teach",
        "/teach/new",
        f"/teach/{COURSE}",
        f"/teach/{COURSE}/results",
        f"/teach/{COURSE}/print/key",
        f"/teach/{COURSE}/file/decisions.csv",
        *(f"/teach/{COURSE}/package/{what}/{mode}" for what in PACKAGES for mode in ("practice", "assessment")),
        f"/teach/{COURSE}/q/1",
    ):
        assert trainee.get(path).status == 403, path
        assert analyst.get(path).status == 403, path
        assert Visitor(app).get(path).url == "/sign-in"
    assert trainee.get("/learn").status == 200
    assert analyst.get("/learn").status == 403


def codes_of(trainer: Visitor, mode: str, count: int = 1) -> list[str]:
    trainer.get(f"/teach/{COURSE}")
    trainer.post(f"/teach/{COURSE}/codes", count=count, mode=mode)
    assert trainer.status == 200
    return re.findall(r"<code>([0-9A-Z-]{14})</code>", trainer.text)


def joined(app: object, code: str, name: str) -> Visitor:
    visitor = Visitor(app)
    visitor.get("/sign-in")
    visitor.post("/sign-in/code", code=code, name=name)
    assert visitor.url == "/learn", visitor.text
    return visitor


def answered(visitor: Visitor, sitting: str, number: int, answer: str = "withhold") -> None:
    """One question answered through the forms alone."""
    visitor.get(f"/learn/{sitting}/{number}?open=all")
    places = set(re.findall(r'name="verdict-(\d+)"', visitor.text))
    visitor.post(f"/learn/{sitting}/{number}", **{f"verdict-{place}": answer for place in places})
    assert visitor.url == f"/learn/{sitting}/{number}/why"
    first = re.findall(r'name="(ground-\d+)" value="([^"]+)"', visitor.text)
    visitor.post(f"/learn/{sitting}/{number}/why", **dict(reversed(first)))


def test_no_answer_of_an_assessment_reaches_the_browser_before_all_is_handed_in(app: object, trainer: Visitor) -> None:
    (code,) = codes_of(trainer, "assessment")
    visitor = joined(app, code, "Grete Sand")
    visitor.post("/learn/start", course=COURSE, mode="practice", seed="7")
    sitting = visitor.url.removeprefix("/learn/")

    class Scope:
        pass

    scope = Scope()
    scope.app = app  # type: ignore[attr-defined]
    room = classroom_of(scope)
    sat = room.sitting(sitting)
    assert sat.mode == "assessment", "a code for an assessment cannot be turned into practice"
    for number in range(1, len(sat.questions) + 1):
        for path in (
            f"/learn/{sitting}/{number}/feedback",
            f"/learn/{sitting}/{number}?hint=yes",
            f"/learn/{sitting}/certificate",
            f"/learn/{sitting}/end",
            f"/teach/{COURSE}/print/key",
            *(f"/teach/{COURSE}/package/{what}/practice" for what in PACKAGES),
        ):
            visitor.get(path)
        if number < len(sat.questions):
            answered(visitor, sitting, number)
            visitor.get(f"/learn/{sitting}/{number}/feedback")
            visitor.get(f"/learn/{sitting}/{number}/why")
    visitor.get("/learn")
    sent = "\n".join(visitor.seen)
    for id in sat.questions:
        case, key = room.key(sat.course, id)
        assert case.teaches not in sent
        assert key.digest not in sent
        assert key.answer_digest not in sent
        for item in key.items:
            told = [one.sentence for one in item.reasons if one.outcome != "met"]
            assert not [sentence for sentence in told if sentence in sent]
    assert "The rule says" not in sent
    assert "Released against the law" not in sent
    assert not re.search(r'"(?:right|verdict|mark)"\s*:', sent)
    # What is offered looks the same whatever is right: each verdict word stands once for each item.
    desk = visitor.get(f"/learn/{sitting}/{len(sat.questions)}").text
    items = len(set(re.findall(r'name="verdict-(\d+)"', desk)))
    assert [desk.count(f'value="{word}"') for word in WORDS] == [items] * 4
    answered(visitor, sitting, len(sat.questions))
    assert visitor.url == f"/learn/{sitting}/end"
    assert visitor.get(f"/learn/{sitting}/1/feedback").status == 200
    assert "The rule says" in visitor.text


def test_an_assessment_is_sat_once_with_one_code(app: object, trainer: Visitor) -> None:
    (code,) = codes_of(trainer, "assessment")
    visitor = joined(app, code, "Hanno Sand")
    first = visitor.post("/learn/start", course=COURSE).url
    assert visitor.post("/learn/start", course=COURSE).url == first
    visitor.get("/learn")
    assert visitor.post("/learn/start", course="another-course").status == 403
    again = Visitor(app)
    again.get("/sign-in")
    assert again.post("/sign-in/code", code=code, name="Somebody Else").status == 401


def test_practice_tells_at_once_and_another_persons_sitting_is_not_there(app: object, trainer: Visitor) -> None:
    ada_code, bob_code = codes_of(trainer, "practice", 2)
    ada, bob = joined(app, ada_code, "Ada Sand"), joined(app, bob_code, "Bob Sand")
    sitting = ada.post("/learn/start", course=COURSE).url.removeprefix("/learn/")
    assert "In doubt, do not release." in ada.text
    assert ada.get(f"/learn/{sitting}/1/feedback").status == 409
    answered(ada, sitting, 1, "release")
    assert ada.url == f"/learn/{sitting}/1/feedback"
    assert "Released against the law" in ada.text
    assert "Taking silence for yes" in ada.text
    for path in ("", "/1", "/1/feedback", "/end", "/certificate"):
        assert bob.get(f"/learn/{sitting}{path}").status == 404
    assert "Ada Sand" in trainer.get(f"/teach/{COURSE}/results").text
    assert "Taking silence for yes" in trainer.text
    assert "Missing is not false" in trainer.get("/teach").text


def test_a_verdict_that_is_missing_is_asked_for_and_nothing_is_lost(app: object, trainer: Visitor) -> None:
    (code,) = codes_of(trainer, "practice")
    visitor = joined(app, code, "Ida Sand")
    sitting = visitor.post("/learn/start", course=COURSE).url.removeprefix("/learn/")
    visitor.get(f"/learn/{sitting}/1")
    visitor.post(f"/learn/{sitting}/1", **{"verdict-0": "withhold"})
    assert visitor.status == 422
    assert "Choose a verdict for each item" in visitor.text
    assert re.search(r'name="verdict-0" value="withhold" checked', visitor.text)


def test_nobody_says_why_before_deciding(app: object, trainer: Visitor) -> None:
    (code,) = codes_of(trainer, "practice")
    visitor = joined(app, code, "Wanda Sand")
    sitting = visitor.post("/learn/start", course=COURSE).url.removeprefix("/learn/")
    assert visitor.post(f"/learn/{sitting}/1/why", missing="requester.agency").url == f"/learn/{sitting}/1"
    assert visitor.status == 200
    assert visitor.get(f"/learn/{sitting}/1/feedback").status == 409, "nothing was answered"


def test_what_cannot_be_kept_is_told_as_a_problem(
    app: object, trainer: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    (code,) = codes_of(trainer, "practice")
    visitor = joined(app, code, "Nele Sand")
    sitting = visitor.post("/learn/start", course=COURSE).url.removeprefix("/learn/")
    visitor.get(f"/learn/{sitting}/end")

    def full(*_: object) -> None:
        raise StoreError("nothing was kept: the results could not be written (disk full)")

    monkeypatch.setattr(Store, "add_event", full)
    assert visitor.post(f"/learn/{sitting}/hand-in").status == 422
    assert "Nothing was kept" in visitor.text


def test_a_course_is_made_worded_and_taken_away(app: object, trainer: Visitor) -> None:
    trainer.get("/teach/new")
    made = trainer.post(
        "/teach/new", title="A test course", provision="usc.26.6103.i.5", level=["border", "missing"], count="1"
    )  # fmt: skip
    assert made.url == "/teach/a-test-course", made.text
    page = trainer.get("/teach/a-test-course/q/1").text
    key = re.search(r"Key <code>(\w+)</code>", page)
    assert key is not None
    trainer.post("/teach/a-test-course/q/1", title="Another title", story="The right answer is to release.",
                 verdict="release", answer="release", key="0" * 16)  # fmt: skip
    assert "Another title" in trainer.get("/teach/a-test-course/q/1").text
    assert f"Key <code>{key[1]}</code>" in trainer.text, "words and smuggled fields leave the key as it is"
    trainer.post("/teach/a-test-course/add", kind="scenario", scenario="textbook-request")
    assert trainer.get("/teach/a-test-course").text.count('id="question-') == 3
    trainer.post("/teach/a-test-course/add", kind="scenario", scenario="textbok-request")
    assert trainer.status == 422
    for what in ("course.yaml", "sittings.csv", "decisions.csv", "xapi.json"):
        assert trainer.get(f"/teach/a-test-course/file/{what}").status == 200, what
    for what in PACKAGES:
        for mode in ("practice", "assessment"):
            assert trainer.get(f"/teach/a-test-course/package/{what}/{mode}").status == 200, what
    assert trainer.get("/teach/a-test-course/package/scorm/both").status == 422
    assert trainer.get("/teach/a-test-course/package/word/practice").status == 404
    for what in ("workbook", "key", "sign-in"):
        assert trainer.get(f"/teach/a-test-course/print/{what}").status == 200, what
        assert "<style" not in trainer.text, "the policy allows no style in a page"
    trainer.get("/teach/a-test-course")
    trainer.post("/teach/a-test-course/q/1/move", to="away")
    assert trainer.get("/teach/a-test-course").text.count('id="question-') == 2


def test_a_shipped_course_is_copied_and_not_changed(app: object, trainer: Visitor) -> None:
    trainer.get(f"/teach/{COURSE}")
    assert trainer.post(f"/teach/{COURSE}/settings", title="Mine", summary="x").status == 409
    trainer.post(f"/teach/{COURSE}/copy")
    assert re.fullmatch(rf"/teach/{COURSE}-\d+", trainer.url)


@pytest.mark.parametrize("name", ["..%2f..%2fweb", "no-such", "%00", "a" * 200])
def test_a_name_that_is_none_is_not_there(app: object, trainer: Visitor, name: str) -> None:
    assert trainer.get(f"/teach/{name}").status == 404
    assert not list(Path().glob("web.yaml"))


def test_a_course_is_given_out_again_and_codes_are_taken_back(app: object, trainer: Visitor) -> None:
    trainer.get("/teach/the-gateways")
    assert "It was not given out yet." in trainer.text
    trainer.post("/teach/the-gateways/issue")
    assert "as it stands now" in trainer.text
    unused = codes_of(trainer, "practice", 3)
    trainer.get(f"/teach/{COURSE}")
    assert "Revoke" in trainer.text
    trainer.post(f"/teach/{COURSE}/codes/revoke")
    assert trainer.status == 200
    assert "Revoke" not in trainer.text
    visitor = Visitor(app)
    visitor.get("/sign-in")
    visitor.post("/sign-in/code", code=unused[0], name="Late Sand")
    assert visitor.status == 401
    trainee = Visitor(app).sign_in("trainee")
    assert trainee.get("/learn").status == 200
    for path in ("issue", "codes", "codes/revoke"):
        assert trainee.post(f"/teach/{COURSE}/{path}").status == 403, path


def test_a_course_about_too_many_things_is_not_made(trainer: Visitor) -> None:
    trainer.get("/teach/new")
    many = re.findall(r'name="provision" value="([^"]+)"', trainer.text)[:7]
    trainer.post("/teach/new", title="Everything", provision=many, level="plain")
    assert trainer.status == 422
    assert "Choose at most 6 provisions" in trainer.text
