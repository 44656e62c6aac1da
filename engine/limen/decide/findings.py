"""What an evaluator reports: the same shape from each, so that they can be compared point by point."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from limen.law.truth import Truth

Verdict = Literal["allow", "deny", "open", "not_covered"]
"""`open`: more facts could still make it an allow or a deny. `not_covered`: the prohibition does not reach the item."""


@dataclass(frozen=True, slots=True)
class ItemFindings:
    """For one item, in the order of the edition: its points, each bar standing or not, each gateway open or
    not, and the verdict."""

    points: tuple[Truth, ...]
    bars: tuple[Truth, ...]
    gateways: tuple[Truth, ...]
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Findings:
    """For a case: its points in the order of `Edition.case_points`, and one `ItemFindings` per item."""

    case: tuple[Truth, ...]
    items: tuple[ItemFindings, ...]
