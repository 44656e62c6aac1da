"""Invented requests of every shape a request may have, as plain data and as rows of dotted columns."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

from limen.request.model import Request
from limen.request.shape import Shape, shapes_of
from limen.request.subject import Stated

ADDRESSES = (
    ["418 Larkspur Ave Apt 2", "Yakima WA 98901"], ["Unknown Address 79901"], ["12 Oak St", "Springfield IL 62704"],
    ["PO Box 123", "El Paso TX 79901"], ["Adelanto Detention Facility"], ["99999"], [],
)  # fmt: skip
TEXTS = {
    "statute": ("8 U.S.C. 1326(a)", "8 U.S.C. 1253(a)(1)", "18 U.S.C. 1001", "INA", "unknown", "n/a"),
    "authority_cited": ("26 U.S.C. 6103(i)(2)", "unknown"),
    "reasons": ("found in the country after removal", "see attached", "unknown", "to execute a final order of removal"),
    "number": ("M-1", "M-2", "M-3", "unknown"),
    "period": ("2022", "2023", "unknown"),
    "tax_periods": ("2022", "2023"),
    "periods": ("2022", "2021-2023", "unknown"),
    "items": ("item-0", "mailing_address", "unknown"),
    "name": ("R. Stannard", "r. stannard", "D. Okafor", "unknown"),
}
SOMETIMES = 0.45
"""How often a field that may be left out is there."""


def request_data(draw: random.Random, number: int) -> dict[str, Any]:
    """One request; about half of what could be said is said."""
    data = _section(Request, draw, often=True)
    data["id"] = f"R-{number}"
    data.pop("batch", None)
    count = draw.choice((1, 1, 1, 2, 3))
    kinds = shapes_of(Request)["items"].element.section  # type: ignore[union-attr]
    data["items"] = [{**_section(kinds, draw), "id": f"item-{k}", "kind": _kind(draw)} for k in range(count)]
    data["recipients"] = [_section(shapes_of(Request)["recipients"].element.section, draw)  # type: ignore[union-attr]
                          for _ in range(draw.choice((0, 1, 1, 2)))]  # fmt: skip
    data["subject"] = {
        "name": {"first": "Mirela", "last": draw.choice(("Vantongeren", "Quill"))} if draw.random() < 0.9 else {},
        "address": {"lines": list(draw.choice(ADDRESSES))},
    }
    data.pop("facts", None)
    return {name: value for name, value in data.items() if value not in (None, [], {})}


def _kind(draw: random.Random) -> str:
    return draw.choice(("mailing_address", "filed_return", "reported_amount", "match_flag"))


def _section(model: type[Stated], draw: random.Random, often: bool = False) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for name, shape in shapes_of(model).items():
        if shape.facts or (shape.element is not None and shape.element.section is not None):
            continue
        if draw.random() < (0.7 if often else SOMETIMES):
            value = _value(name, shape, draw)
            if value is not None:
                data[name] = value
    return data


def _value(name: str, shape: Shape, draw: random.Random) -> Any:
    if shape.element is not None:
        return sorted({_value(name, shape.element, draw) for _ in range(draw.choice((1, 2)))})
    if shape.section is not None:
        found = _section(shape.section, draw)
        return "unknown" if shape.may_be_unknown and draw.random() < 0.1 else found
    if shape.may_be_unknown and not shape.text and draw.random() < 0.1:
        return "unknown"
    if shape.answer:
        return draw.random() < 0.7
    if shape.words:
        return draw.choice(shape.words)
    if shape.number:
        return draw.randrange(4)
    if shape.day:
        return (date(2025, 3, 1) + timedelta(days=draw.randrange(600))).isoformat()
    return draw.choice(TEXTS.get(name, ("some words",)))


def many_requests(count: int, seed: int = 6103) -> list[dict[str, Any]]:
    draw = random.Random(seed)
    return [request_data(draw, number) for number in range(count)]


def dotted(data: Any, prefix: str = "") -> dict[str, Any]:
    """Nested data as dotted columns; lists of texts stay lists."""
    if isinstance(data, dict):
        flat: dict[str, Any] = {}
        for name, value in data.items():
            flat.update(dotted(value, f"{prefix}{name}."))
        return flat
    if isinstance(data, list) and data and isinstance(data[0], dict):
        flat = {}
        for number, value in enumerate(data):
            flat.update(dotted(value, f"{prefix}{number}."))
        return flat
    return {prefix.removesuffix("."): data}


def arrow_table(requests: list[dict[str, Any]]) -> Any:
    """Requests as a table of dotted columns, typed; a day or a number said to be unknown is left out."""
    import pyarrow as pa

    from limen.batch.rows import check_columns

    rows = [dotted(request) for request in requests]
    names = sorted({name for row in rows for name in row})
    places = check_columns(names)
    columns = {}
    for name in names:
        shape = places[name][1]
        values = [row.get(name) for row in rows]
        if shape.day:
            kind: Any = pa.date32()
            values = [None if value in (None, "unknown") else date.fromisoformat(value) for value in values]
        elif shape.answer:
            kind, values = pa.bool_(), [value if isinstance(value, bool) else None for value in values]
        elif shape.number:
            kind, values = pa.int64(), [value if isinstance(value, int) else None for value in values]
        elif shape.element is not None:
            kind, values = pa.list_(pa.string()), [value or None for value in values]
        else:
            kind = pa.string()
        columns[name] = pa.array(values, kind)
    return pa.table(columns)


def csv_rows(requests: list[dict[str, Any]]) -> list[list[str]]:
    """Requests as the rows of a CSV file, the header first."""
    rows = [dotted(request) for request in requests]
    names = sorted({name for row in rows for name in row})

    def cell(value: Any) -> str:
        if isinstance(value, bool):
            return "true" if value else "false"
        return "" if value is None else ";".join(value) if isinstance(value, list) else str(value)

    return [names, *([cell(row.get(name)) for name in names] for row in rows)]
