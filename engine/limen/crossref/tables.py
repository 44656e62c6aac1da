"""The ladder on tables: the same rungs, points and grades as for one request, as Ibis expressions.

One code path for an embedded engine (DuckDB) and a distributed one (Spark). Only what both compute alike is used:
whole numbers, equality of folded texts, Jaro-Winkler above `ALIKE_FLOOR`, joins and windows; no division, no modulo,
no regular expression.

Rung 1 looks at keys, sounds and ids only; the wide columns are read once, for the rows that are left (rung 2).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from operator import or_

import ibis
from ibis.expr import types as ir

from limen.crossref import settings as s
from limen.crossref.asked import INITIALS_STREET, NAME_ZIP, SURNAME_NUMBER, ZIP_NUMBER
from limen.crossref.columns import ADDRESS, NAME
from limen.crossref.normalise import SOUND_BITS, SOUND_MASK
from limen.crossref.settings import Settings


@ibis.udf.scalar.builtin(name="limen_alike")  # type: ignore[untyped-decorator]
def alike(one: str, other: str) -> int:
    """`similarity.alike` on columns; `engines` gives each engine a function of this name."""
    raise NotImplementedError  # pragma: no cover - never called, Ibis reads the signature


GRADED = (
    "request", "spell", "person", "current", "by_tin", "compared", "level", "score", "name_level", "name_points",
    "address_level", "first_alike", "last_alike", "swapped", "street_alike",
)  # fmt: skip
"""What is kept of a compared pair."""

Hold = Callable[[str, ir.Table], ir.Table]
"""Keeps an intermediate table, under a name, so that it is computed once."""


@dataclass(frozen=True)
class Tables:
    """The three tables of one run, as `columns` describes them."""

    requests: ir.Table
    keys: ir.Table
    registry: ir.Table


@dataclass(frozen=True)
class Narrowed:
    """What rung 1 leaves to compare, and the rows of the registry for it: the same however a match is accepted."""

    pairs: ir.Table
    held: ir.Table


def narrow_tables(tables: Tables, hold: Hold) -> Narrowed:
    """Rung 1 and the reading of the wide columns."""
    pairs = hold("pairs", candidate_pairs(tables))
    return Narrowed(pairs, hold("held", held_rows(pairs, tables)))


def match_tables(tables: Tables, settings: Settings | None, hold: Hold, narrowed: Narrowed | None = None) -> ir.Table:
    """One row a request: `MATCHES` and `EVIDENCE` of `columns`. Who asks several times narrows once."""
    settings = settings or Settings()
    left = narrowed or narrow_tables(tables, hold)
    graded = hold("graded", grade_pairs(left.pairs, left.held, tables, settings))
    return resolve_tables(graded, tables, settings)


# --- rung 1: who to compare with


def candidate_pairs(tables: Tables) -> ir.Table:
    """(request, spell) once for every block shared, with `by_tin` where a taxpayer number led there."""
    keys, registry = tables.keys, tables.registry
    found = []
    for column, block in (
        ("by_zip_number", ZIP_NUMBER),
        ("by_surname_number", SURNAME_NUMBER),
        ("by_surname2_number", SURNAME_NUMBER),
        ("by_name_zip", NAME_ZIP),
        ("by_name2_zip", NAME_ZIP),
        ("by_initials_street", INITIALS_STREET),
        ("by_initials2_street", INITIALS_STREET),
    ):
        held = registry.select("spell", "sounds", key=registry[column])
        asked = keys.filter(keys.block == block).select("request", "sounds", "key")
        both = held.inner_join(asked, "key")
        if block in (ZIP_NUMBER, INITIALS_STREET):  # the others share a surname as it sounds
            both = both.filter(_sound_alike(both.sounds, both.sounds_right))
        found.append(both.select("request", "spell", by_tin=ibis.literal(False)))
    stated = tables.requests.filter(tables.requests.tin >= 0, tables.requests.has_name).select("request", "tin")
    by_tin = registry.filter(registry.tin >= 0).select("spell", "tin").inner_join(stated, "tin")
    found.append(by_tin.select("request", "spell", by_tin=ibis.literal(True)))
    return ibis.union(*found, distinct=True)


def _sound_alike(one: ir.IntegerValue, other: ir.IntegerValue) -> ir.BooleanValue:
    """`normalise.sound_alike`, on columns: a first part and a surname are always there, a second surname may not be."""
    first, last, second = _sounds(one)
    others = _sounds(other)
    straight = [part == there for part in (first, last) for there in others]
    crossed = [(second != 0) & (second == there) for there in others]
    return reduce(or_, straight + crossed)


def _sound_the_same(one: ir.IntegerValue, other: ir.IntegerValue) -> ir.BooleanValue:
    """`normalise.sound_the_same`, on columns."""
    first, last, _ = _sounds(one)
    other_first, other_last, _ = _sounds(other)
    return ((first == other_first) & (last == other_last)) | ((first == other_last) & (last == other_first))


def _sounds(bits: ir.IntegerValue) -> tuple[ir.IntegerValue, ir.IntegerValue, ir.IntegerValue]:
    return bits & SOUND_MASK, (bits >> SOUND_BITS) & SOUND_MASK, bits >> (2 * SOUND_BITS)


# --- rungs 2 and 3: compare and grade


def held_rows(pairs: ir.Table, tables: Tables) -> ir.Table:
    """The rows of the registry that some pair needs, each once: the only reading of its wide columns.

    A step of its own: an engine that fetches and compares in one pass takes about twice as long.
    """
    held = tables.registry.select("spell", "person", "current", "tin", "sounds", "distinctive", *NAME, *ADDRESS)
    return held.semi_join(pairs, "spell")


def grade_pairs(pairs: ir.Table, held: ir.Table, tables: Tables, settings: Settings) -> ir.Table:
    """Every pair with its agreement, level and score."""
    asked = tables.requests.select("request", "kind", "tin", "sounds", *NAME, *ADDRESS).rename("asked_{name}")
    both = held.inner_join(pairs, "spell").inner_join(asked, [("request", "asked_request")])
    both = _add_addresses(both)
    both = _add_names(both, settings)
    names, place = both.name_level, both.address_level
    half = (both.first_alike >= settings.close) | (both.last_alike >= settings.close)
    other_house = _differ(both.asked_number, both.number)
    like = both.names_equal | ~other_house | _sound_the_same(both.sounds, both.asked_sounds)
    few = both.distinctive & (both.asked_first.length() > 1) & like
    known = (names == 3) & few
    compatible = both.place_equal & ~both.street_conflict & ~both.unit_differs
    nearly = (names == 2) & few & compatible
    level = ibis.cases(
        ((names >= 2) & (place >= 2), ibis.least(names, place)),
        ((known | nearly) & (place >= 1), 2),
        (((names >= 1) & (place >= 1)) | ((place >= 2) & half) | (known & both.place_equal), 1),
        else_=0,
    )
    other_tin = (both.asked_tin >= 0) & (both.tin >= 0) & (both.asked_tin != both.tin)
    level = ibis.ifelse(other_tin, ibis.least(level, 1), level)
    shares = _sound_alike(both.sounds, both.asked_sounds)
    in_block = ~both.by_tin & (both.asked_kind == "complete")
    return both.mutate(
        level=ibis.ifelse(shares & in_block, level, 0).cast("int64"),
        score=both.name_points + both.address_points,
        compared=both.asked_kind == "complete",
    ).select(*GRADED)


def _part(one: ir.StringValue, other: ir.StringValue) -> ir.IntegerValue:
    return ibis.cases(
        ((one == "") & (other == ""), s.PART_ABSENT),
        ((one == "") | (other == ""), s.PART_MISSING),
        (one == other, s.PART_AGREES),
        else_=s.PART_DIFFERS,
    ).cast("int64")


def _add_names(t: ir.Table, settings: Settings) -> ir.Table:
    """`compare_names`, on columns; one step after the other, so that most pairs cost two comparisons and not six."""
    t = t.mutate(
        straight=alike(t.asked_last, t.last),
        by_other=ibis.greatest(alike(t.asked_last2, t.last), alike(t.asked_last, t.last2)) - s.OTHER_SURNAME_COST,
        seconds=alike(t.asked_last2, t.last2),
        middle_points=_part(t.asked_middle, t.middle),
        suffix_points=_part(t.asked_suffix, t.suffix),
    )
    bare = (t.asked_first.length() == 1) | (t.first.length() == 1)
    initial = ibis.ifelse(bare & (t.asked_first.substr(0, 1) == t.first.substr(0, 1)), s.INITIAL, 0)
    short = ibis.ifelse(t.asked_full == t.full, s.SHORT_FORM, 0)
    two = (t.asked_last2 != "") | (t.last2 != "")
    t = t.mutate(joined=two & (t.asked_last + t.asked_last2 == t.last + t.last2))
    t = t.mutate(plain_last=ibis.ifelse(t.joined, 1000, ibis.greatest(t.straight, t.by_other)).cast("int64"))
    first = ibis.greatest(alike(t.asked_first, t.first), initial, short)
    # what agrees neither in the surname nor in the address agrees in no grade, so its first name is not compared
    t = t.mutate(plain_first=ibis.ifelse((t.plain_last > 0) | (t.address_level >= 2), first, 0).cast("int64"))
    turned_first = alike(t.asked_last, t.first)
    t = t.mutate(turned_first=ibis.ifelse(t.plain_first + t.plain_last < 2000, turned_first, 0).cast("int64"))
    t = t.mutate(turned_last=ibis.ifelse(t.turned_first > 0, alike(t.asked_first, t.last), 0).cast("int64"))
    swapped = t.turned_first + t.turned_last > t.plain_first + t.plain_last
    differs = (t.asked_last2 != "") & (t.last2 != "") & (t.seconds == 0) & ~swapped & ~t.joined
    crossed = t.straight < t.by_other
    straight_equal = (t.asked_first == t.first) & ((t.asked_last == t.last) | t.joined) & ~differs
    turned_equal = (t.turned_first == 1000) & (t.turned_last == 1000)
    parts_differ = (t.middle_points == s.PART_DIFFERS) | (t.suffix_points == s.PART_DIFFERS)
    t = t.mutate(
        first_alike=ibis.ifelse(swapped, t.turned_first, t.plain_first).cast("int64"),
        last_alike=ibis.ifelse(swapped, t.turned_last, t.plain_last).cast("int64"),
        swapped=swapped,
        names_equal=ibis.ifelse(swapped, turned_equal, straight_equal),
        names_conflict=parts_differ | (differs & ~crossed),
    )
    alike_both = (t.first_alike >= min(settings.close, s.INITIAL)) & (t.last_alike >= settings.close)
    one_exact = (t.first_alike == 1000) | (t.last_alike == 1000)
    slip = one_exact & (ibis.least(t.first_alike, t.last_alike) >= settings.close - s.SLIP)
    close = alike_both | slip
    return t.mutate(
        name_level=ibis.cases(
            (t.names_equal & ~t.names_conflict, 3),
            (close & ~t.names_conflict, 2),
            ((t.first_alike >= s.WEAK_FIRST) & (t.last_alike >= s.WEAK_LAST), 1),
            else_=0,
        ),
        name_points=(t.first_alike + t.last_alike) * s.NAME_WEIGHT
        + _points(t.first_alike == 1000, s.NAME_EQUAL)
        + _points(t.last_alike == 1000, s.NAME_EQUAL)
        + t.middle_points
        + t.suffix_points,
    )


def _points(condition: ir.BooleanValue, points: int) -> ir.IntegerValue:
    return ibis.ifelse(condition, points, 0).cast("int64")


def _street_alike(t: ir.Table) -> ir.IntegerValue:
    """`ladder.street_alike`, on columns."""
    asked = ibis.ifelse(t.asked_street_suffix == "", t.asked_street, t.asked_street + " " + t.asked_street_suffix)
    held = ibis.ifelse(t.street_suffix == "", t.street, t.street + " " + t.street_suffix)
    one_kind = (t.asked_street_suffix == "") != (t.street_suffix == "")
    whole = ibis.ifelse(one_kind, ibis.least(alike(asked, held), s.STREET_RUN_ON), 0)
    return ibis.greatest(alike(t.asked_street, t.street), whole)


def _differ(one: ir.StringValue, other: ir.StringValue) -> ir.BooleanValue:
    return (one != "") & (other != "") & (one != other)


def _add_addresses(t: ir.Table) -> ir.Table:
    """`compare_addresses`, on columns."""
    run_on = (t.asked_street == t.street + " " + t.city) & (t.asked_city == "")
    t = t.mutate(
        number_equal=(t.asked_number == t.number) & ((t.number != "") | (t.asked_street != "")),
        street_alike=ibis.ifelse(run_on, 1000, _street_alike(t)).cast("int64"),
        street_conflict=_differ(t.asked_street_suffix, t.street_suffix) | _differ(t.asked_direction, t.direction),
        zip_equal=(t.asked_zip != "") & (t.asked_zip == t.zip),
        city_equal=run_on | (alike(t.asked_city, t.city) >= s.CLOSE_STREET),
        state_equal=(t.asked_state == "") | (t.asked_state == t.state),
        unit_equal=t.asked_unit == t.unit,
        unit_differs=_differ(t.asked_unit, t.unit),
    )
    t = t.mutate(place_equal=t.zip_equal | (t.city_equal & t.state_equal))
    number, place, close = t.number_equal, t.place_equal, t.street_alike >= s.CLOSE_STREET
    strong = number & close & place & ~t.street_conflict & ~t.unit_differs
    same = (t.street_alike == 1000) & t.unit_equal & (t.zip_equal | (t.asked_zip == ""))
    boxes = t.street.startswith(s.BOX_STREETS[0])
    for words in s.BOX_STREETS[1:]:
        boxes = boxes | t.street.startswith(words)
    part = (number & (place | (close & t.state_equal))) | (close & place & ~boxes)
    return t.mutate(
        address_level=ibis.cases((strong & same, 3), (strong, 2), (part, 1), else_=0),
        address_points=t.street_alike * s.STREET_WEIGHT
        + _points((t.street_alike == 1000) & ~t.street_conflict, s.STREET_EQUAL)
        + _points(t.number_equal, s.NUMBER_POINTS)
        + _points(t.zip_equal, s.ZIP_POINTS)
        + _points(t.city_equal, s.CITY_POINTS)
        + ibis.cases((t.unit_equal, s.UNIT_EQUAL), (t.unit_differs, 0), else_=s.UNIT_MISSING).cast("int64"),
    )


# --- rung 4: who is meant


def resolve_tables(graded: ir.Table, tables: Tables, settings: Settings) -> ir.Table:
    """The two lanes brought together, one row a request."""
    by_tin, by_address = _tin_lane(graded, settings), _address_lane(graded, settings)
    asked = tables.requests.select("request", "kind", "has_name", "tin", "tin_stated")
    both = asked.left_join(by_tin, "request").drop("request_right")
    both = both.left_join(by_address, "request").drop("request_right")
    tin_found = both.tin_persons.coalesce(0)
    settled = tin_found == 1
    tin_tied = tin_found > 1
    unsettled = ~settled & ~tin_tied
    near = both.near.coalesce(0)
    unconfirmed = settled & (both.tin_held.isnull() | (both.tin_held == "never"))
    named_by_tin = settled & ~unconfirmed if settings.confirm_address else settled
    grade = ibis.cases(
        (named_by_tin, _grade(both.tin_level)),
        (settled, "weak"),
        (tin_tied | (near > 1), "ambiguous"),
        (near == 0, "none"),
        else_=_grade(both.best_level),
    )
    found = unsettled & (near > 0)
    return both.select(
        "request",
        grade=grade,
        lane=ibis.cases((settled | tin_tied, "tin"), (found, "address"), else_="none"),
        person=ibis.cases(
            (named_by_tin, both.tin_person), (unsettled & (near == 1) & (both.best_level >= 2), both.best_person)
        ),
        candidates=ibis.cases((settled, 1), (tin_tied, tin_found), else_=near).cast("int64"),
        score=ibis.cases((named_by_tin, both.tin_points + s.IDENTIFIED), (found, both.best_score), else_=0).cast(
            "int64"
        ),
        address_held=ibis.cases((settled, both.tin_held), (found & (near == 1), both.best_held)),
        tin_agrees=ibis.cases((settled | tin_tied, True), (both.tin_stated & (both.has_name | (both.tin < 0)), False)),
        name_agrees=ibis.cases((settled | tin_tied, True), (found, both.best_name_level >= 2)),
        best_spell=ibis.ifelse(settled, both.tin_spell, both.best_spell),
        first_alike=ibis.ifelse(settled, both.tin_first_alike, both.best_first_alike),
        last_alike=ibis.ifelse(settled, both.tin_last_alike, both.best_last_alike),
        swapped=ibis.ifelse(settled, both.tin_swapped, both.best_swapped),
        street_alike=both.best_street_alike,
    )


def _grade(level: ir.IntegerValue) -> ir.StringValue:
    return ibis.cases((level == 3, "exact"), (level == 2, "strong"), (level == 1, "weak"), else_="none")


def _held(level: ir.IntegerValue, current: ir.BooleanValue, compared: ir.BooleanValue) -> ir.StringValue:
    return ibis.cases((~compared, ibis.null("string")), (level < 2, "never"), (current, "current"), else_="former")


def _tin_lane(graded: ir.Table, settings: Settings) -> ir.Table:
    """Where number and name agree: how many persons, and for a single one the grade and what its addresses say."""
    agreeing = graded.filter(graded.by_tin, graded.name_level >= 2)
    held = ibis.ifelse(agreeing.compared & (agreeing.address_level >= 2), ibis.ifelse(agreeing.current, 2, 1), 0)
    by_request = agreeing.group_by("request").aggregate(
        tin_persons=agreeing.person.nunique(),
        tin_person=agreeing.person.min(),
        tin_level=agreeing.name_level.max(),
        tin_points=agreeing.name_points.max(),
        tin_spell=agreeing.spell.min(),
        tin_first_alike=agreeing.first_alike.max(),
        tin_last_alike=agreeing.last_alike.max(),
        tin_swapped=agreeing.swapped.cast("int8").max() == 1,
        held=held.max(),
        compared=agreeing.compared.cast("int8").max() == 1,
    )
    words = ibis.cases((by_request.held == 2, "current"), (by_request.held == 1, "former"), else_="never")
    return by_request.mutate(tin_held=ibis.ifelse(by_request.compared, words, ibis.null("string"))).drop(
        "held", "compared"
    )


def _address_lane(graded: ir.Table, settings: Settings) -> ir.Table:
    """The best person by name and address, and how many persons are within the tie."""
    usable = graded.filter(graded.level >= 1)
    top = usable.group_by("request").aggregate(top=usable.score.max())
    close = usable.inner_join(top, "request")
    close = close.filter(close.score >= close.top - 1000 * settings.tie)
    near = close.group_by("request").aggregate(near=close.person.nunique())
    order = [ibis.desc("score"), ibis.desc("level"), ibis.desc("current"), ibis.asc("person"), ibis.asc("spell")]
    ranked = close.mutate(place=ibis.row_number().over(group_by="request", order_by=order))
    best = ranked.filter(ranked.place == 0).inner_join(near, "request")
    return best.select(
        "request",
        "near",
        best_person=best.person,
        best_level=best.level,
        best_score=best.score,
        best_name_level=best.name_level,
        best_held=_held(best.address_level, best.current, best.compared),
        best_spell=best.spell,
        best_first_alike=best.first_alike,
        best_last_alike=best.last_alike,
        best_swapped=best.swapped,
        best_street_alike=best.street_alike,
    )
