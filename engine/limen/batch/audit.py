"""Two keys for a batch: some requests of every part are decided again, by evaluators that share no code with columns.

The reference interpreter is asked under every profile, the second key (durable-rules, in its own process) under one of
them in turn. A difference, or a key that fails, means that no verdict of the batch can be trusted: all of it is denied.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from limen.batch.deciding import ColumnDecider, FactRows
from limen.decide import reference
from limen.decide.columns.layout import CASE_ID
from limen.decide.columns.reasons import rows_as_cases
from limen.decide.compare import differences
from limen.decide.decider import FaultKind, FaultWriter, Key
from limen.decide.findings import Findings
from limen.law.edition import Edition
from limen.law.facts import CaseFacts


@dataclass(frozen=True, slots=True)
class Fault:
    """Why nothing of a batch is released: the request whose answers differed, and what was written to see it again."""

    row: int
    kind: FaultKind
    detail: str
    reproduction: str | None = None

    def __str__(self) -> str:
        return f"row {self.row}: {self.detail}"


@dataclass(frozen=True, slots=True)
class Audited:
    """How many requests were decided again, by the interpreter and by the second key, and the first difference."""

    requests: int = 0
    second_key: int = 0
    fault: Fault | None = None


class Auditor:
    """Decides samples again. `second_key` `None` leaves it to the interpreter."""

    def __init__(
        self, decider: ColumnDecider, size: int, second_key: Key | None = None, write_fault: FaultWriter | None = None
    ) -> None:
        self._decider = decider
        self._size = size
        self._second_key = second_key
        self._write_fault = write_fault

    def audit(self, part: int, rows: FactRows, decisions: pa.Table) -> Audited:
        """Decide some requests of a part again. `decisions` are what the columns said of the same rows."""
        count = rows.requests.num_rows
        places = _sample(self._decider.book.digest, part, count, self._size)
        asked = twice = 0
        for turn, place in enumerate(places):
            case_id = rows.requests.column("case_id")[place].as_py()
            own = pc.indices_nonzero(pc.equal(rows.facts.column(CASE_ID), case_id))
            said = decisions.take(own).select(["verdict", "law_of"]).to_pylist()
            facts = rows.facts.take(own)
            asked += 1
            for number, one in enumerate(said):
                fault = self._audit_item(case_id, facts.slice(number, 1), one["verdict"], one["law_of"], part + turn)
                if fault is not None:
                    return Audited(asked, twice, fault)
            twice += self._second_key is not None
        return Audited(asked, twice)

    def _audit_item(self, row: int, facts: pa.Table, verdict: str, day: date, turn: int) -> Fault | None:
        editions = self._decider.editions(day)
        case = rows_as_cases(editions[0], facts)[0]
        found = [reference.find(edition, case) for edition in editions]
        verdicts = sorted({one.items[0].verdict for one in found})
        expected = verdicts[0] if len(verdicts) == 1 else "readings_differ"
        if verdict != expected:
            detail = f"columns say `{verdict}`, the reference says `{expected}`"
            return self._fault(row, editions[0], case, None, found[0], "disagreement", detail)
        if self._second_key is None:
            return None
        which = turn % len(editions)
        try:
            second = self._second_key.find(editions[which], case)
        except Exception as error:
            kind: FaultKind = getattr(error, "kind", "error")
            detail = f"second key: {getattr(error, 'detail', type(error).__name__)}"
            return self._fault(row, editions[which], case, found[which], None, kind, detail)
        if second != found[which]:
            differ = ", ".join(differences(editions[which], case, found[which], second)) or "their shape"
            detail = f"the second key differs at {differ}"
            return self._fault(row, editions[which], case, found[which], second, "disagreement", detail)
        return None

    def _fault(
        self,
        row: int,
        edition: Edition,
        case: CaseFacts,
        first: Findings | None,
        second: Findings | None,
        kind: FaultKind,
        detail: str,
    ) -> Fault:
        reproduction = None
        if self._write_fault is not None:
            try:
                reproduction = self._write_fault(edition, case, first, second, kind, detail)
            except Exception as error:
                detail = f"{detail}; no reproduction file: {type(error).__name__}"
        return Fault(row, kind, detail, reproduction)


def _sample(book: str, part: int, count: int, size: int) -> Sequence[int]:
    """Places of `size` of `count` requests: the same for the same part, so that a batch can be repeated."""
    return sorted(random.Random(f"{book} {part}").sample(range(count), min(size, count)))
