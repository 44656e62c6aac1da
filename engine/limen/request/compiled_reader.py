"""The source of a function that reads the facts of requests, written from the plans of one vocabulary.

It says what `Characteriser.read_plainly` says, fact by fact and in the same order, with every check and without walking
a plan: a test holds it against that. It pays for itself in a loop; a few requests are read plainly.

What a vocabulary says never becomes code: names of facts and fields appear as quoted strings, their values and silences
as names bound in the namespace.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from itertools import groupby
from typing import Any, cast

from limen.law.facts import bounds
from limen.law.vocabulary import Fact, FactValue
from limen.request.derivation import BLANK, Given
from limen.request.model import Request
from limen.request.plan import SILENCE, ItemRead, Look, Notes, Plan, Reading, SectionPlan
from limen.request.shape import shapes_of
from limen.request.words import UNKNOWN

INDENT = "    "
_ANSWER = "value is True or value is False"
Read = Callable[[Given], Reading]


def make_read(case: Plan, item: Plan, recipients: Callable[[Request], Notes]) -> Read:
    """The function that reads requests by these plans; `recipients` says what there is to say of the recipients."""
    writer = _ReadWriter(case, item)
    writer.namespace["recipients"] = recipients
    exec(compile(writer.source(), "<reading of requests>", "exec"), writer.namespace)
    return cast(Read, writer.namespace["read"])


class _ReadWriter:
    """Writes `read(given)`, and gathers the namespace it runs in."""

    def __init__(self, case: Plan, item: Plan) -> None:
        self._case, self._item = case, item
        self.namespace: dict[str, object] = {
            "BLANK": BLANK,
            "ItemRead": ItemRead,
            "date": date,
            "make": tuple.__new__,
        }
        # The locals that facts, and the notes on them, are put into.
        self._facts, self._special = "facts", "special"

    def source(self) -> str:
        """The whole function: the sections, the recipients, what takes more than one look, then each item."""
        lines = [
            "request = given.request",
            "top = request.__dict__",
            "nothing_else = top['nothing_else'] is True",
            "facts = {}",
            "special = {}",
            *(line for part, section in self._case.sections.items() for line in self._section(part, section)),
            "found, silent = recipients(request)",
            "facts.update(found)",
            "special.update(silent)",
            *self._looks(self._case.others, "given", "top"),
            "items = []",
            "for item in top['items']:",
            *_deeper(self._of_item()),
            "return facts, special, items",
        ]
        return "\n".join(["def read(given):", *_deeper(lines)]) + "\n"

    def _of_item(self) -> list[str]:
        """The facts of one item."""
        self._facts, self._special = "own", "own_special"
        return [
            "said = item.__dict__",
            f"{self._facts} = {{}}",
            f"{self._special} = {{}}",
            *(line for section in self._item.sections.values() for line in self._fields(section)),
            *self._looks(self._item.others, "given, item", "said"),
            f"items.append(make(ItemRead, (said['id'], {self._facts}, {self._special}, said['facts'])))",
        ]

    def _section(self, part: str | None, section: SectionPlan) -> list[str]:
        """The facts that are fields of one section; those that its absence gives where there is nothing else."""
        if part is None:
            return ["said = top", *self._fields(section)]
        lines = [f"part = top[{part!r}]", "if part is None:"]
        if section.silences:
            silences = self._bound("S", section.silences)
            silent = self._bound("Q", dict.fromkeys(section.silences, SILENCE))
            lines += [f"    if nothing_else: {self._facts}.update({silences}); {self._special}.update({silent})"]
        else:
            lines += ["    pass"]
        return [*lines, _there(part), "    said = part.__dict__", *_deeper(self._fields(section))]

    def _fields(self, section: SectionPlan) -> list[str]:
        """The facts that are fields of `said`."""
        lines: list[str] = []
        for name, place, accepted, silence in section.words:
            answers = accepted == {True, False}
            fits = _ANSWER if answers else f"value in {self._bound('A', accepted)}"
            lines += [f"value = said[{place!r}]", *self._kept(name, silence, fits)]
        for name, place, silence in section.days:
            lines += [f"value = said[{place!r}]", *self._kept(name, silence, "value.__class__ is date")]
        return lines

    def _kept(self, name: str, silence: FactValue | None, fits: str, value: str = "value") -> list[str]:
        """Keep a value that fits; where none is stated, what that silence means, if it means anything."""
        keep = f"{self._facts}[{name!r}] = {value}"
        if silence is None:
            return [f"if {fits}: {keep}" if fits == _ANSWER else f"if value is not None and ({fits}): {keep}"]
        return [f"if value is None: {self._silent(name, silence)}", f"elif {fits}: {keep}"]

    def _silent(self, name: str, silence: FactValue) -> str:
        return f"{self._facts}[{name!r}] = {self._bound('L', silence)}; {self._special}[{name!r}] = {SILENCE!r}"

    def _looks(self, looks: Iterable[Look], shown: str, said: str) -> list[str]:
        """The facts that take more than one look, those of one part together."""
        lines: list[str] = []
        for part, together in groupby(looks, key=lambda look: look.part):
            group = list(together)
            read = [line for look in group for line in self._look(look, shown, said)]
            if part is None:
                lines += read
            elif part in ("match", "batch"):
                lines += [f"if given.{part} is not None:", *_deeper(read)]
            else:
                silent = [self._silent(fact.name, fact.silence) for fact, *_ in group if fact.silence is not None]
                lines += [f"part = top[{part!r}]", "if part is None:"]
                lines += ["    if nothing_else:", *_deeper(_deeper(silent))] if silent else ["    pass"]
                lines += [_there(part), *_deeper(read)]
        return lines

    def _look(self, look: Look, shown: str, said: str) -> list[str]:
        fact = look.fact
        direct = self._direct(look, said)
        if direct is not None:
            return direct
        lines = [f"value = {self._bound('R', look.read)}({shown})", "if value is not None:"]
        keep = f"{self._facts}[{fact.name!r}] = value"
        if fact.silence is None:
            return [*lines, f"    if value is not BLANK and ({self._fits(fact)}): {keep}"]
        silent = self._silent(fact.name, fact.silence)
        return [*lines, f"    if value is BLANK: {silent}", f"    elif {self._fits(fact)}: {keep}"]

    def _direct(self, look: Look, said: str) -> list[str] | None:
        """A path that one step into a section follows, written out; `None` for any other."""
        fact, place, source = look.fact, look.place, look.fact.source
        if place is None or source is None or source.aggregate != "value" or place.shape.element is not None:
            return None
        if len(place.steps) == 2 and place.steps[0] == look.part:
            found = f"value = part.__dict__[{place.steps[1]!r}]"
        elif len(place.steps) == 1:
            found = f"value = {said}[{place.steps[0]!r}]"
        else:
            return None
        if source.equals is not None:
            fits, kept = f"value != {UNKNOWN!r}", f"value == {source.equals!r}"
        elif fact.type == "bool" and place.shape.section is not None:
            fits, kept = "value.__class__ is not str", "True"
        elif fact.type == "int":
            fits, kept = self._fits(fact), "value"
        else:
            return None
        return [found, *self._kept(fact.name, fact.silence, fits, kept)]

    def _fits(self, fact: Fact) -> str:
        """What holds of a `value` exactly when the fact may have it."""
        match fact.type:
            case "bool":
                return _ANSWER
            case "enum":
                return f"value in {self._bound('A', frozenset(fact.values))}"
            case "int":
                low, high = bounds(fact)
                return f"value.__class__ is int and {low} <= value <= {high}"
            case "date":
                return "value.__class__ is date"

    def _bound(self, letter: str, value: Any) -> str:
        """The name of `value` in the namespace."""
        name = f"{letter}{len(self.namespace)}"
        self.namespace[name] = value
        return name


def _there(part: str) -> str:
    """Whether the section is there. Where a field may also be said to be unknown, that is no section."""
    return "elif part.__class__ is not str:" if shapes_of(Request)[part].may_be_unknown else "else:"


def _deeper(lines: list[str]) -> list[str]:
    return [INDENT + line for line in lines]
