"""The package: of the items that may be released those somebody chose, with their grounds and the duties they bring."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection
from dataclasses import dataclass

from limen.decide.decision import AttachedDuty, Decision, ItemDecision
from limen.exports.table import safe_cell
from limen.law.book import Book
from limen.law.rules import Gateway
from limen.words import EFFECTS

HEAD = ("item", "kind", "gateway", "provision", "must or may", "ground", "duties")


@dataclass(frozen=True, slots=True)
class Packed:
    """One item of a package."""

    item: ItemDecision
    title: str
    grounds: tuple[str, ...]
    duties: tuple[AttachedDuty, ...]


@dataclass(frozen=True, slots=True)
class Package:
    """What is chosen of what may be released; `refused` was chosen too and may not be."""

    items: tuple[Packed, ...]
    refused: tuple[str, ...]
    left_out: tuple[str, ...]

    @property
    def duties(self) -> tuple[AttachedDuty, ...]:
        """The duties of the whole package, each once."""
        return tuple(dict.fromkeys(duty for packed in self.items for duty in packed.duties))

    def csv(self) -> str:
        """A row for each item, for a spreadsheet."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow(HEAD)
        for one in self.items:
            row = (
                one.item.item, one.item.kind or "", one.title, one.item.gateway or "",
                EFFECTS.get(one.item.effect or "", ""), "; ".join(one.grounds),
                "; ".join(f"{duty.who}: {duty.duty}" for duty in one.duties),
            )  # fmt: skip
            writer.writerow([safe_cell(cell) for cell in row])
        return out.getvalue()


def package_of(book: Book, decision: Decision, chosen: Collection[str]) -> Package:
    """The package of `chosen` items, of all that may be released where none is. Nothing else is ever in it."""
    able = set(decision.releasable)
    wanted = set(chosen) or able
    packed = [_packed(book, decision, item) for item in decision.items if item.item in able & wanted]
    return Package(
        tuple(packed),
        tuple(item.item for item in decision.items if item.item in wanted - able),
        tuple(item.item for item in decision.items if item.item in able - wanted),
    )


def _packed(book: Book, decision: Decision, item: ItemDecision) -> Packed:
    rule = book.rules.get(item.gateway or "")
    grounds = {node.address for node in rule.releases} if isinstance(rule, Gateway) else set()
    return Packed(
        item,
        rule.title if rule is not None else "",
        tuple(one.label for one in item.reasons if one.outcome == "met" and one.address in grounds),
        tuple(duty for duty in decision.duties if item.item in duty.items),
    )
