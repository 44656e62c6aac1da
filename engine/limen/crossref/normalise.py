"""Names and addresses folded to the words that are compared.

Once, at ingest: accents and apostrophes off, titles dropped, particles joined (`de la Cruz` is `DELACRUZ`, as the
Census Bureau files it), two surnames told apart whether a hyphen or a space stands between them, generation suffixes
found wherever they stand, short forms given their full name. What has no Latin letters folds to nothing and cannot
be compared.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from limen.crossref.keys import checksum, sound
from limen.request.fold import fold_text
from limen.request.parsed_address import ParsedAddress
from limen.request.subject import PersonName

DATA = Path(__file__).parent / "data"

SOUND_BITS, SOUND_MASK = 21, (1 << 21) - 1
"""How `sounds` packs three parts into one whole number."""

_NOT_A_LETTER = re.compile(r"[^A-Z]+")
_SUFFIXES = {
    "JR": "JR", "JUNIOR": "JR", "HIJO": "JR", "SR": "SR", "SENIOR": "SR", "II": "II", "2ND": "II",
    "III": "III", "3RD": "III",
    "IV": "IV", "4TH": "IV",
}  # fmt: skip
_TITLES = frozenset(["MR", "MRS", "MS", "MISS", "DR", "PROF", "REV", "HON", "SRA", "DON", "DONA"])
_NAMES_TOO = frozenset(["DON", "DONA", "HON"])
"""Titles that are names where nothing else stands."""
_PARTICLES = frozenset(
    ["DE", "DEL", "DELA", "LA", "LAS", "LE", "LOS", "DA", "DAS", "DI", "DO", "DOS", "DU", "D", "O", "MC", "MAC",
     "VAN", "VON",
     "VANDE", "VANDER", "DER", "DEN", "TEN", "TER", "ST", "SAN", "SANTA", "AL", "EL",
     "BIN", "IBN", "ABU", "ABD", "BEN", "FITZ"]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class NameKey:
    """The comparable words of a name; an empty text where a part is not there.

    `full` is the full form of the first name (`ROBERT` for `BOB`); `last2` the second of two surnames.
    """

    first: str
    full: str
    middle: str
    last: str
    last2: str
    suffix: str


@dataclass(frozen=True, slots=True)
class AddressKey:
    """The comparable words of an address; an empty text where a part is not there. `direction` is before or after
    the street."""

    number: str
    street: str
    suffix: str
    direction: str
    unit: str
    city: str
    state: str
    zip: str


@cache
def full_forms() -> dict[str, str]:
    """Short and pet forms with the full form each is compared as."""
    lines = (DATA / "nicknames.tsv").read_text(encoding="ascii").splitlines()
    return dict(line.split("\t") for line in lines if not line.startswith("#"))


def full_form(first: str) -> str:
    """`BOB` as `ROBERT`; a name that is no short form is itself."""
    return full_forms().get(first, first)


def sounds(name: NameKey) -> int:
    """How first name, surname and second surname sound: three numbers of 21 bits side by side, 0 for a part that is
    not there."""
    second = _sound_number(name.last2) << 2 * SOUND_BITS if name.last2 else 0
    return _sound_number(name.full) | _sound_number(name.last) << SOUND_BITS | second


def asked_sounds(name: NameKey) -> int:
    """`sounds` of a name somebody stated: where first name and surname may be swapped and what stands as the surname
    is a short form (`LEE ELLA`), its full form sounds too."""
    turned = full_form(name.last)
    if name.last2 or turned == name.last:
        return sounds(name)
    return sounds(name) | _sound_number(turned) << 2 * SOUND_BITS


def _sound_number(word: str) -> int:
    return checksum(sound(word)) % SOUND_MASK + 1


def sound_alike(one: int, other: int) -> bool:
    """Whether some part of one name sounds like some part of another, wherever it stands.

    >>> ann, lee = (sounds(NameKey(first, first, "", last, "", "")) for first, last in [("ANN", "LEE"), ("LEA", "OTT")])
    >>> sound_alike(ann, lee), sound_alike(ann, ann)
    (True, True)
    """
    return not _parts(one).isdisjoint(_parts(other))


def sound_the_same(one: int, other: int) -> bool:
    """Whether first name and surname of one name sound like those of another, swapped or not; second surnames aside.

    >>> ann, lee = (sounds(NameKey(first, first, "", last, "", "")) for first, last in [("ANN", "LEE"), ("LEA", "AN")])
    >>> sound_the_same(ann, lee), sound_the_same(ann, sounds(NameKey("ANN", "ANN", "", "OTT", "", "")))
    (True, False)
    """
    return {one & SOUND_MASK, one >> SOUND_BITS & SOUND_MASK} == {other & SOUND_MASK, other >> SOUND_BITS & SOUND_MASK}


def _parts(bits: int) -> set[int]:
    return {bits & SOUND_MASK, bits >> SOUND_BITS & SOUND_MASK, bits >> 2 * SOUND_BITS} - {0}


def name_key(name: PersonName) -> NameKey | None:
    """The comparable form of a name as written, or `None` without a first name and a surname.

    >>> name_key(PersonName(first="José Luis", last="Muñoz-de la Cruz Jr."))
    NameKey(first='JOSE', full='JOSE', middle='L', last='MUNOZ', last2='DELACRUZ', suffix='JR')
    >>> name_key(PersonName(first="Don", last="Dr. Brazil")).first
    'DON'
    >>> name_key(PersonName(last="O'Brien, Bill"))
    NameKey(first='BILL', full='WILLIAM', middle='', last='OBRIEN', last2='', suffix='')
    """
    return name_key_of(name.first or "", name.middle or "", name.last or "", name.suffix or "")


def name_key_of(first: str, middle: str, last: str, suffix: str) -> NameKey | None:
    """`name_key` for the four parts as texts."""
    if not first and "," in last:
        last, _, first = last.partition(",")
    given, suffix_given = _words(first)
    family, suffix_family = _words(last)
    if not family and len(given) > 1:
        given, family = given[:-1], given[-1:]
    elif not given and len(family) > 1:
        given, family = family[:1], family[1:]
    surnames = _join_particles(family)
    if not given or not surnames:
        return None
    between, suffix_middle = _words(middle)
    others = given[1:] + between
    generation = _SUFFIXES.get(fold_text(suffix).replace(".", "").strip(), "")
    return NameKey(
        first=given[0],
        full=full_form(given[0]),
        middle=others[0][0] if others else "",
        last=surnames[0],
        last2="".join(surnames[1:]),
        suffix=generation or suffix_family or suffix_given or suffix_middle,
    )


def _words(text: str) -> tuple[list[str], str]:
    """The words of one name part without titles, and the generation suffix among them. Where nothing else stands
    the last title that is a name too is the name (`DON`, `HON. DON`)."""
    words: list[str] = []
    titles: list[str] = []
    suffix = ""
    for word in re.split(r"[\s,/-]+", fold_text(text).replace("'", "").replace(".", " ")):
        if word in _SUFFIXES and (words or suffix or len(word) > 1):
            suffix = _SUFFIXES[word]
        elif letters := _NOT_A_LETTER.sub("", word):
            (titles if letters in _TITLES else words).append(letters)
    return words or [title for title in titles if title in _NAMES_TOO][-1:], suffix


def _join_particles(words: list[str]) -> list[str]:
    """`DE LA CRUZ` to `DELACRUZ`; `GARCIA Y LOPEZ` to two surnames."""
    joined: list[str] = []
    prefix = ""
    for word in words:
        if word in {"Y", "E"} and joined and not prefix:
            continue
        if word in _PARTICLES:
            prefix += word
            continue
        joined.append(prefix + word)
        prefix = ""
    if prefix:
        joined.append(prefix)
    return joined


def address_key(parsed: ParsedAddress) -> AddressKey:
    """The comparable form of a parsed address."""
    return AddressKey(
        number=parsed.number.lstrip("0"),
        street=parsed.street,
        suffix=parsed.suffix,
        direction=parsed.predirection or parsed.postdirection,
        unit=parsed.unit,
        city=parsed.city,
        state=parsed.state,
        zip=parsed.zip,
    )


def tin_key(tin: str | None) -> str:
    """The nine digits of a taxpayer number, or an empty text where there are not nine.

    >>> tin_key("666-12-3456")
    '666123456'
    """
    digits = re.sub(r"[\s.-]+", "", tin or "")
    return digits if len(digits) == 9 and digits.isdigit() and digits.isascii() else ""
