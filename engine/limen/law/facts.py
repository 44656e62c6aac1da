"""The facts of one case, checked against the vocabulary: the only thing evaluators are shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from limen.law.problem import nearest
from limen.law.vocabulary import Fact, FactValue, Vocabulary

MAX_NUMBER = 10**9
"""The largest number a case may state: every evaluator and every store can hold it."""


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """What is stated about one item requested. `id` is unique in its case."""

    id: str
    facts: Mapping[str, FactValue]


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What is stated about a case and its items. A fact that is not there is not known."""

    facts: Mapping[str, FactValue]
    items: tuple[ItemFacts, ...]


def known_facts(facts: Mapping[str, FactValue], items: Iterable[tuple[str, Mapping[str, FactValue]]]) -> CaseFacts:
    """The facts of a case and of its items, by id, that are known to fit.

    As the classes themselves make them, in half the time: their fields are set directly, not looked for by name.
    """
    (set_facts, set_items), (set_id, set_own) = set_case_facts, set_item_facts
    made = []
    for id, said in items:
        item = _new(ItemFacts)
        set_id(item, id)
        set_own(item, said)
        made.append(item)
    case = _new(CaseFacts)
    set_facts(case, facts)
    set_items(case, tuple(made))
    return case


_new = object.__new__
set_case_facts = vars(CaseFacts)["facts"].__set__, vars(CaseFacts)["items"].__set__
"""What sets the fields of a `CaseFacts` just made, in their order. For `known_facts` and code that is written out."""
set_item_facts = vars(ItemFacts)["id"].__set__, vars(ItemFacts)["facts"].__set__
"""The same of an `ItemFacts`."""


@dataclass(frozen=True, slots=True)
class FactProblem:
    """One statement that the vocabulary has no place for. `item` is the item it was made about, if any."""

    fact: str
    message: str
    item: str | None = None
    nearest: str | None = None
    mend: str | None = None

    def __str__(self) -> str:
        where = f" (item `{self.item}`)" if self.item is not None else ""
        hint = f"; did you mean `{self.nearest}`?" if self.nearest else f"; {self.mend}" if self.mend else ""
        return f"{self.message}{where}{hint}"


class FactError(Exception):
    """Facts that do not fit the vocabulary. `problems` holds all of them, in the order they were stated."""

    def __init__(self, problems: Iterable[FactProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))

    def __reduce__(self) -> tuple[type[FactError], tuple[tuple[FactProblem, ...]]]:
        return (FactError, (self.problems,))


def check_facts(
    vocabulary: Vocabulary,
    case: Mapping[str, FactValue | None],
    items: Mapping[str, Mapping[str, FactValue | None]],
) -> CaseFacts:
    """The facts of a case, every name and type checked. `None` means unknown and is left out.

    `items` maps the id of each item to what is stated about it. Nothing is converted: a bool fact takes `True` or
    `False`, an int fact an `int`, a date fact a `date`, an enum fact one of its values. Raises `FactError`.
    """
    problems: list[FactProblem] = []
    stated = _checked(vocabulary, case, None, problems)
    checked = tuple(ItemFacts(id, _checked(vocabulary, facts, id, problems)) for id, facts in items.items())
    if problems:
        raise FactError(problems)
    return CaseFacts(stated, checked)


def _checked(
    vocabulary: Vocabulary, stated: Mapping[str, FactValue | None], item: str | None, problems: list[FactProblem]
) -> dict[str, FactValue]:
    kept: dict[str, FactValue] = {}
    for name, value in stated.items():
        fact = vocabulary.facts.get(name)
        if fact is None:
            close = nearest(str(name), vocabulary.facts)
            problems.append(FactProblem(str(name), f"the vocabulary has no fact `{name}`", item, close))
        elif fact.per_item != (item is not None):
            whose = "an item" if fact.per_item else "the whole case"
            problems.append(FactProblem(name, f"`{name}` is a fact about {whose}", item, mend=f"state it of {whose}"))
        elif value is not None:
            problem = value_problem(fact, value)
            if problem is None:
                kept[name] = value
            else:
                problems.append(FactProblem(name, problem[0], item, problem[1], problem[2]))
    return kept


def _sort(value: object) -> str:
    """What kind of thing was stated. Never the thing: somebody's name may have got into the wrong place."""
    if isinstance(value, str):
        return "text"
    return {bool: "true or false", int: "a number", date: "a date"}.get(type(value), "something else")


def value_problem(fact: Fact, value: object) -> tuple[str, str | None, str | None] | None:
    """Why `value` cannot be stated of `fact`: message, nearest value, how to mend it. `None` if it can."""
    match fact.type:
        case "bool":
            if isinstance(value, bool):
                return None
            return f"`{fact.name}` is true or false, not {_sort(value)}", None, "state `true`, `false` or `unknown`"
        case "enum":
            if isinstance(value, str) and value in fact.values:
                return None
            listed = ", ".join(f"`{known}`" for known in fact.values)
            close = nearest(value, fact.values) if isinstance(value, str) else None
            return f"`{fact.name}` never has the value that is stated", close, f"its values are {listed}"
        case "int":
            if not isinstance(value, int) or isinstance(value, bool):
                return f"`{fact.name}` is a whole number, not {_sort(value)}", None, "state a whole number or `unknown`"
            low, high = bounds(fact)
            if low <= value <= high:
                return None
            return f"`{fact.name}` cannot be the number that is stated", None, f"it lies between {low} and {high}"
        case "date":
            if isinstance(value, date) and not isinstance(value, datetime):
                return None
            return f"`{fact.name}` is a date, not {_sort(value)}", None, "state a day such as 2025-04-07, or `unknown`"


def bounds(fact: Fact) -> tuple[int, int]:
    """The least and the greatest number that can be stated of a fact."""
    return (
        -MAX_NUMBER if fact.minimum is None else fact.minimum,
        MAX_NUMBER if fact.maximum is None else fact.maximum,
    )


def read_value(fact: Fact, text: str) -> FactValue | None:
    """The value of `fact` that a person wrote as `text`; `None` for `unknown`. Raises `FactError`.

    >>> read_value(Fact("order.granted", "bool", "Was it?", None), "true")
    True
    """
    words = text.strip()
    if words == "unknown":
        return None
    value: object = words
    if fact.type == "bool":
        value = {"true": True, "false": False}.get(words, words)
    elif fact.type == "int" and words.removeprefix("-").isdecimal() and words.isascii() and len(words) < 12:
        value = int(words)
    elif fact.type == "date" and len(words) == 10:
        try:
            value = date.fromisoformat(words)
        except ValueError:
            value = words
    problem = value_problem(fact, value)
    if problem is not None:
        raise FactError([FactProblem(fact.name, problem[0], None, problem[1], problem[2])])
    return value if isinstance(value, (bool, str, int, date)) else None


def from_json(fact: Fact | None, value: Any) -> Any:
    """A value of `fact` as JSON holds it, where a day is text. Nothing else is converted: `check_facts` judges it.

    Raises `FactError` for text that is no day.
    """
    if fact is not None and fact.type == "date" and isinstance(value, str):
        return read_value(fact, value)
    return value
