"""An edition: the book as one profile reads it on one date. It is what evaluators evaluate.

Everything open has been closed: each reading is replaced by the alternative chosen, each definition by its
meaning, each parameter by its value on the date, and what was not in force is gone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from limen.law.node import Node
from limen.law.rules import Bar, Duty, Gateway, Prohibition
from limen.law.tree import Expr
from limen.law.vocabulary import Fact


@dataclass(frozen=True, slots=True)
class Point:
    """A node at which evaluators are compared: an element, a ground, a bar or one side of the prohibition.

    `expr` is the whole meaning of the node, closed (no `Defined`, no `Parameter`).
    """

    address: str
    node: Node
    expr: Expr


@dataclass(frozen=True, slots=True)
class EditionGateway:
    """A gateway in force.

    `elements` are indexes into `Edition.case_points`, `grounds` into `Edition.item_points`, and `bars` (those that
    override it) into `Edition.bars`. For one item it is open when every element holds, some ground holds and no
    bar does.
    """

    rule: Gateway
    elements: tuple[int, ...]
    grounds: tuple[int, ...]
    bars: tuple[int, ...]
    duties: tuple[Duty, ...]


@dataclass(frozen=True, slots=True)
class EditionBar:
    """A bar in force. It stands for one item when some condition holds and no bar that overrides it stands.

    `conditions` are indexes into `Edition.item_points`, `barred_by` into `Edition.bars`; a bar comes after the
    bars that override it.
    """

    rule: Bar
    conditions: tuple[int, ...]
    barred_by: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Edition:
    """The law of one book, profile and date.

    `case_points` are asked once for a case, `item_points` once for each item. `prohibitions` pairs indexes into
    `item_points`: (applies_when, forbids).
    """

    book_name: str
    book_version: str
    book_digest: str
    profile: str
    as_of: date
    choices: Mapping[str, str]
    facts: Mapping[str, Fact]
    case_points: tuple[Point, ...]
    item_points: tuple[Point, ...]
    prohibitions: tuple[tuple[Prohibition, int, int], ...]
    bars: tuple[EditionBar, ...]
    gateways: tuple[EditionGateway, ...]
    digest: str
