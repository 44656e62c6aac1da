"""Every policy's answer to every row of a block, by columns, beside what is true of the row.

What all rows say alike is in the plan. What differs from row to row are the name, the address, the number, and
whether there is an order of removal. How many officers are named and whose reasons are given is a matter of the
policy compared, and is counted here, not read.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from limen.batch.checked import CheckedColumns
from limen.batch.deciding import FactRows
from limen.batch.rows import check_columns
from limen.batch.table_facts import TableReader
from limen.crossref.generate import draw
from limen.crossref.settings import Settings
from limen.decide.columns.arrow import evaluate_together
from limen.decide.columns.layout import VERDICTS
from limen.law import EditionError, make_edition
from limen.law.book import Book
from limen.law.edition import Edition
from limen.law.problem import nearest
from limen.request.characterise import Characteriser
from limen.simulate.errors import SimulationError
from limen.simulate.making import Block
from limen.simulate.matching import matches_of
from limen.simulate.obstacles import in_the_way, obstacles_of, reasons_of
from limen.simulate.place import whole
from limen.simulate.plan import Plan, Policy

OFFICER = "Officer {number}"


class Terms(NamedTuple):
    """What one policy sets: how a match is accepted, who is named, whose reasons are given, and the law of which
    day."""

    settings: Settings
    officers: int
    own_reasons: float
    as_of: date
    says: tuple[tuple[str, Any], ...] = ()

    def officer_of(self, row: int) -> int:
        """Which officer a row names, from 0."""
        return row % self.officers


def terms_of(plan: Plan, policy: Policy) -> Terms:
    """The terms of a policy: its own, and the plan's where it has none."""

    def own(name: str, home: Any) -> Any:
        value = getattr(policy, name)
        return getattr(home, name) if value is None else value

    cap, officers = own("cap_per_officer", plan.batch), own("officers", plan.batch)
    if policy.officers is not None and policy.cap_per_officer is None:
        cap = None  # who says how many officers are named does not mean the plan's cap to say otherwise
    if cap is not None:
        officers = max(officers, -(-plan.batch.size // cap))
    settings = Settings(own("confirm_address", plan.match), own("close", plan.match), own("tie", plan.match))
    said = tuple(sorted(policy.says.items()))
    named = min(officers, plan.batch.size)
    return Terms(settings, named, own("own_reasons", plan.batch), own("as_of", plan.batch), said)


def shared_rows(plan: Plan, terms: Terms) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """For every row of the batch whether it gives the reasons that others give too."""
    ids = np.arange(plan.batch.size, dtype=np.int64)
    return np.asarray(draw.uniform(plan.batch.seed, "own reasons", ids) >= terms.own_reasons)


class BatchFigures(NamedTuple):
    """How the rows of one block stand in the batch."""

    same_reasons: pa.Array
    same_recipient: pa.Array


def batch_figures(plan: Plan, terms: Terms, block: Block, shared: np.ndarray[Any, np.dtype[np.bool_]]) -> BatchFigures:
    """For each row how many give its reasons word for word, and in how many matters its officer is named."""
    own = shared[block.first : block.stop]
    ids = np.arange(block.first, block.stop, dtype=np.int64)
    whole_share, rest = divmod(plan.batch.size, terms.officers)
    matters = whole_share + (ids % terms.officers < rest)
    return BatchFigures(
        pa.array(np.where(own, int(shared.sum()), 1), pa.int32()), pa.array(matters.astype(np.int32), pa.int32())
    )


class PolicyDecider:
    """Decides blocks of one batch under every policy of a plan."""

    def __init__(self, plan: Plan, book: Book) -> None:
        self.plan = plan
        self.terms = [terms_of(plan, policy) for policy in plan.compare]
        self._shared = {terms.own_reasons: shared_rows(plan, terms) for terms in self.terms}
        self.editions = [_edition(book, policy, terms) for policy, terms in zip(plan.compare, self.terms, strict=True)]
        self.obstacles = [obstacles_of(edition, plan.gateway) for edition in self.editions]
        self._constant = flatten(plan.request)
        self._readers: dict[tuple[str, ...], TableReader] = {}
        self._characteriser = Characteriser(book.vocabulary)

    def decide(self, block: Block, matches: Mapping[Settings, Path]) -> pa.Table:
        """One row a request: its truth, the kind of its address, and for policy number N several columns.

        `vN` is the verdict, `rN` the first reason, `fN` every reason (a bit each, in the order of `obstacles`), `uN`
        those of them that are not known rather than not met. Then what its match found: `gN` grade, `lN` lane, `mN`
        person, `hN` address held, `cN` candidates, `tN` and `nN` whether number and name agree.
        """
        rows = pq.read_table(block.path("rows"))
        truth, asked = pq.read_table(block.path("truth")), pq.read_table(block.path("asked"), columns=["kind"])
        told: dict[str, Any] = {name: truth.column(name) for name in truth.column_names}
        told["kind"] = asked.column("kind")
        given = {terms.settings: matches_of(matches[terms.settings], block) for terms in self.terms}
        said: dict[tuple[tuple[str, Any], ...], FactRows] = {}
        answers: dict[int, dict[str, Any]] = {}
        for terms in dict.fromkeys(self.terms):
            found = given[terms.settings]
            facts = self._facts(rows, terms, block, found, said)
            numbers = [number for number, other in enumerate(self.terms) if other == terms]
            together = evaluate_together([self.editions[number] for number in numbers], facts)
            for number, (columns, code) in zip(numbers, together, strict=True):
                there = in_the_way(self.editions[number], self.plan.gateway, columns)
                first, every, unknown = reasons_of(there, pc.equal(code, VERDICTS.index("allow")))
                answers[number] = {
                    f"v{number}": pc.take(pa.array(VERDICTS, pa.string()), code),
                    f"r{number}": first,
                    f"f{number}": every,
                    f"u{number}": unknown,
                    f"g{number}": found.column("grade"),
                    f"l{number}": found.column("lane"),
                    f"m{number}": found.column("person"),
                    f"h{number}": found.column("address_held"),
                    f"c{number}": found.column("candidates"),
                    f"t{number}": found.column("tin_agrees"),
                    f"n{number}": found.column("name_agrees"),
                }
        for number in range(len(self.terms)):
            told |= answers[number]
        return pa.table(told)

    def _facts(
        self,
        rows: pa.Table,
        terms: Terms,
        block: Block,
        found: pa.Table,
        said: dict[tuple[tuple[str, Any], ...], FactRows],
    ) -> pa.RecordBatch:
        """The facts of a block; `said` remembers what was read of it, which no match and no figure of the batch
        changes."""
        figures = batch_figures(self.plan, terms, block, self._shared[terms.own_reasons])
        seen = pa.table(
            {
                "match_grade": found.column("grade"),
                "match_lane": found.column("lane"),
                "match_address_held": found.column("address_held"),
                "match_tin_agrees": found.column("tin_agrees"),
                "match_name_agrees": found.column("name_agrees"),
                "batch_requests_with_same_reasons": figures.same_reasons,
                "batch_matters_naming_same_recipient": figures.same_recipient,
            }
        )
        checked, reader = self._checked(rows, dict(terms.says))
        before = said.get(terms.says)
        if before is not None and len(checked.items) == 1:
            read = reader.with_match(before, seen)
        else:
            days = pa.repeat(pa.scalar(terms.as_of, pa.date32()), checked.rows)
            read = said[terms.says] = reader.read(checked, rows.column("row").combine_chunks(), days, seen)
        return read.facts.combine_chunks().to_batches()[0]

    def _checked(self, rows: pa.Table, says: Mapping[str, Any]) -> tuple[CheckedColumns, TableReader]:
        columns = self._columns(rows, says)
        places = check_columns(columns)
        if tuple(columns) not in self._readers:
            reader = TableReader(self._characteriser, places, None)
            if not reader.suits:
                raise SimulationError("the vocabulary of this book has facts that cannot be read by columns")
            self._readers[tuple(columns)] = reader
        checked = CheckedColumns(pa.table(columns), places)
        if not pc.all(checked.sure).as_py():
            at = pc.index(checked.sure, False).as_py()
            raise SimulationError(
                f"row {rows.column('row')[at].as_py()} says something a request cannot say; "
                "look at `request` in the plan and decide it once with `limen decide`"
            )
        return checked, self._readers[tuple(columns)]

    def _columns(self, rows: pa.Table, says: Mapping[str, Any]) -> dict[str, Any]:
        count = rows.num_rows
        ids = pc.binary_join_element_wise(pa.scalar("row"), pc.cast(rows.column("row"), pa.string()), "-")
        columns: dict[str, Any] = {
            "id": ids.combine_chunks(),
            "subject.name.last": rows.column("last").combine_chunks(),
            "subject.address.lines": rows.column("lines").combine_chunks(),
            "reasons": _repeat(self.plan.reasons, count),
            **{name: _repeat(value, count) for name, value in {**self._constant, **says}.items()},
        }
        without = rows.column("without_order").combine_chunks()
        if pc.any(without).as_py():
            order = columns.get("matter.removal_order", pa.nulls(count, pa.bool_()))
            columns["matter.removal_order"] = pc.if_else(without, False, order)
            final = columns.get("matter.removal_order_final")
            if final is not None:
                columns["matter.removal_order_final"] = pc.if_else(without, pa.scalar(None, pa.date32()), final)
        return columns


def _edition(book: Book, policy: Policy, terms: Terms) -> Edition:
    if policy.profile not in book.profiles:
        near = nearest(policy.profile, book.profiles)
        hint = f"; did you mean `{near}`?" if near else f"; there are {', '.join(book.profiles)}"
        raise SimulationError(f"`compare`: there is no profile `{policy.profile}`{hint}")
    try:
        return make_edition(book, policy.profile, terms.as_of)
    except EditionError as error:
        raise SimulationError(f"`compare`: `{policy.name}`: {error}") from None


def decide_block(decider: PolicyDecider, block: Block, matches: Mapping[Settings, Path], path: Path) -> int:
    """Decide a block and keep the outcome, unless it is there; returns how many rows it has."""
    if not path.exists():
        table = decider.decide(block, matches)
        with whole(path) as building:
            pq.write_table(table, building)
    return block.stop - block.first


def flatten(request: Mapping[str, Any]) -> dict[str, Any]:
    """A request as dotted names and values; lists of parts are numbered, lists of words stay together.

    >>> flatten({"use": {"also_civil": False}, "items": [{"id": "a"}], "purposes": ["x"]})
    {'use.also_civil': False, 'items.0.id': 'a', 'purposes': ['x']}
    """
    found: dict[str, Any] = {}

    def walk(name: str, value: Any) -> None:
        if isinstance(value, Mapping):
            for part, inner in value.items():
                walk(f"{name}.{part}" if name else str(part), inner)
        elif isinstance(value, list) and value and isinstance(value[0], Mapping):
            for number, inner in enumerate(value):
                walk(f"{name}.{number}", inner)
        else:
            found[name] = value

    walk("", request)
    return found


def _repeat(value: Any, count: int) -> pa.Array:
    """One value on every row; a text is kept once."""
    if isinstance(value, str):
        zeros = pa.array(np.zeros(count, dtype=np.int32))
        return pa.DictionaryArray.from_arrays(zeros, pa.array([value], pa.string()))
    if isinstance(value, list):
        return pa.array([value] * count, pa.list_(pa.string()))
    kind = pa.date32() if isinstance(value, date) else None
    return pa.repeat(pa.scalar(value, kind), count)
