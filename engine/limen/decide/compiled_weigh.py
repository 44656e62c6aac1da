"""The source of `weigh`: the decision on each item with its reasons, without findings in between.

It settles a case as `find` does, says which gateway answers and why, as `Reasoner.item` does, and makes the records
that `item_decision` makes; a test holds it against the three.

It pays for itself in a loop: for a few requests, looking is cheaper than writing and compiling this. What it costs is
how many steps the interpreter takes, so facts are looked up in one go, and gateways are ranked by one count each.

Rule text never becomes code: what is written names points, bars and gateways by number, and reasons stand in tables
that fill as they are first needed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import cast

from limen.decide.answer import preference
from limen.decide.compiled_find import INDENT, settle_edition
from limen.decide.compiled_rails import look_up, quoted
from limen.decide.decision import ItemDecision, Reason, make
from limen.decide.draft import OF_ITEM, item_decision
from limen.decide.findings import Findings, ItemFindings
from limen.decide.reasons import Reasoner
from limen.law.facts import CaseFacts
from limen.law.truth import Truth

Weigh = Callable[[CaseFacts], list[ItemDecision]]


class Told(dict[Truth, Reason]):
    """The reason for each truth of one requirement, rendered when it is first looked up."""

    def __init__(self, render: Callable[[Truth], Reason]) -> None:
        super().__init__()
        self._render = render

    def __missing__(self, value: Truth) -> Reason:
        return self.setdefault(value, self._render(value))


def make_weigh(reasoner: Reasoner) -> Weigh:
    """The function that weighs cases under the edition of `reasoner`."""
    writer = WeighWriter(reasoner)
    edition = reasoner.edition
    name = f"<weigh: {edition.book_name} {edition.profile} {edition.as_of}>"
    exec(compile(writer.source(), name, "exec"), writer.namespace)
    return cast(Weigh, writer.namespace["weigh"])


class WeighWriter:
    """Writes `weigh(facts)` for one edition, and gathers the namespace it runs in."""

    def __init__(self, reasoner: Reasoner) -> None:
        self.reasoner = reasoner
        self.edition = reasoner.edition
        self._settled = settle_edition(self.edition)
        self._case, self._item = self._settled.case, self._settled.item
        self.namespace: dict[str, object] = {
            **self._settled.namespace,
            "item_decision": item_decision,
            "make": make,
            "ItemDecision": ItemDecision,
            "every": OF_ITEM,
            "answers": [(gateway.rule.address, gateway.rule.effect) for gateway in self.edition.gateways],
            "outside": self._outside,
            "prohibition": self._prohibition,
        }

    def _outside(self, points: tuple[Truth, ...]) -> tuple[Reason, ...]:
        return self.reasoner.not_covered(ItemFindings(points, (), (), "not_covered"))

    def _prohibition(self, points: tuple[Truth, ...]) -> tuple[Reason, ...]:
        return self.reasoner.prohibition(ItemFindings(points, (), (), "open"))

    def source(self) -> str:
        """The whole function: for each item settle, find who answers, then what the others lack, then the reasons."""
        settled = self._settled
        lines = [
            "def weigh(facts):",
            "    case = facts.facts",
            *(INDENT + line for line in (*_at_once(settled.case_facts, "case"), *settled.case_lines)),
            "    weighed = []",
            "    append = weighed.append",
            "    for item in facts.items:",
            "        stated = item.facts",
            *(INDENT * 2 + line for line in (*_at_once(settled.item_facts, "stated"), *settled.item_lines)),
            *(INDENT * 2 + line for line in self.answer_lines("item.id", "stated.get('item.kind')")),
            "    return weighed",
        ]
        return "\n".join(lines) + "\n"

    def answer_lines(self, id: str, kind: str) -> list[str]:
        """The decision on an item that is settled. `id` and `kind` are the expressions that give its own."""
        points = f"({''.join(f'{name}, ' for name in self._item)})"
        return [
            "if verdict == 'not_covered':",
            *(INDENT + line for line in self.no_gateway("outside", points)),
            "at = None",
            *self._who_answers(),
            "if at is None:",
            *(INDENT + line for line in self.no_gateway("prohibition", points)),
            "elsewhere = []",
            "add = elsewhere.append",
            *(line for number in range(len(self.edition.gateways)) for line in self._obstacle(number)),
            *self._branch(0, len(self.edition.gateways)),
            "if verdict == 'open' and opened:",
            f"    reasons = (*prohibition({points}), *reasons)",
            # What `item_decision` makes of an item that some gateway answers for.
            "address, effect = answers[at]",
            "if verdict != 'allow': effect = None",
            f"kind = {kind}",
            "if kind.__class__ is not str: kind = None",
            f"append(make(ItemDecision, {{'item': {id}, 'kind': kind, 'verdict': verdict, 'gateway': address, "
            "'effect': effect, 'reasons': reasons, 'elsewhere': tuple(elsewhere)}, every))",
        ]

    def no_gateway(self, why: str, points: str) -> list[str]:
        """The decision on an item that no gateway answers for."""
        return [f"append(item_decision(item, verdict, None, {why}({points}), ()))", "continue"]

    def _who_answers(self) -> list[str]:
        """`at`: the open gateway that comes first, or else the one nearest to opening; see `Reasoner`."""
        # The last to be put there is the one preferred most.
        lines = [f"if g{number} is True: at = {number}" for number in reversed(preference(self.edition))]
        lines += ["opened = at is not None"]
        if not self.edition.gateways:
            return lines
        lines += ["if opened:", "    pass", f"elif {_any_is(self._settled.gateways, None)}:", "    best = None"]
        for number in range(len(self.edition.gateways)):
            lines += [
                f"    if g{number} is None:",
                f"        rank = {self._requirements(number)}.count(None)",
                f"        if best is None or rank < best: best = rank; at = {number}",
            ]
        lines += ["else:", "    best = 101"]
        for number, gateway in enumerate(self.edition.gateways):
            # The share of what is lacking, by how much is met; how much of it is not met is counted only in a tie.
            cost = len(gateway.elements) + 1
            shares = f"SHARES_{cost}"
            self.namespace[shares] = tuple((cost - met) * 100 // cost for met in range(cost + 1))
            lines += [
                f"    values = {self._requirements(number)}",
                f"    share = {shares}[values.count(True)]",
                f"    if share < best: best = share; at = {number}; nearest = values",
                "    elif share == best and values.count(False) < nearest.count(False): "
                f"at = {number}; nearest = values",
            ]
        return lines

    def _requirements(self, number: int) -> str:
        """The truths of a gateway's requirements; its grounds are one of them, met where any ground is."""
        gateway = self.edition.gateways[number]
        elements = "".join(f"{self._case[i]}, " for i in gateway.elements)
        return f"({elements}{_any_of([self._item[i] for i in gateway.grounds])},)"

    def _obstacle(self, number: int) -> list[str]:
        """The first requirement that is not met or, failing that, the first that is not known."""
        gateway = self.edition.gateways[number]
        grounds = {i: self._item[i] for i in gateway.grounds}
        chain: list[tuple[str, str]] = []
        wanted: Truth
        for wanted in (False, None):
            for i in gateway.elements:
                chain.append((f"{self._case[i]} is {wanted}", f"{self._element(number, i)}[{wanted}]"))
            for i, name in grounds.items():
                others = "".join(f" and {other} is not True" for other in grounds.values() if other != name)
                chain.append((f"{name} is {wanted}{others}", f"{self._ground(number, i)}[{wanted}]"))
            stands = True if wanted is False else None
            for i in gateway.bars:
                chain.append((f"b{i} is {stands}", f"{self._bar(i)}[{stands}]"))
        if not chain:
            return []
        lines = [f"if at != {number} and g{number} is not True:"]
        for place, (test, reason) in enumerate(chain):
            lines.append(f"    {'elif' if place else 'if'} {test}: add({reason})")
        return lines

    def _branch(self, low: int, high: int) -> list[str]:
        """The reasons of the gateway that answers, found by halving: there may be hundreds."""
        if high - low <= 1:
            return self._reasons(low)
        middle = (low + high) // 2
        return [
            f"if at < {middle}:",
            *(INDENT + line for line in self._branch(low, middle)),
            "else:",
            *(INDENT + line for line in self._branch(middle, high)),
        ]

    def _reasons(self, number: int) -> list[str]:
        """Every requirement of a gateway: bars that stand or may stand, then elements, then grounds."""
        if number >= len(self.edition.gateways):
            return ["reasons = ()"]
        gateway = self.edition.gateways[number]
        elements = "".join(f"{self._element(number, i)}[{self._case[i]}], " for i in gateway.elements)
        if len(gateway.grounds) == 1:
            only = gateway.grounds[0]
            lines = [f"reasons = ({elements}{self._ground(number, only)}[{self._item[only]}],)"]
        else:
            lines = [f"reasons = ({elements})", f"wanted = {_any_of([self._item[i] for i in gateway.grounds])}"]
            for i in gateway.grounds:
                shown = f"reasons = (*reasons, {self._ground(number, i)}[wanted])"
                lines.append(f"if {self._item[i]} is wanted: {shown}")
        for i in reversed(gateway.bars):
            lines.append(f"if b{i} is not False: reasons = ({self._bar(i)}[b{i}], *reasons)")
        return lines

    def _element(self, number: int, index: int) -> str:
        element = self.reasoner.element
        return self._told(f"E{number}_{index}", lambda value: element(number, index, value))

    def _ground(self, number: int, index: int) -> str:
        ground = self.reasoner.ground
        return self._told(f"G{number}_{index}", lambda value: ground(number, index, value))

    def _bar(self, index: int) -> str:
        bar = self.reasoner.bar
        return self._told(f"B{index}", lambda value: bar(index, value))

    def _told(self, name: str, render: Callable[[Truth], Reason]) -> str:
        if name not in self.namespace:
            self.namespace[name] = Told(render)
        return name


def _at_once(locals_: Mapping[str, str], holder: str) -> list[str]:
    """What `look_up` does, in one line for all facts."""
    if len(locals_) < 2:
        return look_up(locals_, holder)
    return [f"{', '.join(locals_.values())} = map({holder}.get, ({', '.join(map(quoted, locals_))}))"]


def _any_of(names: list[str]) -> str:
    """The three-valued *any* of some locals."""
    if len(names) == 1:
        return names[0]
    if not names:
        return "False"
    return f"(True if {_any_is(names, True)} else None if {_any_is(names, None)} else False)"


def _any_is(names: Iterable[str], value: Truth) -> str:
    return " or ".join(f"{name} is {value}" for name in names)


def weighed_of(reasoner: Reasoner, facts: CaseFacts, findings: Findings) -> list[ItemDecision]:
    """What follows from full findings, item by item: slow, and what the written form must equal."""
    return [
        item_decision(item, found.verdict, *reasoner.item(findings, number))
        for number, (item, found) in enumerate(zip(facts.items, findings.items, strict=True))
    ]
