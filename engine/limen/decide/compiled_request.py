"""The source of a function that weighs a request at once: what is read of it is put straight into the locals that the
edition asks for, without a mapping of facts in between.

It says what `weigh` says of the facts that a `Characteriser` reads, or nothing at all: where what is stated outright
has to be looked at with care it gives `None`, and the long way is taken.
A test holds the two against each other. Whatever fails on the long way fails here: nothing that is read is left out,
needed or not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from limen.decide.compiled_find import INDENT
from limen.decide.compiled_weigh import WeighWriter
from limen.decide.decision import ItemDecision
from limen.law.facts import CaseFacts, ItemFacts, known_facts
from limen.request.compiled_reader import ReadWriter, function
from limen.request.derivation import Given
from limen.request.words import UNKNOWN

if TYPE_CHECKING:
    from limen.decide.reasons import Reasoner
    from limen.law.vocabulary import Fact, FactValue
    from limen.request.characterise import Characteriser

Weighed = tuple[list[ItemDecision], CaseFacts | None]
"""The decision on each item; where any is open, also the facts that the edition asks for."""

WeighRequest = Callable[[Given, "Mapping[str, FactValue] | None"], "Weighed | None"]
KIND = "item.kind"


def make_weigh_request(reasoner: Reasoner, reader: Characteriser) -> WeighRequest:
    """The function that weighs requests under the edition of `reasoner`, reading them as `reader` does."""
    settling = _Settling(reasoner)
    writer = LocalsWriter(reader, settling.case_facts, settling.item_facts)
    lines = [
        *writer.case_lines(),
        *writer.outright("top", "stated"),
        *settling.case_lines,
        "weighed = []",
        "append = weighed.append",
        "read = []",
        "any_open = False",
        "for item in top['items']:",
        *(INDENT + line for line in writer.item_lines()),
        *(INDENT + line for line in writer.outright("said", "")),
        f"    read.append((said['id'], {_all_of(settling.item_facts)}))",
        *(INDENT + line for line in settling.item_lines),
        "    if verdict == 'open': any_open = True",
        *(INDENT + line for line in settling.answer_lines("said['id']", settling.item_facts[KIND])),
        f"return weighed, facts_known({_all_of(settling.case_facts)}, read) if any_open else None",
    ]
    name = f"<weigh request: {reasoner.edition.book_name} {reasoner.edition.profile} {reasoner.edition.as_of}>"
    case_names, item_names = tuple(settling.case_facts), tuple(settling.item_facts)

    def facts_known(case: tuple[Any, ...], read: list[tuple[str, tuple[Any, ...]]]) -> CaseFacts:
        return known_facts(_known(case_names, case), [(id, _known(item_names, own)) for id, own in read])

    namespace = {**settling.namespace, **writer.namespace, "facts_known": facts_known}
    exec(compile(function("weigh_request(given, stated)", lines), name, "exec"), namespace)
    return cast(WeighRequest, namespace["weigh_request"])


def _all_of(locals_: Mapping[str, str]) -> str:
    return f"({''.join(f'{local}, ' for local in locals_.values())})"


def _known(names: Sequence[str], values: Sequence[Any]) -> dict[str, FactValue]:
    """The facts that are known, as a mapping again."""
    return {name: value for name, value in zip(names, values, strict=True) if value is not None}


class _Settling(WeighWriter):
    """The lines that settle and answer, and the locals in which they expect facts; the kind of an item among them."""

    def __init__(self, reasoner: Reasoner) -> None:
        super().__init__(reasoner)
        settled = self._settled
        self.case_facts, self.case_lines = settled.case_facts, settled.case_lines
        self.item_facts, self.item_lines = {KIND: "kind_of_item", **settled.item_facts}, settled.item_lines
        self.namespace["ItemFacts"] = ItemFacts

    def no_gateway(self, why: str, points: str) -> list[str]:
        item = f"ItemFacts(said['id'], {{{KIND!r}: {self.item_facts[KIND]}}})"
        return [f"append(item_decision({item}, verdict, None, {why}({points}), ()))", "continue"]


class LocalsWriter(ReadWriter):
    """Writes the reading of a request into locals; what no local is for is read and not kept."""

    def __init__(self, reader: Characteriser, case_facts: dict[str, str], item_facts: dict[str, str]) -> None:
        plans = reader.plans
        super().__init__(plans)
        self._vocabulary = reader.vocabulary
        self._locals = {**case_facts, **item_facts}
        self._of = {"facts": case_facts, "own": item_facts}
        self._plans = {"facts": plans.case, "own": plans.item}
        self.namespace.update(lay_facts=plans.stating.of_case.lay, lay_own=plans.stating.of_item.lay)

    def begun(self, facts: str) -> list[str]:
        return [" = ".join([*self._of[facts].values(), "None"])] if self._of[facts] else []

    def keep(self, name: str, value: str) -> str:
        return f"{self._locals[name]} = {value}" if name in self._locals else "pass"

    def of_recipients(self, names: Sequence[str]) -> list[str]:
        return [f"{self._locals[name]} = found.get({name!r})" for name in names if name in self._locals]

    def outright(self, fields: str, more: str) -> list[str]:
        """Lay what is stated outright over what was read."""
        facts = "facts" if fields == "top" else "own"
        sources, of = self._plans[facts].sources, self._of[facts]
        read = {name: local for name, local in of.items() if name in sources}
        lines = [f"outright = {fields}['facts']"]
        if more:
            lines += [f"if {more}: outright = {{**outright, **{more}}}"]
        lines += ["if outright:"]
        # Usually nothing is stated but what can be had in no other way, and all of it fits; what takes one of these
        # facts away, or fits none, leaves it not known.
        only = {name: local for name, local in of.items() if name not in read and name in self._vocabulary.facts}
        lines += ["    stated_say = outright.get", "    fitting = 0"]
        for name, local in only.items():
            fits = self._may_be_stated(self._vocabulary.facts[name])
            lines += [f"    value = stated_say({name!r})", f"    if {fits}: {local} = value; fitting += 1"]
        lines += [
            "    if fitting != len(outright):",
            "        laid = {}",
            f"        if not lay_{facts}(outright, laid): return None",
        ]
        if read:
            # What was read gives way where it is stated too.
            pairs = ", ".join(f"({name!r}, {local})" for name, local in read.items())
            lines += [
                f"        {', '.join(read.values())}, = "
                f"[laid.get(name) if name in outright else value for name, value in ({pairs},)]",
            ]
        return lines

    def _may_be_stated(self, fact: Fact) -> str:
        """What holds of a `value` that may be stated of a fact, but for what takes a fact away."""
        if fact.type == "enum":
            return f"value in {self.bound('A', frozenset(fact.values) - {UNKNOWN})}"
        return self.fits(fact)

    def bound(self, letter: str, value: Any) -> str:
        # The edition has names of its own.
        return super().bound(f"read_{letter}", value)
