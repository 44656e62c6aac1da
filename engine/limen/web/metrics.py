"""What the server counts, in the form Prometheus reads. No path, name or address of anybody is a label."""

from __future__ import annotations

import os

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from limen.decide.decision import Decision

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
SHARED = "PROMETHEUS_MULTIPROC_DIR"
"""Where the workers of one server add up; set by `limen serve --workers`."""

registry = CollectorRegistry()
CALLS = Counter("limen_http_calls", "Calls answered.", ("route", "method", "status"), registry=registry)
SECONDS = Histogram(
    "limen_http_seconds",
    "Time to answer.",
    ("route",),
    registry=registry,
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30),
)
DECISIONS = Counter("limen_decisions", "Decisions made and recorded.", ("disposition",), registry=registry)
FAULTS = Counter("limen_engine_faults", "Decisions in which the keys differed or one failed.", registry=registry)
SIGN_INS = Counter("limen_sign_ins", "Attempts to sign in.", ("outcome",), registry=registry)
REFUSED = Counter("limen_http_refused", "Calls turned away before they were looked at.", ("why",), registry=registry)
UNDER_WAY = Gauge("limen_http_under_way", "Calls being answered.", registry=registry, multiprocess_mode="livesum")


def decided(decision: Decision) -> None:
    """Count a decision that is in the ledger."""
    DECISIONS.labels(decision.disposition).inc()
    if decision.fault is not None:
        FAULTS.inc()


def exposition() -> bytes:
    """Everything counted so far, over all workers where there are several."""
    if os.environ.get(SHARED):
        from prometheus_client.multiprocess import MultiProcessCollector

        together = CollectorRegistry()
        MultiProcessCollector(together)  # type: ignore[no-untyped-call]
        return generate_latest(together)
    return generate_latest(registry)
