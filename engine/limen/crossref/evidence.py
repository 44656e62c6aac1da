"""Why a match is what it is, in words and without personal data."""

from __future__ import annotations

from limen.crossref.ladder import AddressAgreement, Graded, NameAgreement
from limen.crossref.normalise import AddressKey, NameKey


def name_words(name: NameAgreement, asked: NameKey, held: NameKey) -> str:
    """How the names agree, as one clause."""
    if name.equal:
        said = "first name and surname agree exactly"
    elif name.first == 0 or name.last == 0:
        said = "the names do not agree"
    else:
        short = asked.first != held.first and asked.full == held.full
        first = "exactly" if name.first == 1000 else "as a short form" if short else "closely"
        last = "exactly" if name.last == 1000 else "closely"
        said = f"first name agrees {first}, surname agrees {last}"
    if name.swapped:
        said += ", in swapped order"
    if asked.middle and held.middle:
        said += "; the middle initial " + ("agrees" if asked.middle == held.middle else "differs")
    if asked.suffix and held.suffix:
        said += "; the generation suffix " + ("agrees" if asked.suffix == held.suffix else "differs")
    return said


def address_words(place: AddressAgreement, asked: AddressKey, held: AddressKey) -> str:
    """How the addresses agree, as one clause."""
    parts = [
        ("number", place.number),
        ("street", place.street == 1000 and not place.street_conflict),
        ("ZIP code", place.zip),
        ("city", place.city),
    ]
    agree = [name for name, yes in parts if yes]
    differ = [name for name, yes in parts if not yes]
    said = (
        f"{_list(agree)} agree"
        if len(agree) > 1
        else f"{agree[0]} agrees"
        if agree
        else "no part of the address agrees"
    )
    if place.street >= 900 and "street" in differ and not place.street_conflict:
        differ.remove("street")
        said += "; street agrees closely"
    if differ and agree:
        said += f"; {_list(differ)} {'do' if len(differ) > 1 else 'does'} not"
    if place.unit == "differs":
        said += "; the unit differs"
    elif place.unit == "missing":
        said += "; the unit is given on one side only"
    return said


def row_words(graded: Graded, name: NameKey, address: AddressKey) -> tuple[str, ...]:
    """The clauses for one graded row, and whether its address is the current one."""
    if graded.address.level < 2:
        held = "the registry has never held the stated address for this person"
    else:
        held = f"the registry holds it as {'the current' if graded.row.current else 'a former'} address"
    return (
        name_words(graded.name, name, graded.row.name),
        address_words(graded.address, address, graded.row.address),
        held,
    )


def _list(words: list[str]) -> str:
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1]
