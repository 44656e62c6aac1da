"""What a trainee is told after an answer: their path beside the path of the rule, the provision, and a twin."""

from __future__ import annotations

from dataclasses import dataclass

from limen.law.book import Book
from limen.law.rules import Bar, Gateway
from limen.training.cases import TrainingCase
from limen.training.documents import item_name
from limen.training.key import Answer, Key
from limen.training.misconceptions import MISCONCEPTIONS, Misconception
from limen.training.question import GroundChoice, NamedChoice, PutQuestion
from limen.training.response import Response
from limen.training.scoring import Mark, Score, accepted_grounds
from limen.training.twin import ToldTwin


@dataclass(frozen=True, slots=True)
class Step:
    """One requirement at the gateway that answers, as it stands. `decides` marks those on which the answer rests."""

    label: str
    citation: str
    outcome: str
    sentence: str
    decides: bool


@dataclass(frozen=True, slots=True)
class ItemFeedback:
    """What is said about one item."""

    item: str
    answered: Answer
    right: Answer
    mark: Mark
    defensible_under: tuple[str, ...]
    marked: tuple[tuple[GroundChoice, bool], ...]
    gateway: str | None
    gateway_title: str
    gateway_summary: str
    steps: tuple[Step, ...]
    met: int


@dataclass(frozen=True, slots=True)
class Feedback:
    """What is said about one question."""

    question: str
    title: str
    score: Score
    items: tuple[ItemFeedback, ...]
    hinges: tuple[tuple[str, str], ...]
    profiles: tuple[tuple[str, str, tuple[tuple[str, Answer], ...]], ...]
    missing: tuple[tuple[NamedChoice, bool, bool], ...]
    duties: tuple[tuple[NamedChoice, bool, bool], ...]
    misconceptions: tuple[Misconception, ...]
    teaches: str
    twin: ToldTwin | None
    sources: tuple[str, ...]


def feedback(
    book: Book, case: TrainingCase, put: PutQuestion, key: Key, response: Response, score: Score,
    shown: tuple[str, ...], twin: ToldTwin | None,
) -> Feedback:  # fmt: skip
    """The feedback on one answer. `shown` are the misconceptions it shows.

    `missing` and `duties` hold each choice with whether it was chosen and whether it was right. `hinges` are the words
    it turns on with the question they raise, `profiles` what each profile answers where they differ.
    """
    wanted = {one.fact for one in key.missing}
    attached = {duty.address for duty in key.duties}
    return Feedback(
        question=put.id,
        title=case.title,
        score=score,
        items=tuple(_item(book, put, key, response, score, item.item) for item in key.items),
        hinges=tuple((hinge.words, book.readings[hinge.reading].question) for hinge in key.hinges),
        profiles=tuple(
            (name, book.profiles[name].title, tuple((item_name(id), v) for id, v in key.views[name].verdicts.items()))
            for name in key.views
        ) if key.profiles_differ else (),
        missing=tuple((choice, choice.name in response.missing, choice.name in wanted) for choice in put.missing),
        duties=tuple((choice, choice.name in response.duties, choice.name in attached) for choice in put.duties),
        misconceptions=tuple(MISCONCEPTIONS[id] for id in shown if id in MISCONCEPTIONS),
        teaches=case.teaches,
        twin=twin,
        sources=case.told.sources,
    )  # fmt: skip


def _item(book: Book, put: PutQuestion, key: Key, response: Response, score: Score, id: str) -> ItemFeedback:
    item = key.item(id)
    answer = response.verdicts[id]
    right = accepted_grounds(key, id, answer)
    rule = book.rules.get(item.gateway or "")
    title, summary = (rule.title, rule.summary) if isinstance(rule, Gateway | Bar) else ("", "")
    wanted = {
        "release": ("met",), "withhold": ("not_met", "barred"), "more_needed": ("not_known",),
    }.get(item.verdict, ("not_met", "barred", "not_known"))  # fmt: skip
    steps = tuple(
        Step(reason.label, reason.citation, reason.outcome, reason.sentence, reason.outcome in wanted)
        for reason in item.reasons
        if reason.outcome != "met" or item.verdict == "release"
    )
    return ItemFeedback(
        item=item_name(id), answered=answer, right=item.verdict,
        mark=score.mark(id, right=answer == item.verdict), defensible_under=(score.defensible or {}).get(id, ()),
        marked=tuple(
            (choice, choice.address in right)
            for choice in put.grounds
            if choice.address in response.grounds.get(id, ())
        ),
        gateway=item.gateway, gateway_title=title, gateway_summary=summary, steps=steps,
        met=sum(reason.outcome == "met" for reason in item.reasons),
    )  # fmt: skip
