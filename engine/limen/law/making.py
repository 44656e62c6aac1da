"""Makes editions: the book as one profile reads it on one day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType

from limen.law.book import Book
from limen.law.closing import Closing
from limen.law.digest import content_digest
from limen.law.edition import Edition, EditionBar, EditionGateway, Point
from limen.law.node import Node
from limen.law.period import Period
from limen.law.problem import nearest
from limen.law.rules import Bar, Duty, Gateway, Profile, Prohibition
from limen.law.vocabulary import Fact


class EditionError(Exception):
    """An edition that the book does not have: an unknown profile, a day before the book, a reading not yet held."""

    def __init__(self, message: str, nearest: str | None = None, mend: str | None = None) -> None:
        self.message = message
        self.nearest = nearest
        self.mend = mend
        hint = f"; did you mean `{nearest}`?" if nearest else f"; {mend}" if mend else ""
        super().__init__(f"{message}{hint}")

    def __reduce__(self) -> tuple[type[EditionError], tuple[str, str | None, str | None]]:
        return (EditionError, (self.message, self.nearest, self.mend))


def make_edition(book: Book, profile: str | Profile, as_of: date, known_at: date | None = None) -> Edition:
    """The law of `book` on `as_of` as `profile` reads it.

    `profile` is the id of one of the book's profiles, or a profile made for the purpose (a mixture of readings).
    `known_at` asks for what could be known on that day: a profile or an alternative that nobody held yet is refused.
    Raises `EditionError`.
    """
    chosen = _profile(book, profile)
    _check_choices(book, chosen)
    if known_at is not None:
        _check_known(book, chosen, known_at)
    closing = Closing(book.vocabulary, book.readings, chosen.chooses, as_of)
    return _Maker(book, chosen.id, chosen.chooses, as_of, closing, book.vocabulary.facts).make()


def make_open(book: Book, as_of: date, closing: Closing, facts: Mapping[str, Fact]) -> Edition:
    """The edition that `closing`, which leaves readings open, gives; for `limen.law.open_edition`."""
    return _Maker(book, "every reading open", {}, as_of, closing, facts).make()


def _profile(book: Book, profile: str | Profile) -> Profile:
    if isinstance(profile, Profile):
        return profile
    found = book.profiles.get(profile)
    if found is None:
        listed = ", ".join(f"`{name}`" for name in book.profiles)
        raise EditionError(
            f"the book has no profile `{profile}`", nearest(profile, book.profiles), f"its profiles are {listed}"
        )
    return found


def _check_choices(book: Book, profile: Profile) -> None:
    """A profile made by hand is held to what the loader asks of those in the book."""
    for address, reading in book.readings.items():
        choice = profile.chooses.get(address)
        ids = [alternative.id for alternative in reading.alternatives]
        if choice is None:
            raise EditionError(f"the profile `{profile.id}` does not choose a reading of `{address}`")
        if choice not in ids:
            raise EditionError(f"`{address}` has no alternative `{choice}`", nearest(choice, ids))
    for address in profile.chooses:
        if address not in book.readings:
            raise EditionError(f"the book has no reading `{address}`", nearest(address, book.readings))


def _check_known(book: Book, profile: Profile, known_at: date) -> None:
    """Nothing may be used that did not exist on `known_at`."""
    if profile.since is not None and profile.since > known_at:
        raise EditionError(
            f"the profile `{profile.id}` did not exist on {known_at}: it is from {profile.since}",
            mend="choose an older profile or a later day",
        )
    for address, choice in profile.chooses.items():
        held = book.readings[address].alternative(choice).meaning.in_force.start
        if held is not None and held > known_at:
            raise EditionError(
                f"the reading `{address}:{choice}` did not exist on {known_at}: it is from {held}",
                mend="choose an older profile or a later day",
            )


class _Maker:
    """Puts one edition together, point by point."""

    def __init__(
        self,
        book: Book,
        profile: str,
        choices: Mapping[str, str],
        as_of: date,
        closing: Closing,
        facts: Mapping[str, Fact],
    ) -> None:
        self._book = book
        self._profile = profile
        self._choices = choices
        self._as_of = as_of
        self._closing = closing
        self._facts = facts
        self._case: list[Point] = []
        self._item: list[Point] = []

    def make(self) -> Edition:
        prohibitions = self._prohibitions()
        gateways = [rule for rule in self._book.gateways if self._in_force(rule.in_force)]
        bars = self._bars({gateway.address for gateway in gateways})
        numbers = {bar.rule.address: number for number, bar in enumerate(bars)}
        edition_gateways = tuple(self._gateway(rule, bars, numbers) for rule in gateways)
        return Edition(
            book_name=self._book.name,
            book_version=self._book.version,
            book_digest=self._book.digest,
            profile=self._profile,
            as_of=self._as_of,
            choices=MappingProxyType(dict(self._choices)),
            facts=self._facts,
            case_points=tuple(self._case),
            item_points=tuple(self._item),
            prohibitions=prohibitions,
            bars=bars,
            gateways=edition_gateways,
            digest=content_digest((self._book.digest, self._profile, self._choices, self._as_of)),
        )

    def _in_force(self, period: Period) -> bool:
        return period.covers(self._as_of)

    def _points(self, nodes: Iterable[Node], points: list[Point]) -> tuple[int, ...]:
        """Adds those of `nodes` that are in force to `points`; their indexes."""
        indexes = []
        for node in nodes:
            closed = self._closing.close(node)
            if closed is not None:
                indexes.append(len(points))
                points.append(Point(node.address, closed.node, closed.expr))
        return tuple(indexes)

    def _prohibitions(self) -> tuple[tuple[Prohibition, int, int], ...]:
        found = []
        for rule in self._book.prohibitions:
            if self._in_force(rule.in_force):
                limbs = self._points((rule.applies_when, rule.forbids), self._item)
                if len(limbs) != 2:
                    raise EditionError(f"`{rule.address}` has lost one of its sides on {self._as_of}")
                found.append((rule, *limbs))
        if not found:
            starts = [rule.in_force.start for rule in self._book.prohibitions if rule.in_force.start is not None]
            first = min(starts, default=None)
            since = f": its general rule is in force from {first}" if first and first > self._as_of else ""
            raise EditionError(f"the book has no law for {self._as_of}{since}", mend="choose a day on which it has")
        return tuple(found)

    def _bars(self, gateways: set[str]) -> tuple[EditionBar, ...]:
        """The bars in force that bear on some gateway in force, each after the bars that override it."""
        rules = {bar.address: bar for bar in self._book.bars if self._in_force(bar.in_force)}
        overriders: dict[str, list[str]] = {address: [] for address in rules}
        for address, bar in rules.items():
            for target in bar.overrides:
                if target in overriders:
                    overriders[target].append(address)
        order: dict[str, None] = {}

        def put(address: str) -> None:
            for other in overriders[address]:
                if other not in order:
                    put(other)
            order.setdefault(address)

        for address, bar in rules.items():
            if any(target in gateways for target in bar.overrides):
                put(address)
        return self._edition_bars([rules[address] for address in order], overriders)

    def _edition_bars(self, rules: Iterable[Bar], overriders: Mapping[str, list[str]]) -> tuple[EditionBar, ...]:
        bars: list[EditionBar] = []
        numbers: dict[str, int] = {}
        for rule in rules:
            conditions = self._points(rule.conditions, self._item)
            if conditions:
                barred_by = tuple(numbers[other] for other in overriders[rule.address] if other in numbers)
                numbers[rule.address] = len(bars)
                bars.append(EditionBar(rule, conditions, barred_by))
        return tuple(bars)

    def _gateway(self, rule: Gateway, bars: tuple[EditionBar, ...], numbers: Mapping[str, int]) -> EditionGateway:
        return EditionGateway(
            rule=rule,
            elements=self._points(rule.elements, self._case),
            grounds=self._points(rule.releases, self._item),
            bars=tuple(numbers[bar.rule.address] for bar in bars if rule.address in bar.rule.overrides),
            duties=tuple(self._duties(rule)),
        )

    def _duties(self, gateway: Gateway) -> Iterable[Duty]:
        """The gateway's own duties, then those of the duty rules that attach to it."""
        own = gateway.duties
        attached = (
            duty
            for rule in self._book.duty_rules
            if self._in_force(rule.in_force) and gateway.address in rule.attaches_to
            for duty in rule.duties
        )
        return (duty for duty in (*own, *attached) if self._in_force(duty.in_force))
