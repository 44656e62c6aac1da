"""The rule tree in plain English, for pages, explanations and people who review a rule.

    all of these: the request is in writing; the signer's office is the head of the agency

Words come from the vocabulary: what a fact `says`, else the question it is asked by; the labels of enum values,
definitions and nodes. Nothing here decides anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from limen.law.node import Node
from limen.law.rules import Reading
from limen.law.tree import (
    All,
    AnyOf,
    BoolFact,
    Compare,
    DaysBetween,
    Defined,
    Expr,
    Known,
    Literal,
    Member,
    Not,
    Number,
    Parameter,
)
from limen.law.vocabulary import Fact, Vocabulary

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_RELATIONS = {
    "<": "less than", "<=": "at most", "==": "exactly", "!=": "other than", ">=": "at least", ">": "more than",
}  # fmt: skip
_DATE_RELATIONS = {
    "<": "before", "<=": "on or before", "==": "on", "!=": "on another day than", ">=": "on or after", ">": "after",
}  # fmt: skip


def day(value: date) -> str:
    """A date as it is spoken: `7 April 2025`."""
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def listed(parts: Sequence[str], word: str) -> str:
    """`a`, `a or b`, `a, b or c`; with semicolons where a part has a comma of its own."""
    if len(parts) < 2:
        return "".join(parts)
    comma = "; " if any("," in part or ";" in part for part in parts) else ", "
    return f"{comma.join(parts[:-1])}{comma.rstrip() if comma == '; ' else ''} {word} {parts[-1]}"


class English:
    """Says rules of one book. `readings` may be left empty where no node names one."""

    def __init__(self, vocabulary: Vocabulary, readings: Mapping[str, Reading] | None = None) -> None:
        self._vocabulary = vocabulary
        self._readings = readings or {}

    def sentence(self, part: Node | Expr) -> str:
        """A whole sentence: a capital and a full stop."""
        words = self.node(part) if isinstance(part, Node) else self.test(part)
        return f"{words[:1].upper()}{words[1:]}."

    def node(self, node: Node) -> str:
        """What has to hold for `node` to be met: its label, and what stands under it."""
        match node.op:
            case "test" if node.label and isinstance(node.test, Literal):
                return node.label
            case "test":
                meaning = self.test(node.test or Literal(None))
            case "reading":
                meaning = self.reading(node.reading or "", node.children)
            case "all":
                meaning = self._group("all of these", node.children)
            case "any":
                meaning = self._group("at least one of these", node.children)
            case "none":
                meaning = self._group("none of these", node.children)
        return f"{node.label}, that is: {meaning}" if node.label and meaning != node.label else meaning

    def reading(self, address: str, chosen: Iterable[Node] = ()) -> str:
        """Contested words in the sense chosen, or in each of their senses."""
        reading = self._readings.get(address)
        words = f'the words "{reading.words}"' if reading is not None else f"the reading `{address}`"
        labels = [node.label for node in chosen if node.label]
        if labels:
            return f"{words} in the sense of {labels[0]}"
        if reading is None:
            return words
        senses = [alternative.label for alternative in reading.alternatives]
        return f"{words} in one of their senses: {listed(senses, 'or')}"

    def test(self, expr: Expr) -> str:
        """What has to be so for `expr` to be true."""
        match expr:
            case Literal(value):
                return {True: "always", False: "never", None: "something that nobody outside has read"}[value]
            case BoolFact(name):
                return self._said(name, True)
            case Not(BoolFact(name)):
                return self._said(name, False)
            case Member(name, values):
                return self._one_of(name, values, "is")
            case Not(Member(name, values)):
                return self._one_of(name, values, "is not")
            case Known(name):
                return f"it is known {self._topic(name, indirect=True)}"
            case Compare():
                return self._compared(expr)
            case Defined(name):
                return self._definition(name)
            case Not(part):
                return f"it is not so that {self._inner(part)}"
            case All(parts):
                return listed([self._inner(part) for part in parts], "and") or "always"
            case AnyOf(parts):
                return listed([self._inner(part) for part in parts], "or") or "never"

    def _inner(self, expr: Expr) -> str:
        """A part of a larger test; groups inside groups are kept apart by brackets."""
        words = self.test(expr)
        return f"({words})" if isinstance(expr, (All, AnyOf)) else words

    def _group(self, head: str, children: Sequence[Node]) -> str:
        parts = [child.label or self.node(child) for child in children]
        return parts[0] if len(parts) == 1 and head != "none of these" else f"{head}: {'; '.join(parts)}"

    def _definition(self, name: str) -> str:
        definition = self._vocabulary.definitions.get(name)
        return (definition.meaning.label if definition is not None else "") or _spelled(name)

    def _said(self, name: str, value: bool) -> str:
        fact = self._fact(name)
        if fact is not None and fact.says:
            return fact.says if value else f"it is not so that {fact.says}"
        return f"the answer to {self._topic(name)} is {'yes' if value else 'no'}"

    def _one_of(self, name: str, values: Sequence[str], verb: str) -> str:
        fact = self._fact(name)
        labels = fact.labels if fact is not None and fact.labels else {}
        return f"{self._topic(name)} {verb} {listed([labels.get(v, _spelled(v)) for v in values], 'or')}"

    def _compared(self, compare: Compare) -> str:
        bound = self._bound(compare)
        match compare.term:
            case DaysBetween(start, end):
                count = "day" if compare.value == 1 else "days"
                span = f"from {self._topic(start)} to {self._topic(end)}"
                return f"{span} it is {_RELATIONS[compare.op]} {bound} {count}"
            case Number(name):
                fact = self._fact(name)
                relations = _DATE_RELATIONS if fact is not None and fact.type == "date" else _RELATIONS
                return f"{self._topic(name)} is {relations[compare.op]} {bound}"

    def _bound(self, compare: Compare) -> str:
        value = compare.value
        if isinstance(value, Parameter):
            return f"the value of `{value.name}`"
        return day(value) if isinstance(value, date) else str(value)

    def _topic(self, name: str, indirect: bool = False) -> str:
        """What a fact is about, as a noun."""
        fact = self._fact(name)
        if fact is not None and fact.says and fact.type != "bool":
            return fact.says
        if fact is not None and fact.says and indirect:
            return f"whether {fact.says}"
        return f'"{fact.ask}"' if fact is not None else f"`{name}`"

    def _fact(self, name: str) -> Fact | None:
        return self._vocabulary.facts.get(name)


def _spelled(name: str) -> str:
    return name.replace("_", " ").replace(".", " ")
