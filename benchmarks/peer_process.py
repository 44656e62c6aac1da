"""One peer in a process of its own: it is handed its rules and the cases, and says how long it took and what it answered.

    python peer_process.py NAME < job.json > result.jsonl

The first line has the peer's version, each other what it took and answered at one size of the policy, as soon as it is
known: a peer that is stopped at the largest has still been measured at the smaller ones.

This file imports nothing of Limen's but its neighbours (how each peer is used, the floor), which import nothing: it runs
in the peers' own environment. The floor is run in turns with the peer, so that the ratio of the two is not that of two
moments of a busy machine.

What is timed is what the peer does itself with a case in the form that suits it best (a dictionary, or JSON text made
beforehand): the status of every rule, 1 met, 0 not met, -1 not known. Nothing is charged for putting that together.
"""

from __future__ import annotations

import importlib.metadata
import json
import sys
import time
from collections.abc import Callable
from typing import Any

import floor
from peer_engines import BATCH, DISTRIBUTION, PEERS

ROWS = 20_000
PATIENCE = 5.0
"""So many seconds a slow peer's answers are collected for; how many that were is reported."""


def _timed(
    ask: Callable[[Any], Any], cases: list[Any], floor: Callable[[Any], Any], plain: list[Any], seconds: float
) -> dict[str, Any]:
    """Turns of peer and floor until `seconds` have passed; microseconds for one case, and the ratio of the best turns."""
    laps: list[float] = []
    peer_best = floor_best = float("inf")
    clock = time.perf_counter
    until, turn = clock() + seconds, 0
    while turn < 2 or clock() < until:
        begun = time.process_time()
        for case in plain:
            floor(case)
        floor_best = min(floor_best, (time.process_time() - begun) / len(plain))
        begun, done, enough = time.process_time(), 0, clock() + seconds / 3
        while done < 500 and (done < 3 or clock() < enough):
            case = cases[len(laps) % len(cases)]
            one = clock()
            ask(case)
            laps.append(clock() - one)
            done += 1
        peer_best = min(peer_best, (time.process_time() - begun) / done)
        turn += 1
    laps.sort()
    return {
        "p50_us": laps[len(laps) // 2] * 1e6,
        "p99_us": laps[len(laps) * 99 // 100] * 1e6,
        "us": peer_best * 1e6,
        "floor_us": floor_best * 1e6,
        "over_floor": peer_best / floor_best,
    }


def _timed_batch(
    ask: Callable[[Any], Any], cases: list[Any], floor: Callable[[Any], Any], plain: list[Any], seconds: float
) -> dict[str, Any]:
    """The same for a peer that takes all cases at once. Putting them into its columns is not timed."""
    ask(cases)
    peer_best = floor_best = float("inf")
    until, turn = time.perf_counter() + seconds, 0
    while turn < 2 or time.perf_counter() < until:
        begun = time.process_time()
        for case in plain:
            floor(case)
        floor_best = min(floor_best, (time.process_time() - begun) / len(plain))
        begun = time.process_time()
        ask(cases)
        peer_best = min(peer_best, (time.process_time() - begun) / len(cases))
        turn += 1
    return {"us": peer_best * 1e6, "floor_us": floor_best * 1e6, "over_floor": peer_best / floor_best}


def _answers(ask: Callable[[Any], Any], given: list[Any], batch: bool, count: int) -> list[Any]:
    if batch:
        return list(ask(given[:count]))
    answers: list[Any] = []
    until = time.perf_counter() + PATIENCE
    for case in given[:count]:
        answers.append(ask(case))
        if time.perf_counter() > until and len(answers) >= 5:
            break
    return answers


def main() -> None:
    name = sys.argv[1]
    job = json.load(sys.stdin)
    peer, batch = PEERS[name], name in BATCH
    timed = _timed_batch if batch else _timed
    plain = [(one["case"], one["item"]) for one in job["floor"]]
    _tell({"version": importlib.metadata.version(DISTRIBUTION.get(name, name))})
    for size, asked in job["sizes"].items():
        given = [peer.prepare(case) for case in asked["cases"] * (ROWS // len(asked["cases"]) if batch else 1)]
        rules = {**asked["rules"], "kinds": asked["kinds"]}
        begun = time.perf_counter()
        ask = peer.reasons(rules)
        ask(given[:1] if batch else given[0])
        found: dict[str, Any] = {"load_ms": (time.perf_counter() - begun) * 1e3}
        found |= timed(ask, given, lambda pair: floor.decide(*pair), plain, job["seconds"])
        found["answers"] = _answers(ask, given, batch, asked["check"])
        if size == job["bare"]:
            bare = peer.bare(rules)
            found["bare"] = timed(bare, given, lambda pair: floor.decide(*pair), plain, job["seconds"])
            answers = _answers(bare, given, batch, asked["check"])
            found["allowed"] = [bool(one[0] if isinstance(one, list) else one) for one in answers]
        _tell({"size": size, **found})


def _tell(line: dict[str, Any]) -> None:
    print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
