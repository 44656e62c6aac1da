"""How the answers of analysis show themselves in a notebook: plain tables, every cell text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from limen.decide.notebook import line, table, word

if TYPE_CHECKING:
    from limen.analyse.argue import Argument
    from limen.analyse.ask import Interview
    from limen.analyse.compare import Comparison, Row
    from limen.analyse.diff import Difference
    from limen.analyse.hinges import ItemHinges
    from limen.analyse.mutate import Mutation
    from limen.analyse.package import Package
    from limen.analyse.prove import Proof
    from limen.analyse.twins import Litter
    from limen.analyse.whatif import Change, Flip, Flips
    from limen.law.facts import CaseFacts

__all__ = ["line", "table", "word"]

HANDS = {
    "mend": "can be mended", "find_out": "not said yet", "authority": "the authority's own knowledge",
    "given": "as it is",
}  # fmt: skip
GOT_THIS_FAR = "Got this far: time ran out before everything was asked."


def comparison_html(comparison: Comparison) -> str:
    """The verdicts, then the rows that differ."""
    head = ["", "provision", *comparison.columns]

    def cells(row: Row) -> list[str]:
        where = f"{row.label} ({row.item})" if row.item else row.label
        return [where, row.citation or row.address, *map(word, row.cells)]

    shown = [*comparison.verdicts, *comparison.differing]
    same = len(comparison.rows) - len(comparison.differing)
    return table(
        f"Comparison: {len(comparison.differing)} rows differ, {same} do not", head, map(cells, shown),
        strong=range(len(comparison.verdicts)),
    )  # fmt: skip


def hinges_html(found: ItemHinges) -> str:
    """Combinations counted, what the verdict rests on, what changes it, and words that nobody has seen."""
    total = f"{found.total:,} combinations of readings"
    parts = [
        table(f"{found.item}: {word(found.verdict)}; {total}", ("verdict", "combinations"),
              [(word(verdict), f"{count:,}") for verdict, count in found.by_verdict.items()]),
        table("Changes it", ("readings", "to"),
              [("; ".join(f"{reading}: {' or '.join(ids)}" for reading, ids in changes.items()), word(verdict))
               for changes, verdict in found.flips]),
        table("Rests on", ("readings, whatever all others say",),
              [(", ".join(readings) or "no reading at all",) for readings in found.rests_on]),
        table("Words that nobody outside has seen", ("words", "if met", "if not met"),
              [(one.words, word(one.met), word(one.not_met)) for one in found.redacted]),
    ]  # fmt: skip
    return "".join(parts) + ("" if found.complete else line(GOT_THIS_FAR))


def flips_html(found: Flips) -> str:
    """The minimal changes, those in hand first."""
    rows = [*map(_flip, found.in_hand), *map(_flip, found.others)]
    whole = table(f"{found.item}: {word(found.verdict)}; what would change it", ("change", "in whose hand", "to"), rows,
                  strong=range(len(found.in_hand)))  # fmt: skip
    return whole + ("" if found.complete else line(GOT_THIS_FAR))


def _flip(flip: Flip) -> tuple[str, str, str]:
    hands = ", ".join(dict.fromkeys(HANDS[change.hand] for change in flip.changes))
    return "; ".join(map(_change, flip.changes)), hands, word(flip.verdict)


def _change(change: Change) -> str:
    """What is so now is not shown of a fact that only the authority knows."""
    of = f"{change.item}: " if change.item else ""
    after = " or ".join(map(_value, change.after))
    if change.hand == "authority":
        return f"{of}{change.fact} were {after}"
    return f"{of}{change.fact}: {_value(change.before)} → {after}"


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "not stated" if value is None else str(value)


def package_html(found: Package) -> str:
    """What may go out now, what each showing unlocks, and what never may."""
    rows = [("now", ", ".join(found.now) or "nothing", "")]
    rows += [("then", ", ".join(step.unlocks), "; ".join(map(_change, step.changes))) for step in found.steps]
    rows += [("never", ", ".join(found.never), "")] if found.never else []
    whole = table(f"The largest lawful package: {', '.join(found.largest) or 'nothing'}", ("", "items", "once"), rows)
    return whole + ("" if found.complete else line(GOT_THIS_FAR))


def interview_html(found: Interview) -> str:
    """The verdicts, and the questions that can still change them."""
    verdicts = table("As things stand", ("item", "verdict"), [(item, word(v)) for item, v in found.verdicts.items()])
    rows = [
        (one.ask, one.item or "", "; ".join(f"{why.label} ({why.citation})" for why in one.why[:2]))
        for one in found.questions
    ]
    asked = table(
        f"{found.proved} questions proved to matter, of {len(rows)}", ("question", "item", "because of"), rows
    )
    return verdicts + asked


def difference_html(found: Difference) -> str:
    """Each way in which verdicts change, with its condition, a witness and what sets its twin apart."""
    rows = [
        (", ".join(one.profiles), f"{word(one.before)} → {word(one.after)}", one.rule, " and ".join(one.where),
         facts_text(one.witness), one.apart_by or "")
        for one in found.sentences
    ]  # fmt: skip
    head = ("under", "verdict", "rule", "where", "witness", "its twin differs in")
    whole = table(f"{len(rows)} ways in which verdicts change, law of {found.as_of}", head, rows)
    if found.counts is not None:
        counts = [(profile, f"{count:,} of {found.population:,}") for profile, count in found.counts.items()]
        whole += table(f"On a population of {found.of:,}", ("profile", "cases that change"), counts)
    return whole + ("" if found.complete else line(GOT_THIS_FAR))


def facts_text(facts: CaseFacts) -> str:
    """A made case in one line."""
    of_items = [(f"{item.id}: {name}", value) for item in facts.items for name, value in item.facts.items()]
    return "; ".join(f"{name} {_value(value)}" for name, value in [*facts.facts.items(), *of_items]) or "nothing stated"


def argument_html(found: Argument) -> str:
    """The readings that one side takes, with authorities, date and weight, and the facts it still needs."""
    if not found.possible:
        return line(f"{found.item}: no reading and no fact leads to {found.side}; that is proved.")
    rows = [
        (one.words, one.label, one.held_by or "",
         "; ".join(f"{a.citation} ({a.certainty}{f', {a.dated}' if a.dated else ''})" for a in one.authorities))
        for one in found.positions
    ]  # fmt: skip
    readings = table(
        f"The strongest case to {found.side} {found.item}", ("words", "read as", "held by", "authority"), rows
    )
    needs = table("Still to be shown", ("fact", "value"), [(name, _value(value)) for name, value in found.needs])
    return readings + (needs if found.needs else "") + ("" if found.proved else line(GOT_THIS_FAR))


def mutation_html(found: Mutation) -> str:
    """The score, and each survivor."""
    rows = [
        (one.kind, one.address, one.what, one.fate) for one in found.results if one.fate not in ("killed", "equivalent")
    ]
    return table(
        f"{found.score:.1%} of the mutants are killed ({found.by_fate})", ("kind", "address", "change", "fate"), rows
    )


def proofs_html(proofs: Iterable[Proof]) -> str:
    """Each promise, and what became of it."""

    def became(proof: Proof) -> str:
        return "✔ proved" if proof.holds else "✘ broken" if proof.broken else "? not known"

    rows = [(one.promise, one.says, became(one), str(one.editions)) for one in proofs]
    return table("Promises", ("promise", "says", "", "editions"), rows)


def litter_html(found: Litter) -> str:
    """Each pair, with the fact that sets it apart."""

    def of(facts: CaseFacts, name: str) -> str:
        return _value({**facts.facts, **facts.items[0].facts}.get(name))

    rows = [
        (one.label, one.address, one.profile, one.fact, f"{of(one.first, one.fact)}: {word(one.verdict)}",
         f"{of(one.second, one.fact)}: {word(one.other)}")
        for one in found.twins
    ]  # fmt: skip
    head = ("provision", "address", "profile", "one fact apart", "here", "there")
    return table(f"{len(rows)} pairs of twins, law of {found.as_of}", head, rows)
