"""A thin H5P package: a course as a stock Question Set of Multiple Choice questions, for sites that have these.

It brings no H5P libraries, so it can only be put into a site that has them; and a Question Set has one score, no
penalty and no documents to open. So each case is asked as up to four questions in a row that cannot be gone back over:
the verdict, a ground, what to ask for, the duties. Every verdict that holds under an accepted profile counts, and any
correct ground; but an unlawful release only brings nothing. Where the four scores matter, use another package.

Source: the H5P file format (`h5p.json`, `content/content.json`), and the fields of H5P.QuestionSet 1.20 and
H5P.MultiChoice 1.16.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from html import escape
from typing import Any, Final, NamedTuple
from uuid import uuid5

from limen.decide.decision import CAVEAT
from limen.training.classroom import Classroom
from limen.training.course import Course
from limen.training.key import ANSWERS, WORDS, ItemKey, Key
from limen.training.offline import told, zipped
from limen.training.paper import Mode, paper
from limen.training.question import PutQuestion, put_question
from limen.training.scoring import MARKS, marked, right_grounds
from limen.training.xapi import SPACE, question_activity

SET: Final = ("H5P.QuestionSet", 1, 20)
CHOICE: Final = ("H5P.MultiChoice", 1, 16)
"""The content types, in versions that a site may have in newer ones."""
INTRODUCTION: Final = (
    "Read each case, and decide in one of four words; then say what it rests on, what you would ask for, and which "
    "duties come with what you release.",
    "To release against the law is the worst mistake there is. Here it only brings no point; where all four scores are "
    "kept, it costs more than two right answers bring. In doubt, do not release.",
    "An answer that holds under another accepted reading of the law counts, and any correct ground does.",
)
"""What is said before the first question."""


class Option(NamedTuple):
    """A choice, whether it counts, and what is said to whoever chose it."""

    text: str
    counts: bool
    said: str = ""


def h5p_package(classroom: Classroom, course: Course, mode: Mode = "practice", seed: str = "h5p") -> bytes:
    """The package as a zip file, the same bytes for the same course, book, mode and seed. An assessment tells nothing
    before its end. Raises `CourseError` where a question has no key."""
    content = json.dumps(question_set(classroom, course, mode, seed), ensure_ascii=False, indent=1)
    about = json.dumps(description(course), ensure_ascii=False, indent=1)
    return zipped({"h5p.json": about, "content/content.json": content}, "h5p.json")


def description(course: Course) -> dict[str, Any]:
    """What `h5p.json` says: the content type, the libraries that have to be there, no more."""
    needed = [
        {"machineName": name, "majorVersion": major, "minorVersion": minor} for name, major, minor in (SET, CHOICE)
    ]
    return {
        "title": course.title, "language": "en", "mainLibrary": SET[0], "embedTypes": ["iframe"], "license": "U",
        "authorComments": f"{course.course}, version {course.version}. {CAVEAT}", "preloadedDependencies": needed,
    }  # fmt: skip


def question_set(classroom: Classroom, course: Course, mode: Mode, seed: str) -> dict[str, Any]:
    """What `content.json` says: every question in its order, and how the set behaves."""
    questions: list[dict[str, Any]] = []
    for number, id in enumerate(paper(course, mode, seed), 1):
        case, key = classroom.key(course, id)
        put = put_question(classroom.book, classroom.keys.edition(key.accepts[0], case), id, case, key, seed)
        said = told(classroom, course, put, key)
        for part, (text, options, single) in enumerate(_parts(put, key, said)):
            name = f"{number}{'abcdefghijklmnopqrstuvwxyz'[part]}. {put.title}"
            questions.append(_multiple_choice(f"{question_activity(course, id)}:{part}", name, text, options, single))
    open_ = mode == "practice"
    return {
        "introPage": {
            "showIntroPage": True, "title": escape(course.title), "startButtonText": "Start",
            "introduction": _paragraphs([course.summary, course.introduction or "", *INTRODUCTION, CAVEAT]),
        },
        "progressType": "textual",
        "passPercentage": course.pass_marks.verdict,
        "questions": questions,
        "disableBackwardsNavigation": True,
        "randomQuestions": False,
        "endGame": {
            "showResultPage": True, "showSolutionButton": open_, "showRetryButton": open_, "message": "How you did",
            "overallFeedback": [{"from": 0, "to": 100}],
            "scoreHeader": "Points", "amountCorrect": "@finals of @totals right",
            "scoreBarLabel": "You reached @finals of @totals points", "solutionButtonText": "What is right",
            "retryButtonText": "Once more", "finishButtonText": "To the end", "submitButtonText": "Hand in",
            "showAnimations": False, "skippable": False, "skipButtonText": "Skip",
        },
        "texts": {
            "prevButton": "Back", "nextButton": "Next", "finishButton": "To the end", "submitButton": "Hand in",
            "textualProgress": "Question @current of @total", "questionLabel": "Question",
            "readSpeakerProgress": "Question @current of @total", "jumpToQuestion": "Question %d of %total",
            "unansweredText": "Not answered", "answeredText": "Answered", "currentQuestionText": "This question",
            "navigationLabel": "Questions",
        },
        "override": {"checkButton": open_, **({} if open_ else {"showSolutionButton": "off", "retryButton": "off"})},
    }  # fmt: skip


def _parts(put: PutQuestion, key: Key, said: dict[str, Any]) -> Iterator[tuple[str, list[Option], bool]]:
    """The questions about one case: their words, their options, and whether one is chosen or several are."""
    papers = "".join(
        f"<h3>{escape(one.title)}</h3>"
        + "".join(f"<p><strong>{escape(row.label)}</strong> {escape(row.text)}</p>" for row in one.rows)
        for one in put.documents
    )
    story = _paragraphs([f"{put.role} The law is that of {put.day}.", put.story]) + papers
    for asked, item, why in zip(put.items, key.items, said["items"], strict=True):
        yield (
            f"{story}<h2>{escape(asked.name)}: what do you decide?</h2>",
            [Option(WORDS[answer], *_marked(key, item, answer, why)) for answer in ANSWERS],
            True,
        )
    for asked, item in zip(put.items, key.items, strict=True):
        right = right_grounds(put, key, item.item, item.verdict)
        offered = put.grounds_for(item.verdict)
        if right and len(right) < len(offered):
            head = f"{asked.name}: the rule says {WORDS[item.verdict]}. Mark one point on which that rests."
            yield (
                _head(put, head),
                [Option(f"{one.label} ({one.citation})", one.address in right) for one in offered],
                True,
            )
    wanted = {one.fact for one in key.missing}
    asking = [Option(one.label, one.name in wanted) for one in put.missing]
    if asking:
        head = "What would you ask for first? Only what could still change the answer."
        yield _head(put, head), _or_none(asking, "Nothing: no more facts could change it."), False
    attached = {duty.address for duty in key.duties}
    duties = [Option(f"{one.label} ({one.detail})", one.name in attached) for one in put.duties]
    if duties:
        head = "Which of these duties come with what is released?"
        yield _head(put, head), _or_none(duties, "None of these."), False


def _marked(key: Key, item: ItemKey, answer: str, why: dict[str, Any]) -> tuple[bool, str]:
    """Whether a verdict counts, and how it is marked, with the provision and the reasons."""
    mark, under = marked(key, item, answer)
    reasons = " ".join(f"{outcome}: {label} ({cite})." for outcome, label, cite, _ in why["reasons"][:3])
    rule = f"The rule says {why['verdict']}."
    said = (
        f"{MARKS[mark].word}{' under ' + ', '.join(under) if under else ''}. {rule} {why['gateway']} {reasons}".strip()
    )
    return mark in ("right", "defensible"), said


def _or_none(options: list[Option], none: str) -> list[Option]:
    """The options, and that none of them is right: with none that counts there is nothing that could be ticked."""
    return [*options, Option(none, not any(one.counts for one in options))]


def _head(put: PutQuestion, head: str) -> str:
    return f"{_paragraphs([put.title])}<h2>{escape(head)}</h2>"


def _multiple_choice(name: str, title: str, text: str, options: Iterable[Option], single: bool) -> dict[str, Any]:
    return {
        "library": f"{CHOICE[0]} {CHOICE[1]}.{CHOICE[2]}",
        "subContentId": str(uuid5(SPACE, name)),
        "metadata": {"contentType": "Multiple Choice", "license": "U", "title": title[:255]},
        "params": {
            "question": text,
            "answers": [
                {
                    "text": f"<div>{escape(one.text)}</div>", "correct": one.counts,
                    "tipsAndFeedback": {"tip": "", "chosenFeedback": escape(one.said), "notChosenFeedback": ""},
                }
                for one in options
            ],
            "overallFeedback": [{"from": 0, "to": 100}],
            "behaviour": {
                "type": "single" if single else "multi", "singlePoint": False, "randomAnswers": False,
                "enableRetry": True, "enableSolutionsButton": True, "enableCheckButton": True, "autoCheck": False,
                "showSolutionsRequiresInput": True, "confirmCheckDialog": False, "confirmRetryDialog": False,
                "passPercentage": 100, "showScorePoints": True,
            },
            "UI": {
                "checkAnswerButton": "Check", "submitAnswerButton": "Submit", "showSolutionButton": "What is right",
                "tryAgainButton": "Try again", "scoreBarLabel": "You reached :num of :total points",
                "correctAnswer": "Right", "shouldCheck": "Belongs to it", "shouldNotCheck": "Does not belong to it",
                "noInput": "Choose before you look", "a11yCheck": "Check what you chose.",
                "a11yShowSolution": "Show what is right.", "a11yRetry": "Choose anew.",
            },
        },
    }  # fmt: skip


def _paragraphs(texts: Iterable[str]) -> str:
    return "".join(f"<p>{escape(text)}</p>" for text in texts if text)
