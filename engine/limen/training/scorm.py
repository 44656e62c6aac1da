"""A SCORM 1.2 package: the course with a small player of its own, which runs in a learning system without our server.

An offline package has to hold what it is marked by. It is not there in clear: choices are known by salted digests, and
an assessment carries no feedback at all. Whoever sets out to can still try the four verdicts one by one; for an
assessment that has to hold against that, use the server. `docs/training.md` says so too.

Source: SCORM 1.2 content aggregation model (manifest) and run-time environment (what the player calls).
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape

from limen.decide.decision import CAVEAT
from limen.training.classroom import Classroom
from limen.training.course import Course
from limen.training.documents import item_name
from limen.training.key import ANSWERS, WORDS, Key
from limen.training.load import one_problem
from limen.training.paper import Mode, paper
from limen.training.question import MOST_GROUNDS, SORTS, PutQuestion, put_question
from limen.training.scoring import (
    FULL,
    MARKS,
    PART_NAMES,
    PARTS,
    POINTS,
    RULES,
    WITH_A_SLIP,
    accepted_grounds,
    marked,
)
from limen.training.twin import twin_of
from limen.words import OUTCOMES

PLAYER: Final = Path(__file__).parent / "player"
FILES: Final = ("index.html", "player.css", "digest.js", "api.js", "player.js")
MOST_QUESTIONS: Final = 60
"""Questions in one package: what was answered has to fit the 4,096 characters that SCORM 1.2 keeps."""
_DAY: Final = (1980, 1, 1, 0, 0, 0)


def scorm_package(classroom: Classroom, course: Course, mode: Mode = "practice", seed: str = "scorm") -> bytes:
    """The package as a zip file, the same bytes for the same course, book, mode and seed.

    Raises `CourseError` for a course whose paper is too long for the memory that SCORM 1.2 gives.
    """
    ids = paper(course, mode, seed)
    if len(ids) > MOST_QUESTIONS:
        raise one_problem(
            course.course, f"a SCORM 1.2 package holds at most {MOST_QUESTIONS} questions; this paper has {len(ids)}",
            "set `draw` in the course, or make two courses of it",
        )  # fmt: skip
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
        "salt": salt,
        "rules": list(RULES),
        "answers": ANSWERS,
        "words": WORDS,
        "sorts": SORTS,
        "parts": [[name, PART_NAMES[name]] for name in PARTS],
        "said": {name: word.word for name, word in MARKS.items()},
        "points": {"full": FULL, "slip": WITH_A_SLIP, "most_grounds": MOST_GROUNDS},
        "marks": course.pass_marks.model_dump(),
        "questions": [_question(classroom, course, id, seed, salt, mode) for id in ids],
    }
    files = {name: (PLAYER / name).read_text(encoding="utf-8") for name in FILES}
    files["course.js"] = f"var LIMEN_COURSE = {json.dumps(content, ensure_ascii=True, sort_keys=True)};\n"
    files["imsmanifest.xml"] = manifest(course, list(files))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name in sorted(files, key=lambda name: (name != "imsmanifest.xml", name)):
            entry = zipfile.ZipInfo(name, _DAY)
            entry.external_attr = 0o644 << 16  # or a web server may not read what a learning system unpacks
            package.writestr(entry, files[name], zipfile.ZIP_DEFLATED)
    return out.getvalue()


def manifest(course: Course, files: Iterable[str]) -> str:
    """The manifest: one organisation, one item, one sharable content object, every file listed."""
    name = "".join(letter if letter.isalnum() else "-" for letter in course.course)
    listed = "\n".join(f'      <file href="{escape(file)}"/>' for file in sorted(files) if file != "imsmanifest.xml")
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="limen-{name}-{course.version}" version="{course.version}"
  xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2"
  xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xsi:schemaLocation="http://www.imsproject.org/xsd/imscp_rootv1p1p2 imscp_rootv1p1p2.xsd
    http://www.adlnet.org/xsd/adlcp_rootv1p2 adlcp_rootv1p2.xsd">
  <metadata>
    <schema>ADL SCORM</schema>
    <schemaversion>1.2</schemaversion>
  </metadata>
  <organizations default="limen-organization">
    <organization identifier="limen-organization">
      <title>{escape(course.title)}</title>
      <item identifier="limen-item" identifierref="limen-resource">
        <title>{escape(course.title)}</title>
        <adlcp:masteryscore>{course.pass_marks.verdict}</adlcp:masteryscore>
      </item>
    </organization>
  </organizations>
  <resources>
    <resource identifier="limen-resource" type="webcontent" adlcp:scormtype="sco" href="index.html">
{listed}
    </resource>
  </resources>
</manifest>
"""


def digest(salt: str, *parts: str) -> str:
    """What a choice is known by in a package: SHA-256 of salt and parts, the first 16 hex digits."""
    return hashlib.sha256("|".join((salt, *parts)).encode()).hexdigest()[:16]


def _question(classroom: Classroom, course: Course, id: str, seed: str, salt: str, mode: Mode) -> dict[str, Any]:
    case, key = classroom.key(course, id)
    edition = classroom.keys.edition(key.accepts[0], case)
    put = put_question(classroom.book, edition, id, case, key, seed)
    asked: dict[str, Any] = {
        "id": id,
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
        told = json.dumps(_told(classroom, course, put, key), ensure_ascii=True).encode()
        asked["told"] = base64.b64encode(_scrambled(told, f"{salt}|{id}")).decode()
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
            right = accepted_grounds(key, item.item, answer) & {one.address for one in put.grounds_for(answer)}
            grounds += [digest(salt, put.id, item.item, answer, address) for address in sorted(right)]
            if not right and mark in ("right", "defensible"):
                bare.append(digest(salt, put.id, item.item, answer))
    return {
        "verdicts": dict(sorted(verdicts.items())),
        "grounds": sorted(grounds),
        "bare": sorted(bare),
        "missing": _ways(put, key, salt, "missing"),
        "duties": _ways(put, key, salt, "duties"),
    }


def _ways(put: PutQuestion, key: Key, salt: str, part: str) -> list[dict[str, Any]]:
    """The ways in which a choice of facts or duties is right: that of the key, and of profiles that answer the same."""
    offered = [choice.name for choice in (put.missing if part == "missing" else put.duties)]
    own = {one.fact for one in key.missing} if part == "missing" else {duty.address for duty in key.duties}
    ways: list[tuple[str, Iterable[str]]] = [("", own)]
    for view in key.views.values():
        when = digest(salt, put.id, *(view.verdicts[item.item] for item in key.items))
        ways.append((when, view.missing if part == "missing" else view.duties))
    made: list[dict[str, Any]] = []
    for when, right in ways:
        way = {"when": when, "right": sorted(digest(salt, put.id, name) for name in offered if name in set(right))}
        if way not in made:
            made.append(way)
    return made


def _told(classroom: Classroom, course: Course, put: PutQuestion, key: Key) -> dict[str, Any]:
    """The feedback of a practice package."""
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
