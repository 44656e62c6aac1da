"""The tables of cross-reference: their columns and what they hold.

Every text is folded and never NULL (an empty text where there is nothing); every key is NULL where it cannot be made.
"""

from __future__ import annotations

FORMAT = 5
"""The layout of a registry of Parquet files. One of another format is refused, never half understood."""

NAME = ("first", "full", "middle", "last", "last2", "suffix")
ADDRESS = ("number", "street", "street_suffix", "direction", "unit", "city", "state", "zip")

REGISTRY = {
    "spell": "int64",
    "person": "int64",
    "current": "boolean",
    "tin": "int64",
    "sounds": "int64",
    "distinctive": "boolean",
    **dict.fromkeys(NAME + ADDRESS, "string"),
    "by_zip_number": "int64",
    "by_surname_number": "int64",
    "by_name_zip": "int64",
    "by_initials_street": "int64",
    "by_surname2_number": "int64",
    "by_name2_zip": "int64",
    "by_initials2_street": "int64",
}
"""One row a person and address spell. `tin` is -1 for none; the last seven are block keys, those of the second
surname NULL without one."""
KEYS = tuple(name for name in REGISTRY if name.startswith("by_"))
"""The block keys of a row."""

REQUESTS = {
    "request": "int64",
    "kind": "string",
    "has_name": "boolean",
    "tin": "int64",
    "tin_stated": "boolean",
    "sounds": "int64",
    **dict.fromkeys(NAME + ADDRESS, "string"),
}
"""One row a request. `kind` is the kind of address stated; `tin` is -1 where nine digits are not given."""

REQUEST_KEYS = {"request": "int64", "sounds": "int64", "block": "int8", "key": "int64"}
"""One row a block a request belongs to; `block` 0: ZIP and number, 1: surname and number, 2: name and ZIP, 3: initials
and street."""

MATCHES = {
    "request": "int64",
    "grade": "string",
    "lane": "string",
    "person": "int64",
    "candidates": "int64",
    "score": "int64",
    "address_held": "string",
    "tin_agrees": "boolean",
    "name_agrees": "boolean",
}
"""One row a request. `person` is NULL unless one person is named; `score` in millionths; `address_held` current,
former, never or NULL."""
EVIDENCE = {
    "best_spell": "int64",
    "first_alike": "int64",
    "last_alike": "int64",
    "swapped": "boolean",
    "street_alike": "int64",
}
"""What the words of evidence are made of, beside the two rows themselves."""
