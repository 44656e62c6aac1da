"""Requests drawn at random, field by field, from what the models say may stand there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

from limen.request.batch import BatchContext
from limen.request.match import Match
from limen.request.model import Item, Request
from limen.request.shape import Shape, shapes_of
from limen.request.subject import Stated

calm = settings(deadline=None)
"""The first example reads data files; no deadline."""

DAYS = st.dates(date(2020, 1, 1), date(2026, 12, 31))
TEXTS = st.sampled_from(
    (
        "unknown", "n/a", "INA", "8 U.S.C. 1253", "8 U.S.C. 1326(a)", "8 U.S.C. 1253(a)(1) and 1326", "18 U.S.C. 1001",
        "26 U.S.C. 7201", "8 U.S.C. 1324d", "2021", "2021-2023", "TY2022", "to find out where the person is", "address",
    )
)  # fmt: skip
MATCHES = st.builds(
    Match,
    st.sampled_from(("exact", "strong", "weak", "ambiguous", "none")),
    st.sampled_from(("tin", "address", "none")),
    st.none(),
    st.integers(0, 3),
    st.just(1.0),
    st.sampled_from((None, "current", "former", "never")),
    st.sampled_from((None, True, False)),
    st.sampled_from((None, True, False)),
    st.just(()),
)
BATCHES = st.builds(BatchContext, st.none() | st.integers(0, 60_000), st.none() | st.integers(0, 60_000))
WRONG = st.sampled_from((1, 0, 1.0, "", "no such word", 10**12, -1, datetime(2026, 1, 1), b"x", frozenset(), ()))
"""What no field of a validated request holds."""

KEPT = frozenset({"facts", "id", "batch"})


def values(shape: Shape) -> st.SearchStrategy[Any]:
    """Something that may stand in a field of this shape; half of the time nothing, where it may be left out."""
    options: list[st.SearchStrategy[Any]] = []
    if shape.element is not None:
        return st.lists(values(shape.element), max_size=3).map(tuple)
    if shape.section is not None:
        options.append(sections(shape.section))
    if shape.words:
        options.append(st.sampled_from(shape.words))
    if shape.answer:
        options.append(st.booleans())
    if shape.number:
        options.append(st.integers(0, 1000))
    if shape.day:
        options.append(DAYS)
    if shape.text:
        options.append(TEXTS)
    if shape.may_be_unknown:
        options.append(st.just("unknown"))
    stated = st.one_of(options)
    return st.none() | stated if shape.optional else stated


@st.composite
def sections(draw: st.DrawFn, model: type[Stated]) -> Stated:
    """A section with some of its fields."""
    shapes = shapes_of(model)
    chosen = draw(st.lists(st.sampled_from(sorted(set(shapes) - KEPT)), unique=True, max_size=8))
    if model is Item:
        return Item(**{"kind": "name", **{name: draw(values(shapes[name])) for name in chosen}, "id": "item"})
    return model(**{name: draw(values(shapes[name])) for name in chosen})


@st.composite
def requests(draw: st.DrawFn) -> Request:
    """A request with some of its fields, and items with ids of their own."""
    shapes = shapes_of(Request)
    names = draw(st.lists(st.sampled_from(sorted(set(shapes) - KEPT - {"items"})), unique=True, max_size=10))
    items = draw(st.lists(sections(Item), min_size=1, max_size=3))
    return Request(
        id="drawn",
        items=tuple(item.model_copy(update={"id": f"item{number}"}) for number, item in enumerate(items)),
        **{name: draw(values(shapes[name])) for name in names},
    )


Place = tuple[str | int, ...]


def places(model: Stated, at: Place = ()) -> Iterator[tuple[Place, Shape]]:
    """Every field of a request that may be left blank and is not, with those within its sections and lists."""
    for name, shape in shapes_of(type(model)).items():
        value = getattr(model, name)
        if shape.facts or value is None or value == () or name in KEPT:
            continue
        if shape.optional or (shape.element is not None and name != "items"):
            yield (*at, name), shape
        if isinstance(value, Stated):
            yield from places(value, (*at, name))
        elif isinstance(value, tuple):
            for number, element in enumerate(value):
                if isinstance(element, Stated):
                    yield from places(element, (*at, name, number))


def with_value(model: Any, place: Place, value: Any) -> Any:
    """A copy of `model` with another value at `place`."""
    step, *rest = place
    if isinstance(step, int):
        changed = list(model)
        changed[step] = with_value(model[step], tuple(rest), value)
        return tuple(changed)
    inner = with_value(getattr(model, step), tuple(rest), value) if rest else value
    return model.model_copy(update={step: inner})
