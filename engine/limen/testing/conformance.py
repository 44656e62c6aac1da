"""Does a system keep to the book? Cases aimed at each provision and cases at random, put to it one by one.

    from limen.testing import conformance

    conformance(our_decide, under=["usc.26.6103.c"]).check()

The module can itself be called.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

from limen.decide.findings import Verdict
from limen.law.book import Book
from limen.law.tree import facts_in
from limen.testing.as_request import RequestWriter
from limen.testing.case import Case, differing, item_id
from limen.testing.directed import Directed, key_of
from limen.testing.oracle import Oracle, Place
from limen.testing.report import ConformanceError, Disagreement, Fault, Report
from limen.testing.system import Decide, ask, system_of

__all__ = ["ConformanceError", "Disagreement", "Report", "conformance"]

Form = Literal["facts", "request"]


def conformance(
    decide: Decide | str,
    *,
    book: Book | Path | str | None = None,
    profile: str | None = None,
    as_of: date | None = None,
    under: Sequence[str] = (),
    examples: int = 1000,
    seed: int = 0,
    form: Form = "facts",
    items: int = 1,
) -> Report:
    """Put directed cases and `examples` random ones to `decide`, and compare each answer with the book's.

    `decide` is a function of a case, or the address of a service on this machine to which cases are posted as JSON.
    A case is `{"facts": {name: value}, "items": {"item-1": {name: value}}}`, in the words of the book's vocabulary, or,
    with `form="request"`, a request as an agency writes it. The answer is `allow` or `deny` (or a truth value), for the
    one item or as a mapping from its id. Anything that is not allow counts as a refusal, but an error is reported: a
    system that falls over has not decided. `under` names the gateways the system stands for; the others are taken
    away. Items that the prohibition does not reach are not asked about. With `items` greater than 1, cases that ask for
    up to so many items at once follow, for a system that answers by item: one that lets an item out because another may
    go is found by these alone.

    Raises `BookError`, `EditionError`, `UnknownAddress` and `SystemAddressError`.
    """
    check = _Check(Oracle(book, profile, as_of, under), system_of(decide), form)
    directed = check.put(check.directed.cases())
    at_random = check.put(check.at_random(examples, random.Random(seed)))
    at_random += check.put_together(examples, items, random.Random(seed))
    edition = check.oracle.edition
    return Report(
        edition.book_name,
        edition.profile,
        edition.as_of,
        directed,
        at_random,
        tuple(check.found.values()),
        len(check.oracle.places),
    )


class _Check:
    """One run: the cases put so far, and the disagreements found, one for each fault, provision and fact."""

    def __init__(self, oracle: Oracle, decide: Decide, form: Form) -> None:
        self.oracle, self.decide, self.form = oracle, decide, form
        self.directed = Directed(oracle)
        self.found: dict[tuple[str, str, str | None], Disagreement] = {}
        self._answers: dict[Any, tuple[bool | None, str]] = {}

    def put(self, cases: Iterator[Case]) -> int:
        """Put each case to the system; how many there were."""
        count = 0
        for case in cases:
            verdict = self.oracle.verdict(case)
            if verdict == "not_covered":
                continue
            count += 1
            fault = _fault(verdict, self.answer(case)[0])
            if fault is not None:
                self._note(fault, case)
        return count

    def put_together(self, examples: int, items: int, rng: random.Random) -> int:
        """Put cases with several items, of which some are allowed and some are not; how many there were."""
        bases = [self.oracle.case(opening.stated) for opening in (*self.directed.openings, *self.directed.refusals)]
        of_item = [name for name, fact in self.oracle.facts_read.items() if fact.per_item]
        count = 0
        for _ in range(examples if items > 1 and bases and of_item else 0):
            base = rng.choice(bases)
            more = []
            for _ in range(rng.randint(1, items - 1)):
                other = dict(rng.choice(bases).item)
                name = rng.choice(of_item)
                value = rng.choice((None, *self.directed.values(name, {})))
                more.append(
                    {**other, name: value} if value is not None else {n: v for n, v in other.items() if n != name}
                )
            case = Case(base.facts, base.item, tuple(more))
            verdicts = self.oracle.verdicts(case)
            if len(set(verdicts)) > 1 and "not_covered" not in verdicts:
                count += 1
                self._compare_each(case, verdicts)
        return count

    def _compare_each(self, case: Case, verdicts: Sequence[Verdict]) -> None:
        """Note each item that is answered wrongly beside others, and alone rightly."""
        for number, verdict in enumerate(verdicts):
            allowed, answer = ask(self.decide, self._told(case), item_id(number))
            fault = _fault(verdict, allowed)
            alone = case.alone(number)
            if fault is None or _fault(verdict, self.answer(alone)[0]) is not None:
                continue
            # One word for all of them may refuse what could go out alone: then nothing is let out.
            if fault == "withheld" and not answer.lstrip().startswith("{"):
                continue
            place = self._obstacle(alone) if verdict != "allow" else next(iter(self.oracle.places.values()))
            key = (fault, "beside other items", None)
            known = self.found.get(key)
            cite = place.cite.text if place.cite is not None else ""
            self.found[key] = (
                replace(known, count=known.count + 1) if known is not None
                else Disagreement(fault, case, verdict, f"{answer} for `{item_id(number)}`", place.address, cite,
                                  f"{place.label}; alone it is answered rightly", None, alone)
            )  # fmt: skip

    def answer(self, case: Case) -> tuple[bool | None, str]:
        """What the system says of `case`; asked once."""
        key = key_of(case)
        if key not in self._answers:
            self._answers[key] = ask(self.decide, self._told(case))
        return self._answers[key]

    def _told(self, case: Case) -> dict[str, Any]:
        if self.form == "facts":
            return case.as_mapping()
        return self._writer.write(case)

    @cached_property
    def _writer(self) -> RequestWriter:
        return RequestWriter(self.oracle.edition.facts)

    def at_random(self, examples: int, rng: random.Random) -> Iterator[Case]:
        """Openings and refusals with one to six facts changed at random."""
        bases = [*self.directed.openings, *self.directed.refusals]
        names = list(self.oracle.facts_read)
        for _ in range(examples if bases else 0):
            stated = dict(rng.choice(bases).stated)
            for name in rng.sample(names, min(len(names), rng.randint(1, 6))):
                value = rng.choice((None, *self.directed.values(name, stated)))
                if value is None:
                    stated.pop(name, None)
                else:
                    stated[name] = value
            yield self.oracle.case(stated)

    def _note(self, fault: Fault, case: Case) -> None:
        """Keep a disagreement, told of the smallest case that shows it; count it where it is known already."""
        found = self._twin(fault, case)
        fact, twin = found if found is not None else (None, None)
        place = self._obstacle(case) if fact is None or twin is None else self._between(case, twin, fact)
        key = (fault, "" if fault == "error" and fact is not None else place.address, fact)
        if key in self.found:
            self.found[key] = replace(self.found[key], count=self.found[key].count + 1)
            return
        small, small_twin = self._smaller(fault, case, fact, twin)
        cite = place.cite.text if place.cite is not None else ""
        verdict, (_, answer) = self.oracle.verdict(small), self.answer(small)
        self.found[key] = Disagreement(
            fault, small, verdict, answer, place.address, cite, place.label, fact, small_twin
        )

    def _smaller(self, fault: Fault, case: Case, fact: str | None, twin: Case | None) -> tuple[Case, Case | None]:
        """`case` and its twin without each fact that the disagreement does not need."""
        if fact is None or twin is None:
            return case, twin
        for name in reversed(list(case.stated)):
            if name == fact:
                continue
            one, other = (
                self.oracle.case({left: value for left, value in both.stated.items() if left != name})
                for both in (case, twin)
            )
            if self._differs(one) == fault and self._is_twin(fault, other):
                case, twin = one, other
        return case, twin

    def _differs(self, case: Case) -> Fault | None:
        verdict = self.oracle.verdict(case)
        return None if verdict == "not_covered" else _fault(verdict, self.answer(case)[0])

    def _is_twin(self, fault: Fault, other: Case) -> bool:
        """Whether the book and the system both allow `other`; after an error, whether the system answers at all."""
        if fault == "error":
            return self.answer(other)[0] is not None
        return self.oracle.verdict(other) == "allow" and self.answer(other)[0] is True

    def _twin(self, fault: Fault, case: Case) -> tuple[str, Case] | None:
        """A case one fact from `case` that book and system allow, a fact stated rather than taken away if possible."""
        stated = case.stated
        read = self.oracle.facts_read
        # A number or a day is the smaller change: where it is enough, nothing else was the matter.
        for name in sorted(read, key=lambda name: (name in stated, read[name].type in ("bool", "enum"))):
            for other in self.directed.varied(stated, name):
                if self._is_twin(fault, other):
                    return name, other
        return None

    def _between(self, case: Case, twin: Case, fact: str) -> Place:
        """The provision in which a case and its twin differ; the innermost that reads the fact if none does."""
        apart = [place for place in self.oracle.apart(case, twin) if fact in facts_in(place.expr)]
        reading = [place for place in self.oracle.places.values() if fact in facts_in(place.expr)]
        return min(apart or reading, key=lambda place: len(facts_in(place.expr)))

    def _obstacle(self, case: Case) -> Place:
        """What stands in the way in the gateway that `case` comes nearest to."""
        nearest = min(
            (opening for opening in self.directed.openings),
            key=lambda opening: len(differing(case.stated, opening.stated)),
        )
        apart = self.oracle.apart(case, self.oracle.case(nearest.stated))
        return apart[0] if apart else self.oracle.places[nearest.address]


def _fault(verdict: Verdict, allowed: bool | None) -> Fault | None:
    if allowed is None:
        return "error"
    if allowed is (verdict == "allow"):
        return None
    return "released" if allowed else "withheld"


class _CallableModule(ModuleType):
    def __call__(self, *args: Any, **kwargs: Any) -> Report:
        return conformance(*args, **kwargs)


sys.modules[__name__].__class__ = _CallableModule
