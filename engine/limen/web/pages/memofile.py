"""A case from what was handed over: a memo, a table or a receipt holds the whole case, and opens as one."""

from __future__ import annotations

from limen.exports.armour import BEGIN, ReceiptError, receipt_in
from limen.exports.receipt import UNKNOWN as NOT_KNOWN
from limen.exports.receipt import Receipt, facts_of
from limen.law.book import Book
from limen.web.pages.casefile import ANALYST, NO_DOCUMENT, CaseFileError, bounded
from limen.web.pages.state import LONGEST_TITLE, CaseState

MOST_BYTES = 2_000_000


def holds_receipt(content: bytes) -> bool:
    """Whether this is something that was exported with a receipt, or a receipt itself."""
    return content[:4] == b"PK\x03\x04" or BEGIN.encode() in content or b'"receipt_version"' in content[:200]


def open_receipt(content: bytes, book: Book) -> CaseState:
    """The case of the receipt in `content`, made with the book that the receipt names.

    Raises `CaseFileError` for one that does not hold a whole case that can be asked here, and `FactError`.
    """
    try:
        receipt = receipt_in(content, "the file")
    except ReceiptError as error:
        raise CaseFileError(str(error)) from error
    if not receipt.whole:
        raise CaseFileError("it was made for a requester, and does not hold the whole case; open the reviewer's")
    if receipt.draft is not None:
        raise CaseFileError(
            "it was asked with a draft, whose text is in the receipt; keep that as a draft and choose it"
        )
    facts = facts_of(receipt, book.vocabulary)
    bounded(facts)
    return CaseState(
        book=receipt.book_digest,
        facts=facts,
        as_of=receipt.as_of,
        profile=receipt.profile if receipt.profile in book.profiles else None,
        known_at=receipt.known_at,
        title=receipt.title[:LONGEST_TITLE],
        origin=f"the memo {receipt.id}",
        unknown=frozenset((one.fact, one.item) for one in receipt.facts if one.value == NOT_KNOWN),
        mine=_stated_by(receipt, ANALYST),
        silent=_stated_by(receipt, NO_DOCUMENT),
    )


def _stated_by(receipt: Receipt, who: str) -> frozenset[tuple[str, str | None]]:
    return frozenset((one.fact, one.item) for one in receipt.facts if one.by == who)
