"""A decision as a table (CSV): a row for each item, reason, missing fact, duty and fact stated, and for the receipt."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from limen.exports.armour import armoured
from limen.exports.memo import Brief
from limen.exports.words import value_words

HEAD = (
    "row", "item", "verdict", "address", "label", "outcome", "citation", "certainty", "words", "stated_by", "receipt",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def table_csv(brief: Brief) -> str:
    """The rows, with the receipt's id on each."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEAD)
    for row in _rows(brief):
        writer.writerow([safe_cell(row.get(name, "")) for name in HEAD[:-1]] + [brief.receipt.id])
    writer.writerow(["receipt", *[""] * 7, "\n".join(armoured(brief.receipt)), "", brief.receipt.id])
    return out.getvalue()


def safe_cell(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _rows(brief: Brief) -> Iterator[dict[str, str]]:
    decision = brief.decision
    facts = brief.book.vocabulary.facts
    yield {
        "row": "answer", "verdict": decision.disposition, "label": brief.receipt.title,
        "words": f"profile {brief.receipt.profile or 'all'}, law of {brief.receipt.as_of}, "
        f"book {brief.receipt.book_digest}",
    }  # fmt: skip
    for item in decision.items:
        yield {"row": "item", "item": item.item, "verdict": item.verdict, "address": item.gateway or "",
               "label": item.kind or "", "outcome": item.effect or ""}  # fmt: skip
        for kind, reasons in (("reason", item.reasons), ("elsewhere", item.elsewhere)):
            for one in reasons:
                yield {"row": kind, "item": item.item, "address": one.address, "label": one.label,
                       "outcome": one.outcome, "citation": one.citation, "certainty": one.certainty,
                       "words": one.sentence}  # fmt: skip
    for profile in decision.profiles:
        yield {"row": "profile", "label": profile.profile, "verdict": profile.disposition}
    for hinge in decision.hinges:
        under = "; ".join(f"{id}: {answer}" for id, answer in hinge.under.items())
        yield {"row": "hinge", "address": hinge.reading, "label": hinge.words, "outcome": hinge.chosen, "words": under}
    for missing in decision.missing:
        yield {"row": "missing", "item": ", ".join(missing.items), "address": missing.fact, "words": missing.ask,
               "outcome": "not_known"}  # fmt: skip
    for duty in decision.duties:
        yield {"row": "duty", "item": ", ".join(duty.items), "address": duty.address, "label": duty.who,
               "outcome": duty.when, "citation": duty.citation, "certainty": duty.certainty,
               "words": duty.duty}  # fmt: skip
    for stated in brief.receipt.facts:
        fact = facts.get(stated.fact)
        yield {"row": "fact", "item": stated.item or "", "address": stated.fact, "label": fact.ask if fact else "",
               "words": value_words(fact, stated.value), "stated_by": stated.by}  # fmt: skip
