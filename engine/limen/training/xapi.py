"""Results as xAPI statements: one for each decision, not only one at the end.

Source: Experience API (xAPI) 1.0.3, part two, statements. A sitting is a registration; a question is a parent
activity of the decisions on its items. Statements have the same ids whenever they are made, so sending
them twice does no harm.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid5

from limen.training.classroom import Sitting
from limen.training.course import Course
from limen.training.key import WORDS
from limen.training.scoring import FULL, PARTS, POINTS, UNLAWFUL, score_of
from limen.training.tables import mark

SPACE: Final = UUID("6c0bb2a5-5bb1-4a0a-9a53-1c4f0c8f7c11")
HOME_PAGE: Final = "https://limen.invalid"
"""Where accounts are said to live when nobody says otherwise: a name that is reserved and leads nowhere."""
VERBS: Final = "http://adlnet.gov/expapi/verbs/"
VERSION: Final = "1.0.3"


def statements(
    sittings: Iterable[Sitting], names: Mapping[str, str], home_page: str = HOME_PAGE
) -> list[dict[str, Any]]:
    """The statements of sittings in which feedback is due, in the order things happened.

    `home_page` is the system that people's ids belong to, an address that starts with http.
    """
    made = [one for sitting in sittings if sitting.may_see_answers for one in _of(sitting, names, home_page)]
    return sorted(made, key=lambda one: str(one["timestamp"]))


def statements_json(sittings: Iterable[Sitting], names: Mapping[str, str], home_page: str = HOME_PAGE) -> str:
    """The statements as one JSON array, as a learning record store takes them."""
    return json.dumps(statements(sittings, names, home_page), ensure_ascii=False, indent=1) + "\n"


def _of(sitting: Sitting, names: Mapping[str, str], home_page: str) -> Iterator[dict[str, Any]]:
    actor = {"objectType": "Agent", "account": {"homePage": home_page, "name": sitting.person}}
    if sitting.person in names:
        actor["name"] = names[sitting.person]
    course = _activity(course_activity(sitting.course), sitting.course.title, "course", sitting.course.summary)
    context = {
        "registration": str(uuid5(SPACE, sitting.id)),
        "platform": "Limen",
        "language": "en-US",
        "contextActivities": {"grouping": [{"objectType": "Activity", "id": course_activity(sitting.course)}]},
        "extensions": {
            "urn:limen:xapi:profile": sitting.course.profile,
            "urn:limen:xapi:book": f"{sitting.issue.book_name} {sitting.issue.book_version}",
            "urn:limen:xapi:book-digest": sitting.issue.book_digest,
            "urn:limen:xapi:mode": sitting.mode,
            "urn:limen:xapi:seed": sitting.seed,
        },
    }

    def statement(mark: str, verb: str, at: datetime, **more: Any) -> dict[str, Any]:
        return {
            "id": str(uuid5(SPACE, f"{sitting.id} {mark}")),
            "actor": actor,
            "verb": {"id": VERBS + verb, "display": {"en-US": verb}},
            "object": course,
            "context": context,
            "timestamp": at.isoformat(),
            "version": VERSION,
            **more,
        }

    yield statement("initialized", "initialized", sitting.started)
    for question, body in sitting.answered.items():
        for item in body["response"]["verdicts"]:
            yield statement(
                f"answered {question} {item}", "answered", sitting.times[question][1],
                object=_decision(sitting, question, item, body),
                result=_result(sitting, question, item, body),
                context={**context, "contextActivities": {
                    "parent": [{"objectType": "Activity", "id": question_activity(sitting.course, question)}],
                    **context["contextActivities"],  # type: ignore[dict-item]
                }},
            )  # fmt: skip
    if sitting.handed_in is not None:
        yield statement("completed", "completed", sitting.handed_in, result=_whole(sitting, completion=True))
        if sitting.mode == "assessment":
            verb = "passed" if sitting.passed else "failed"
            yield statement(verb, verb, sitting.handed_in, result=_whole(sitting, success=sitting.passed))


def _decision(sitting: Sitting, question: str, item: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """The activity of one decision: a choice among four words. A defensible word is a correct response too."""
    asked = sitting.course.question(question)
    score = score_of(body["score"])
    right = [body["right"][item]]
    if item in (score.defensible or {}):
        right.append(body["response"]["verdicts"][item])
    title = asked.wording.title or question
    activity = _activity(
        f"{question_activity(sitting.course, question)}:item:{_part(item)}", f"{title}: {item}", "cmi.interaction"
    )
    activity["definition"] |= {
        "interactionType": "choice",
        "correctResponsesPattern": right,
        "choices": [{"id": id, "description": {"en-US": word}} for id, word in WORDS.items()],
    }
    return activity


def _result(sitting: Sitting, question: str, item: str, body: Mapping[str, Any]) -> dict[str, Any]:
    marked = mark(body, item)
    points = POINTS[marked]
    score = score_of(body["score"])
    begun, ended = sitting.times[question]
    return {
        "score": {"scaled": max(-1.0, points / FULL), "raw": points, "min": UNLAWFUL, "max": FULL},
        "success": marked in ("right", "defensible"),
        "response": body["response"]["verdicts"][item],
        "duration": f"PT{max(0.0, (ended - begun).total_seconds()):.2f}S",
        "extensions": {
            "urn:limen:xapi:mark": marked,
            "urn:limen:xapi:defensible-under": list((score.defensible or {}).get(item, ())),
            "urn:limen:xapi:grounds": body["response"]["grounds"].get(item, []),
            "urn:limen:xapi:missing": body["response"]["missing"],
            "urn:limen:xapi:duties": body["response"]["duties"],
            "urn:limen:xapi:scores": {part: score.part(part).percent for part in PARTS},
            "urn:limen:xapi:misconceptions": body["misconceptions"],
            "urn:limen:xapi:provisions": body["provisions"],
            "urn:limen:xapi:key-digest": body["key"],
            "urn:limen:xapi:hinted": body.get("hinted", False),
        },
    }


def _whole(sitting: Sitting, **more: bool) -> dict[str, Any]:
    score = sitting.score
    verdict = score.verdict
    scaled = max(-1.0, verdict.points / verdict.of) if verdict.of else 0.0
    ended = sitting.handed_in or sitting.started
    return {
        "score": {"scaled": round(scaled, 4)},
        "duration": f"PT{max(0.0, (ended - sitting.started).total_seconds()):.2f}S",
        "extensions": {
            "urn:limen:xapi:scores": {part: score.part(part).percent for part in PARTS},
            "urn:limen:xapi:unlawful-releases": len(score.unlawful),
        },
        **more,
    }


def _activity(id: str, name: str, kind: str, description: str = "") -> dict[str, Any]:
    definition: dict[str, Any] = {"name": {"en-US": name}, "type": f"http://adlnet.gov/expapi/activities/{kind}"}
    if description:
        definition["description"] = {"en-US": description}
    return {"objectType": "Activity", "id": id, "definition": definition}


def course_activity(course: Course) -> str:
    """The activity that a course is, in one version of it: the same in statements of ours and of a package."""
    return f"urn:limen:course:{_part(course.course)}:{course.version}"


def question_activity(course: Course, question: str) -> str:
    """The activity that one question of a course is."""
    return f"{course_activity(course)}:question:{_part(question)}"


def _part(text: str) -> str:
    """A text as part of a URN."""
    from urllib.parse import quote

    return quote(text, safe="-._")
