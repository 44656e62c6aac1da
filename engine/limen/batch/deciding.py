"""From a table of facts to a table of decisions.

Rows of one table may stand under different law: each is decided under the editions of its own day. The verdict of a
row is that of every profile asked; where they differ it is `readings_differ`, and nothing is allowed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from limen.decide.answer import preference
from limen.decide.columns.arrow import evaluate_together
from limen.decide.columns.law import LawColumns
from limen.decide.columns.layout import CASE_ID, ITEM_ID, VERDICTS, column_name, fact_schema
from limen.decide.columns.reasons import every_reason, first_reason
from limen.decide.compiled import Compiled, compile_edition
from limen.law import EditionError, make_edition, usable_profiles
from limen.law.book import Book
from limen.law.dates import change_days, unchanged_since
from limen.law.edition import Edition
from limen.law.vocabulary import Fact

VERDICT_WORDS = (*VERDICTS, "readings_differ")
DIFFER = VERDICT_WORDS.index("readings_differ")
EFFECTS = ("deny", "allow")
DISPOSITIONS = ("withhold", "more_needed", "release", "readings_differ")

DECISIONS = pa.schema(
    [
        pa.field("row", pa.int64(), nullable=False),
        pa.field("request", pa.string()),
        pa.field("item", pa.string()),
        pa.field("kind", pa.string()),
        pa.field("verdict", pa.string()),
        pa.field("gateway", pa.string()),
        pa.field("must_or_may", pa.string()),
        pa.field("first_reason", pa.string()),
        pa.field("effect", pa.string()),
        pa.field("disposition", pa.string()),
        pa.field("law_of", pa.date32()),
    ]
)
"""One row an item. `row` is the number of the request in the file, `gateway` the one that opened, `first_reason` the
address of the first thing in the way, `effect` and `disposition` those of the whole request, `law_of` the day."""
REASONS = pa.field("reasons", pa.list_(pa.string()))
"""On demand: the addresses of everything that is in the way."""
_AS_THEY_ARE = ("row", "request", "law_of")


def decision_schema(reasons: bool = False) -> pa.Schema:
    """What a file of decisions holds."""
    return DECISIONS.append(REASONS) if reasons else DECISIONS


def coded_schema(reasons: bool = False) -> pa.Schema:
    """The same while a batch runs: texts that say few things many times are numbers of words."""
    coded = pa.dictionary(pa.int32(), pa.string())
    fields = [field if field.name in _AS_THEY_ARE else field.with_type(coded) for field in DECISIONS]
    return pa.schema([*fields, REASONS] if reasons else fields)


@dataclass(frozen=True, slots=True)
class FactRows:
    """What is decided: a table of facts (`limen.decide.columns.layout`), one row an item.

    `case_id` holds the number of the request. `requests` has one row a request, in the same order: `case_id`,
    `request` (its id) and `day` (whose law it is decided under).
    """

    facts: pa.Table
    requests: pa.Table

    @classmethod
    def none(cls, facts: Mapping[str, Fact]) -> FactRows:
        """No rows at all."""
        requests = {"case_id": pa.array([], pa.int64()), "request": pa.array([], pa.string())}
        return cls(
            fact_schema(facts, coded=True).empty_table(), pa.table({**requests, "day": pa.array([], pa.date32())})
        )

    def with_others(self, others: FactRows) -> FactRows:
        """These rows and `others`, by the number of their request."""
        facts, requests = (
            pa.concat_tables([mine, theirs]).unify_dictionaries()
            for mine, theirs in ((self.facts, others.facts), (self.requests, others.requests))
        )
        order = facts.append_column("place", pa.array(range(facts.num_rows), pa.int64()))
        in_order = pc.sort_indices(order, [(CASE_ID, "ascending"), ("place", "ascending")])
        return FactRows(facts.take(in_order), requests.sort_by("case_id"))


class ColumnDecider:
    """Decides tables of facts under one book. `profile` `None` asks every profile that existed at `known_at`."""

    def __init__(
        self, book: Book, profile: str | None = None, known_at: date | None = None, reasons: bool = False
    ) -> None:
        self.book = book
        self._schema = coded_schema(reasons)
        self.known_at = known_at
        self.profiles = [profile] if profile else [p.id for p in usable_profiles(book, known_at)]
        self._days = change_days(book)
        self._editions: dict[date, tuple[Edition, ...]] = {}
        self._generated: dict[str, Compiled] = {}

    def editions(self, day: date) -> tuple[Edition, ...]:
        """The edition of each profile on `day`. Raises `EditionError` where the book has none."""
        since = unchanged_since(self._days, day)
        if since not in self._editions:
            made = (make_edition(self.book, profile, since, self.known_at) for profile in self.profiles)
            self._editions[since] = tuple(made)
        return self._editions[since]

    def _compiled(self, edition: Edition) -> Compiled:
        if edition.digest not in self._generated:
            self._generated[edition.digest] = compile_edition(edition)
        return self._generated[edition.digest]

    def days_without_law(self, days: Sequence[date]) -> dict[date, str]:
        """Those of `days` about which the book says nothing, with the reason."""
        refused: dict[date, str] = {}
        for day in days:
            try:
                self.editions(day)
            except EditionError as error:
                refused[day] = str(error)
        return refused

    def decide(self, rows: FactRows) -> pa.Table:
        """The decisions for `rows`, as `coded_schema`, in the order of the facts."""
        facts, requests = rows.facts, rows.requests
        if not facts.num_rows:
            return self._schema.empty_table()
        alone = facts.num_rows == requests.num_rows
        parent = None if alone else pc.index_in(facts.column(CASE_ID), requests.column("case_id"))
        day_of = _spread(requests.column("day"), parent)
        days = sorted(requests.column("day").unique().to_pylist())
        law = [tuple(edition.digest for edition in self.editions(day)) for day in days]
        if len(set(law)) == 1:
            found = self._decide_alike(facts, self.editions(days[0]))
        else:
            found = self._by_law(facts, day_of, dict(zip(days, law, strict=True)))
        effect, disposition = _of_requests(parent, _one(found.column("code")), requests.num_rows)
        columns = [
            facts.column(CASE_ID),
            _spread(requests.column("request"), parent),
            facts.column(ITEM_ID),
            _text(facts, "item.kind"),
            _words(_one(found.column("code")), VERDICT_WORDS),
            found.column("gateway"),
            found.column("must_or_may"),
            found.column("first_reason"),
            _spread(_words(effect, EFFECTS), parent),
            _spread(_words(disposition, DISPOSITIONS), parent),
            day_of,
        ]
        if REASONS in self._schema:
            columns.append(found.column("reasons"))
        return pa.table([_coded(column, field.type) for column, field in zip(columns, self._schema, strict=True)],
                        self._schema)  # fmt: skip

    def _by_law(self, facts: pa.Table, day_of: pa.ChunkedArray, law: dict[date, tuple[str, ...]]) -> pa.Table:
        """Rows of different law apart, and put back into their order."""
        parts, places = [], []
        for digests in sorted(set(law.values())):
            days = [day for day, of_day in law.items() if of_day == digests]
            where = pc.indices_nonzero(pc.is_in(day_of, pa.array(days, pa.date32())))
            parts.append(self._decide_alike(facts.take(where), self.editions(days[0])))
            places.append(where)
        order = pc.sort_indices(pa.concat_arrays(places))
        return pa.concat_tables(parts).unify_dictionaries().take(order)

    def _decide_alike(self, facts: pa.Table, editions: Sequence[Edition]) -> pa.Table:
        batches = facts.combine_chunks().to_batches()
        (basis, code), *others = evaluate_together(editions, batches[0])
        agreed: pa.Array | None = None
        for _, other in others:
            same = pc.equal(other, code)
            agreed = same if agreed is None else pc.and_(agreed, same)
        first = first_reason(editions[0], basis, code)
        gateway, how = _opened(editions[0], basis, code)
        if agreed is not None:
            code = pc.if_else(agreed, code, pa.scalar(DIFFER, code.type))
            gateway, how = pc.if_else(agreed, gateway, None), pc.if_else(agreed, how, None)
        found = {
            "code": code,
            "gateway": _words(gateway, [g.rule.address for g in editions[0].gateways]),
            "must_or_may": _words(how, ("must", "may")),
            "first_reason": first,
        }
        if REASONS in self._schema:
            found["reasons"] = every_reason(self._compiled(editions[0]), facts, first.is_valid())
        return pa.table(found)


def _opened(edition: Edition, columns: LawColumns[pa.BooleanArray], code: pa.Array) -> tuple[pa.Array, pa.Array]:
    """For allowed items the gateway that answers, and whether it must or may release; NULL for the others."""
    number = pa.nulls(len(code), pa.int32())
    for index in reversed(preference(edition)):
        number = pc.if_else(pc.fill_null(columns.gateways[index], False), pa.scalar(index, pa.int32()), number)
    number = pc.if_else(pc.equal(code, pa.scalar(VERDICTS.index("allow"), code.type)), number, None)
    effects = pa.array([("must", "may").index(g.rule.effect) for g in edition.gateways], pa.int32())
    return number, pc.take(effects, number) if len(effects) else number


def _of_requests(parent: pa.Array | None, code: pa.Array, requests: int) -> tuple[pa.Array, pa.Array]:
    """Effect and disposition of each request from the verdicts of its items; `parent` `None`: of its only item."""
    allows, opens, differs = (
        pc.equal(code, VERDICT_WORDS.index(word)) for word in ("allow", "open", "readings_differ")
    )
    if parent is not None:
        by_item = pa.table({"request": parent, "allow": allows, "open": opens, "differ": differs})
        grouped = by_item.group_by("request", use_threads=False).aggregate(
            [("allow", "all"), ("open", "any"), ("differ", "any")]
        )
        place = pc.index_in(pa.array(range(requests), pa.int32()), grouped.column("request"))
        allows, opens, differs = (grouped.column(name).take(place) for name in ("allow_all", "open_any", "differ_any"))
    effect = pc.cast(pc.fill_null(allows, False), pa.int32())
    disposition = pc.if_else(differs, 3, pc.if_else(allows, 2, pc.if_else(opens, 1, 0)))
    return _one(effect), _one(pc.fill_null(disposition, 0).cast(pa.int32()))


def _one(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _spread(column: pa.Array | pa.ChunkedArray, parent: pa.Array | None) -> pa.Array | pa.ChunkedArray:
    """A column of requests as one of items."""
    return column if parent is None else column.take(parent)


def _words(codes: pa.Array, words: Sequence[str]) -> pa.DictionaryArray:
    """Small numbers as the words they stand for."""
    return pa.DictionaryArray.from_arrays(_one(codes).cast(pa.int32()), pa.array(words, pa.string()))


def _text(facts: pa.Table, fact: str) -> pa.Array | pa.ChunkedArray:
    name = column_name(fact)
    return facts.column(name) if name in facts.column_names else pa.nulls(facts.num_rows, pa.string())


def _coded(column: pa.Array | pa.ChunkedArray, kind: pa.DataType) -> pa.Array:
    column = _one(column)
    if column.type == kind:
        return column
    if pa.types.is_dictionary(kind) and pa.types.is_dictionary(column.type):
        return pa.DictionaryArray.from_arrays(column.indices.cast(kind.index_type), column.dictionary)
    return pc.dictionary_encode(column) if pa.types.is_dictionary(kind) else column.cast(kind)
