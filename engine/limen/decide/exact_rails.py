"""Two formulas for one thing that may be true, false or not known, and the tables of Kleene on them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import z3

Formula = Any
"""A `bool` where the answer is the same in every case, else a Z3 formula."""


class Rails(NamedTuple):
    """When something is true, and when it is false. Never both; neither means not known."""

    true: Formula
    false: Formula


TRUE, FALSE, UNKNOWN = Rails(True, False), Rails(False, True), Rails(False, False)


def every(parts: Iterable[Formula]) -> Formula:
    """All of `parts`; constants are folded."""
    kept = []
    for part in parts:
        if part is False:
            return False
        if part is not True:
            kept.append(part)
    return True if not kept else kept[0] if len(kept) == 1 else _joined(z3.Z3_mk_and, kept)


def some(parts: Iterable[Formula]) -> Formula:
    """At least one of `parts`; constants are folded."""
    kept = []
    for part in parts:
        if part is True:
            return True
        if part is not False:
            kept.append(part)
    return False if not kept else kept[0] if len(kept) == 1 else _joined(z3.Z3_mk_or, kept)


def _joined(make: Callable[..., Any], parts: list[Formula]) -> Formula:
    """`z3.And` and `z3.Or` of formulas of one context, without the coercions that take most of their time."""
    context = parts[0].ctx
    return z3.BoolRef(make(context.ref(), len(parts), (z3.Ast * len(parts))(*[part.ast for part in parts])), context)


def opposite(part: Formula) -> Formula:
    """Not `part`."""
    return not part if isinstance(part, bool) else z3.Not(part)


def rails_not(part: Rails) -> Rails:
    """The other way round: true where `part` is false."""
    return Rails(part.false, part.true)


def rails_all(parts: Iterable[Rails]) -> Rails:
    """True where all of `parts` are, false where one is."""
    listed = list(parts)
    return Rails(every(part.true for part in listed), some(part.false for part in listed))


def rails_any(parts: Iterable[Rails]) -> Rails:
    """True where one of `parts` is, false where all are."""
    listed = list(parts)
    return Rails(some(part.true for part in listed), every(part.false for part in listed))


def rails_if(choices: Iterable[tuple[Formula, Rails]]) -> Rails:
    """The rails of whichever choice is made; exactly one of them is."""
    listed = list(choices)
    return Rails(
        some(every((chosen, rails.true)) for chosen, rails in listed),
        some(every((chosen, rails.false)) for chosen, rails in listed),
    )
