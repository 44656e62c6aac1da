"""How facts lie in tables: names, types, and cases turned into rows.

A column is named after its fact, with `__` for the dot (`requester.office` is `requester__office`). Bool, int and
date facts have columns of their own type; an enum fact is text. NULL is not known. One row is one item of one case;
`case_id` and `item_id` say which.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from limen.law.facts import CaseFacts
from limen.law.vocabulary import Fact

if TYPE_CHECKING:
    import pyarrow as pa

CASE_ID, ITEM_ID = "case_id", "item_id"
VERDICTS = ("deny", "open", "allow", "not_covered")
"""A verdict column holds an index into these, or the word itself."""


def column_name(fact: str) -> str:
    """The column of a fact.

    >>> column_name("requester.office")
    'requester__office'
    """
    return fact.replace(".", "__")


class ClashingColumnsError(Exception):
    """Two facts of one vocabulary would share a column."""

    def __init__(self, first: str, second: str) -> None:
        super().__init__(
            f"`{first}` and `{second}` would both be column `{column_name(first)}`; rename one of the facts"
        )


def check_names(facts: Iterable[str]) -> None:
    """Raise `ClashingColumnsError` unless every fact has a column to itself (case is not told apart)."""
    seen: dict[str, str] = {}
    for fact in facts:
        name = column_name(fact).casefold()
        if name in seen:
            raise ClashingColumnsError(seen[name], fact)
        seen[name] = fact


def arrow_type(fact: Fact, coded: bool = False) -> pa.DataType:
    """The type of a fact's column; `coded` enums are dictionaries instead of text."""
    import pyarrow as pa

    text = pa.dictionary(pa.int8() if len(fact.values) < 128 else pa.int16(), pa.string()) if coded else pa.string()
    return {"bool": pa.bool_(), "enum": text, "int": pa.int32(), "date": pa.date32()}[fact.type]


def fact_schema(facts: Mapping[str, Fact], coded: bool = False) -> pa.Schema:
    """The columns of a table of facts: two ids, then every fact in the order of the vocabulary."""
    import pyarrow as pa

    check_names(facts)
    ids = [pa.field(CASE_ID, pa.int64(), nullable=False), pa.field(ITEM_ID, pa.string(), nullable=False)]
    return pa.schema([*ids, *(pa.field(column_name(name), arrow_type(fact, coded)) for name, fact in facts.items())])


def facts_table(facts: Mapping[str, Fact], cases: Sequence[CaseFacts], coded: bool = False) -> pa.Table:
    """`cases` as rows, one per item; `case_id` is the position of the case.

    A value that is not of its fact's type raises `pyarrow.ArrowInvalid` or `ArrowTypeError`; an enum value outside
    its closed set, in a `coded` table, is a `KeyError`.
    """
    import pyarrow as pa

    rows = [(number, case, item) for number, case in enumerate(cases) for item in case.items]
    columns: list[pa.Array] = [
        pa.array([number for number, _, _ in rows], pa.int64()),
        pa.array([item.id for _, _, item in rows], pa.string()),
    ]
    for name, fact in facts.items():
        values: list[Any] = [(item.facts if fact.per_item else case.facts).get(name) for _, case, item in rows]
        columns.append(_coded(values, fact) if coded and fact.type == "enum" else pa.array(values, arrow_type(fact)))
    return pa.table(columns, schema=fact_schema(facts, coded))


def _coded(values: list[Any], fact: Fact) -> pa.Array:
    import pyarrow as pa

    code = {value: index for index, value in enumerate(fact.values)}
    kind = arrow_type(fact, coded=True)
    indices = pa.array([None if value is None else code[value] for value in values], kind.index_type)
    return pa.DictionaryArray.from_arrays(indices, pa.array(fact.values, pa.string()))
