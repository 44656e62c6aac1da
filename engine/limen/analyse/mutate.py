"""How good a suite of scenarios is: which mutants of the book it notices, and what it would take to notice the rest.

A mutant is killed when some trial no longer passes under it. A mutant that no case can tell from the book, under any
profile on any day, is *equivalent*: that is proved by Z3, not guessed, and it counts for nothing. For every other
survivor there is a case that the two decide differently: the scenario that would kill it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from limen.analyse.apart import Telling, Witness
from limen.analyse.court import Court
from limen.analyse.mutants import KINDS, Kind, Mutant, mutants
from limen.analyse.sharing import shared_out
from limen.analyse.trials import Trial
from limen.decide.exact import Undecided
from limen.decide.shown import Shown
from limen.law.book import Book

SECONDS = 60.0
FATES = ("killed", "survived", "equivalent", "undecided")
Key = tuple[str, str, str]
"""What names a mutant: its kind, its address and what was done to it."""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one mutant: `killed` by a trial, `survived` with a witness, `equivalent`, or `undecided`."""

    kind: Kind
    address: str
    what: str
    fate: str
    by: str | None = None
    witness: Witness | None = None

    @property
    def key(self) -> Key:
        """What names the mutant."""
        return self.kind, self.address, self.what


@dataclass(frozen=True, slots=True)
class Mutation(Shown):
    """The results, one per mutant. What is undecided counts against the suite."""

    results: tuple[Result, ...]
    trials: int

    def of(self, fate: str) -> tuple[Result, ...]:
        """The mutants with this fate."""
        return tuple(result for result in self.results if result.fate == fate)

    @property
    def by_fate(self) -> str:
        """How many there are of each fate, in words."""
        return ", ".join(f"{len(self.of(fate))} {fate}" for fate in FATES)

    @property
    def score(self) -> float:
        """Killed, of all that are not proved equivalent; 1 where there is none."""
        counted = len(self.results) - len(self.of("equivalent"))
        return len(self.of("killed")) / counted if counted else 1.0

    def _repr_html_(self) -> str:
        from limen.analyse.html import mutation_html

        return mutation_html(self)


def mutate(
    book: Book,
    trials: Iterable[Trial],
    kinds: tuple[Kind, ...] = KINDS,
    thorough: bool = False,
    seconds: float = SECONDS,
    under: str | None = None,
    *,
    only: Callable[[Mutant], bool] | None = None,
    processes: int = 1,
    known: Mapping[Key, Result] | None = None,
    note: Callable[[Result], None] | None = None,
    far: Callable[[int, int], None] | None = None,
) -> Mutation:
    """The fate of every mutant of `book`, or of those at addresses that start with `under` and that `only` lets pass.

    Trials that do not pass on `book` itself are left out. After `seconds` the mutants not yet asked about are
    `undecided`. `known` are results of an earlier run on the same book and trials, not asked for again; `note` is told
    of each new one as it comes, and `far` how many of how many are done. With several `processes` (where the system
    can fork) each asks about its share.
    """
    until = time.perf_counter() + seconds
    wanted = [
        mutant
        for mutant in mutants(book, kinds, thorough)
        if (under is None or mutant.address.startswith(under)) and (only is None or only(mutant))
    ]
    heard = tuple(trials)
    found = {key_of(mutant): (known or {}).get(key_of(mutant)) for mutant in wanted}
    asked = [mutant for mutant in wanted if found[key_of(mutant)] is None]
    if asked:
        judge = _Judge(book, heard, asked, until)
        for done, (_, result) in enumerate(shared_out(judge.fate, len(asked), processes, at_once=4), 1):
            if far is not None:
                far(done, len(asked))
            found[result.key] = result
            if note is not None and result.fate != "undecided":
                note(result)
    return Mutation(tuple(result for result in found.values() if result is not None), len(heard))


def key_of(mutant: Mutant) -> Key:
    """What names a mutant."""
    return mutant.kind, mutant.address, mutant.what


class _Judge:
    """One court and one solver, to ask about the mutants of a list by their number."""

    def __init__(self, book: Book, trials: Sequence[Trial], asked: Sequence[Mutant], until: float) -> None:
        self._court = Court(book, trials)
        self._telling = Telling(book)
        self._asked, self._until = asked, until

    def fate(self, number: int) -> Result:
        """What becomes of one mutant."""
        mutant = self._asked[number]
        if time.perf_counter() > self._until:
            return Result(mutant.kind, mutant.address, mutant.what, "undecided")
        killer = self._court.killer(mutant)
        if killer is not None:
            return Result(mutant.kind, mutant.address, mutant.what, "killed", killer)
        try:
            witness = told_apart(self._telling, mutant, self._until)
        except Undecided:
            return Result(mutant.kind, mutant.address, mutant.what, "undecided")
        fate = "equivalent" if witness is None else "survived"
        return Result(mutant.kind, mutant.address, mutant.what, fate, None, witness)


def told_apart(telling: Telling, mutant: Mutant, until: float | None = None) -> Witness | None:
    """A case that the book and its mutant decide differently; `None` if they are equivalent. Raises `Undecided`."""
    if until is not None and time.perf_counter() > until:
        raise Undecided("time ran out")
    return telling.witness(mutant.make(), mutant.days, None, until)
