"""Reading back the rules given to durable-rules.

A question of the network is two rules, one that fires when a point is true and one when it is false, both joins of a
single fact whose properties are words. The words are read back too: what a property says is asked of its own reader,
for every value its fact may have. Comparisons of numbers and dates reach the network as words; there the reader of the
property is asked on both sides of its limit and next to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from limen.decide.exact import FactVariables, as_number
from limen.decide.exact_rails import FALSE, TRUE, UNKNOWN, Formula, Rails, every, opposite, some
from limen.decide.rete import Asked, Fixed, Joined, Question, Questions, rule_name
from limen.decide.translation.proof import Reading, UnknownFormError
from limen.law.edition import Edition
from limen.law.facts import MAX_NUMBER
from limen.law.tree import All, AnyOf, Compare, DaysBetween, Expr, Not, walk
from limen.law.truth import conjunction, disjunction, negation
from limen.law.vocabulary import FactValue

_LANGUAGE = "durable-rules"
_TRIED = ([True, True], [True, False], [False, True], [False, False], [None, True], [None, False], [True, None],
          [False, None], [None, None])  # fmt: skip


def read_network(edition: Edition, variables: FactVariables) -> Reading:
    """What the rules of an edition say of its points. Raises `UnknownFormError`."""
    questions = Questions()
    plan = questions.plan(edition)
    reader = _Reader(edition, questions, variables)
    case = [reader.read(question, point.expr) for question, point in zip(plan.case, edition.case_points, strict=True)]
    item = [reader.read(question, point.expr) for question, point in zip(plan.items, edition.item_points, strict=True)]
    return Reading(_LANGUAGE, case, item)


class _Reader:
    def __init__(self, edition: Edition, questions: Questions, variables: FactVariables) -> None:
        self._facts = edition.facts
        self._rulesets = questions.rulesets
        self._variables = variables

    def read(self, question: Question, expr: Expr) -> Rails:
        match question:
            case Fixed(value):
                return UNKNOWN if value is None else TRUE if value else FALSE
            case Joined(how, parts):
                inner = _parts(expr)
                return _joined(how, [self.read(part, sub) for part, sub in zip(parts, inner, strict=True)])
            case Asked(tag, ruleset, words):
                rules = self._rulesets[ruleset]
                tests = iter([part for part in walk(expr) if isinstance(part, Compare)])
                meaning = {
                    name: self._of_comparison(next(tests), reader)
                    if name.startswith("c__")
                    else self._words(name, reader)
                    for name, reader in words.readers.items()
                }
                true, false = (
                    self._rule(rules[name], tag, meaning) if (name := rule_name(tag, value)) in rules else False
                    for value in (True, False)
                )
                return Rails(true, false)

    def _rule(self, condition: list[dict[str, Any]], tag: str, meaning: Mapping[str, Mapping[str, Formula]]) -> Formula:
        match condition:
            case [{"m": {"$and": [{"ask": asked}, *parts]}}] if asked == tag:
                return every(self._expression(part, meaning) for part in parts)
        raise UnknownFormError(_LANGUAGE, str(condition)[:200])

    def _expression(self, node: Mapping[str, Any], meaning: Mapping[str, Mapping[str, Formula]]) -> Formula:
        match dict(node):
            case {"$and": [*parts]}:
                return every(self._expression(part, meaning) for part in parts)
            case {"$or": [*parts]}:
                return some(self._expression(part, meaning) for part in parts)
            case single if len(single) == 1:
                ((name, word),) = single.items()
                if name in meaning and isinstance(word, str):
                    return meaning[name].get(word, False)
        raise UnknownFormError(_LANGUAGE, str(node)[:200])

    def _words(self, name: str, reader: Any) -> Mapping[str, Formula]:
        """For each word a property may have, when it has it."""
        for fact in self._facts.values():
            if name in (f"f__{fact.name.replace('.', '__')}", f"k__{fact.name.replace('.', '__')}"):
                return self._of_values(fact.name, reader)
        for fact in self._facts.values():  # an enum too wide for the network, looked up before it
            if fact.type == "enum" and any(reader({fact.name: value}) is not None for value in fact.values):
                return self._of_values(fact.name, reader)
        raise UnknownFormError(_LANGUAGE, name)

    def _of_values(self, fact: str, reader: Any) -> Mapping[str, Formula]:
        declared = self._facts[fact]
        words: dict[str, Formula] = {}
        if declared.type in ("int", "date"):  # whether it is stated at all
            sample: FactValue = date(2025, 4, 7) if declared.type == "date" else 1
            word = reader({fact: sample})
            return {} if word is None else {word: self._variables.known(fact)}
        if reader({}) is not None:
            raise UnknownFormError(_LANGUAGE, f"a word for `{fact}` that nobody stated")
        for value, formula in self._variables.stated(fact).items():
            word = reader({fact: value})
            if word is not None:
                words[word] = some((words.get(word, False), formula))
        return words

    def _of_comparison(self, test: Compare, reader: Any) -> Mapping[str, Formula]:
        """When a comparison has the words `true` and `false`. Comparisons are worded in reading order.

        Only where its facts and its limit lie is taken from `test`; what is compared how, the reader itself is asked.
        """
        bound = as_number(test.value)  # type: ignore[arg-type]
        if isinstance(test.term, DaysBetween):
            start, end = test.term.start, test.term.end
            base = date(2000, 1, 1)
            if start == end:  # no days lie between a day and itself
                word = reader({start: base})
                return {str(word): self._variables.known(start)}
            tried: list[tuple[int, dict[str, FactValue]]] = [
                (bound + step, {start: base, end: base + timedelta(days=bound + step)}) for step in (-1, 0, 1)
            ]
            (first, earlier), (second, later) = self._variables.number(start), self._variables.number(end)
            known, number = every((first, second)), later - earlier
        else:
            fact = test.term.fact
            is_date = self._facts[fact].type == "date"
            near = [bound + step for step in (-1, 0, 1) if abs(bound + step) <= MAX_NUMBER]
            tried = [(value, {fact: date.fromordinal(value) if is_date else value}) for value in near]
            known, number = self._variables.number(fact)
        words = {value: reader(stated) for value, stated in tried}
        below, at, above = (str(words.get(bound + step)) for step in (-1, 0, 1))
        pattern = {
            ("true", "false", "false"): number < bound,
            ("true", "true", "false"): number <= bound,
            ("false", "true", "false"): number == bound,
            ("true", "false", "true"): number != bound,
            ("false", "true", "true"): number >= bound,
            ("false", "false", "true"): number > bound,
        }.get((below, at, above))
        if pattern is None:
            raise UnknownFormError(_LANGUAGE, f"a comparison that is {below}, {at}, {above} around its limit")
        return {"true": every((known, pattern)), "false": every((known, opposite(pattern)))}


def _joined(how: Any, parts: list[Rails]) -> Rails:
    """What `how` does with truths, in formulas: it must be one of the three tables."""
    if len(parts) == 1 and all(how([value]) is negation(value) for value in (True, False, None)):
        return Rails(parts[0].false, parts[0].true)
    padded = [[*pair, *([pair[-1]] * (len(parts) - 2))][: len(parts)] for pair in _TRIED]
    if all(how(values) is conjunction(values) for values in padded) and how([True, False][: len(parts)]) is False:
        return Rails(every(part.true for part in parts), some(part.false for part in parts))
    if all(how(values) is disjunction(values) for values in padded):
        return Rails(some(part.true for part in parts), every(part.false for part in parts))
    raise UnknownFormError(_LANGUAGE, "a way of putting parts together")


def _parts(expr: Expr) -> tuple[Expr, ...]:
    match expr:
        case Not(part):
            return (part,)
        case All(parts) | AnyOf(parts):
            return parts
    return ()
