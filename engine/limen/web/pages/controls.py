"""The form of a case, made from the vocabulary: a control for each fact, in the groups the vocabulary's names make."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from limen.analyse.bench import Spot
from limen.exports.words import label_of, value_words
from limen.law.book import Book
from limen.law.vocabulary import Fact
from limen.web.pages.codec import spot_text
from limen.web.pages.state import UNKNOWN, Answer, CaseState

GROUPS: Mapping[str, str] = {
    "holder": "Who holds the information",
    "requester": "Who asks",
    "request": "What the request says",
    "batch": "The batch it came in",
    "match": "What cross-reference found",
    "matter": "The matter",
    "recipient": "Who would receive it",
    "use": "What it is for",
    "order": "An order of a court",
    "warrant": "A warrant",
    "consent": "A consent of the taxpayer",
    "secretary": "What the authority itself finds",
    "initiative": "A disclosure the authority begins itself",
    "inquiry": "An inquiry into tax",
    "tax": "A tax matter",
    "team": "An investigative team",
    "safeguards": "Safeguards",
    "agreement": "An agreement between agencies",
    "state_tax": "State tax officials",
    "terrorism": "Terrorism",
    "audit": "An audit",
    "claim": "A claim",
    "programme": "A named programme",
    "item": "The item",
}
"""What the first part of a fact's name is about; a name not listed here is shown as it is."""


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to choose; `value` is what is sent."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Control:
    """One fact as a control. `name` is that of its field, `id` that of its element.

    `answered`: somebody answered it, be it with *I do not know*. `matters`: an answer could still change the verdict.
    """

    spot: Spot
    name: str
    id: str
    ask: str
    type: str
    options: tuple[Option, ...]
    value: str
    citation: str
    answered: bool
    unknown: bool
    matters: bool
    mine: bool
    pinned: bool
    authority_side: bool
    minimum: int | None
    maximum: int | None
    words: str


@dataclass(frozen=True, slots=True)
class Group:
    """Controls under one heading; `answered` of them have an answer, `matters` could still change the verdict."""

    id: str
    title: str
    controls: tuple[Control, ...]

    @property
    def answered(self) -> int:
        """How many have an answer."""
        return sum(control.answered for control in self.controls)

    @property
    def open(self) -> int:
        """How many that nobody has answered could still change the verdict."""
        return sum(control.matters and not control.answered for control in self.controls)


def groups(book: Book, state: CaseState, missing: Iterable[str]) -> list[Group]:
    """The form: the facts of the case in the order of the vocabulary, then those of each item."""
    wanted = frozenset(missing)
    found: dict[tuple[str, str | None], list[Control]] = {}
    for spot in spots(book, state):
        found.setdefault((spot[0].partition(".")[0], spot[1]), []).append(control(book, state, spot, wanted))
    ordered = sorted(found.items(), key=lambda entry: entry[0][1] is not None)
    made = []
    for (prefix, item), controls in ordered:
        title = GROUPS.get(prefix, prefix.replace("_", " "))
        if item is not None:
            title = f"The item {item}" if prefix == "item" else f"{title}: {item}"
        made.append(Group(f"group-{prefix}" + (f"-{_safe(item)}" if item else ""), title, tuple(controls)))
    return made


def spots(book: Book, state: CaseState) -> Iterator[Spot]:
    """Every place an answer can stand."""
    for name, fact in book.vocabulary.facts.items():
        if fact.per_item:
            for item in state.facts.items:
                yield (name, item.id)
        else:
            yield (name, None)


def control(book: Book, state: CaseState, spot: Spot, missing: frozenset[str] = frozenset()) -> Control:
    """The control of one fact."""
    fact = book.vocabulary.facts[spot[0]]
    answer = state.answer(spot)
    return Control(
        spot=spot,
        name=f"f.{spot_text(spot)}",
        id=f"fact-{_safe(spot_text(spot))}",
        ask=fact.ask,
        type=fact.type,
        options=tuple(_options(fact, answer)),
        value=_value(answer),
        citation=fact.cite.text if fact.cite is not None else "",
        answered=answer is not None,
        unknown=answer == UNKNOWN,
        matters=spot[0] in missing,
        mine=spot in state.mine,
        pinned=spot[0] in state.pinned,
        authority_side=fact.authority_side or fact.sensitive,
        minimum=fact.minimum,
        maximum=fact.maximum,
        words=value_words(fact, answer) if answer is not None else "not asked",
    )


def _options(fact: Fact, answer: Answer) -> Iterator[Option]:
    if fact.type not in ("bool", "enum"):
        return
    yield Option("", "not asked", answer is None)
    if fact.type == "bool":
        yield Option("true", "yes", answer is True)
        yield Option("false", "no", answer is False)
    else:
        for value in fact.values:
            yield Option(value, label_of(fact, value), answer == value)
    yield Option(UNKNOWN, "I do not know", answer == UNKNOWN)


def _value(answer: Answer) -> str:
    """An answer as a field holds it."""
    if answer is None or answer == UNKNOWN:
        return ""
    if isinstance(answer, bool):
        return "true" if answer else "false"
    return answer.isoformat() if isinstance(answer, date) else str(answer)


def _safe(text: str) -> str:
    """A text as part of an element's id."""
    return "".join(one if one.isalnum() and one.isascii() else f"-{ord(one):x}-" if one not in "._-" else one
                   for one in text)  # fmt: skip
