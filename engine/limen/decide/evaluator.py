"""What an evaluator is, to whoever asks one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from limen.decide.findings import Findings
from limen.law.edition import Edition
from limen.law.facts import CaseFacts


class Evaluator(Protocol):
    """Anything that finds the truth of every point of one edition."""

    def find(self, facts: CaseFacts) -> Findings:
        """The findings for `facts`."""


MakeEvaluator = Callable[[Edition], Evaluator]
