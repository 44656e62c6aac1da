"""What an amendment changes: every way in which two books decide differently, and nothing else.

Differences are told gateway by gateway, in the words of what the amendment touched: *the verdict goes from deny to
allow where, in this gateway, these facts are so and everything else it asks is met.* Each sentence comes with a case
that shows it and a twin, one fact apart, that both books decide alike; both are run. When every sentence has been
found, Z3 is asked once more for a difference outside all of them: `complete` means that there is none.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from limen.analyse.apart import alike, fitting
from limen.analyse.comparing import Comparing, Sentence
from limen.analyse.groups import alike_in_change
from limen.analyse.trials import Law
from limen.decide.compiled import compile_edition
from limen.decide.exact import Undecided
from limen.decide.shown import Shown
from limen.law.book import Book
from limen.law.facts import CaseFacts
from limen.law.making import make_edition
from limen.law.tree import Expr

SECONDS = 0.9


@dataclass(frozen=True, slots=True)
class Difference(Shown):
    """All sentences, the addresses whose words differ, and whether any difference lies outside the sentences.

    `asked` are the profiles asked about, `unasked` those of them that time did not reach the end of. `counts` says for
    a population how many cases change under each profile; `population` how many were asked, `of` how many there were.
    """

    as_of: date
    changed: tuple[str, ...]
    sentences: tuple[Sentence, ...]
    asked: tuple[str, ...]
    unasked: tuple[str, ...] = ()
    population: int = 0
    of: int = 0
    counts: Mapping[str, int] | None = None

    @property
    def complete(self) -> bool:
        """Whether it is proved that no case changes outside the sentences."""
        return not self.unasked

    @property
    def same(self) -> bool:
        """Whether the two books are proved to decide every case of the day alike, under every profile they share."""
        return self.complete and not self.sentences

    def _repr_html_(self) -> str:
        from limen.analyse.html import difference_html

        return difference_html(self)


def diff(
    one: Book,
    other: Book,
    as_of: date,
    profiles: Iterable[str] | None = None,
    population: Sequence[CaseFacts] = (),
    seconds: float = SECONDS,
    note: Callable[[int, int], None] | None = None,
) -> Difference:
    """What changes between two books on one day, under each profile they share (or under `profiles`).

    `note` is told, as it goes, how many steps of how many are done: a step is a group of profiles, or a case of the
    population. Raises `EditionError` where one of the books has no law for the day.
    """
    until = time.perf_counter() + seconds
    before, after = Law(one, as_of), Law(other, as_of)
    names = [name for name in (profiles or one.profiles) if name in one.profiles and name in other.profiles]
    groups = () if alike(before, after, tuple(names)) else alike_in_change(before, after, names)
    steps = len(groups) + len(population)
    sentences: list[Sentence] = []
    unasked: set[str] = set()
    for number, group in enumerate(groups, 1):
        try:
            sentences += Comparing(before, after, group, until).sentences()
        except (TimeoutError, Undecided) as stopped:
            sentences += getattr(stopped, "found", ())
            unasked |= {*group}
        if note is not None:
            note(number, steps)
    asked, counts = 0, dict.fromkeys(names, 0)
    turns = _Turning(one, other, as_of, names) if population else None
    for facts in population if turns is not None else ():
        if asked and time.perf_counter() > until + seconds:
            break
        asked += 1
        for name in turns.changed(facts) if turns is not None else ():
            counts[name] += 1
        if note is not None:
            note(len(groups) + asked, steps)
    return Difference(
        as_of, changed_addresses(before, after), _told_once(sentences, names), tuple(names),
        tuple(name for name in names if name in unasked), asked, len(population), counts if population else None,
    )  # fmt: skip


def _told_once(sentences: Iterable[Sentence], names: Sequence[str]) -> tuple[Sentence, ...]:
    """Sentences that say the same of several groups of profiles, as one."""
    once: dict[object, Sentence] = {}
    for one in sentences:
        key = (one.before, one.after, one.rule, one.where)
        if key in once:
            first, also = once[key].profile, {*once[key].profiles, *one.profiles}
            once[key] = replace(once[key], profiles=(first, *(name for name in names if name in also - {first})))
        else:
            once[key] = one
    return tuple(once.values())


class _Turning:
    """Under which profiles a case is decided otherwise, by the generated evaluators of both books."""

    def __init__(self, one: Book, other: Book, as_of: date, names: Sequence[str]) -> None:
        self._sides = [
            (name, [compile_edition(make_edition(book, name, as_of)) for book in (one, other)]) for name in names
        ]
        self._known = [book.vocabulary.facts for book in (one, other)]

    def changed(self, facts: CaseFacts) -> list[str]:
        """The profiles under which the verdict on the first item changes."""
        one, other = (fitting(facts, known) for known in self._known)
        return [
            name for name, (before, after) in self._sides
            if before.find(one).items[0].verdict != after.find(other).items[0].verdict
        ]  # fmt: skip


def changed_addresses(before: Law, after: Law) -> tuple[str, ...]:
    """The points, and alternatives of readings, that do not read the same, in the order of the first book."""

    def all_of(law: Law) -> dict[str, Expr]:
        points = (*law.edition.case_points, *law.edition.item_points)
        found = {point.address: point.expr for point in points}
        for reading, meanings in law.open.meanings.items():
            found |= {f"{reading}:{id}": expr for id, expr in meanings.items()}
        return found

    one, other = all_of(before), all_of(after)
    return tuple(address for address in {**one, **other} if one.get(address) != other.get(address))
