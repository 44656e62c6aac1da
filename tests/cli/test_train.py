"""A course in the terminal: sat to the end by numbers and words alone, made, checked and taken away."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from limen.cli.main import limen
from limen.cli.train_make import PACKAGED
from limen.law import load_book
from limen.training.classroom import Classroom, Sitting
from limen.training.key import ANSWERS
from limen.training.load import load_course
from limen.training.packages import PACKAGES
from limen.training.response import keys_own
from limen.training.store import Store

COURSE = """
course: two-letters
title: Two letters
summary: One is complete, one is signed for somebody.
questions:
  - {id: complete, scenario: i2}
  - {id: signed-for, scenario: i2/requester-not-met}
"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LIMEN_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "100")
    (tmp_path / "two-letters.yaml").write_text(COURSE)
    return tmp_path


def run(*words: str, typed: str = "") -> tuple[int, str]:
    done = CliRunner().invoke(limen, ["train", *words], input=typed, standalone_mode=False)
    code = done.return_value if isinstance(done.return_value, int) else done.exit_code
    return code, done.output


def typed_as_the_key(room: Classroom, sitting: Sitting, question: str) -> str:
    """What somebody types who answers as the key does: opens everything, then numbers."""
    put = room.question(sitting, question)
    own = keys_own(put, room.key(sitting.course, question)[1])
    lines = ["a"]
    for item in put.items:
        lines.append(str(ANSWERS.index(own.verdicts[item.id]) + 1))
        offered = [choice.address for choice in put.grounds_for(own.verdicts[item.id])]
        lines.append(" ".join(str(offered.index(address) + 1) for address in own.grounds[item.id]))
    lines.append(" ".join(str(n) for n, choice in enumerate(put.missing, 1) if choice.name in own.missing))
    lines.append(" ".join(str(n) for n, choice in enumerate(put.duties, 1) if choice.name in own.duties))
    return "\n".join(lines) + "\n"


def test_a_course_is_sat_stopped_resumed_and_passed(place: Path) -> None:
    file = str(place / "two-letters.yaml")
    code, said = run("start", file, "--assessment", "--seed", "7", "--name", "Ada Sand", typed="a\n")
    assert "In doubt, do not release." in " ".join(said.split())
    assert code != 0, "typing ended before the question was answered"
    with Store(place / "home" / "training.sqlite") as store:
        room = Classroom(load_book(), store)
        (sitting,) = room.sittings()
        whole = [typed_as_the_key(room, sitting, question) for question in sitting.questions]
        teaches = [room.key(sitting.course, question)[0].teaches for question in sitting.questions]
    # The first question's documents were all opened before it stopped, so it goes straight to deciding.
    code, said = run("resume", typed=whole[0].removeprefix("a\n") + whole[1])
    assert code == 0, said
    assert "Passed" in said
    assert "The rule says" not in said
    assert not [sentence for sentence in teaches if sentence in said]
    code, said = run("results", "--json")
    lines = [json.loads(line) for line in said.splitlines()]
    assert [line["state"] for line in lines if line["by"] == "person"] == ["passed"]
    code, said = run("results", "two-letters")
    assert "Ada Sand: passed" in said
    code, said = run("export", "certificate", sitting.id)
    assert "Ada Sand" in said
    assert "has passed the assessment in" in said


def test_practice_tells_after_each_question_what_decides_and_the_twin(place: Path) -> None:
    withhold = "a\n" + "2\n\n2\n\n" + "\n\n"
    code, said = run("start", str(place / "two-letters.yaml"), typed=withhold * 2)
    assert code == 0, said
    assert "Refused without need" in said
    assert "you said" in said
    assert "The twin" in said
    assert "Refusing to be on the safe side" in said
    assert "You have worked through Two letters" in said


def test_a_wrong_number_is_asked_again(place: Path) -> None:
    _, said = run("start", str(place / "two-letters.yaml"), typed="99\na\n7\nyes\n2\n1 2 3 4\n77\n\n")
    assert "there is no document 99" in said
    assert said.count("write a number from 1 to 4") == 2
    assert "mark at most 3" in said
    assert "write numbers from 1 to" in said


def test_a_course_is_made_checked_and_packed(place: Path) -> None:
    made = place / "fugitives.yaml"
    code, said = run("make", "Fugitives", "--about", "usc.26.6103.i.5", "--count", "1", "--out", str(made))
    assert code == 0, said
    assert len(load_course(made).questions) == 2
    assert run("check", str(made))[0] == 0
    package = place / "package.zip"
    assert run("export", "scorm", str(made), "--out", str(package))[0] == 0
    assert zipfile.ZipFile(io.BytesIO(package.read_bytes())).testzip() is None
    assert "not for participants" in run("export", "key", str(made))[1]
    assert run("export", "sittings-csv")[1].startswith("person,course")
    assert '"answer"' not in run("schema")[1]


def test_what_cannot_be_used_is_said_with_what_can(place: Path) -> None:
    from limen.training.load import CourseError

    done = CliRunner().invoke(limen, ["train", "start", "missing-is-not-fals"], standalone_mode=False)
    assert isinstance(done.exception, CourseError)
    assert "did you mean: `missing-is-not-false`" in str(done.exception)
    assert "no sitting is under way" in str(
        CliRunner().invoke(limen, ["train", "resume"], standalone_mode=False).exception
    )


def test_the_list_names_the_shipped_courses(place: Path) -> None:
    _, said = run("list", "--json")
    assert "missing-is-not-false" in {json.loads(line)["course"] for line in said.splitlines()}


def test_a_name_is_forgotten_and_what_was_answered_stays(place: Path) -> None:
    course = str(place / "two-letters.yaml")
    run("start", course, "--name", "Ada Sand", typed="h\na\n")  # asks for a hint, reads, and stops
    assert "Ada Sand" in run("results")[1]
    assert run("forget", "Ada Sand")[0] == 0
    after = run("results")[1]
    assert "Ada Sand" not in after
    assert "without a name" in after
    assert run("forget", "Ada Sand")[0] != 0


def test_a_course_is_given_out_and_every_package_is_written(place: Path) -> None:
    course = str(place / "two-letters.yaml")
    code, said = run("issue", course)
    assert (code, "2 answers kept" in said) == (0, True)
    assert set(PACKAGED) == set(PACKAGES)
    for what in PACKAGED:
        assert run("export", what, course, "--out", str(place / what))[0] == 0
        assert zipfile.is_zipfile(place / what)
