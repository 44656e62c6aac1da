"""How a QTI item is marked: the four scores of an answer, in the response processing that QTI 2.1 itself has.

A verdict is looked up in its mapping. The grounds looked at are those that fit the verdict somebody gave. Facts and
duties are counted once for each way in which they may be right, hits less slips, and the best way counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from limen.training.key import ANSWERS, Key
from limen.training.markup import Element, element
from limen.training.question import SORTS, PutQuestion, Sort
from limen.training.scoring import FULL, PARTS, WITH_A_SLIP, Way, marked, needs_no_ground, right_grounds, ways

GROUPS: Final[Mapping[str, tuple[tuple[Sort, ...], str]]] = {
    "OPENS": (SORTS["release"], "If you release {item}: which gateway is open for it?"),
    "STANDS": (SORTS["withhold"], "If you withhold {item}, or need more: what is not met, not known, or bars it?"),
    "WORDS": (SORTS["readings_differ"], "If readings differ on {item}: on which words does it turn?"),
}  # fmt: skip
"""The grounds by what they can carry; only those that fit the verdict somebody gives are looked at."""


def groups(put: PutQuestion) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """The grounds offered in each group: their identifiers, and their addresses."""
    names = {choice.address: f"G{n}" for n, choice in enumerate(put.grounds, 1)}
    for group, (sorts, _) in GROUPS.items():
        offered = [(names[choice.address], choice.address) for choice in put.grounds if choice.sort in sorts]
        if offered:
            yield group, offered


def parts(put: PutQuestion) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """The facts and the duties that are offered: their identifiers, and their names."""
    for part, choices in (("MISSING", put.missing), ("DUTIES", put.duties)):
        if choices:
            yield part, [(f"{part[0]}{n}", choice.name) for n, choice in enumerate(choices, 1)]


def processing(put: PutQuestion, key: Key) -> Iterator[Element]:
    """The rules that set `SCORE_VERDICT`, `SCORE_GROUND`, `SCORE_MISSING`, `SCORE_DUTIES`, `SCORE` and `UNLAWFUL`."""
    for n, item in enumerate(key.items, 1):
        verdict = f"VERDICT_{n}"
        yield _when(
            (element("not", _null(verdict)), [_add("SCORE_VERDICT", element("mapResponse", identifier=verdict))])
        )
        for answer in ANSWERS:
            if marked(key, item, answer)[0] == "unlawful":
                yield _when((_is(verdict, answer), [_add("UNLAWFUL", value(1, "integer"))]))
            yield from _ground(put, key, n, item.item, answer)
    offered = dict(parts(put))
    for part in ("missing", "duties"):
        seen: list[Way] = []
        for way in ways(put, key, part):
            if way not in seen:
                seen.append(way)
                yield from _way(key, part.upper(), offered.get(part.upper(), []), way)
    yield set_to("SCORE", element("sum", *(variable(f"SCORE_{part.upper()}") for part in PARTS)))


def _ground(put: PutQuestion, key: Key, n: int, item: str, answer: str) -> Iterator[Element]:
    """The points for the grounds marked by who answers so: full for a right one, fewer with a slip beside it."""
    right, bare = right_grounds(put, key, item, answer), needs_no_ground(put, key, item, answer)
    full, slip = (_add("SCORE_GROUND", value(float(points), "float")) for points in (FULL, WITH_A_SLIP))
    group = next(name for name, (sorts, _) in GROUPS.items() if sorts == SORTS[answer])
    offered = dict(groups(put)).get(group)
    if offered is None:
        cases = [(_is(f"VERDICT_{n}", answer), [full])] if bare else []
    else:
        response = f"{group}_{n}"
        good = [name for name, address in offered if address in right]
        slips = [name for name, address in offered if address not in right]
        marks = [(_null(response), [full] if bare else [])]
        if good and slips:
            marks.append((element("and", _any_of(good, response), _any_of(slips, response)), [slip]))
        if good:
            marks.append((_any_of(good, response), [full]))
        cases = [(_is(f"VERDICT_{n}", answer), [_when(*marks)])] if good or bare else []
    if cases:
        yield _when(*cases)


def _way(key: Key, name: str, offered: Sequence[tuple[str, str]], way: Way) -> Iterator[Element]:
    """The score of a choice where one way of being right is looked at: hits less slips; the best way counts."""
    steps: list[Element] = []
    if not offered:
        steps.append(set_to("WAY", value(FULL, "integer")))
    elif not way.right:
        steps += [set_to("WAY", value(0, "integer")), _when((_null(name), [set_to("WAY", value(FULL, "integer"))]))]
    else:
        steps.append(set_to("WAY", value(0, "integer")))
        for identifier, choice in offered:
            more = value(1 if choice in way.right else -1, "integer")
            steps.append(_when((_any_of([identifier], name), [_add("WAY", more)])))
        reached = element("integerDivide", element("product", value(FULL, "integer"), variable("WAY")),
                          value(len(way.right), "integer"))  # fmt: skip
        steps.append(set_to("WAY", reached))
    score = f"SCORE_{name}"
    steps.append(_when((element("gt", variable("WAY"), variable(score)), [
        set_to(score, element("sum", value(0.0, "float"), variable("WAY"))),
    ])))  # fmt: skip
    if way.verdicts is None:
        yield from steps
        return
    given = [_is(f"VERDICT_{n}", way.verdicts[item.item]) for n, item in enumerate(key.items, 1)]
    yield _when((element("and", *given), steps))


def _when(*cases: tuple[Element, Sequence[Element]]) -> Element:
    """The first of some cases that holds."""
    names = ("responseIf", *("responseElseIf" for _ in cases[1:]))
    return element(
        "responseCondition", *(element(name, test, *then) for name, (test, then) in zip(names, cases, strict=True))
    )


def set_to(identifier: str, to: Element) -> Element:
    """The rule that sets an outcome."""
    return element("setOutcomeValue", to, identifier=identifier)


def _add(identifier: str, more: Element) -> Element:
    return set_to(identifier, element("sum", variable(identifier), more))


def variable(identifier: str) -> Element:
    """What a variable holds."""
    return element("variable", identifier=identifier)


def value(of: object, kind: str) -> Element:
    """A value of one base type."""
    return element("baseValue", str(of), baseType=kind)


def _null(identifier: str) -> Element:
    return element("isNull", variable(identifier))


def _is(identifier: str, wanted: str) -> Element:
    return element("match", variable(identifier), value(wanted, "identifier"))


def _any_of(names: Sequence[str], identifier: str) -> Element:
    found = [element("member", value(name, "identifier"), variable(identifier)) for name in names]
    return element("or", *found) if len(found) > 1 else found[0]
