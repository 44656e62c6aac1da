"""The source of one leaf of `answer`: the verdict and what is in the way, asked in the cheapest order.

It first asks, for each gateway the leaf looks at, whether every element is true, stopping at the first that is not.
Only when an item is not allowed does it ask which elements fail and how.
"""

from __future__ import annotations

from collections.abc import Sequence

from limen.decide.answer import Answer, Obstacle, preference
from limen.decide.compiled_rails import Rails, look_up, quoted
from limen.law.edition import Edition, EditionGateway
from limen.law.tree import All, AnyOf, Expr, Not

INDENT = "    "


class LeafWriter:
    """Writes `answer(facts)` for the gateways of one leaf, and gathers the namespace it runs in."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        self.namespace: dict[str, object] = {
            "Answer": Answer,
            "make": tuple.__new__,
            "NOT_COVERED": Answer("not_covered", None, ()),
        }
        self._constants: dict[tuple[object, ...], str] = {}
        self._item_facts = [name for name, fact in edition.facts.items() if fact.per_item]
        self._case = [point.expr for point in edition.case_points]
        self._item = [point.expr for point in edition.item_points]
        self._bars: list[Expr] = []
        for bar in edition.bars:
            holds = AnyOf(tuple(self._item[index] for index in bar.conditions))
            lifts = AnyOf(tuple(self._bars[index] for index in bar.barred_by))
            self._bars.append(All((holds, Not(lifts))) if bar.barred_by else holds)

    def write(self, numbers: Sequence[int]) -> str:
        """The source of a function that answers by looking at the gateways `numbers` only."""
        gateways = {number: self.edition.gateways[number] for number in numbers}
        reached = {expr for gateway in gateways.values() for expr in self._expressions(gateway)}
        rails = Rails(self._item_facts, reached, eager=False)
        pairs = [(self._item[a], self._item[b]) for _, a, b in self.edition.prohibitions]
        forbidden = rails.true(AnyOf(tuple(All(pair) for pair in pairs)), True)
        free = rails.false(AnyOf(tuple(All(pair) for pair in pairs)), True)
        elements = {n: All(tuple(self._case[index] for index in g.elements)) for n, g in gateways.items()}
        ordered = [number for number in preference(self.edition) if number in gateways]

        holds = [f"h{number} = {rails.true(elements[number], False)}" for number in ordered]
        opening: list[str] = []
        for number in ordered:
            rest = rails.true(self._rest(gateways[number]), True)
            test = f"h{number}" if rest == "True" else f"h{number} and {rest}"
            opening += [f"if {test}:", INDENT + f"add({self._opened(gateways[number])})", INDENT + "continue"]
        asked = self._ask_case(rails, gateways)
        item = self._ask_item(rails, gateways)
        unknown = self._unknown_prohibition(rails)
        unsure = self._unsure(rails, ordered, gateways)

        lines = [
            "def answer(facts):",
            "    case = facts.facts",
            *(INDENT + line for line in (*look_up(rails.case_facts, "case"), *rails.case_lines)),
            *(INDENT + line for line in holds),
            "    asked = None",
            "    answers = []",
            "    add = answers.append",
            "    for item in facts.items:",
            *([INDENT * 2 + "stated = item.facts"] if rails.item_facts else []),
            *(INDENT * 2 + line for line in (*look_up(rails.item_facts, "stated"), *rails.item_lines)),
            f"        if {forbidden}:",
            *(INDENT * 3 + line for line in opening),
            "            found = None",
            f"        elif {free}:",
            "            add(NOT_COVERED)",
            "            continue",
            "        else:",
            "            found = []",
            *(INDENT * 3 + line for line in (*unknown, *unsure)),
            "        if asked is None:",
            *(INDENT * 3 + line for line in asked),
            *(INDENT * 2 + line for line in item),
            "    return answers",
        ]
        self.namespace.update(rails.namespace)
        return "\n".join(lines) + "\n"

    def _expressions(self, gateway: EditionGateway) -> list[Expr]:
        return [
            *(self._case[index] for index in gateway.elements),
            *(self._item[index] for index in gateway.grounds),
            *(self._bars[index] for index in gateway.bars),
        ]

    def _rest(self, gateway: EditionGateway) -> Expr:
        """What besides its elements a gateway needs for one item."""
        ground = AnyOf(tuple(self._item[index] for index in gateway.grounds))
        return All((ground, *(Not(self._bars[index]) for index in gateway.bars)))

    def _opened(self, gateway: EditionGateway) -> str:
        return self._constant("open", Answer("allow", gateway.rule.address, ()))

    def _unsure(self, rails: Rails, ordered: Sequence[int], gateways: dict[int, EditionGateway]) -> list[str]:
        """An open gateway, where nobody knows whether the prohibition reaches the item."""
        lines = []
        for number in ordered:
            address = quoted(gateways[number].rule.address)
            lines += [
                f"if h{number} and {rails.true(self._rest(gateways[number]), True)}:",
                f"    add(make(Answer, ('open', {address}, tuple(found))))",
                "    continue",
            ]
        return lines

    def _unknown_prohibition(self, rails: Rails) -> list[str]:
        lines = []
        for rule, *sides in self.edition.prohibitions:
            for side in sides:
                true, false = rails.true(self._item[side], True), rails.false(self._item[side], True)
                obstacle = self._constant(
                    "o", Obstacle(rule.address, self.edition.item_points[side].address, "not_known")
                )
                lines += [f"if not ({true} or {false}):", f"    found.append({obstacle})"]
        return lines

    def _ask_case(self, rails: Rails, gateways: dict[int, EditionGateway]) -> list[str]:
        """Which elements fail, once per case: `asked`, and for each gateway what it was closed by.

        `c` of a gateway is True while it could still open, False once an element is false, None when its leading
        element is false and it says nothing more.
        """
        lines = ["asked = []", "note = asked.append"]
        for number, gateway in gateways.items():
            address = gateway.rule.address
            leading, *others = gateway.elements
            body = [f"c{number} = not ({rails.false(All(tuple(self._case[i] for i in others)), False)})"]
            body += [line for index in gateway.elements for line in self._note(rails, "note", address, index)]
            lines += [
                f"if h{number}:",
                f"    c{number} = True",
                f"elif {rails.false(self._case[leading], False)}:",
                f"    c{number} = None",
                "else:",
                *(INDENT + line for line in body),
            ]
        return lines

    def _note(self, rails: Rails, add: str, rule: str, index: int) -> list[str]:
        point = self.edition.case_points[index]
        return self._hindrance(rails, add, rule, point.address, self._case[index], False)

    def _hindrance(self, rails: Rails, add: str, rule: str, address: str, expr: Expr, item: bool) -> list[str]:
        true, false = rails.true(expr, item), rails.false(expr, item)
        if true == "True":
            return []
        not_met = self._constant("o", Obstacle(rule, address, "not_met"))
        not_known = self._constant("o", Obstacle(rule, address, "not_known"))
        if false in ("True", "False"):
            chosen = not_met if false == "True" else not_known
        else:
            chosen = f"{not_met} if {false} else {not_known}"
        return [f"if not ({true}):", f"    {add}({chosen})"] if true != "False" else [f"{add}({chosen})"]

    def _ask_item(self, rails: Rails, gateways: dict[int, EditionGateway]) -> list[str]:
        """Grounds and bars of the gateways whose leading element does not close them, and the verdict."""
        lines = ["verdict = 'deny'", "more = [*found, *asked] if found else asked[:]", "note = more.append"]
        for number, gateway in gateways.items():
            address = gateway.rule.address
            grounds = [self._item[index] for index in gateway.grounds]
            no_ground = rails.false(AnyOf(tuple(grounds)), True)
            bars = [self._bars[index] for index in gateway.bars]
            closed = rails.true(AnyOf(tuple(bars)), True)
            body = [f"if c{number} and not ({no_ground} or {closed}):", "    verdict = 'open'"]
            inner = [
                line
                for index in gateway.grounds
                for line in self._hindrance(
                    rails, "note", address, self.edition.item_points[index].address, self._item[index], True
                )
            ]
            if inner:
                body += [f"if not ({rails.true(AnyOf(tuple(grounds)), True)}):", *(INDENT + line for line in inner)]
            for index, bar in zip(gateway.bars, bars, strict=True):
                rule = self.edition.bars[index].rule.address
                stands = self._constant("o", Obstacle(address, rule, "barred"))
                may_stand = self._constant("o", Obstacle(address, rule, "not_known"))
                true, false = rails.true(bar, True), rails.false(bar, True)
                body += [f"if {true}:", f"    note({stands})", f"elif not ({false}):", f"    note({may_stand})"]
            lines += [f"if c{number} is not None:", *(INDENT + line for line in body)]
        prohibited = "'open' if found is not None else verdict"
        return [*lines, f"add(make(Answer, ({prohibited}, None, tuple(more))))"]

    def _constant(self, letter: str, value: Answer | Obstacle) -> str:
        """The name under which `value` is bound in the namespace; the same value has the same name."""
        if value not in self._constants:
            name = f"{letter}_{len(self._constants)}"
            self._constants[value] = name
            self.namespace[name] = value
        return self._constants[value]
