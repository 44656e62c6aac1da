"""Sitting a paper in the terminal: read, decide, say why, be told. Words and numbers only, no drag and no clock."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from limen.cli import exits
from limen.cli.words import DISPOSITIONS, OUTCOMES, count
from limen.training.key import ANSWERS, WORDS
from limen.training.question import MOST_GROUNDS
from limen.training.response import Response
from limen.training.scoring import MARKS, PART_NAMES, PARTS, RULES

if TYPE_CHECKING:
    from limen.cli.screen import Screen
    from limen.training.classroom import Classroom, Sitting
    from limen.training.documents import Document
    from limen.training.feedback import Feedback, ItemFeedback
    from limen.training.question import PutQuestion
    from limen.words import Icon


def sit(room: Classroom, sitting: Sitting, screen: Screen) -> int:
    """Put every question not answered yet, one after the other, and end with the summary."""
    _briefing(sitting, screen)
    while (question := sitting.next) is not None:
        number = sitting.questions.index(question) + 1
        put = room.put(sitting, question)
        screen.line()
        screen.rule()
        screen.line(screen.paint(f"Question {number} of {len(sitting.questions)}: {put.title}", "strong"))
        screen.wrapped(f"{put.role} The law is that of {put.day}.", tone="quiet")
        screen.line()
        screen.wrapped(put.story)
        _read(room, sitting, put, screen)
        sitting = room.answer(sitting, question, _asked(put, screen))
        if sitting.mode == "practice":
            _told(room.feedback(sitting, question), screen)
        else:
            screen.line(f"{screen.icon('good')} kept")
    _summary(sitting, screen)
    return exits.RELEASED if sitting.mode == "practice" or sitting.passed else exits.WITHHELD


def _briefing(sitting: Sitting, screen: Screen) -> None:
    course = sitting.course
    screen.line(screen.paint(course.title, "strong"))
    profile = "all profiles asked together" if course.profile == "all" else f"profile {course.profile}"
    screen.wrapped(f"{sitting.mode}, key: {profile}, paper {sitting.seed}, sitting {sitting.id}", tone="quiet")
    screen.line()
    screen.wrapped(course.summary)
    if sitting.answered:
        screen.line(f"{len(sitting.answered)} of {len(sitting.questions)} are answered already.")
        return
    if course.introduction:
        screen.wrapped(course.introduction)
    screen.line()
    screen.line(screen.paint("Before you start", "strong"))
    for number, rule in enumerate(RULES):
        screen.wrapped(f"{screen.icon('dot')} {rule}", 2, 4, "strong" if number == 0 else "plain")
    screen.wrapped("There is no time limit. Ctrl-C stops; `limen train resume` goes on.", 2, 4, "quiet")


def _read(room: Classroom, sitting: Sitting, put: PutQuestion, screen: Screen) -> None:
    """Documents to open, by number, until somebody goes on to decide."""
    opened = {put.documents[0].id, *sitting.opened.get(put.id, ())}
    _document(put.documents[0], screen)
    while len(opened) < len(put.documents):
        screen.line()
        closed = [one for one in put.documents if one.id not in opened]
        for number, one in enumerate(closed, 1):
            screen.line(f"  {number}  {one.title}")
        hints = ", h for a hint" if sitting.mode == "practice" else ""
        said = click.prompt(
            f"Open (number, a for all{hints}, nothing to decide)", default="", show_default=False
        ).strip()
        if not said:
            return
        if hints and said.lower() == "h":
            where = " and at ".join(f"“{title}”" for title in room.hint(sitting, put.id))
            screen.wrapped(
                f"{screen.icon('then')} Look at {where}: what decides stands there, or is missing there.", 2, 4
            )
            continue
        chosen = closed if said.lower() == "a" else [closed[int(said) - 1]] if _within(said, len(closed)) else []
        if not chosen:
            screen.line(f"{screen.icon('bad')} there is no document {said}")
        for one in chosen:
            opened.add(one.id)
            room.opened(sitting, put.id, one.id)
            _document(one, screen)


def _document(document: Document, screen: Screen) -> None:
    screen.line()
    screen.line(screen.paint(document.title, "strong"))
    for row in document.rows:
        screen.wrapped(f"{row.label}{'' if row.label.endswith('?') else ':'} {row.text}", 2, 6)


def _asked(put: PutQuestion, screen: Screen) -> Response:
    """Verdicts, grounds, missing facts and duties."""
    verdicts: dict[str, str] = {}
    grounds: dict[str, list[str]] = {}
    for item in put.items:
        screen.line()
        screen.line(screen.paint(f"{item.name}: what do you decide?", "strong"))
        for number, answer in enumerate(ANSWERS, 1):
            screen.line(f"  {number}  {DISPOSITIONS[answer].on(screen)}")
        verdicts[item.id] = ANSWERS[_one("Verdict", len(ANSWERS), screen) - 1]
        choices = put.grounds_for(verdicts[item.id])
        screen.line()
        screen.line(screen.paint(f"{item.name}: on what does it rest? One to {MOST_GROUNDS} points.", "strong"))
        labels, under = [], ""
        for choice in choices:
            head = choice.provision if choice.provision != under and choice.sort in ("point", "bar") else ""
            under = choice.provision
            labels.append((head, f"{choice.label} ({choice.citation})"))
        marked = _some("Points", labels, screen, MOST_GROUNDS)
        grounds[item.id] = [choices[index].address for index in marked]
    screen.line()
    screen.line(screen.paint("Would you ask for anything first? Only what could still change the answer.", "strong"))
    missing = _some("Ask for", [("", choice.label) for choice in put.missing], screen)
    screen.line()
    screen.line(screen.paint("Which duties come with what you release? None, if you release nothing.", "strong"))
    duties = _some("Duties", [("", f"{choice.label} ({choice.detail})") for choice in put.duties], screen)
    return Response.model_validate(
        {
            "verdicts": verdicts, "grounds": grounds, "missing": [put.missing[index].name for index in missing],
            "duties": [put.duties[index].name for index in duties],
        }
    )  # fmt: skip


def _one(prompt: str, most: int, screen: Screen) -> int:
    while True:
        said = click.prompt(f"{prompt} (1 to {most})").strip()
        if _within(said, most):
            return int(said)
        screen.line(f"{screen.icon('bad')} write a number from 1 to {most}")


def _some(prompt: str, labels: Sequence[tuple[str, str]], screen: Screen, at_most: int | None = None) -> list[int]:
    """Places of the choices somebody names, by numbers; none for an empty line."""
    for number, (head, label) in enumerate(labels, 1):
        if head:
            screen.wrapped(head, 2, 4, "quiet")
        screen.column(f"  {number:>2}  ", label)
    while True:
        said = click.prompt(f"{prompt} (numbers, nothing for none)", default="", show_default=False)
        words = said.replace(",", " ").split()
        if not all(_within(word, len(labels)) for word in words):
            screen.line(f"{screen.icon('bad')} write numbers from 1 to {len(labels)}, with spaces between")
        elif at_most is not None and len(set(words)) > at_most:
            screen.line(f"{screen.icon('bad')} mark at most {at_most}: those that decide")
        else:
            return sorted({int(word) - 1 for word in words})


def _within(said: str, most: int) -> bool:
    return said.isascii() and said.isdecimal() and 1 <= int(said) <= most


def _told(said: Feedback, screen: Screen) -> None:
    screen.line()
    for item in said.items:
        _item(item, screen)
    for words, question in said.hinges:
        screen.wrapped(f"{screen.icon('split')} it turns on “{words}”: {question}", 2, 4, "split")
    for name, _, verdicts in said.profiles:
        screen.line(f"    {name:<16} {'; '.join(DISPOSITIONS[verdict].on(screen) for _, verdict in verdicts)}")
    wanted = [(choice.label, chosen) for choice, chosen, right in said.missing if right]
    for label, chosen in wanted:
        screen.wrapped(f"{screen.icon('good' if chosen else 'open')} to ask for: {label}", 2, 4)
    for choice, chosen, right in said.missing:
        if chosen and not right:
            screen.wrapped(f"{screen.icon('bad')} could not change the answer: {choice.label}", 2, 4)
    for choice, chosen, right in said.duties:
        if right or chosen:
            words = "a duty" if right else "not a duty here"
            icon: Icon = "good" if right and chosen else "open" if right else "bad"
            screen.wrapped(f"{screen.icon(icon)} {words}: {choice.label}", 2, 4)
    for one in said.misconceptions:
        screen.wrapped(f"{screen.icon('then')} {one.title}: {one.instead}", 2, 4, "open")
    if said.teaches:
        screen.wrapped(said.teaches, 2, 2, "strong")
    if said.twin is not None:
        answers = "; ".join(f"{item}: {WORDS[verdict]}" for item, verdict in said.twin.verdicts)
        screen.wrapped(f"The twin, “{said.twin.title}”: {answers}.", 2, 4)
        for change in said.twin.differences:
            here, there = change.here or "not known", change.there or "not known"
            screen.wrapped(f"{change.ask} Here: {here}. There: {there}.", 4, 6, "quiet")
    parts = ", ".join(f"{PART_NAMES[name].lower()} {said.score.part(name).percent} %" for name in PARTS)
    screen.wrapped(f"This question: {parts}.", 2, 4, "quiet")


def _item(item: ItemFeedback, screen: Screen) -> None:
    mark = MARKS[item.mark]
    under = f" under {', '.join(item.defensible_under)}" if item.defensible_under else ""
    screen.wrapped(f"{screen.icon(mark.icon)} {item.item}: {mark.word}{under}", 0, 2, mark.tone)
    said, right = DISPOSITIONS[item.answered].on(screen), DISPOSITIONS[item.right].on(screen)
    screen.line(f"  you said {said}, the rule says {right}")
    for choice, decides in item.marked:
        words = "decides" if decides else "does not decide"
        screen.wrapped(f"{screen.icon('good' if decides else 'bad')} {words}: {choice.label}", 4, 6)
    if item.gateway_title:
        screen.wrapped(f"{item.gateway_title}. {item.gateway_summary}", 2, 2, "quiet")
    for step in item.steps:
        if step.decides and item.right != "release":
            left = f"    {OUTCOMES[step.outcome].on(screen)}  "
            screen.column(left, f"{step.label} ({step.citation}). {step.sentence}")


def _summary(sitting: Sitting, screen: Screen) -> None:
    score = sitting.score
    screen.line()
    screen.rule()
    if sitting.mode == "practice":
        screen.line(screen.paint(f"{screen.icon('good')} You have worked through {sitting.course.title}", "good"))
    else:
        passed = sitting.passed
        words = f"{screen.icon('good' if passed else 'bad')} {'Passed' if passed else 'Not passed'}"
        screen.line(screen.paint(words, "good" if passed else "bad"))
    for name in PARTS:
        needed = f" ({getattr(sitting.marks, name)} % needed)" if sitting.mode == "assessment" else ""
        screen.line(f"  {PART_NAMES[name]:<14} {score.part(name).percent:>3} %{needed}")
    unlawful = count(len(score.unlawful), "release")
    screen.line(f"  {unlawful} against the law, {count(len(score.refused), 'needless refusal')}")
    screen.wrapped(f"Certificate: limen train export certificate {sitting.id}", 2, 4, "quiet")
