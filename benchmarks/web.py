"""What the server sustains, and what it does past that, beside the same desk without a server.

    python -m benchmarks.web [--seconds S] [--rounds N] [--workers N] [--no-second-key] [--out FILE]

Callers on this machine send the same request (another id each time) over kept connections: 1, 8 and 64 at once, then
many more than are taken in. The rounds are interleaved, so that a busy machine slows all alike; the unit is one
decision of the same request by the same desk in one process, measured between them. At the end every answer is held
against the ledger: each decision that was answered is in it, and it holds no other; the whole is verified.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.cold_start import ROOT, RUN
from benchmarks.figures import keep

CONNECTIONS = (1, 8, 64)
PAST = 256
"""Connections that are more than a server takes in at once (64 for each worker)."""

PROFILE = "irs-2025-08"


@dataclass
class Load:
    """What came back at one number of connections."""

    seconds: list[float] = field(default_factory=list)
    passed: float = 0.0
    processor: float = 0.0
    statuses: dict[int, int] = field(default_factory=dict)
    told_to_wait: int = 0
    recorded: list[tuple[str, int]] = field(default_factory=list)

    def row(self, unit: float) -> dict[str, Any]:
        """The figures."""
        done = sorted(self.seconds)
        return {
            "decisions": len(done),
            "per_second": round(len(done) / self.passed, 1),
            "p50_ms": round(1000 * done[len(done) // 2], 1) if done else None,
            "p99_ms": round(1000 * done[min(len(done) - 1, int(len(done) * 0.99))], 1) if done else None,
            "processor_ms": round(1000 * self.processor / max(1, len(done)), 2),
            "processor_in_units": round(self.processor / max(1, len(done)) / unit, 2),
            "statuses": {str(status): count for status, count in sorted(self.statuses.items())},
            "told_to_wait": self.told_to_wait,
        }


def request() -> dict[str, Any]:
    """The request of a shipped scenario."""
    import yaml

    told = yaml.safe_load((ROOT / "scenarios/demo/01-textbook.yaml").read_text(encoding="utf-8"))["request"]
    plain: dict[str, Any] = json.loads(json.dumps(told, default=str))
    return plain


class Caller:
    """One kept connection to the server."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def send(self, body: bytes) -> tuple[int, dict[bytes, bytes], bytes]:
        """Status, headers and body of the answer."""
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._streams
        writer.write(
            b"POST /v1/decisions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + b"Content-Length: %d\r\n\r\n" % len(body)
            + body
        )
        head = (await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")
        headers = dict(line.lower().split(b": ", 1) for line in head[1:] if line)
        said = await reader.readexactly(int(headers[b"content-length"]))
        if headers.get(b"connection") == b"close":
            self.close()
        return int(head[0].split()[1]), headers, said

    def close(self) -> None:
        """Let the connection go."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


async def load(port: int, connections: int, seconds: float, into: Load, pids: list[int]) -> None:
    """Keep `connections` callers busy for so many seconds."""
    template = request()
    until = time.perf_counter() + seconds
    began, used = time.perf_counter(), processor_seconds(pids)

    async def caller(number: int) -> None:
        line = Caller(port)
        count = 0
        while time.perf_counter() < until:
            count += 1
            body = json.dumps({"request": {"id": f"c{number}-{count}", **template}, "profile": PROFILE}).encode()
            start = time.perf_counter()
            try:
                status, headers, said = await line.send(body)
            except (OSError, asyncio.IncompleteReadError):
                line.close()
                into.statuses[0] = into.statuses.get(0, 0) + 1
                await asyncio.sleep(0.05)
                continue
            into.statuses[status] = into.statuses.get(status, 0) + 1
            if status == 200:
                into.seconds.append(time.perf_counter() - start)
                answer = json.loads(said)
                into.recorded.append((answer["decision"]["id"], answer["ledger"]["sequence"]))
            elif b"retry-after" in headers:
                into.told_to_wait += 1
                await asyncio.sleep(min(0.2, float(headers[b"retry-after"])))
        line.close()

    await asyncio.gather(*(caller(number) for number in range(connections)))
    into.passed += time.perf_counter() - began
    into.processor += processor_seconds(pids) - used


def processor_seconds(pids: list[int]) -> float:
    """Processor time of processes so far."""
    tick = os.sysconf("SC_CLK_TCK")
    used = 0.0
    for pid in pids:
        if not Path(f"/proc/{pid}").exists():
            continue  # what listed the processes was one of them
        parts = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        used += (int(parts[11]) + int(parts[12])) / tick
    return used


def family(pid: int) -> list[int]:
    """A process and all below it."""
    below = subprocess.run(["ps", "--ppid", str(pid), "-o", "pid="], capture_output=True, text=True, check=False).stdout
    return [pid, *(one for child in below.split() for one in family(int(child)))]


class Unit:
    """The same desk, without a server: the processor time of one decision."""

    def __init__(self, home: Path, second_key: bool) -> None:
        os.environ["LIMEN_HOME"] = str(home)
        from limen.web.settings import Settings
        from limen.web.workbench import Workbench

        self.bench = Workbench(Settings(str(home / "ledger.sqlite"), str(home / "web.sqlite"), second_key=second_key))
        self.seconds: list[float] = []

    def measure(self, count: int = 40) -> None:
        """Decide so many, and take the time of each."""
        from limen.request import build_request

        template = request()
        self.bench.decide(build_request({"id": "first", **template}), profile=PROFILE)
        pids = family(os.getpid())
        before = processor_seconds(pids)
        for number in range(count):
            self.bench.decide(build_request({"id": f"unit-{number}", **template}), profile=PROFILE)
        self.seconds.append((processor_seconds(pids) - before) / count)


def check_ledger(home: Path, recorded: list[tuple[str, int]]) -> dict[str, Any]:
    """Every decision answered is in the ledger, in its place, and no other is."""
    from limen.ledger import open_ledger

    with open_ledger(home / "ledger.sqlite", home / "keys") as ledger:
        kept = {one.body["decision"]["id"]: one.sequence for one in ledger.records() if one.kind == "decision"}
        verified = ledger.verify()
    answered = dict(recorded)
    return {
        "answered": len(recorded),
        "in_the_ledger": len(kept),
        "answered_and_not_in_the_ledger": len(answered.items() - kept.items()),
        "in_the_ledger_and_not_answered": len(kept.items() - answered.items()),
        "verified": verified.ok,
    }


def main() -> int:
    """Measure, print, and fail where a decision was answered that is not in the ledger."""
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words.add_argument("--seconds", type=float, default=4.0, help="for each number of connections, in each round")
    words.add_argument("--rounds", type=int, default=3)
    words.add_argument("--workers", type=int, default=1)
    words.add_argument("--no-second-key", action="store_true")
    words.add_argument("--out", type=Path)
    given = words.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = measure(Path(folder), given)
    print(json.dumps(found, indent=2))
    keep(found, given.out)
    ledger = found["ledger"]
    sound = ledger["verified"] and not ledger["answered_and_not_in_the_ledger"]
    past = found["connections"][str(PAST)]["statuses"]
    return 0 if sound and set(past) <= {"200", "503"} else 1


def measure(folder: Path, given: argparse.Namespace) -> dict[str, Any]:
    """All rounds against one server."""
    home = folder / "served"
    environment = {**os.environ, "LIMEN_HOME": str(home), "PYTHONUNBUFFERED": "1"}
    environment.pop("LIMEN_KEYS", None)
    os.environ.pop("LIMEN_KEYS", None)
    keys = ["--no-second-key"] if given.no_second_key else []
    server = subprocess.Popen(
        [sys.executable, "-c", RUN, "serve", "--port", "0", "--workers", str(given.workers), *keys],
        env=environment, stdout=subprocess.PIPE, text=True, cwd=folder,
    )  # fmt: skip
    try:
        assert server.stdout is not None
        said = re.search(r"localhost:(\d+)", server.stdout.readline())
        assert said is not None, "the server did not start"
        port = int(said[1])
        loads = {connections: Load() for connections in (*CONNECTIONS, PAST)}
        warm = Load()
        asyncio.run(_warm(port, warm))
        pids = family(server.pid)
        unit = Unit(folder / "unit", not given.no_second_key)
        for _ in range(given.rounds):
            unit.measure()
            for connections, into in loads.items():
                asyncio.run(load(port, connections, given.seconds, into, pids))
    finally:
        server.send_signal(signal.SIGTERM)
        stopped = server.wait(60)
    each = statistics.median(unit.seconds)
    recorded = [one for into in (warm, *loads.values()) for one in into.recorded]
    return {
        "workers": given.workers,
        "second_key": not given.no_second_key,
        "unit_ms": round(1000 * each, 2),
        "connections": {str(connections): into.row(each) for connections, into in loads.items()},
        "ledger": check_ledger(home, recorded),
        "stopped_with": stopped,
    }


async def _warm(port: int, into: Load) -> None:
    """Wait until the server answers, and let each worker make its deciders."""
    for _ in range(300):
        await load(port, 8, 0.5, into, [])
        if into.seconds:
            return
        await asyncio.sleep(0.1)
    raise RuntimeError("the server did not answer")


if __name__ == "__main__":
    sys.exit(main())
