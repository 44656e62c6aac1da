"""The duties as rules for durable-rules: which events belong together, and in which order.

Each rule is a plain join: an event alone, or two events with the same name in the same field. Facts are posted one by
one in event time, and a firing counts only for the fact that was posted last, so that the order is ours to check.
Deadlines, and the moments at which a notice is old enough or a training too old, are facts too, posted when they come.
The rules report pairs; `limen.casework.assemble` makes states of them.

A property is a kind, a word from a closed set, or the number of a name; the guard of `docs/the-second-key.md` holds
here as it does for decisions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from limen.casework.duty import Act, Count, Duty, Every, Owed, Pattern, Patterns
from limen.casework.event import Event
from limen.casework.kind import DERIVED, NO, YES, Kind
from limen.decide.rete_limits import MOST_CONDITIONS, check_distinct

Condition = dict[str, Any]
Rules = dict[str, Any]

CLOCK = "clock"
DUTIES, COUNTS = "duties", "counts"


@dataclass(frozen=True, slots=True)
class Slot:
    """What a rule is for: `part` of the duty, and which of its patterns."""

    duty: str
    part: str
    numbers: tuple[int, ...] = ()


class Network:
    """The rules of all duties, and how events are worded for them.

    Raises `limen.decide.rete_rails.NetworkError` if names cannot be told apart.
    """

    def __init__(self, kinds: Mapping[str, Kind], duties: Mapping[str, Duty]) -> None:
        self.duties = duties
        self.slots: dict[str, Slot] = {}
        self.rulesets: dict[str, Rules] = {}
        self._worded = {
            (kind.name, name)
            for kind in kinds.values()
            for name, field in {**DERIVED, **kind.fields}.items()
            if field.words
        }
        fields = sorted({name for kind in kinds.values() for name in (*kind.fields, *DERIVED)})
        check_distinct((*kinds, CLOCK), "the kinds of event")
        check_distinct(
            (
                "kind",
                "sound",
                "for",
                "eid",
                "sid",
                "id",
                "ask",
                *(f"{type}__{name}" for name in fields for type in "kw"),
            ),
            "the fields of events",
        )
        for number, duty in enumerate(duties.values()):
            self._add(f"d{number}", duty)

    def _add(self, token: str, duty: Duty) -> None:
        match duty.form:
            case Owed() as form:
                for number, opens in enumerate(form.opens):
                    if form.once is None:
                        self._rule(token, duty, "opens", [{"x": _is(opens)}], number)
                    else:
                        met = _is(form.once.pattern) | {f"k__{form.once.pattern.key}": {"o": f"k__{form.once.ours}"}}
                        self._rule(token, duty, "opens", [{"o": _is(opens)}, {"x": met}], number)
                        self._joined(token, duty, "spared", opens, form.once.unless, number, sound=True)
                    self._joined(token, duty, "kept", opens, form.kept_by, number, sound=True)
                    self._joined(token, duty, "broken", opens, form.broken_by, number)
                    self._joined(token, duty, "ends", opens, form.ends, number, sound=True)
            case Every() as form:
                for number, opens in enumerate(form.opens):
                    self._rule(token, duty, "opens", [{"x": _is(opens)}], number)
                    self._joined(token, duty, "kept", opens, form.kept_by, number, sound=True)
                    self._joined(token, duty, "ends", opens, form.ends, number, sound=True)
            case Act() as form:
                self._add_act(token, duty, form)
            case Count() as form:
                counted = {"all": [{"x": {"for": token}}], "count": form.at_least}
                self._name(COUNTS, token, Slot(duty.id, "counted"), counted)
                return
        self._rule(token, duty, "clock", [{"x": {"kind": CLOCK, "for": token}}])

    def _add_act(self, token: str, duty: Duty, form: Act) -> None:
        for number, act in enumerate(form.doing):
            self._rule(token, duty, "acts", [{"x": _is(act)}], number)
            for other, need in enumerate(form.needs):
                earlier = _is(need.pattern, sound=True)
                if need.ahead is not None:
                    earlier = {"kind": CLOCK, "for": f"{token}_ripe_{other}"}
                self._pair(token, duty, "needs", earlier, need.pattern.key, act, number, other)
                if need.valid is not None:
                    stale = {"kind": CLOCK, "for": f"{token}_stale_{other}"}
                    self._pair(token, duty, "stale", stale, need.pattern.key, act, number, other)
            if form.during is not None:
                for other, since in enumerate(form.during.since):
                    self._pair(token, duty, "lasting", _is(since), since.key, act, number, other)
        for other, need in enumerate(form.needs):
            if need.ahead is not None or need.valid is not None:
                self._rule(token, duty, "needed", [{"x": _is(need.pattern, sound=True)}], other)
        if form.during is not None:
            by = form.during.by
            for number, since in enumerate(form.during.since):
                for other, until in enumerate(form.during.until):
                    over = _is(until, sound=True) | {f"k__{until.key}": {"o": f"k__{by}"}}
                    self._rule(token, duty, "over", [{"o": _is(since)}, {"x": over}], number, other)

    def _joined(
        self, token: str, duty: Duty, part: str, opens: Pattern, others: Patterns, number: int, sound: bool = False
    ) -> None:
        for other, pattern in enumerate(others):
            later = _is(pattern, sound)
            if pattern.key is not None and opens.key is not None:
                later[f"k__{pattern.key}"] = {"o": f"k__{opens.key}"}
            self._rule(token, duty, part, [{"o": _is(opens)}, {"x": later}], number, other)

    def _pair(
        self,
        token: str,
        duty: Duty,
        part: str,
        earlier: Condition,
        key: str | None,
        act: Pattern,
        number: int,
        other: int,
    ) -> None:
        """An earlier fact (an event, or the moment that it is old enough) and the act it belongs to."""
        doing = _is(act)
        if key is not None and act.key is not None:
            doing[f"k__{act.key}"] = {"o": f"k__{key}"}
        self._rule(token, duty, part, [{"o": earlier}, {"x": doing}], number, other)

    def _rule(self, token: str, duty: Duty, part: str, parts: list[dict[str, Condition]], *numbers: int) -> None:
        """A rule for each choice of words: beside an `$or`, the library does not look at a join."""
        sides = [
            [{alias: one} for one in _chosen(condition)] for part_of in parts for alias, condition in part_of.items()
        ]
        for choice, conditions in enumerate(product(*sides)):
            rule = "_".join((token, part, *map(str, numbers), *([f"or{choice}"] if choice else [])))
            self._name(DUTIES, rule, Slot(duty.id, part, numbers), list(conditions))

    def _name(self, ruleset: str, rule: str, slot: Slot, content: Any) -> None:
        rules = self.rulesets.setdefault(ruleset, {})
        rules[rule] = content
        self.slots[rule] = slot
        if len(rules) > MOST_CONDITIONS:
            raise ValueError(f"ruleset `{ruleset}` has more than {MOST_CONDITIONS} rules")

    def fact(self, event: Event, number: int, names: Names) -> dict[str, str]:
        """`event` as the network sees it."""
        fact = {"kind": event.kind, "sound": YES if event.sound else NO, "eid": f"e{number}"}
        for name, value in event.fields.items():
            worded = (event.kind, name) in self._worded
            fact[f"{'w' if worded else 'k'}__{name}"] = value if worded else names.number(value)
        return fact


class Names:
    """Numbers for names: nothing anybody wrote reaches the network."""

    def __init__(self) -> None:
        self._numbers: dict[str, str] = {}

    def number(self, name: str) -> str:
        """The number of `name`, the same each time."""
        return self._numbers.setdefault(name, f"n{len(self._numbers)}")


def _is(pattern: Pattern, sound: bool = False) -> Condition:
    condition: Condition = {"kind": pattern.kind}
    if sound:
        condition["sound"] = YES
    for name, words in pattern.words.items():
        condition[f"w__{name}"] = words
    return condition


def _chosen(condition: Condition) -> list[Condition]:
    """The condition in the library's form, once for every choice of words."""
    names, choices = list(condition), [value if isinstance(value, tuple) else (value,) for value in condition.values()]
    return [
        {"$and": [{name: value} for name, value in zip(names, chosen, strict=True)]} for chosen in product(*choices)
    ]
