"""Invented requests about invented people, as agencies write them, with the truth kept apart.

Each is about a person the registry holds (at an address it holds or held, or at somebody else's), about nobody it
holds, or states no sufficient address. Names and addresses are then written as people write them: short forms, one
of two surnames, swapped boxes, slips of the keyboard, units in every style. The rates are knobs: no source gives
them for the requests of 2025, and nothing here claims to.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Literal, NamedTuple

import numpy as np

from limen.crossref.generate import draw
from limen.crossref.generate.draw import Flags, Floats, Ints
from limen.crossref.generate.people import BOX, RURAL, SUFFIXES, Stretch, World, make_neighbours
from limen.crossref.generate.rows import address_of
from limen.crossref.generate.words import GROUPS, first_names, surnames
from limen.crossref.ingest import Stated
from limen.crossref.normalise import AddressKey, full_forms

About = Literal["held", "elsewhere", "nobody", "insufficient"]

INSUFFICIENT = (
    "Failed to Provide", "Unknown Address", "NA NA", "Failed to Provide {zip}", "Unknown Address {zip}", "{zip}",
    "Don't Care {zip}", "00000", "County Detention Center", "{street}, {city}", "{number}, {city}",
    "{city}, {state} {zip}", "Unknown, {city}, {state} {zip}", "",
)  # fmt: skip
"""The address defects of the public record, in its own wording, filled with invented places."""


@dataclass(frozen=True)
class Mix:
    """What a batch of requests is made of. Shares and rates between 0 and 1; every one is a knob."""

    about: dict[About, float] = field(
        default_factory=lambda: {"held": 0.72, "elsewhere": 0.10, "nobody": 0.08, "insufficient": 0.10}
    )
    former_address: float = 0.2
    with_tin: float = 0.0
    wrong_tin: float = 0.01
    dirt: float = 1.0
    """Scales every slip and variant below: 0 writes everything as the registry holds it."""


class RequestTruth(NamedTuple):
    """What a request is really about: `person` is -1 for nobody the registry holds."""

    request: int
    about: About
    person: int
    group: str
    current: bool


KINDS: tuple[About, ...] = ("held", "elsewhere", "nobody", "insufficient")
_DRAWS = 40
CHUNK = 20_000


def make_requests(
    world: World, count: int, seed: int, mix: Mix | None = None, only: Ints | None = None
) -> Iterator[tuple[Stated, RequestTruth]]:
    """`count` requests against the registry of `world`, or `only` those numbered so. The same seed and mix give the
    same request for a number, in any chunking and whichever others are made."""
    mix = mix or Mix()
    edges = np.cumsum([mix.about[kind] for kind in KINDS])
    numbers = np.arange(count, dtype=np.int64) if only is None else only
    for start in range(0, len(numbers), CHUNK):
        ids = numbers[start : start + CHUNK]
        who = draw.below(seed, "who", ids, world.people)
        neighbour = draw.below(seed, "neighbour", ids, world.people)
        kind = _kinds(seed, ids, edges)
        asked, others = _Known(make_neighbours(world, who)), _Known(make_neighbours(world, neighbour))
        chances = np.stack([draw.uniform(seed, f"slip {index}", ids) for index in range(_DRAWS)], axis=1).tolist()
        for request, person, other, about, chance in zip(
            ids.tolist(), who.tolist(), neighbour.tolist(), kind.tolist(), chances, strict=True
        ):
            yield _request(request, person, other, KINDS[about], asked, others, _Chance(chance, mix.dirt), mix)


def about_nobody(seed: int, ids: Ints, mix: Mix) -> Flags:
    """Which of the requests numbered `ids` are about nobody the registry holds, without making them."""
    edges = np.cumsum([mix.about[kind] for kind in KINDS])
    return np.asarray(_kinds(seed, ids, edges) == KINDS.index("nobody"))


def _kinds(seed: int, ids: Ints, edges: Floats) -> Ints:
    found = np.searchsorted(edges, draw.uniform(seed, "about", ids) * edges[-1], side="right")
    return np.asarray(np.minimum(found, len(KINDS) - 1))


class _Known:
    """A stretch of people, looked up by id."""

    def __init__(self, stretch: Stretch) -> None:
        self._people, self._at = stretch.people, stretch.addresses
        self._first_row = np.searchsorted(stretch.owner, np.arange(len(stretch.people.id) + 1))
        self._where = {person: index for index, person in enumerate(stretch.people.id.tolist())}

    def name(self, person: int) -> tuple[str, str, str, str, str]:
        """First, middle initial, surname, second surname, suffix."""
        i, p = self._where[person], self._people
        middle, last2 = int(p.middle[i]), int(p.last2[i])
        return (
            first_names(women=True).words[p.first[i]],
            chr(65 + middle) if middle >= 0 else "",
            surnames().words[p.last[i]],
            surnames().words[last2] if last2 >= 0 else "",
            SUFFIXES[p.suffix[i]],
        )

    def tin(self, person: int) -> int:
        return int(self._people.tin[self._where[person]])

    def group(self, person: int) -> str:
        return GROUPS[self._people.group[self._where[person]]]

    def address(self, person: int, former: bool) -> tuple[AddressKey, int, bool]:
        """The current address, or the one before where there is one; its form; and whether it is current."""
        i = self._where[person]
        begin, end = int(self._first_row[i]), int(self._first_row[i + 1])
        row = end - 2 if former and end - begin > 1 else end - 1
        at = self._at
        codes = [int(part[row]) for part in (at.form, at.number, at.street, at.suffix, at.direction, at.unit, at.zip)]
        return address_of(*codes), codes[0], row == end - 1


class _Chance:
    """Named draws for one request, in order."""

    def __init__(self, draws: list[float], dirt: float) -> None:
        self._draws, self._next, self._dirt = draws, 0, dirt

    def draw(self) -> float:
        self._next += 1
        return self._draws[self._next - 1]

    def happens(self, rate: float) -> bool:
        """A slip or variant at its rate, scaled by `dirt`."""
        return self.draw() < rate * self._dirt

    def pick(self, count: int) -> int:
        return int(self.draw() * count)


def _request(
    request: int, person: int, other: int, about: About, asked: _Known, others: _Known, chance: _Chance, mix: Mix
) -> tuple[Stated, RequestTruth]:
    former = chance.draw() < mix.former_address
    address, form, current = asked.address(person, former)
    first, middle, last, last2, suffix = asked.name(person)
    tin = asked.tin(person) if chance.draw() < mix.with_tin else -1
    if chance.draw() < mix.wrong_tin and tin >= 0:
        tin = others.tin(other)
    truth = RequestTruth(request, about, person, asked.group(person), current)
    if about == "elsewhere":
        address, form, _ = others.address(other, former=False)
        truth = truth._replace(current=False)
    elif about == "nobody":
        first, middle, _, _, suffix = others.name(other)
        last2 = ""
        number = 10_000 + int(address.number)
        address = AddressKey(str(number), *_parts(address)[1:])
        tin, truth = -1, RequestTruth(request, about, -1, asked.group(person), False)
    if about == "insufficient":
        parts = dict(
            zip(
                ("number", "street", "suffix", "direction", "unit", "city", "state", "zip"),
                _parts(address),
                strict=True,
            )
        )
        lines: tuple[str, ...] = (INSUFFICIENT[chance.pick(len(INSUFFICIENT))].format(**parts),)
        truth = truth._replace(current=False)
    else:
        lines = _write_address(address, form, chance)
    first, last, middle, suffix = _write_name(first, middle, last, last2, suffix, chance)
    return Stated(request, first, middle, last, suffix, lines, f"{tin:09d}" if tin >= 0 else ""), truth


def _parts(address: AddressKey) -> tuple[str, ...]:
    return tuple(getattr(address, name) for name in AddressKey.__slots__)


def _slip(word: str, chance: _Chance) -> str:
    """One slip of the keyboard: a letter left out, doubled, changed, or two turned round; never the first."""
    if len(word) < 4:
        return word
    place, kind = 1 + chance.pick(len(word) - 2), chance.pick(4)
    if kind == 0:
        return word[:place] + word[place + 1 :]
    if kind == 1:
        return word[:place] + word[place] + word[place:]
    if kind == 2:
        return word[:place] + _NEXT_KEY.get(word[place], "E") + word[place + 1 :]
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


_NEXT_KEY = dict(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", "SNXFRGHJOKLKNMIOWTDYIBECTX1234567890", strict=True))

VARIANTS = (
    "MOHAMMED MUHAMMAD MOHAMMAD MOHAMED", "HUSSEIN HUSSAIN HUSSEN", "AHMED AHMAD", "YUSUF YOUSEF YOUSUF",
    "ALEKSANDR ALEXANDER ALEXANDR", "SERGEI SERGEY", "DMITRY DMITRI", "NATALIA NATALYA", "YULIA JULIA",
    "TATIANA TATYANA", "ZHANG CHANG", "WANG WONG", "LEE LI YI", "CHEN CHAN", "HERNANDEZ FERNANDEZ",
    "GONZALEZ GONZALES", "RODRIGUEZ RODRIGUES", "GUTIERREZ GUTIERRES", "NGUYEN NGUYN", "SARA SARAH",
    "CATHERINE KATHERINE KATHRYN", "STEPHEN STEVEN", "ERIC ERIK", "GEOFFREY JEFFREY", "JOHN JON", "ISAAC ISSAC",
    "TERESA THERESA",
)  # fmt: skip
"""Spellings of one name, by transliteration or habit."""


@cache
def _variants() -> dict[str, tuple[str, ...]]:
    return {word: tuple(line.split()) for line in VARIANTS for word in line.split()}


@cache
def _short_forms() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for short, full in full_forms().items():
        found.setdefault(full, []).append(short)
    return {full: tuple(shorts) for full, shorts in found.items()}


_ACCENTS = str.maketrans("AEIOU", "ÁÉÍÓÚ")


def _write_name(
    first: str, middle: str, last: str, last2: str, suffix: str, chance: _Chance
) -> tuple[str, str, str, str]:
    """First, surname(s), middle and suffix as somebody wrote them down."""
    if chance.happens(0.04) and first in _short_forms():
        shorts = _short_forms()[first]
        first = shorts[chance.pick(len(shorts))]
    elif chance.happens(0.2) and first in _variants():
        first = _variants()[first][chance.pick(len(_variants()[first]))]
    elif chance.happens(0.04):
        first = _slip(first, chance)
    elif chance.happens(0.01):
        first = first[0]
    if chance.happens(0.08) and last in _variants():
        last = _variants()[last][chance.pick(len(_variants()[last]))]
    elif chance.happens(0.05):
        last = _slip(last, chance)
    if last2:
        style = chance.draw()
        if chance.happens(0.3):
            last2 = ""
        elif chance.happens(0.05):
            last, last2 = last2, ""
        last = last if not last2 else f"{last}-{last2}" if style < 0.4 else f"{last} {last2}"
    if chance.happens(0.4):
        middle = ""
    elif chance.happens(0.01):
        middle = "Q"
    if chance.happens(0.5):
        suffix = ""
    if chance.happens(0.1):
        first, last = first.capitalize(), last.translate(_ACCENTS) if len(last) % 3 == 0 else last.title()
    if chance.happens(0.025):
        first, last = last, first
    return first, last, middle, suffix


_LONG = {"ST": "Street", "AVE": "Avenue", "RD": "Road", "DR": "Drive", "LN": "Lane", "CT": "Court", "BLVD": "Blvd."}


def _write_address(address: AddressKey, form: int, chance: _Chance) -> tuple[str, ...]:
    """The address in one, two or three lines as somebody wrote it down."""
    number, street, suffix, direction, unit, city, state, zip5 = _parts(address)
    if chance.happens(0.02) and len(number) > 1:
        number = number[:-1] + _NEXT_KEY[number[-1]]
    if form == BOX:
        line = f"{('PO Box', 'P.O. Box', 'P O BOX', 'Post Office Box')[chance.pick(4)]} {number}"
    elif form == RURAL:
        line = f"{street} Box {number}"
    else:
        if chance.happens(0.05):
            street = _slip(street, chance)
        if chance.happens(0.08):
            suffix = ""
        if chance.happens(0.1):
            direction = ""
        suffix = _LONG.get(suffix, suffix) if chance.happens(0.4) else suffix
        line = " ".join(filter(None, (number, direction, street, suffix)))
    if unit:
        if chance.happens(0.15):
            unit = ""
        elif chance.happens(0.01):
            unit = unit[:-1] + _NEXT_KEY[unit[-1]]
    if unit:
        dashed = f"{unit[:-1]}-{unit[-1]}"
        line += ("", f" Apt {unit}", f" #{dashed}", f", Unit {unit}", f" APT {unit}")[1 + chance.pick(4)]
    if chance.happens(0.02):
        zip5 = zip5[:-1] + _NEXT_KEY[zip5[-1]]
    elif chance.happens(0.03):
        zip5 = ""
    if chance.happens(0.03):
        city = _slip(city, chance)
    place = f"{city}, {state} {zip5}".strip()
    if chance.happens(0.1):
        return (f"{line} {city} {state} {zip5}".strip(),)
    return (f"{line}, {place}",) if chance.happens(0.3) else (line, place)
