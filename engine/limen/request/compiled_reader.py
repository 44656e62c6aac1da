"""The source of a function that reads the facts of requests, written from the plans of one vocabulary.

It says what `Characteriser.read_plainly` says, fact by fact and in the same order, with every check and without walking
a plan: a test holds it against that. It pays for itself in a loop; a few requests are read plainly.

There are two of them: one that notes where facts come from, and one that only gives the facts.

What a vocabulary says never becomes code: names of facts and fields appear as quoted strings, their values and silences
as names bound in the namespace.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Any, cast

from limen.law.facts import CaseFacts, ItemFacts, bounds, set_case_facts, set_item_facts
from limen.law.vocabulary import Fact, FactValue
from limen.request.derivation import BLANK, Given
from limen.request.model import Request
from limen.request.plan import (
    SILENCE,
    ItemRead,
    Look,
    Reading,
    SectionPlan,
    kind_of_recipient,
)
from limen.request.shape import shapes_of
from limen.request.words import UNKNOWN

if TYPE_CHECKING:
    from limen.request.characterise import Plans
    from limen.request.stating import Said

INDENT = "    "
_ANSWER = "value is True or value is False"
Read = Callable[[Given], Reading]
ReadFacts = Callable[[Given, "Said | None"], "CaseFacts | None"]


def make_read(plans: Plans) -> Read:
    """The function that reads requests by these plans, without what is stated outright."""
    return cast(Read, _compiled(_NotingWriter(plans)))


def make_read_facts(plans: Plans) -> ReadFacts:
    """The function that reads the facts alone, with what is stated outright laid over them.

    It gives `None` where what is stated has to be looked at with care: then `read` and `Stating.lay` have to be asked.
    """
    return cast(ReadFacts, _compiled(_FactsWriter(plans)))


def _compiled(writer: _NotingWriter | _FactsWriter) -> object:
    exec(compile(writer.source(), "<reading of requests>", "exec"), writer.namespace)
    return writer.namespace["read"]


class ReadWriter:
    """Writes the lines that read the facts of a case, and of an item, and gathers the namespace they run in.

    Where a fact is kept is for those who derive from it to say: here in the mapping `facts`, that of an item in `own`.
    The lines speak of `given`, and within an item of `item`; at the end `top` and `said` are the fields of the two.
    """

    def __init__(self, plans: Plans) -> None:
        self._case, self._item = plans.case, plans.item
        self._facts = "facts"
        self.namespace: dict[str, object] = {
            "BLANK": BLANK,
            "date": date,
            "recipients": plans.recipients.of,
            "remembered": plans.recipients.remembered,
            "kind_of_recipient": kind_of_recipient,
        }

    def case_lines(self) -> list[str]:
        """The sections, the recipients, then what takes more than one look."""
        self._facts = "facts"
        lines = [
            "request = given.request",
            "top = request.__dict__",
            "nothing_else = top['nothing_else'] is True",
            *self.begun(self._facts),
            *(line for part, section in self._case.sections.items() for line in self._section(part, section)),
        ]
        if self._case.recipients:
            lines += [
                "asking = top['requester'].__dict__['agency']",
                "kinds = (asking, *[kind_of_recipient(one.__dict__) for one in top['recipients']])",
                "found, silent = remembered.get(kinds) or recipients(kinds, request)",
                *self.of_recipients([fact.name for fact, _ in self._case.recipients]),
            ]
        return [*lines, *self._looks(self._case.others, "given", "top")]

    def item_lines(self) -> list[str]:
        """The facts of one item."""
        self._facts = "own"
        return [
            "said = item.__dict__",
            *self.begun(self._facts),
            *(line for section in self._item.sections.values() for line in self._fields(section)),
            *self._looks(self._item.others, "given, item", "said"),
        ]

    def begun(self, facts: str) -> list[str]:
        """What there is before anything is read."""
        return [f"{facts} = {{}}"]

    def keep(self, name: str, value: str) -> str:
        """Keep a value that was read."""
        return f"{self._facts}[{name!r}] = {value}"

    def silent(self, name: str, silence: FactValue) -> str:
        """Keep what silence means of a fact."""
        return self.keep(name, self.bound("L", silence))

    def of_recipients(self, names: Sequence[str]) -> list[str]:
        """Keep what was `found` of the recipients."""
        return [f"{self._facts}.update(found)"]

    def _section(self, part: str | None, section: SectionPlan) -> list[str]:
        """The facts that are fields of one section; those that its absence gives where there is nothing else."""
        if part is None:
            return ["said = top", *self._fields(section)]
        lines = [f"part = top[{part!r}]", "if part is None:"]
        silent = [self.silent(name, silence) for name, silence in section.silences.items()]
        lines += ["    if nothing_else:", *_deeper(_deeper(silent))] if silent else ["    pass"]
        return [*lines, _there(part), "    said = part.__dict__", *_deeper(self._fields(section))]

    def _fields(self, section: SectionPlan) -> list[str]:
        """The facts that are fields of `said`."""
        lines: list[str] = []
        for name, place, accepted, silence in section.words:
            answers = accepted == {True, False}
            fits = _ANSWER if answers else f"value in {self.bound('A', accepted)}"
            lines += [f"value = said[{place!r}]", *self._kept(name, silence, fits)]
        for name, place, silence in section.days:
            lines += [f"value = said[{place!r}]", *self._kept(name, silence, "value.__class__ is date")]
        return lines

    def _kept(self, name: str, silence: FactValue | None, fits: str, value: str = "value") -> list[str]:
        """Keep a value that fits; where none is stated, what that silence means, if it means anything."""
        keep = self.keep(name, value)
        if silence is None:
            return [f"if {fits}: {keep}" if fits == _ANSWER else f"if value is not None and ({fits}): {keep}"]
        return [f"if value is None: {self.silent(name, silence)}", f"elif {fits}: {keep}"]

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
                silent = [self.silent(fact.name, fact.silence) for fact, *_ in group if fact.silence is not None]
                lines += [f"part = top[{part!r}]", "if part is None:"]
                lines += ["    if nothing_else:", *_deeper(_deeper(silent))] if silent else ["    pass"]
                lines += [_there(part), *_deeper(read)]
        return lines

    def _look(self, look: Look, shown: str, said: str) -> list[str]:
        fact = look.fact
        direct = self._direct(look, said)
        if direct is not None:
            return direct
        lines = [f"value = {self._asked(look, shown)}", "if value is not None:"]
        keep = self.keep(fact.name, "value")
        if fact.silence is None:
            return [*lines, f"    if value is not BLANK and ({self.fits(fact)}): {keep}"]
        silent = self.silent(fact.name, fact.silence)
        return [*lines, f"    if value is BLANK: {silent}", f"    elif {self.fits(fact)}: {keep}"]

    def _asked(self, look: Look, shown: str) -> str:
        """The expression that reads a fact which takes more than one look."""
        ask = f"{self.bound('R', look.read)}({shown})"
        if look.written is None:
            return ask
        self.namespace.update(look.written.uses)
        return look.written.expression.replace("ask()", ask)

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
            fits, kept = self.fits(fact), "value"
        else:
            return None
        return [found, *self._kept(fact.name, fact.silence, fits, kept)]

    def fits(self, fact: Fact) -> str:
        """What holds of a `value` exactly when the fact may have it."""
        match fact.type:
            case "bool":
                return _ANSWER
            case "enum":
                return f"value in {self.bound('A', frozenset(fact.values))}"
            case "int":
                low, high = bounds(fact)
                return f"value.__class__ is int and {low} <= value <= {high}"
            case "date":
                return "value.__class__ is date"

    def bound(self, letter: str, value: Any) -> str:
        """The name of `value` in the namespace."""
        name = f"{letter}{len(self.namespace)}"
        self.namespace[name] = value
        return name


class _NotingWriter(ReadWriter):
    """Writes `read(given)`, which notes the origin of what is not from its vocabulary's source."""

    def __init__(self, plans: Plans) -> None:
        super().__init__(plans)
        self.namespace.update(ItemRead=ItemRead, make=tuple.__new__)

    def source(self) -> str:
        """The whole function."""
        return function("read(given)", [
            *self.case_lines(),
            "items = []",
            "for item in top['items']:",
            *_deeper(self.item_lines()),
            "    items.append(make(ItemRead, (said['id'], own, own_noted, said['facts'])))",
            "return facts, facts_noted, items",
        ])  # fmt: skip

    def begun(self, facts: str) -> list[str]:
        return [f"{facts} = {{}}", f"{facts}_noted = {{}}"]

    def silent(self, name: str, silence: FactValue) -> str:
        return f"{super().silent(name, silence)}; {self._facts}_noted[{name!r}] = {SILENCE!r}"

    def of_recipients(self, names: Sequence[str]) -> list[str]:
        return ["facts.update(found)", "facts_noted.update(silent)"]


class _FactsWriter(ReadWriter):
    """Writes `read(given, stated)`, which makes the facts of the case."""

    def __init__(self, plans: Plans) -> None:
        super().__init__(plans)
        self.namespace.update(CaseFacts=CaseFacts, ItemFacts=ItemFacts, new=object.__new__)
        self.namespace.update(lay_case=plans.stating.of_case.lay, lay_item=plans.stating.of_item.lay)
        self.namespace["set_facts"], self.namespace["set_items"] = set_case_facts
        self.namespace["set_id"], self.namespace["set_own"] = set_item_facts

    def source(self) -> str:
        """The whole function."""
        return function("read(given, stated)", [
            *self.case_lines(),
            "outright = top['facts']",
            "if stated: outright = {**outright, **stated}",
            "if outright and not lay_case(outright, facts): return None",
            "items = []",
            "for item in top['items']:",
            *_deeper(self.item_lines()),
            "    outright = said['facts']",
            "    if outright and not lay_item(outright, own): return None",
            "    made = new(ItemFacts)",
            "    set_id(made, said['id'])",
            "    set_own(made, own)",
            "    items.append(made)",
            "case = new(CaseFacts)",
            "set_facts(case, facts)",
            "set_items(case, tuple(items))",
            "return case",
        ])  # fmt: skip


def function(head: str, lines: Iterable[str]) -> str:
    """The source of a function."""
    return "\n".join([f"def {head}:", *_deeper(lines)]) + "\n"


def _there(part: str) -> str:
    """Whether the section is there. Where a field may also be said to be unknown, that is no section."""
    return "elif part.__class__ is not str:" if shapes_of(Request)[part].may_be_unknown else "else:"


def _deeper(lines: Iterable[str]) -> list[str]:
    return [INDENT + line for line in lines]
