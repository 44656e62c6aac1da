"""A population of cases around those given: each with a few facts stated otherwise, the same for the same seed."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from limen.analyse.bench import put
from limen.analyse.trials import Law
from limen.law.facts import CaseFacts, ItemFacts
from limen.law.tree import facts_in
from limen.law.vocabulary import FactValue

MOST_CHANGES = 3


def population(law: Law, around: Sequence[CaseFacts], size: int, seed: int = 1) -> Iterator[CaseFacts]:
    """`size` cases of one item: cases of `around`, drawn evenly, with up to three facts stated otherwise or not at all.

    It is made to reach much of the law, and stands for no number of real requests.
    """
    rng = random.Random(seed)
    points = (*law.edition.case_points, *law.edition.item_points)
    meanings = [m for readings in law.open.meanings.values() for m in readings.values()]
    read = sorted(
        name
        for name in frozenset().union(*(facts_in(point.expr) for point in points), *map(facts_in, meanings))
        if not name.startswith("reading ")
    )
    for _ in range(size):
        case = rng.choice(around)
        item = rng.choice(case.items)
        facts = CaseFacts(case.facts, (ItemFacts("item", item.facts),))
        for name in rng.sample(read, min(len(read), rng.randint(0, MOST_CHANGES))):
            fact = law.edition.facts[name]
            values: list[FactValue | None] = [None]
            values += [True, False] if fact.type == "bool" else list(fact.values)
            if fact.type == "int":
                values += [fact.minimum or 0, 2, 51]
            facts = put(facts, {(name, "item" if fact.per_item else None): rng.choice(values)})
        yield facts
