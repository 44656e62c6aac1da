"""Many cases: the network and the oracle tell one story, whatever the order in which the events came in."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
import streams

import limen
from limen.casework.law_book import aftercare

HERE = Path(__file__).parent
ENGINE = str(Path(limen.__file__).parents[1])


@pytest.mark.parametrize("count", [800, pytest.param(10_000, marks=pytest.mark.slow)])
def test_streams_agree_in_any_order_of_arrival(count: int) -> None:
    """The program raises where they do not: `Follower.follow` compares the two every time."""
    halves = [
        subprocess.Popen(
            [sys.executable, str(HERE / "streams.py"), str(count // 2), str(seed)],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": ENGINE},
        )
        for seed in (20250807, 20260205)
    ]
    told = [json.loads(half.communicate(timeout=300)[0]) for half in halves]
    assert [half.returncode for half in halves] == [0, 0]
    assert sum(one["streams"] for one in told) == count
    assert sum(one["orders"] for one in told) > 1.1 * count
    seen = sum((Counter(one["seen"]) for one in told), Counter())
    judged = {name.split()[0] for name in seen}
    assert judged == set(aftercare().duties)
    assert {name.split()[1] for name in seen} == {"open", "kept", "lapsed", "breached", "raised"}
    notices = sum((Counter(one["notices"]) for one in told), Counter())
    assert set(notices) == {"late", "duplicate", "contradictory", "impossible", "unjudged"}


def test_the_real_worker_tells_the_same(follower) -> None:
    law, rng = aftercare(), random.Random(7)
    entries = 0
    for _ in range(60):
        stream = streams.a_stream(law, rng)
        timeline = follower.follow(stream, streams.UNTIL)
        rng.shuffle(stream)
        assert follower.follow(stream, streams.UNTIL).entries == timeline.entries
        entries += len(timeline.entries)
    assert entries > 600
