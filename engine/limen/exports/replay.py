"""Deciding again what a receipt says was decided, and comparing every verdict, reason and point of the law."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from limen.decide.audience import decision_for
from limen.decide.decider import Decider, Key
from limen.exports.armour import ReceiptError
from limen.exports.receipt import Receipt, facts_of, receipt_id, trace_of
from limen.law.book import Book
from limen.law.loading import load_book
from limen.ledger.replay import Difference, differences_between

MOST_DIFFERENCES = 200


@dataclass(frozen=True, slots=True)
class ReplayedReceipt:
    """What came of deciding a receipt again.

    `intact`: the receipt is as it was made. `same_book`: the rules here are those it was made under. Where they are
    not, the differences may be theirs.
    """

    id: str
    intact: bool
    same_book: bool
    differences: tuple[Difference, ...]

    @property
    def agrees(self) -> bool:
        """Whether the receipt is as it was made and is answered in the same way again."""
        return self.intact and not self.differences


def replay_receipt(receipt: Receipt, book: Book, second_key: Key | None = None) -> ReplayedReceipt:
    """Decide the case of `receipt` again under `book`.

    Raises `ReceiptError` for one that does not hold the whole case, `FactError` where its facts do not fit the
    vocabulary and `EditionError` where the book has no such profile or day.
    """
    if not receipt.whole:
        message = "it was made for a requester, and does not hold what only the authority knows"
        raise ReceiptError(f"receipt {receipt.id}", message, "ask for the one made for a reviewer")
    facts = facts_of(receipt, book.vocabulary)
    recorded = receipt.decision
    decider = Decider(book, profile=receipt.profile, known_at=receipt.known_at, second_key=second_key)
    decided = decider.decide(
        facts, receipt.as_of, request_id=recorded.request_id, request_digest=recorded.request_digest
    )
    again = decision_for(decided, receipt.audience).model_dump(mode="json")
    before = recorded.model_dump(mode="json")
    if "not_asked" in (again["second_key"], before["second_key"]):
        # With one key or with two, the answer is the same.
        again["second_key"] = before["second_key"]
    differences = list(differences_between(before, again))
    trace = {(one.address, one.item): one.outcome for one in trace_of(book, facts, decided)}
    recorded_trace = {(one.address, one.item): one.outcome for one in receipt.trace}
    for key in sorted({*trace, *recorded_trace}, key=lambda one: (one[0], one[1] or "")):
        if trace.get(key) != recorded_trace.get(key):
            place = f"trace/{key[0]}" + (f"/{key[1]}" if key[1] else "")
            differences.append(Difference(place, recorded_trace.get(key), trace.get(key)))
    return ReplayedReceipt(
        receipt.id, receipt_id(receipt) == receipt.id, book.digest == receipt.book_digest,
        tuple(differences[:MOST_DIFFERENCES]),
    )  # fmt: skip


def book_of(receipt: Receipt, rules: Path | None = None) -> Book:
    """The book in `rules` (`None`: the shipped one), with the draft that the receipt was made with.

    Raises `BookError`, and `OverlayError` where the draft does not fit the book.
    """
    if receipt.draft is None:
        return load_book(rules)
    from limen.law.overlay import overlaid

    return overlaid(receipt.draft.encode("utf-8"), "draft.yaml", rules)
