"""What the ledger keeps of a batch: what was asked, under which law, what came of it, and the digest of the file.

Nothing of any request: no id, no name, no fact. Whoever has the file can show by its digest that it is the one; whoever
has the requests can decide them again.
"""

from __future__ import annotations

from typing import Any

from limen import __version__
from limen.batch.plan import BatchPlan
from limen.batch.run import BatchResult


def batch_record(plan: BatchPlan, result: BatchResult) -> dict[str, Any]:
    """The body of a record of kind `batch`. Its id is of what was asked and what came of it."""
    fault = result.fault
    return {
        "batch": {
            "id": f"{result.id}-{result.digest[:16]}",
            "requests": result.requests,
            "rejected": result.rejected,
            "verdicts": dict(result.verdicts),
            "output_sha256": result.digest,
            "profile": plan.profile,
            "as_of": None if plan.as_of is None else plan.as_of.isoformat(),
            "known_at": None if plan.known_at is None else plan.known_at.isoformat(),
            "cross_referenced": plan.registry is not None,
            "book_name": result.book.name,
            "book_version": result.book.version,
            "book_digest": result.book.digest,
            "engine": f"limen {__version__}",
            "audited": result.audited,
            "second_key": result.second_key,
            "fault": None if fault is None else {"row": fault.row, "kind": fault.kind, "detail": fault.detail},
        }
    }
