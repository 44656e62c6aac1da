"""Every reference leads to something of the right kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from limen.law.book import Book
from limen.law.check.report import Report
from limen.law.problem import nearest
from limen.law.rules import Bar, DutyRule, Profile


def check_references(book: Book, report: Report, is_lost: Callable[[str], bool]) -> bool:
    """Notes dangling readings, overrides, attachments and choices; whether everything leads somewhere.

    `is_lost` says of an address that it may be in the book, in a part that could not be read.
    """
    seen = _Seen(book, report, is_lost)
    seen.readings()
    seen.rules()
    for profile in book.profiles.values():
        seen.choices(profile)
    return seen.sound


class _Seen:
    """Follows every reference; `sound` turns false at the first that leads nowhere, reported or not."""

    def __init__(self, book: Book, report: Report, is_lost: Callable[[str], bool]) -> None:
        self.sound = True
        self._book = book
        self._report = report
        self._is_lost = is_lost

    def _leads_nowhere(self, target: str) -> bool:
        """Notes that `target` was not found; whether that is worth a report."""
        self.sound = False
        return not self._is_lost(target)

    def readings(self) -> None:
        book = self._book
        for node in book.nodes():
            if node.reading is not None and node.reading not in book.readings and self._leads_nowhere(node.reading):
                self._report(
                    "dangling-reference",
                    node.address,
                    f"the book has no reading `{node.reading}`",
                    key="reading",
                    nearest=nearest(node.reading, book.readings),
                    mend="write the id of a reading in this file, or a full address",
                )

    def rules(self) -> None:
        gateways = {gateway.address for gateway in self._book.gateways}
        stoppable = gateways | {bar.address for bar in self._book.bars}
        for rule in self._book.rules.values():
            match rule:
                case Bar():
                    self._targets(rule.address, "overrides", rule.overrides, stoppable, "gateway or bar")
                case DutyRule():
                    self._targets(rule.address, "attaches_to", rule.attaches_to, gateways, "gateway")

    def _targets(self, address: str, key: str, targets: Iterable[str], valid: Iterable[str], what: str) -> None:
        seen: set[str] = set()
        for target in targets:
            if target not in valid:
                if self._leads_nowhere(target):
                    self._report("dangling-reference", address, f"the book has no {what} `{target}`", key=key,
                                 nearest=nearest(target, valid), mend=f"give the address of a {what}")  # fmt: skip
            elif target in seen:
                self._report("duplicate-reference", address, f"`{target}` is named twice", key=key, mend="name it once")
            seen.add(target)

    def choices(self, profile: Profile) -> None:
        address = f"profile:{profile.id}"
        readings = self._book.readings
        for reading, choice in profile.chooses.items():
            if reading not in readings:
                if self._leads_nowhere(reading):
                    self._report("dangling-reference", address, f"the book has no reading `{reading}`",
                                 within="chooses", key=reading, of_key=True, nearest=nearest(reading, readings),
                                 mend="give the address of a reading")  # fmt: skip
                continue
            ids = [alternative.id for alternative in readings[reading].alternatives]
            if choice not in ids and self._leads_nowhere(f"{reading}:{choice}"):
                self._report("unknown-alternative", address, f"`{reading}` has no alternative `{choice}`",
                             within="chooses", key=reading, nearest=nearest(choice, ids),
                             mend=f"choose one of {_listed(ids)}")  # fmt: skip
        for name, reading_of in readings.items():
            if name not in profile.chooses:
                ids = [alternative.id for alternative in reading_of.alternatives]
                self.sound = False
                self._report("missing-choice", address, f"the profile does not choose a reading of `{name}`",
                             key="chooses", of_key=True, mend=f"add one of {_listed(ids)}")  # fmt: skip


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
