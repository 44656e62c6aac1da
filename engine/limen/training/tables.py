"""Results as CSV: one table of sittings, one of decisions, for a spreadsheet or an auditor."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from limen.training.classroom import Sitting
from limen.training.results import by_person
from limen.training.scoring import PARTS, Mark, score_of


def sittings_csv(sittings: Iterable[Sitting], names: Mapping[str, str]) -> str:
    """One line for each sitting, with the four scores in percent, and what they were given under."""
    rows = []
    for line, sitting in zip(by_person(listed := list(sittings), names), listed, strict=True):
        rows.append([
            line.person, line.course, line.version, line.profile, sitting.issue.book_name, sitting.issue.book_version,
            sitting.issue.book_digest, line.mode, line.seed, line.day,
            sitting.handed_in.isoformat() if sitting.handed_in else "", line.answered, line.questions,
            *(line.percents[part] for part in PARTS), line.unlawful, line.refused, line.state,
        ])  # fmt: skip
    head = [
        "person", "course", "version", "profile", "book", "book_version", "book_digest", "mode", "seed", "started",
        "handed_in", "answered", "questions", *(f"{part}_percent" for part in PARTS), "unlawful_releases",
        "needless_refusals", "state",
    ]  # fmt: skip
    return _written(head, rows)


def decisions_csv(sittings: Iterable[Sitting], names: Mapping[str, str]) -> str:
    """One line for each item decided: what was answered, what is right, under which profiles the answer holds, and why.

    Sittings in which feedback is not due yet are left out: the table says what is right.
    """
    rows = []
    for sitting in sittings:
        if not sitting.may_see_answers:
            continue
        for question, body in sitting.answered.items():
            score = score_of(body["score"])
            for item, answer in body["response"]["verdicts"].items():
                rows.append([
                    names.get(sitting.person, ""), sitting.course.course, sitting.issue.version, sitting.mode, question,
                    item, answer, body["right"][item], mark(body, item),
                    " ".join((score.defensible or {}).get(item, ())),
                    " ".join(body["response"]["grounds"].get(item, ())), *(score.part(part).percent for part in PARTS),
                    " ".join(body["misconceptions"]), " ".join(body["provisions"]),
                    "yes" if body.get("hinted") else "no",
                    sitting.times[question][1].isoformat(), body["key"],
                ])  # fmt: skip
    head = [
        "person", "course", "version", "mode", "question", "item", "answered", "right", "mark", "defensible_under",
        "grounds_marked", *(f"{part}_percent" for part in PARTS), "misconceptions", "provisions", "hinted", "at",
        "key_digest",
    ]  # fmt: skip
    return _written(head, rows)


def mark(body: Mapping[str, Any], item: str) -> Mark:
    """How one verdict of an answer that was kept is marked."""
    return score_of(body["score"]).mark(item, right=body["response"]["verdicts"][item] == body["right"][item])


def _written(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows([[_harmless(cell) for cell in row] for row in rows])
    return out.getvalue()


def _harmless(cell: object) -> object:
    """Text that a spreadsheet would take for a formula, marked as text. A person chose their own name."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in "=+-@\t\r" and cell else cell
