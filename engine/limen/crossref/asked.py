"""A subject made ready for the ladder: comparable words, and the keys to look up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from limen.crossref import keys
from limen.crossref.normalise import AddressKey, NameKey, address_key, full_form, name_key, tin_key
from limen.crossref.settings import BOX_STREETS
from limen.request.address import AddressQuality, judge_address
from limen.request.subject import Subject

GATE = {
    "partial": "the stated address does not name one delivery point",
    "placeholder": "a placeholder stands where the address should be",
    "facility_only": "only a place of detention is named, without number and street",
    "zip_only": "only a ZIP code is stated",
    "none": "no address is stated",
}
"""Why the address lane is closed, by kind of address."""


@dataclass(frozen=True, slots=True)
class Asked:
    """`address` is `None` where the stated text is not sufficient (rung 0)."""

    name: NameKey | None
    address: AddressKey | None
    quality: AddressQuality
    tin: str
    tin_stated: bool


def make_asked(subject: Subject) -> Asked:
    """Fold what the agency wrote and judge the address."""
    quality = judge_address(subject.address.lines if subject.address else ())
    return Asked(
        name=name_key(subject.name) if subject.name else None,
        address=address_key(quality.parsed) if quality.kind == "complete" else None,
        quality=quality,
        tin=tin_key(subject.tin),
        tin_stated=bool(subject.tin),
    )


ZIP_NUMBER, SURNAME_NUMBER, NAME_ZIP, INITIALS_STREET = range(4)
"""The kinds of block."""


def tells_a_street(street: str) -> bool:
    """Whether a street is one: where mail goes to a box, many share what stands in its place."""
    return bool(street) and not street.startswith(BOX_STREETS)


def asked_keys(name: NameKey, address: AddressKey) -> list[int]:
    """The keys of every block a request belongs to."""
    return sorted({key for _, key in asked_blocks(name, address)})


def asked_blocks(name: NameKey, address: AddressKey) -> list[tuple[int, int]]:
    """Every block a request belongs to: straight, by its second surname, and with first name and surname swapped."""
    forms = [(name.last, name.full, name.first[0]), (name.first, full_form(name.last), name.last[0])]
    if name.last2 and name.last2 != name.last:
        forms.append((name.last2, name.full, name.first[0]))
    found: list[tuple[int, int]] = []
    if address.zip and address.number:
        found.append((ZIP_NUMBER, keys.zip_number(address.zip, address.number)))
    for surname, full, initial in dict.fromkeys(forms):
        if address.number and address.state:
            found.append((SURNAME_NUMBER, keys.surname_number(surname, initial, address.number, address.state)))
        if address.zip:
            found.append((NAME_ZIP, keys.name_zip(surname, full, address.zip)))
    if address.city and tells_a_street(address.street):
        for initial in sorted({name.last[0], *name.last2[:1]}):
            key = keys.initials_street(name.first[0], initial, address.street, address.city)
            found.append((INITIALS_STREET, key))
    return found


class HeldKeys(NamedTuple):
    """The keys a registry row is filed under; `None` for what its parts cannot make."""

    by_zip_number: int | None
    by_surname_number: int | None
    by_name_zip: int
    by_initials_street: int | None
    by_surname2_number: int | None
    by_name2_zip: int | None
    by_initials2_street: int | None


def held_keys(name: NameKey, address: AddressKey) -> HeldKeys:
    """Every block a registry row is filed under: by each of its surnames."""
    initial, number, state, zip5 = name.first[0], address.number, address.state, address.zip
    second = name.last2 if name.last2 != name.last else ""
    street = address.street if tells_a_street(address.street) else ""
    return HeldKeys(
        keys.zip_number(zip5, number) if number else None,
        keys.surname_number(name.last, initial, number, state) if number else None,
        keys.name_zip(name.last, name.full, zip5),
        keys.initials_street(initial, name.last[0], street, address.city) if street else None,
        keys.surname_number(second, initial, number, state) if number and second else None,
        keys.name_zip(second, name.full, zip5) if second else None,
        keys.initials_street(initial, second[0], street, address.city) if street and second else None,
    )
