"""Cases from a table: a column per fact, one row a case with one item. Empty cells are not stated."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from limen.law.facts import CaseFacts, FactError, FactProblem, ItemFacts, read_value
from limen.law.problem import nearest
from limen.law.vocabulary import FactValue, Vocabulary

MAX_ROWS = 1_000_000


def read_table(path: Path, vocabulary: Vocabulary) -> Iterator[CaseFacts]:
    """The cases in a CSV file whose header names facts; a column `id` names them. Raises `FactError`, `OSError`."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        names = [name for name in rows.fieldnames or () if name != "id"]
        for name in names:
            if name not in vocabulary.facts:
                near = nearest(name, vocabulary.facts)
                raise FactError([FactProblem(name, f"the vocabulary has no fact `{name}`", nearest=near)])
        for number, row in enumerate(rows, 1):
            if number > MAX_ROWS:
                raise FactError([FactProblem("", f"the table has more than {MAX_ROWS:,} rows")])
            case: dict[str, FactValue] = {}
            item: dict[str, FactValue] = {}
            for name in names:
                text = (row.get(name) or "").strip()
                value = read_value(vocabulary.facts[name], text) if text else None
                if value is not None:
                    (item if vocabulary.facts[name].per_item else case)[name] = value
            yield CaseFacts(case, (ItemFacts(row.get("id") or f"row {number}", item),))
