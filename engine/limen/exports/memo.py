"""The memo: would this be released, under which reading, and what would have to change?

Everything in it is taken from a decision and from what was found about it; nothing is worked out here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from limen import qr
from limen.decide.decision import Decision, ItemDecision, Reason
from limen.exports.document import Block, Bullets, Code, Document, Heading, Note, Paragraph, Run, Runs, Table, plain
from limen.exports.receipt import RECEIPT, Receipt
from limen.exports.words import (
    CERTAINTIES,
    DISPOSITIONS,
    EFFECTS,
    HANDS,
    MOMENTS,
    OUTCOMES,
    SENTENCES,
    VERDICTS,
    count,
    day,
    profile_words,
    value_words,
)
from limen.law.book import Book

if TYPE_CHECKING:
    from limen.analyse.whatif import Change, Flips

MOST_MISSING, MOST_FLIPS = 25, 6
"""Of missing facts, and of the sets of facts of either sort that change an item's answer, a memo lists so many."""

ORDER = ("barred", "not_met", "not_known", "met")


@dataclass(frozen=True, slots=True)
class Brief:
    """What a memo is made of. `panel` is the same case asked under all profiles, `flips` what was found per item.

    `address` is where a workbench shows the case again, all its facts included.
    """

    book: Book
    receipt: Receipt
    panel: Decision | None = None
    flips: tuple[Flips, ...] = ()
    address: str | None = None

    @property
    def decision(self) -> Decision:
        """The decision as its reader may see it."""
        return self.receipt.decision


def memo_of(brief: Brief) -> Document:
    """The memo of one case."""
    return _Memo(brief).document()


class _Memo:
    """Builds one memo, numbering footnotes as they come."""

    def __init__(self, brief: Brief) -> None:
        self.brief = brief
        self.decision = brief.decision
        self.titles = {address: rule.title for address, rule in brief.book.rules.items()}
        self.notes: dict[tuple[str, str], Note] = {}

    def document(self) -> Document:
        receipt = self.brief.receipt
        blocks = tuple(
            block
            for part in (
                self._head, self._items, self._readings, self._why, self._change, self._missing, self._duties,
                self._facts, self._receipt,
            )
            for block in part()
        )  # fmt: skip
        where = f"{profile_words(receipt.profile)} · law of {day(receipt.as_of)}"
        return Document(
            title=receipt.title,
            running=f"{where} · {receipt.book_name} {receipt.book_version}",
            footer=f"receipt {receipt.id} · {receipt.engine} · {self.decision.caveat}",
            mark=f"{RECEIPT}:{receipt.id}",
            blocks=blocks,
            notes=tuple(self.notes.values()),
        )

    def _cite(self, citation: str, certainty: str, address: str) -> Run:
        note = self.notes.setdefault(
            (citation, address), Note(len(self.notes) + 1, citation, CERTAINTIES.get(certainty, certainty), address)
        )
        return Run(str(note.number), "note")

    def _head(self) -> Iterator[Block]:
        receipt, decision = self.brief.receipt, self.decision
        sign = DISPOSITIONS[decision.disposition]
        yield Heading(1, receipt.title)
        yield Paragraph(plain(Run(str(sign), "strong"), f". {SENTENCES[decision.disposition]}"), sign.tone)
        known = f", knowing what was published by {day(receipt.known_at)}" if receipt.known_at else ""
        draft = ", with a draft of the analyst's (its text is in the receipt)" if receipt.draft else ""
        basis = ""
        if decision.profile is None and decision.profiles:
            basis = f" The reasons below are those of profile {decision.basis}."
        yield Paragraph(
            plain(
                "Asked under ", Run(profile_words(receipt.profile), "strong"), ", the law of ",
                Run(day(receipt.as_of), "strong"), f"{known}, as the book {receipt.book_name} {receipt.book_version} "
                f"has it{draft}.{basis}",
            )
        )  # fmt: skip
        if decision.fault is not None:
            fault = (
                "The engine could not be sure of its answer, so nothing is released. This is a fault, not a finding."
            )
            yield Paragraph(plain(Run(fault, "strong")), "bad")

    def _items(self) -> Iterator[Block]:
        yield Heading(2, "Item by item")
        rows = []
        for item in self.decision.items:
            ground = self.titles.get(item.gateway or "", "")
            lead = "" if item.verdict == "allow" or not ground else "nearest: "
            duties = sum(item.item in duty.items for duty in self.decision.duties)
            how = EFFECTS.get(item.effect or "", "") if item.verdict == "allow" else ""
            rows.append(
                (
                    plain(_named(item)),
                    plain(Run(str(VERDICTS[item.verdict]), "strong")),
                    plain(f"{lead}{ground}", *([Run(f" {item.gateway}", "code")] if item.gateway else [])),
                    plain(how or "-"),
                    plain(str(duties) if duties else "-"),
                )
            )
        yield Table("What is asked for", ("Item", "Answer", "Gateway", "Effect", "Duties"), tuple(rows))
        able = self.decision.releasable
        if self.decision.disposition != "release":
            said = f"Could be released now: {', '.join(able)}." if able else "Nothing could be released now."
            yield Paragraph(plain(said))

    def _readings(self) -> Iterator[Block]:
        panel = self.brief.panel or self.decision
        if not panel.profiles:
            return
        yield Heading(2, "Under which reading")
        rows = tuple(
            (
                plain(one.profile),
                plain(Run(str(DISPOSITIONS[one.disposition]), "strong")),
                plain(self._held_by(one.profile)),
            )
            for one in panel.profiles
        )
        yield Table("The answer under each profile", ("Profile", "Answer", "Held by"), rows)
        if not panel.hinges:
            agree = len({tuple(sorted(one.verdicts.items())) for one in panel.profiles}) == 1
            if agree:
                yield Paragraph(plain("The profiles agree on every item."))
            return
        yield Paragraph(plain(f"Seen from profile {panel.basis}, it turns on how these words are read:"))
        entries = []
        for hinge in panel.hinges:
            under = "; ".join(
                f"{self._sense(hinge.reading, id)}: {DISPOSITIONS[d].word}" for id, d in hinge.under.items()
            )
            with_ = f" Only together with {', '.join(hinge.together_with)}." if hinge.together_with else ""
            entries.append(
                plain(Run(f"“{hinge.words}”", "strong"), " ", Run(hinge.reading, "code"), f": {under}.{with_}")
            )
        yield Bullets(tuple(entries))

    def _held_by(self, profile: str) -> str:
        found = self.brief.book.profiles.get(profile)
        return found.held_by if found is not None else ""

    def _sense(self, reading: str, id: str) -> str:
        found = self.brief.book.readings.get(reading)
        label = next((one.label for one in found.alternatives if one.id == id), "") if found is not None else ""
        return label or id

    def _why(self) -> Iterator[Block]:
        yield Heading(2, "Why")
        for group in _alike(self.decision.items):
            first = group[0]
            names = ", ".join(map(_named, group))
            title = self.titles.get(first.gateway or "", "")
            yield Heading(3, f"{VERDICTS[first.verdict]}: {names}")
            if title:
                lead = "Under" if first.verdict == "allow" else "The nearest gateway is"
                yield Paragraph(plain(f"{lead} “{title}” ", Run(first.gateway or "", "code"), "."))
            for outcome in ORDER:
                found = [reason for reason in first.reasons if reason.outcome == outcome]
                if found:
                    sign = OUTCOMES[outcome]
                    yield Paragraph(plain(Run(f"{sign} ({len(found)})", "strong")), sign.tone)
                    yield Bullets(tuple(self._reason(reason) for reason in found))
            if first.elsewhere and first.verdict != "allow":
                yield Paragraph(plain(f"What keeps each of the {len(first.elsewhere)} other gateways from opening:"))
                yield Bullets(tuple(self._elsewhere(reason) for reason in first.elsewhere))

    def _reason(self, reason: Reason) -> Runs:
        cite = self._cite(reason.citation, reason.certainty, reason.address)
        if reason.outcome == "met":
            return plain(reason.label, cite)
        cure = f" {reason.cure}" if reason.cure and reason.cure != reason.sentence else ""
        return plain(Run(reason.label, "strong"), cite, f". {reason.sentence}{cure}")

    def _elsewhere(self, reason: Reason) -> Runs:
        cite = self._cite(reason.citation, reason.certainty, reason.address)
        return plain(f"{self.titles.get(reason.rule, reason.rule)}: {OUTCOMES[reason.outcome]}, {reason.label}", cite)

    def _change(self) -> Iterator[Block]:
        if not self.brief.flips:
            return
        yield Heading(2, "What would have to change")
        for flips in self.brief.flips:
            yield Heading(3, f"{VERDICTS[flips.verdict]}: {flips.item}")
            sorts = (
                (flips.in_hand, flips.in_hand_up_to, "Facts that somebody who asks can act on"),
                (flips.others, flips.others_up_to, "Facts that nobody who asks can act on"),
            )
            for found, up_to, words in sorts:
                if found:
                    all_ = "all there are" if up_to is None else f"all sets of up to {count(up_to, 'fact')}"
                    yield Paragraph(plain(Run(f"{words} ({all_}), the smallest first:", "strong")))
                    yield Bullets(
                        tuple(
                            plain(Run(str(VERDICTS[flip.verdict]), "strong"), " if ", *self._changes(flip.changes))
                            for flip in found[:MOST_FLIPS]
                        )
                    )
                    if len(found) > MOST_FLIPS:
                        yield Paragraph(plain(f"And {count(len(found) - MOST_FLIPS, 'larger or equal set')}."))
            if not flips.in_hand and not flips.others:
                said = "No set of facts changes this answer." if flips.complete else (
                    "No set of facts that changes this answer was found in the time there was."
                )  # fmt: skip
                yield Paragraph(plain(said))

    def _changes(self, changes: Sequence[Change]) -> Iterator[Run]:
        for number, change in enumerate(changes):
            fact = self.brief.book.vocabulary.facts.get(change.fact)
            ask = fact.ask if fact is not None else change.fact
            values = " or ".join(value_words(fact, value) for value in change.after)
            lead = ", and " if number else ""
            yield Run(f"{lead}“{ask}” is answered ")
            yield Run(values, "strong")
            yield Run(f" (now: {value_words(fact, change.before)}; {HANDS[change.hand]})")

    def _missing(self) -> Iterator[Block]:
        missing = self.decision.missing
        if not missing:
            return
        yield Heading(2, "What could still change it")
        yield Paragraph(plain("Nobody has stated this, or nobody knows. What matters in most places comes first."))
        entries = tuple(
            plain(one.ask, *([Run(" (for the authority to answer)", "quiet")] if one.authority_side else []))
            for one in missing[:MOST_MISSING]
        )
        yield Bullets(entries)
        if len(missing) > MOST_MISSING:
            yield Paragraph(plain(f"And {count(len(missing) - MOST_MISSING, 'more question')}."))

    def _duties(self) -> Iterator[Block]:
        if not self.decision.duties:
            return
        yield Heading(2, "Duties that come with the release")
        rows = tuple(
            (
                plain(MOMENTS.get(duty.when, duty.when)),
                plain(duty.who),
                plain(duty.duty, self._cite(duty.citation, duty.certainty, duty.address)),
                plain(duty.deadline or "-"),
            )
            for duty in self.decision.duties
        )
        yield Table("Duties", ("When", "Who", "What", "Deadline"), rows)

    def _facts(self) -> Iterator[Block]:
        yield Heading(2, "The facts, and who stated them")
        facts = self.brief.book.vocabulary.facts
        rows = tuple(
            (
                plain(
                    facts[one.fact].ask if one.fact in facts else one.fact, *([f" ({one.item})"] if one.item else [])
                ),
                plain(value_words(facts.get(one.fact), one.value)),
                plain(one.by),
            )
            for one in self.brief.receipt.facts
        )
        if not rows:
            yield Paragraph(plain("Nothing was stated."))
            return
        yield Table("Facts", ("Question", "Answer", "Stated by"), rows)
        if not self.brief.receipt.whole:
            yield Paragraph(plain("Facts that only the authority knows are not listed for a requester."))

    def _receipt(self) -> Iterator[Block]:
        receipt = self.brief.receipt
        yield Heading(2, "Receipt")
        yield Table(
            "What this rests on",
            ("What", "Value"),
            tuple(
                (plain(name), plain(Run(value, "code")))
                for name, value in (
                    ("receipt", receipt.id),
                    ("made", f"{receipt.made_at:%Y-%m-%d %H:%M} UTC"),
                    ("book", f"{receipt.book_name} {receipt.book_version}"),
                    ("digest of the book", receipt.book_digest),
                    ("engine", receipt.engine),
                    ("profile", receipt.profile or "all"),
                    ("law of", receipt.as_of.isoformat()),
                    ("known at", receipt.known_at.isoformat() if receipt.known_at else "everything published"),
                    ("second key", self.decision.second_key.replace("_", " ")),
                )
            ),
        )
        if receipt.whole:
            yield Paragraph(
                plain(
                    Run("limen ledger replay FILE", "code"),
                    " decides it again from this file and compares every answer.",
                )
            )
        if self.brief.address is not None and len(self.brief.address) <= qr.MOST:
            yield Code(self.brief.address, "Opens this memo at the workbench where it was written.")
        yield Paragraph(plain(self.decision.caveat), "quiet")


def _named(item: ItemDecision) -> str:
    kind = (item.kind or "").replace("_", " ")
    return item.item if not kind or kind == item.item.replace("_", " ").replace("-", " ") else f"{item.item} ({kind})"


def _alike(items: Sequence[ItemDecision]) -> list[list[ItemDecision]]:
    """Items that have the same verdict for the same reasons, together."""
    groups: dict[tuple[object, ...], list[ItemDecision]] = {}
    for item in items:
        groups.setdefault((item.verdict, item.gateway, item.reasons, item.elsewhere), []).append(item)
    return list(groups.values())
