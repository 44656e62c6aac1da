"""Profiles that take an amendment alike, so that one question serves all of them."""

from __future__ import annotations

from collections.abc import Iterable

from limen.analyse.trials import Law
from limen.law.closing import reading_fact
from limen.law.tree import facts_in


def alike_in_change(before: Law, after: Law, profiles: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """The profiles in groups that take what was changed alike: the same points differ, and read the same words so."""
    groups: dict[object, list[str]] = {}
    for profile in profiles:
        groups.setdefault(_touched(before, after, profile), []).append(profile)
    return tuple(map(tuple, groups.values()))


def _touched(before: Law, after: Law, profile: str) -> object:
    """The points that differ under a profile, and how it reads the words that they rest on, in both books."""
    mine, theirs = (law.book.profiles[profile].chooses for law in (before, after))
    one, other = before.open.meanings, after.open.meanings
    differing: set[str] = set()
    for address in dict.fromkeys((*before.open.order, *after.open.order)):
        here, there = (
            one.get(address, {}).get(mine.get(address, "")),
            other.get(address, {}).get(theirs.get(address, "")),
        )
        if mine.get(address) != theirs.get(address) or here is None or here != there or differing & facts_in(here):
            differing.add(reading_fact(address))
    exprs = [
        {point.address: point.expr for point in (*law.edition.case_points, *law.edition.item_points)}
        for law in (before, after)
    ]
    points = frozenset(
        address
        for address in {**exprs[0], **exprs[1]}
        if (expr := exprs[0].get(address)) is None or expr != exprs[1].get(address) or differing & facts_in(expr)
    )
    read: set[tuple[int, str, str | None]] = set()
    for number, (law, chooses) in enumerate(((before, mine), (after, theirs))):
        todo = [exprs[number][address] for address in points if address in exprs[number]]
        while todo:
            for fact in facts_in(todo.pop()):
                address = fact.removeprefix("reading ")
                if fact != address and (number, address, chooses.get(address)) not in read:
                    read.add((number, address, chooses.get(address)))
                    todo.append(law.open.meanings[address][chooses[address]])
    return points, frozenset(read)
