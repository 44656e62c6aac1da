"""An account of a book and its scenarios as a page of Markdown; the same account gives the same page."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from limen.analyse.assurance import Assurance
from limen.analyse.coverage import WORDS, Line
from limen.analyse.mutants import KINDS
from limen.analyse.mutate import FATES, Result


def assurance_page(found: Assurance) -> str:
    """The whole page."""
    return "\n".join(_lines(found)) + "\n"


def _lines(found: Assurance) -> Iterator[str]:
    yield "# What the shipped book is held to\n"
    yield "Written by `make assurance` (`limen assure --write docs/assurance.md`), not by hand. `.ci/run` holds it"
    yield "against the book: coverage anew, the promises on the latest day, and a sample of the mutants.\n"
    yield f"Book {found.book.name} {found.book.version} ({found.book.digest[:16]}), {found.coverage.trials} scenarios"
    yield f"with their variants, {found.mutation.trials:,} trials (suite {found.suite})."
    if not found.complete:
        yield "\n**Time ran out.** What is undecided counts against the scenarios, and nothing incomplete is proved."
    yield from _mutants(found)
    yield "\n## Proofs\n"
    yield "Asked of every profile on a day of every period in which the law stays the same."
    yield "What each is: [limen prove](analysis/prove.md).\n"
    proofs = (
        (proof.promise, proof.says, str(proof.editions),
         "proved" if proof.holds else "broken" if proof.broken else "not known")
        for proof in found.proofs
    )  # fmt: skip
    yield from _table(("promise", "says", "editions", ""), proofs)
    yield from _coverage(found)
    yield f"\n<!-- account: {json.dumps(found.account, sort_keys=True, ensure_ascii=False)} -->"


def _mutants(found: Assurance) -> Iterator[str]:
    mutation = found.mutation
    killed, survived, equivalent, undecided = (len(mutation.of(fate)) for fate in FATES)
    yield "\n## Mutants\n"
    yield f"**{mutation.score:.1%}** of the mutants that some case can tell from the book are killed: {killed} of"
    yield f"{len(mutation.results) - equivalent}. {survived} survived, {equivalent} more are proved equivalent,"
    yield f"{undecided} are undecided."
    yield "What each kind is: [limen mutate](analysis/mutate.md).\n"
    yield from _table(("kind", "mutants", *FATES), _by(mutation.results, _kind, KINDS))
    yield ""
    rules = sorted({_rule(result) for result in mutation.results})
    yield from _table(("provision", "mutants", *FATES), _by(mutation.results, _rule, rules))
    yield "\n### Survivors\n"
    yield "Why none of the shipped scenarios kills them: [limen mutate](analysis/mutate.md).\n"
    for result in mutation.results:
        if result.fate in ("survived", "undecided"):
            yield f"- {result.kind} `{result.address}`: {result.what} ({result.fate})"
    yield "\n### Proved equivalent\n"
    yield "No case at all, under any profile on any day, is decided otherwise under these."
    yield "Most are readings that change no release.\n"
    for result in mutation.of("equivalent"):
        yield f"- {result.kind} `{result.address}`: {result.what}"


def _coverage(found: Assurance) -> Iterator[str]:
    tried = found.coverage
    yield "\n## Coverage\n"
    yield "What each count means: [limen coverage](analysis/coverage.md).\n"
    shares = (
        ("outcomes: each node met, not met, not known", tried.outcomes),
        ("pairs that show an independent effect", tried.pairs),
        ("alternatives of readings chosen", tried.readings),
    )
    yield from _table(("", "shown", "of"), ((name, str(shown), str(of)) for name, (shown, of) in shares))
    yield ""
    head = ("provision", "nodes", "outcomes shown", "of", "pairs", "of")
    yield from _table(head, _coverage_rows(tried.lines))
    yield "\n### Not shown\n"
    for line in tried.lines:
        lacks = [word.replace("_", " ") for word in line.missing]
        if line.is_point and line.pair is None:
            lacks.append("a pair")
        if lacks:
            yield f"- `{line.address}`: {', '.join(lacks)}"


def _kind(result: Result) -> str:
    return result.kind


def _rule(result: Result) -> str:
    """The rule, reading or vocabulary that a mutant is of."""
    return result.address.partition("#")[0].partition("/")[0].partition(":")[0]


def _by(results: Sequence[Result], of: Callable[[Result], str], names: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """A row for each name that some mutant has."""
    for name in names:
        own = [result for result in results if of(result) == name]
        if own:
            yield (name, str(len(own)), *(str(sum(one.fate == fate for one in own)) for fate in FATES))


def _coverage_rows(lines: Sequence[Line]) -> Iterator[tuple[str, ...]]:
    rules: Mapping[str, list[Line]] = {rule: [line for line in lines if line.rule == rule] for rule in
                                       sorted({line.rule for line in lines})}  # fmt: skip
    for rule, own in rules.items():
        points = [line for line in own if line.is_point]
        shown = sum(len(WORDS) - len(line.missing) for line in own)
        pairs = sum(line.pair is not None for line in points)
        yield rule, str(len(own)), str(shown), str(len(WORDS) * len(own)), str(pairs), str(len(points))


def _table(head: Sequence[str], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"
