"""Cases that analysis found, told as scenarios: what the clause says, the answers that matter, the verdict.

For a mutant also the verdict with the change, for twins that of the other. All of it is derived, so that a reviewer
need only judge whether it is law.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from limen.analyse.apart import Witness
from limen.analyse.mutants import Mutant
from limen.analyse.twins import Twins
from limen.analyse.writing import scenario_id, scenario_text
from limen.law.book import Book
from limen.law.english import English, day
from limen.law.expression import parse
from limen.law.facts import CaseFacts
from limen.law.node import Node
from limen.law.rules import Bar, Gateway, Reading
from limen.law.scope import scope_of
from limen.law.tree import All, AnyOf, Compare, Defined, Expr, Not, Parameter, facts_in, walk
from limen.law.vocabulary import FactValue

_IS = {
    "allow": "the item is released", "deny": "the item is withheld", "open": "more has to be known",
    "not_covered": "the general rule does not reach the item", "readings_differ": "the readings differ",
}  # fmt: skip
_WOULD = {
    "allow": "it would be released", "deny": "it would be withheld", "open": "more would have to be known",
    "not_covered": "the general rule would not reach it", "readings_differ": "the readings would differ",
}  # fmt: skip
_ELSE = {
    ("deny", "allow"): "Nothing else stands in the way of the item, and no other way is open for it.",
    ("allow", "deny"): "Everything else that is asked for is met, and no other way is open for the item.",
}
_WIDENED = re.compile(r"`([^`]+)`")
_MOST = 160
"""Characters of a title."""


@dataclass(frozen=True, slots=True)
class Clause:
    """What a change touches, in words: as it stands, and as the change would have it.

    `says` is a sentence about the law; `stands` and `changed` are the halves of a sentence that verdicts complete;
    `reads` are the facts that matter to either.
    """

    topic: str
    says: str
    stands: str
    changed: str
    reads: tuple[str, ...]


def killing_scenario(book: Book, mutant: Mutant, witness: Witness, id: str) -> str:
    """The scenario file that notices one mutant of `book`, by a case that the two decide differently."""
    clause = clause_of(book, mutant)
    return scenario_text(
        id,
        title=_short(f"{clause.topic}: {_IS[witness.before]}"),
        story=story_of(book, clause, witness),
        teaches=lesson_of(clause, witness),
        provisions=[mutant.address.partition(":")[0]],
        as_of=witness.as_of,
        facts=witness.facts,
        expect={witness.profile: {witness.facts.items[0].id: witness.before}},
        notes=f"It notices this change of the book: {mutant.kind}, {mutant.address}, {mutant.what}.",
    )


def twin_scenarios(book: Book, pair: Twins, as_of: date) -> Iterator[tuple[str, str]]:
    """The scenario files of two cases one fact apart, each with its id, ready to review."""
    provision = pair.address.partition(":")[0]
    source, _ = _source(book, pair.address)
    for word, case, verdict, other in (
        ("one", pair.first, pair.verdict, pair.other), ("other", pair.second, pair.other, pair.verdict),
    ):  # fmt: skip
        id = scenario_id("twin", word, pair.address)
        question = next(answers(book, case, (pair.fact,)))
        label = pair.label or provision
        text = scenario_text(
            id,
            title=_short(f"{_capital(label)} ({source}): {_IS[verdict]}"),
            story=f"{asked_for(book, case)} It turns on one answer. {question} Under {pair.profile}, by the law of "
            f"{day(as_of)}, {_IS[verdict]}. Its twin states everything else alike.",
            teaches=f"{_capital(label)} ({source}) rests on this answer: with it {_IS[verdict]}, and in the twin "
            f"{_WOULD[other]}.",
            provisions=[provision],
            as_of=as_of,
            facts=case,
            expect={pair.profile: {case.items[0].id: verdict}},
        )
        yield id, text


def story_of(book: Book, clause: Clause, witness: Witness) -> str:
    """What is asked, what the clause says, and what was answered to each question that it puts."""
    told = [asked_for(book, witness.facts), clause.says, *answers(book, witness.facts, clause.reads)]
    told.append(f"Under {witness.profile}, by the law of {day(witness.as_of)}, {_IS[witness.before]}.")
    told.append(_ELSE.get((witness.before, witness.after), "What else is stated settles nothing by itself."))
    return " ".join(told)


def lesson_of(clause: Clause, witness: Witness) -> str:
    """One sentence: the verdict that the clause leads to, and the one that it would lead to if it were changed."""
    return f"{clause.stands}, and {_IS[witness.before]}; {clause.changed}, {_WOULD[witness.after]}."


def asked_for(book: Book, facts: CaseFacts) -> str:
    """The sentence that says what is asked for, in the words of the vocabulary."""
    fact = book.vocabulary.facts.get("item.kind")
    kind = facts.items[0].facts.get("item.kind") if facts.items else None
    if fact is None or not isinstance(kind, str):
        return "An item is asked for."
    words = (fact.labels or {}).get(kind) or kind.replace("_", " ")
    article = "" if words.startswith(("the ", "a ", "an ")) else "an " if words[0] in "aeiou" else "a "
    return f"{_capital(article + words)} is asked for."


def answers(book: Book, facts: CaseFacts, names: Iterable[str]) -> Iterator[str]:
    """Each question with the answer that the case gives; those that nobody answered too."""
    stated = {**facts.facts, **(facts.items[0].facts if facts.items else {})}
    for name in names:
        fact = book.vocabulary.facts[name]
        value = stated.get(name)
        if value is None:
            yield f"{fact.ask} Nobody has said."
        else:
            yield f"{fact.ask} {_capital(_answer(value, fact.labels or {}))}."


def clause_of(book: Book, mutant: Mutant) -> Clause:
    """What a mutant of `book` changes, in words."""
    address = mutant.address
    if mutant.kind == "reading":
        profile = mutant.profile or ""
        return _of_reading(book, book.readings[address], profile, mutant.make().profiles[profile].chooses[address])
    if address.startswith("param."):
        return _of_parameter(book, mutant)
    if mutant.kind == "date":
        return _of_date(book, mutant)
    return _of_node(book, mutant)


def _of_node(book: Book, mutant: Mutant) -> Clause:
    before, after = (_nodes(one).get(mutant.address) for one in (book, mutant.make()))
    if before is None:
        raise ValueError(f"the book has nothing at `{mutant.address}`")
    english = English(book.vocabulary, book.readings)
    source, verb = _source(book, before.address)
    label = before.label or english.node(before)
    meaning = english.test(before.test) if before.test is not None else ""
    that_is = f", that is: {meaning}" if meaning and meaning != label else ""
    stands = f"{source} {verb} {label}"
    reads = [before, *([after] if after is not None else [])]
    return Clause(
        f"{_capital(label)} ({source})", f"{stands}{that_is}.", stands, _as_changed(book, mutant, after),
        _facts(book, reads),
    )  # fmt: skip


def _as_changed(book: Book, mutant: Mutant, after: Node | None) -> str:
    """What the node would say instead: with something left out, a value more, or another bound."""
    english = English(book.vocabulary, book.readings)
    if after is None or after.test is None:
        return "if that were left out"
    if mutant.kind == "drop":
        part = parse(mutant.what.removeprefix("`").removesuffix("` dropped"), scope_of(book.vocabulary))
        return f"if it were left out that {english.test(part)}"
    if mutant.kind == "widen":
        name, value = _WIDENED.findall(mutant.what)
        fact = book.vocabulary.facts[name]
        return f"if the answer to “{fact.ask}” might also be “{_answer(value, fact.labels or {})}”"
    return f"if it meant that {english.test(after.test)}"


def _of_reading(book: Book, reading: Reading, profile: str, other: str) -> Clause:
    mine, theirs = (reading.alternative(id) for id in (book.profiles[profile].chooses[reading.address], other))
    words = f"“{reading.words}”"
    return Clause(
        f"What {words} means",
        f"{reading.question} Some say: {mine.label}. Others say: {theirs.label}.",
        f"The profile {profile} takes the words {words} in the sense of {mine.label}",
        f"in the sense of {theirs.label}",
        _facts(book, (mine.meaning, theirs.meaning)),
    )


def _of_parameter(book: Book, mutant: Mutant) -> Clause:
    name = mutant.address.removeprefix("param.")
    before, became, moved = mutant.what.partition(" became ")
    words = name.replace("_", " ")
    users = [
        node for node in book.nodes() if node.test is not None
        and any(isinstance(part, Compare) and part.value == Parameter(name) for part in walk(node.test))
    ]  # fmt: skip
    tests = [f"{_source(book, node.address)[0]} speaks of it: {node.label}." for node in users if node.label]
    if became:
        stands, changed = f"The number called “{words}” is {before}", f"if it were {moved}"
    else:
        numbers = [
            one for one in book.vocabulary.parameters[name] if mutant.days and one.in_force.covers(mutant.days[0])
        ]
        value = numbers[0].value if numbers else book.vocabulary.parameters[name][0].value
        stands, changed = f"The number called “{words}” is {value} on that day", f"if that were {_spoken(mutant.what)}"
    return Clause(_capital(words), " ".join([f"{stands}.", *tests]), stands, changed, _facts(book, users))


def _of_date(book: Book, mutant: Mutant) -> Clause:
    rule, node = book.rules.get(mutant.address), _nodes(book).get(mutant.address)
    of = rule or node
    if of is None:
        raise ValueError(f"the book has nothing at `{mutant.address}`")
    source, _ = _source(book, mutant.address)
    label = rule.title if rule is not None else node.label if node is not None else ""
    start, until = of.in_force.start, of.in_force.until
    said = [f"from {day(start)}"] if start is not None else []
    said += [f"until {day(until)}"] if until is not None else []
    stands = f"{source}, {label}, is in force {' '.join(said)}"
    changed = f"if it were {_spoken(mutant.what)}"
    return Clause(f"{label} ({source})", f"{stands}.", stands, changed, _facts(book, [node] if node else []))


def _spoken(what: str) -> str:
    """`in force from 2025-04-08`, with the day as it is spoken."""
    words, _, iso = what.rpartition(" ")
    return f"{words} {day(date.fromisoformat(iso))}"


def _nodes(book: Book) -> dict[str, Node]:
    return {node.address: node for node in book.nodes()}


def _source(book: Book, address: str) -> tuple[str, str]:
    """The authority of a node, as cited there or above it, with the verb that says what such a node does."""
    home, _, place = address.partition("#")
    rule = book.rules.get(home)
    nodes = _nodes(book)
    above = [f"{home}#{'/'.join(place.split('/')[:depth])}" for depth in range(len(place.split("/")), 0, -1)]
    cite = next((nodes[one].cite for one in above if one in nodes and nodes[one].cite is not None), None)
    if rule is None:
        reading = book.readings.get(address.partition(":")[0])
        if reading is None:
            return (cite.text if cite is not None else "The vocabulary"), "speaks of"
        return f"One sense of “{reading.words}”", "asks for" if "/" in address.partition(":")[2] else "is"
    verb = "covers"
    if isinstance(rule, Gateway):
        verb = "opens" if any(ground.address in above for ground in rule.releases) else "asks for"
    elif isinstance(rule, Bar):
        verb = "bars a release for"
    return (cite or rule.cite).text, verb


def _facts(book: Book, nodes: Iterable[Node]) -> tuple[str, ...]:
    """The facts that these nodes read, through definitions too, in the order in which they are met."""
    found: dict[str, None] = {}
    todo: list[Expr] = [part.test for node in nodes for part in node.walk() if part.test is not None]
    seen: set[str] = set()
    while todo:
        for part in walk(todo.pop(0)):
            if isinstance(part, Defined) and part.name not in seen:
                seen.add(part.name)
                meaning = book.vocabulary.definitions[part.name].meaning
                todo += [inner.test for inner in meaning.walk() if inner.test is not None]
            elif not isinstance(part, (All, AnyOf, Not)):
                found |= dict.fromkeys(sorted(facts_in(part)))
    return tuple(found)


def _answer(value: FactValue, labels: Mapping[str, str]) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return day(value)
    if isinstance(value, str):
        return labels.get(value) or value.replace("_", " ")
    return str(value)


def _capital(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"


def _short(words: str) -> str:
    return words if len(words) <= _MOST else f"{words[:_MOST].rpartition(' ')[0]} …"
