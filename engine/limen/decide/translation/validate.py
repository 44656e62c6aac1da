"""Every emitted form of one edition, read back and proved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from limen.decide.compiled_find import write_find
from limen.decide.exact import FactVariables
from limen.decide.translation.network_form import read_network
from limen.decide.translation.proof import Mismatch, Proof, Reading
from limen.decide.translation.python_form import read_python
from limen.law.edition import Edition

DIALECTS = ("duckdb", "pyspark")
"""Ibis's names of the dialects of SQL that `limen.decide.columns` runs on."""


@dataclass(frozen=True, slots=True)
class Validation:
    """What was proved: how many statements in each language, and every one that does not hold."""

    proved: dict[str, int]
    mismatches: tuple[Mismatch, ...]


def validate(edition: Edition) -> Validation:
    """Read back the Python, the SQL of each dialect and the network's rules of `edition`, and prove them.

    Python and SQL are proved for every point, bar, gateway and verdict; the network for every point, which is all it
    is asked. Raises `limen.decide.translation.proof.UnknownFormError` for text that a reader does not know.
    """
    readers: dict[str, Callable[[FactVariables], Reading]] = {
        "Python": lambda variables: read_python(*write_find(edition), variables),
        **{f"SQL ({dialect})": _sql_reader(edition, dialect) for dialect in DIALECTS},
        "durable-rules": lambda variables: read_network(edition, variables),
    }
    proof = Proof(edition)
    proved: dict[str, int] = {}
    mismatches: list[Mismatch] = []
    for language, read in readers.items():
        before = proof.proved
        found = proof.mismatches(read(proof.variables))
        proved[language] = proof.proved - before - len(found)
        mismatches += found
    return Validation(proved, tuple(mismatches))


def _sql_reader(edition: Edition, dialect: str) -> Callable[[FactVariables], Reading]:
    from limen.decide.translation.sql_form import emitted_sql, read_sql

    return lambda variables: read_sql(emitted_sql(edition, dialect), dialect, edition, variables)
