"""What a book and its scenarios are held to: the mutation score, the coverage table and the proofs, in one account.

The account can be kept as a page. A kept page is held against the present book cheaply: coverage anew, the promises on
the latest day, and a sample of the mutants. Where book and scenarios are those of the page everything has to be as it
says; where they have changed since, the page must not say too much.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from limen.analyse.apart import law_days
from limen.analyse.coverage import Coverage, coverage
from limen.analyse.keeping import suite_digest
from limen.analyse.mutants import Mutant, mutants
from limen.analyse.mutate import Key, Mutation, Result, key_of, mutate
from limen.analyse.prove import Proof, prove
from limen.analyse.trials import Trial
from limen.law.book import Book

SECONDS = 1200.0
SAMPLE = 30
"""Mutants that a check asks about."""
LEAST = 0.85
"""The score on a sample below which a page about an earlier book says too much: one mutant of the sample is 3 %."""

FORM = 1
_ACCOUNT = re.compile(r"^<!-- account: (\{.*\}) -->$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Assurance:
    """One account of `book` and the suite `suite` (a digest of its trials)."""

    book: Book
    suite: str
    mutation: Mutation
    coverage: Coverage
    proofs: tuple[Proof, ...]

    @property
    def complete(self) -> bool:
        """Whether time was enough for every mutant and every edition."""
        return not self.mutation.of("undecided") and all(proof.complete for proof in self.proofs)

    @property
    def account(self) -> dict[str, Any]:
        """The figures, as they are kept in the page."""
        return {
            "form": FORM,
            "book": self.book.digest,
            "suite": self.suite,
            "score": round(self.mutation.score * 100, 1),
            "mutants": len(self.mutation.results),
            "not_killed": sorted([*result.key, result.fate] for result in self.mutation.results if _alive(result)),
            "outcomes": list(self.coverage.outcomes),
            "pairs": list(self.coverage.pairs),
            "readings": list(self.coverage.readings),
            "proofs": {proof.promise: [proof.editions, proof.holds] for proof in self.proofs},
        }


def _alive(result: Result) -> bool:
    return result.fate != "killed"


def assure(
    book: Book,
    trials: Sequence[Trial],
    seconds: float = SECONDS,
    processes: int = 1,
    known: Mapping[Key, Result] | None = None,
    note: Callable[[Result], None] | None = None,
    far: Callable[[str], Callable[[int, int], None]] | None = None,
) -> Assurance:
    """The whole account: every mutant, every node, and every promise of every profile on a day of every period.

    `far` makes for what is being counted what is told how many of how many are done.
    """
    mutants_far, editions_far, trials_far = map(
        far or _silent, ("mutants asked about", "editions asked", "trials heard")
    )
    mutation = mutate(book, trials, seconds=seconds, processes=processes, known=known, note=note, far=mutants_far)
    proofs = prove(book, seconds=seconds, processes=processes, note=editions_far)
    return Assurance(book, suite_digest(trials), mutation, coverage(book, trials, trials_far), proofs)


def _silent(what: str) -> Callable[[int, int], None]:
    return lambda done, of: None


class NoAccountError(Exception):
    """A page that holds no account."""


def kept_account(path: Path) -> dict[str, Any]:
    """The figures kept in a page. Raises `NoAccountError`, `OSError`."""
    found = _ACCOUNT.search(path.read_text(encoding="utf-8"))
    if found is None:
        raise NoAccountError(f"`{path}` holds no account; `limen assure --write {path}` makes one")
    account: dict[str, Any] = json.loads(found[1])
    if account.get("form") != FORM:
        raise NoAccountError(
            f"`{path}` holds an account of another form; `limen assure --write {path}` makes a new one"
        )
    return account


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check of a kept account found: whether it is of this book and suite, and each thing that is not true."""

    current: bool
    sampled: int
    wrong: tuple[str, ...]


def check(book: Book, trials: Sequence[Trial], account: Mapping[str, Any], sample: int = SAMPLE) -> Checked:
    """Hold a kept account against the book: coverage, the promises on the latest day, and a sample of mutants."""
    current = account["book"] == book.digest and account["suite"] == suite_digest(trials)
    tried = coverage(book, trials)
    wrong = list(
        _shares(account, {"outcomes": tried.outcomes, "pairs": tried.pairs, "readings": tried.readings}, current)
    )
    for proof in prove(book, days=law_days(book)[:1], seconds=SECONDS):
        if account["proofs"].get(proof.promise, [0, False])[1] and not proof.holds:
            wrong.append(f"`{proof.promise}` is kept as proved, and does not hold on {law_days(book)[0]}")
    alive = {(kind, address, what): fate for kind, address, what, fate in account["not_killed"]}
    every = list(mutants(book))
    step = max(1, len(every) // sample) if sample else len(every) + 1
    chosen = {key_of(mutant) for mutant in every[step // 2 :: step]}

    def picked(mutant: Mutant) -> bool:
        return key_of(mutant) in chosen

    found = mutate(book, trials, seconds=SECONDS, only=picked)
    if current:
        for result in found.results:
            said = alive.get(result.key, "killed")
            if said != result.fate:
                wrong.append(f"{' '.join(result.key)} is kept as {said}, and is {result.fate}")
    elif found.score < LEAST:
        wrong.append(f"the score is kept as {account['score']}%, and is {found.score:.0%} on a sample of {sample}")
    return Checked(current, len(found.results), tuple(wrong))


def _shares(account: Mapping[str, Any], now: Mapping[str, tuple[int, int]], current: bool) -> Iterator[str]:
    """Each share that is kept as another than it is, or (of another book or suite) as larger than it is."""
    for name, (shown, of) in now.items():
        kept_shown, kept_of = account[name]
        if current and (kept_shown, kept_of) != (shown, of):
            yield f"{name} are kept as {kept_shown} of {kept_of}, and are {shown} of {of}"
        elif not current and kept_shown * of > shown * kept_of:
            yield f"{name} are kept as {kept_shown} of {kept_of}, and are no more than {shown} of {of}"
