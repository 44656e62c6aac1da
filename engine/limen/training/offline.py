"""What a package that runs without our server holds: the player, and a course that it can mark by itself.

An offline package has to hold what it is marked by. It is not there in clear: choices are known by salted digests, and
an assessment carries no feedback at all. Whoever sets out to can still try the four verdicts one by one; for an
assessment that has to hold against that, use the server. `docs/training.md` says so too.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, Literal

from limen.decide.decision import CAVEAT
from limen.law.digest import content_digest
from limen.training.classroom import Classroom, provisions
from limen.training.course import Course
from limen.training.documents import item_name
from limen.training.key import ANSWERS, WORDS, Key
from limen.training.paper import Mode, paper
from limen.training.question import MOST_GROUNDS, SORTS, PutQuestion, put_question
from limen.training.scoring import (
    FULL,
    MARKS,
    PART_NAMES,
    PARTS,
    POINTS,
    RULES,
    UNLAWFUL,
    WITH_A_SLIP,
    marked,
    needs_no_ground,
    right_grounds,
    ways,
)
from limen.training.twin import twin_of
from limen.training.xapi import question_activity
from limen.words import OUTCOMES

PLAYER: Final = Path(__file__).parent / "player"
FILES: Final = ("index.html", "player.css", "digest.js", "player.js")
"""What every package has of the player; `lms.js`, which speaks to the learning system, is its standard's own."""
_DAY: Final = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Played:
    """A course as the player takes it: `content` is what stands in `course.js`."""

    course: Course
    mode: Mode
    content: Mapping[str, Any]

    @property
    def digest(self) -> str:
        """Of all that is played: two packages with the same digest put the same questions, and mark them alike."""
        return content_digest(self.content)

    def files(self, lms: str) -> dict[str, str]:
        """The files of the player by their names; `lms` is the script that speaks to the learning system."""
        files = {name: (PLAYER / name).read_text(encoding="utf-8") for name in FILES}
        files["lms.js"] = (PLAYER / lms).read_text(encoding="utf-8")
        files["course.js"] = f"var LIMEN_COURSE = {json.dumps(self.content, ensure_ascii=True, sort_keys=True)};\n"
        return files


def played(classroom: Classroom, course: Course, mode: Mode, seed: str) -> Played:
    """The course as it is played under a seed. Raises `CourseError` where a question has no key."""
    ids = paper(course, mode, seed)
    salt = hashlib.sha256(f"{course.course} {course.version} {seed} {classroom.book.digest}".encode()).hexdigest()[:24]
    content = {
        "course": course.course,
        "version": course.version,
        "title": course.title,
        "summary": course.summary,
        "introduction": course.introduction or "",
        "profile": course.profile,
        "book": f"{classroom.book.name} {classroom.book.version}, digest {classroom.book.digest[:16]}",
        "caveat": CAVEAT,
        "mode": mode,
        "seed": seed,
        "salt": salt,
        "rules": list(RULES),
        "answers": ANSWERS,
        "words": WORDS,
        "sorts": SORTS,
        "parts": [[name, PART_NAMES[name]] for name in PARTS],
        "said": {name: word.word for name, word in MARKS.items()},
        "points": {"full": FULL, "slip": WITH_A_SLIP, "least": UNLAWFUL, "most_grounds": MOST_GROUNDS},
        "marks": course.pass_marks.model_dump(),
        "provisions": provisions_of(classroom, course, ids),
        "questions": [_question(classroom, course, id, seed, salt, mode) for id in ids],
    }
    return Played(course, mode, content)


def provisions_of(classroom: Classroom, course: Course, ids: Iterable[str]) -> list[str]:
    """The rules that some questions are about, all together, so that they tell nothing of any one of them."""
    found: set[str] = set()
    for id in ids:
        case, key = classroom.key(course, id)
        found |= set(provisions(key, case))
    return sorted(found)


def zipped(files: Mapping[str, str], first: str) -> bytes:
    """A zip file of `files`, `first` the first of them: the same bytes for the same files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name in sorted(files, key=lambda name: (name != first, name)):
            entry = zipfile.ZipInfo(name, _DAY)
            entry.external_attr = 0o644 << 16  # or a web server may not read what a learning system unpacks
            package.writestr(entry, files[name], zipfile.ZIP_DEFLATED)
    return out.getvalue()


def digest(salt: str, *parts: str) -> str:
    """What a choice is known by in a package: SHA-256 of salt and parts, the first 16 hex digits."""
    return hashlib.sha256("|".join((salt, *parts)).encode()).hexdigest()[:16]


def _question(classroom: Classroom, course: Course, id: str, seed: str, salt: str, mode: Mode) -> dict[str, Any]:
    case, key = classroom.key(course, id)
    edition = classroom.keys.edition(key.accepts[0], case)
    put = put_question(classroom.book, edition, id, case, key, seed)
    asked: dict[str, Any] = {
        "id": id,
        "activity": question_activity(course, id),
        "title": put.title,
        "role": put.role,
        "story": put.story,
        "day": put.day,
        "documents": [
            {"title": one.title, "rows": [[row.label, row.text] for row in one.rows]} for one in put.documents
        ],
        "items": [asdict(item) for item in put.items],
        "grounds": [asdict(choice) for choice in put.grounds],
        "missing": [asdict(choice) for choice in put.missing],
        "duties": [asdict(choice) for choice in put.duties],
        "marking": _marking(put, key, salt),
    }
    if mode == "practice":
        said = json.dumps(told(classroom, course, put, key), ensure_ascii=True).encode()
        asked["told"] = base64.b64encode(_scrambled(said, f"{salt}|{id}")).decode()
    return asked


def _marking(put: PutQuestion, key: Key, salt: str) -> dict[str, Any]:
    """How an answer is marked, each choice known by its digest only."""
    verdicts: dict[str, list[Any]] = {}
    grounds: list[str] = []
    bare: list[str] = []
    for item in key.items:
        for answer in ANSWERS:
            mark, under = marked(key, item, answer)
            verdicts[digest(salt, put.id, item.item, answer)] = [POINTS[mark], mark, list(under)]
            right = right_grounds(put, key, item.item, answer)
            grounds += [digest(salt, put.id, item.item, answer, address) for address in sorted(right)]
            if needs_no_ground(put, key, item.item, answer):
                bare.append(digest(salt, put.id, item.item, answer))
    return {
        "verdicts": dict(sorted(verdicts.items())),
        "grounds": sorted(grounds),
        "bare": sorted(bare),
        "missing": _ways(put, key, salt, "missing"),
        "duties": _ways(put, key, salt, "duties"),
    }


def _ways(put: PutQuestion, key: Key, salt: str, part: Literal["missing", "duties"]) -> list[dict[str, Any]]:
    """The ways in which a choice of facts or duties is right, each once, known by digests."""
    made: list[dict[str, Any]] = []
    for way in ways(put, key, part):
        when = "" if way.verdicts is None else digest(salt, put.id, *(way.verdicts[item.item] for item in key.items))
        one = {"when": when, "right": sorted(digest(salt, put.id, name) for name in way.right)}
        if one not in made:
            made.append(one)
    return made


def told(classroom: Classroom, course: Course, put: PutQuestion, key: Key) -> dict[str, Any]:
    """The feedback on a question, as plain data for a package."""
    case, _ = classroom.key(course, put.id)
    twin = twin_of(classroom.cases, classroom.keys, course, course.question(put.id), key)
    items = []
    for item in key.items:
        rule: Any = classroom.book.rules.get(item.gateway or "")
        reasons = [one for one in item.reasons if one.outcome != "met"]
        items.append({
            "name": item_name(item.item),
            "verdict": WORDS[item.verdict],
            "gateway": getattr(rule, "title", ""),
            "summary": getattr(rule, "summary", ""),
            "reasons": [[OUTCOMES[one.outcome].word, one.label, one.citation, one.sentence] for one in reasons],
        })  # fmt: skip
    told_twin: Mapping[str, Any] | None = None
    if twin is not None:
        told_twin = {
            "title": twin.title,
            "differences": [[one.ask, one.here or "not known", one.there or "not known"] for one in twin.differences],
            "verdicts": [[name, WORDS[verdict]] for name, verdict in twin.verdicts],
        }
    return {
        "items": items,
        "hinges": [[hinge.words, classroom.book.readings[hinge.reading].question] for hinge in key.hinges],
        "missing": [one.ask for one in key.missing],
        "duties": [choice.label for choice in put.duties if choice.name in {duty.address for duty in key.duties}],
        "teaches": case.teaches,
        "twin": told_twin,
    }


def _scrambled(content: bytes, key: str) -> bytes:
    """`content` with a stream made of `key` over it: not to be read by accident; no secret from who wants to know."""
    stream = b"".join(
        hashlib.sha256(f"{key}|{block}".encode()).digest() for block in range(len(content) // 32 + 1)
    )  # fmt: skip
    return bytes(one ^ other for one, other in zip(content, stream, strict=False))
