"""Which readings the answer turns on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from limen.decide.decision import Disposition, Hinge
from limen.decide.editions import Editions
from limen.decide.opinion import Opinion
from limen.decide.reference import truth
from limen.law.facts import CaseFacts
from limen.law.truth import Truth


class HingeFinder:
    """Finds hinges for one case: the answer of `basis`, with one reading after another chosen otherwise."""

    def __init__(self, editions: Editions, basis: Opinion, facts: CaseFacts, known_at: date | None) -> None:
        self._editions = editions
        self._basis = basis
        self._facts = facts
        self._known_at = known_at
        self._stated = [{**facts.facts, **item.facts} for item in facts.items]

    def pivots(self) -> tuple[Hinge, ...]:
        """Every reading that changes some item's verdict by itself."""
        hinges = []
        for address, reading in self._editions.book.readings.items():
            chosen = self._basis.edition.choices.get(address)
            if chosen is None:
                continue
            truths = {alternative.id: self._truths(address, alternative.id) for alternative in reading.alternatives}
            under: dict[str, Disposition] = {}
            flips = False
            for id, truth_of_words in truths.items():
                # What the words come to is all that an answer can depend on: no need to ask when it is the same.
                same = truth_of_words == truths[chosen]
                opinion = self._basis if same else self._opinion({address: id})
                under[id] = opinion.disposition
                flips = flips or opinion.verdicts != self._basis.verdicts
            if flips:
                hinges.append(Hinge(reading=address, words=reading.words, chosen=chosen, under=under))
        return tuple(hinges)

    def between(self, other: Opinion) -> tuple[Hinge, ...]:
        """A smallest set of readings that, chosen as `other` chooses them, already moves the answer of the basis.

        Smallest in the sense that no reading can be left out of it.
        """
        theirs = other.edition.choices
        needed = {r: theirs[r] for r, choice in self._basis.edition.choices.items() if theirs.get(r, choice) != choice}
        for address in sorted(needed):
            fewer = {key: choice for key, choice in needed.items() if key != address}
            if self._opinion(fewer).verdicts != self._basis.verdicts:
                needed = fewer
        after = self._opinion(needed).disposition
        return tuple(self._joint_hinge(address, choice, after, sorted(needed)) for address, choice in needed.items())

    def _truths(self, reading: str, alternative: str) -> tuple[Truth, ...]:
        """What the words of `reading` come to under one alternative, for each item."""
        edition = self._basis.edition
        meaning = self._editions.meaning(edition, reading, alternative)
        return tuple(truth(meaning, stated) for stated in self._stated)

    def _joint_hinge(self, address: str, choice: str, after: Disposition, all_of: Sequence[str]) -> Hinge:
        chosen = self._basis.edition.choices[address]
        return Hinge(
            reading=address,
            words=self._editions.book.readings[address].words,
            chosen=chosen,
            under={chosen: self._basis.disposition, choice: after},
            together_with=tuple(other for other in all_of if other != address),
        )

    def _opinion(self, changes: Mapping[str, str]) -> Opinion:
        edition = self._basis.edition
        return self._editions.with_choices(edition.profile, changes, edition.as_of, self._known_at).opinion(self._facts)
