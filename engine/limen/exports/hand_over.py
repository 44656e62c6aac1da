"""Every form in which a case is handed over, from one decision: the same words in each, a receipt in all of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from limen.decide.audience import Audience
from limen.decide.decision import Decision
from limen.exports.armour import armoured
from limen.exports.memo import Brief, memo_of
from limen.exports.receipt import Told, make_receipt, to_json
from limen.law.book import Book

if TYPE_CHECKING:
    from limen.analyse.whatif import Flips


class Form(NamedTuple):
    """One form: its name for people, the end of its file's name, its media type."""

    title: str
    suffix: str
    media: str


FORMS: Mapping[str, Form] = {
    "html": Form("Memo to print", ".html", "text/html; charset=utf-8"),
    "word": Form("Word", ".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "markdown": Form("Markdown", ".md", "text/markdown; charset=utf-8"),
    "csv": Form("Table (CSV)", ".csv", "text/csv; charset=utf-8"),
    "json": Form("Receipt (JSON)", ".json", "application/json"),
    "python": Form("Python", ".py", "text/x-python; charset=utf-8"),
}


class Handed(NamedTuple):
    """What is handed over: a name for the file, its media type, its bytes, the receipt's id."""

    name: str
    media: str
    content: bytes
    receipt: str


def brief_of(
    book: Book,
    told: Told,
    decision: Decision,
    audience: Audience = "reviewer",
    *,
    panel: Decision | None = None,
    flips: tuple[Flips, ...] = (),
    made_at: datetime | None = None,
    address: str | None = None,
) -> Brief:
    """What a memo is made of. A requester is shown no readings, and nothing that only the authority knows.

    So a requester is not given the `address` at which the case can be opened either: it holds every fact.
    """
    receipt = make_receipt(book, told, decision, audience, made_at or datetime.now(UTC))
    if audience == "requester":
        return Brief(book, receipt)
    return Brief(book, receipt, panel, flips, address)


def hand_over(brief: Brief, form: str) -> Handed:
    """`brief` in one of `FORMS`. Raises `KeyError` for another, `ModuleNotFoundError` for Word without python-docx."""
    about = FORMS[form]
    stem = re.sub(r"[^a-z0-9]+", "-", brief.receipt.title.lower()).strip("-")[:60] or "case"
    return Handed(
        f"{stem}-{brief.receipt.id}{about.suffix}", about.media, _MAKERS[form](brief), brief.receipt.id
    )  # fmt: skip


def _html(brief: Brief) -> bytes:
    from limen.exports.page import memo_page

    return memo_page(memo_of(brief), armoured(brief.receipt)).encode("utf-8")


def _word(brief: Brief) -> bytes:
    from limen.exports.word import word

    return word(memo_of(brief), to_json(brief.receipt))


def _markdown(brief: Brief) -> bytes:
    from limen.exports.markdown import markdown

    return markdown(memo_of(brief), armoured(brief.receipt)).encode("utf-8")


def _csv(brief: Brief) -> bytes:
    from limen.exports.table import table_csv

    # With a byte order mark, or some spreadsheets read the section sign as two letters.
    return table_csv(brief).encode("utf-8-sig")


def _json(brief: Brief) -> bytes:
    return to_json(brief.receipt).encode("utf-8")


def _python(brief: Brief) -> bytes:
    from limen.exports.snippet import snippet

    return snippet(brief.receipt, brief.book.vocabulary).encode("utf-8")


_MAKERS: Mapping[str, Callable[[Brief], bytes]] = {
    "html": _html, "word": _word, "markdown": _markdown, "csv": _csv, "json": _json, "python": _python,
}  # fmt: skip
