"""What the ledger is put through: crashes, full disks, tampering, many writers. Each trial says what it counted.

The tests run small trials, `benchmarks/soak.py` long ones. Every trial makes its own ledger in the folder it is given
and is repeatable but for the clock and the scheduler: chance comes from the `random.Random` it is given.
"""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from postgresql_server import Server
from store_tools import open_at
from told import decision, request

from limen.ledger import Entry, Ledger, LedgerUnavailable

HERE = Path(__file__).parent
ENGINE = HERE.parents[1] / "engine"


@dataclass(frozen=True)
class Outcome:
    """What happened in a trial. `failures` has to be empty: each is a promise that was not kept."""

    counts: dict[str, int]
    failures: tuple[str, ...] = ()


def child(program: str, *words: str) -> subprocess.Popen[str]:
    """A process of its own that runs `program`, with the tests' helpers at hand."""
    return subprocess.Popen(
        [sys.executable, "-c", program, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={"PYTHONPATH": f"{ENGINE}:{HERE}", "PATH": os.environ.get("PATH", "")},
    )


WRITER = """
import sys
from pathlib import Path
from store_tools import open_at
from told import decision, request
from limen.ledger import Entry
folder, start, most, batch = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
with open_at(folder) as ledger:
    written = 0
    while written < most:
        entries = [
            Entry("decision", {"decision": decision(request(n % 10), number=start + n)}, request=request(n % 10))
            for n in range(written, written + batch)
        ]
        for receipt in ledger.append_many(entries):
            print(receipt.sequence, receipt.hash, flush=True)
        written += batch
"""


def acknowledged(said: str) -> dict[int, str]:
    """The receipts that a writer printed in full."""
    whole = said[: said.rfind("\n") + 1].splitlines()
    return {int(number): hash_ for number, hash_ in (line.split() for line in whole)}


def missing(ledger: Ledger, receipts: dict[int, str]) -> list[int]:
    """The numbers of receipts whose record is not there as it was acknowledged."""
    there = {record.sequence: record.hash for record in ledger.records()}
    return [number for number, hash_ in receipts.items() if there.get(number) != hash_]


def kill_writers(folder: Path, chance: random.Random, writes: int, batch: int = 1) -> Outcome:
    """Kill a writer (signal 9) at a random moment, again and again, until `writes` have been acknowledged."""
    open_at(folder).close()
    receipts: dict[int, str] = {}
    failures: list[str] = []
    kills = unacknowledged = 0
    while len(receipts) < writes:
        writer = child(WRITER, str(folder), str(len(receipts)), str(writes), str(batch))
        assert writer.stdout is not None
        if chance.random() < 0.8:
            # Somewhere in the next few dozen writes; sometimes between two bytes of one.
            said = writer.stdout.readline()
            time.sleep(chance.expovariate(1 / 0.03))
        else:
            # Somewhere between the start of the process and its first writes.
            said = ""
            time.sleep(chance.uniform(0.0, 1.0))
        writer.send_signal(signal.SIGKILL)
        said += writer.communicate()[0]
        kills += 1
        receipts.update(acknowledged(said))
        with open_at(folder) as ledger:
            found = ledger.verify()
            if not found.ok:
                failures.append(f"after kill {kills}: {found.problems or found.notes}")
            if lost := missing(ledger, receipts):
                failures.append(f"after kill {kills}: acknowledged records {lost[:3]} are lost")
            # A record that was written and not acknowledged before the writer died is allowed, and is there to stay.
            decisions = {record.sequence: record.hash for record in ledger.records() if record.kind == "decision"}
            unacknowledged += len(decisions.keys() - receipts.keys())
            receipts.update(decisions)
    return Outcome({"writes acknowledged": len(receipts), "kills": kills, "whole but unacknowledged": unacknowledged},
                   tuple(failures))  # fmt: skip


def kill_server(folder: Path, server: Server, chance: random.Random, kills: int) -> Outcome:
    """Kill a database server and all its processes at a random moment of a write, start it again, and look."""
    receipts: dict[int, str] = {}
    failures: list[str] = []
    for number in range(kills):
        writer = child(WRITER, str(folder), str(len(receipts)), "100000", "1")
        assert writer.stdout is not None
        said = writer.stdout.readline()
        time.sleep(chance.expovariate(1 / 0.2))
        server.kill()
        said += writer.communicate()[0]
        receipts.update(acknowledged(said))
        server.start()
        with open_at(folder) as ledger:
            if not (found := ledger.verify()).ok:
                failures.append(f"after kill {number}: {found.problems}")
            if lost := missing(ledger, receipts):
                failures.append(f"after kill {number}: acknowledged records {lost[:3]} are lost")
    return Outcome({"writes acknowledged": len(receipts), "kills": kills}, tuple(failures))


FULL = """
import resource, sys
from pathlib import Path
from store_tools import open_at
from told import decision, request
from limen.ledger import LedgerUnavailable
limit = int(sys.argv[2])
with open_at(Path(sys.argv[1])) as ledger:
    if limit:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    for number in range(5000):
        try:
            receipt = ledger.append("decision", {"n": number, "filler": "x" * (number % 5000)}, request().subject)
        except LedgerUnavailable:
            print("refused")
            break
        print(receipt.sequence, receipt.hash, flush=True)
"""


def fill_disk(folder: Path, limit: int) -> Outcome:
    """Write until no file may grow beyond `limit` bytes (0: until the file system is full), then look."""
    writer = child(FULL, str(folder), str(limit))
    said, _ = writer.communicate()
    failures = []
    *lines, last = said.splitlines()
    if last != "refused":
        failures.append("the writer was not refused")
    receipts = acknowledged("\n".join(lines) + "\n") if lines else {}
    if not limit:
        # Give the full file system a little room, as an administrator would.
        for filler in folder.parent.glob("filler*"):
            filler.unlink()
    with open_at(folder) as ledger:
        if not ledger.verify().ok:
            failures.append(f"full at {limit}: {ledger.verify().problems}")
        if lost := missing(ledger, receipts):
            failures.append(f"full at {limit}: acknowledged records {lost[:3]} are lost")
        if not ledger.append("decision", {}).sequence > len(receipts):
            failures.append("the ledger does not go on")
    return Outcome({"writes acknowledged": len(receipts), "refusals": said.count("refused")}, tuple(failures))


def write_some(folder: Path, count: int) -> None:
    """A ledger of `count` decisions about ten subjects, one of them forgotten, with a checkpoint in the middle."""
    with open_at(folder) as ledger:
        for half in (range(count // 2), range(count // 2, count)):
            ledger.append_many(
                Entry("decision", {"decision": decision(request(n % 10), number=n)}, request=request(n % 10))
                for n in half
            )
            ledger.checkpoint()
        ledger.forget(request(3).subject)
        ledger.append("decision", {"decision": decision(request(), number=count)}, request=request())


def everything(folder: Path) -> object:
    """All that a reader of the ledger can learn from it."""
    with open_at(folder) as ledger:
        run, sql = ledger.store.run, ledger.store.sql
        return (
            [record.body for record in ledger.records()],
            [repr(record) for record in ledger.records()],
            run(sql.all_subjects), run(sql.all_lookups), run(sql.all_texts), run(sql.guards),
        )  # fmt: skip


def everything_in_copy(folder: Path) -> object:
    """The same, without touching the folder: closing a ledger empties its write-ahead log."""
    with tempfile.TemporaryDirectory() as name:
        shutil.copytree(folder, Path(name) / "copy")
        return everything(Path(name) / "copy")


def flip_bytes(
    folder: Path,
    chance: random.Random,
    flips: int,
    only: Callable[[Path], bool] | None = None,
    *,
    within: int = 2**40,
    stopped: bool = False,
) -> Outcome:
    """Change one random byte of a random file at a time, among the first `within` of it. Verify has to say so, or
    nothing that can be read differs. `stopped`: the files are as a machine leaves them that stops, what was written
    last being in the write-ahead log still; else they are as a closed ledger leaves them."""
    whole, made = folder / "whole", folder / "made"
    write_some(made, 40)
    with open_at(made) as ledger:
        ledger.append_many(Entry("decision", {"decision": decision(request(n), number=n)}) for n in range(20))
        if stopped:
            shutil.copytree(made, whole)
    if not stopped:
        shutil.copytree(made, whole)
    before = everything_in_copy(whole)
    files = [path for path in sorted(whole.rglob("*")) if path.is_file() and (only is None or only(path))]
    sizes = [path.stat().st_size for path in files]
    counts: Counter[str] = Counter()
    failures = []
    for number in range(flips):
        (path,) = chance.choices(files, sizes)
        offset = chance.randrange(min(path.stat().st_size, within))
        change = chance.randrange(1, 256)
        changed = folder / "changed"
        shutil.copytree(whole, changed)
        target = changed / path.relative_to(whole)
        raw = bytearray(target.read_bytes())
        raw[offset] ^= change
        target.write_bytes(raw)
        try:
            with open_at(changed) as ledger:
                ok = ledger.verify().ok
        except LedgerUnavailable:
            ok = False
        if not ok:
            counts["found"] += 1
        elif everything(changed) == before:
            counts["without effect on anything that can be read"] += 1
        else:
            failures.append(f"flip {number}: byte {offset} of {path.name} ^ {change} was missed")
        shutil.rmtree(changed)
    return Outcome(dict(counts), tuple(failures))


def cut_tails(folder: Path, chance: random.Random, cuts: int) -> Outcome:
    """Cut the file off at a random length, or put an older copy in its place. Each has to be found."""
    whole = folder / "whole"
    older = []
    for number in range(4):
        write_some(whole, 10)
        shutil.copytree(whole / "store", folder / f"older-{number}")
        older.append(folder / f"older-{number}")
    failures = []
    found = 0
    size = (whole / "store" / "ledger.db").stat().st_size
    for number in range(cuts):
        changed = folder / "changed"
        shutil.copytree(whole, changed)
        if chance.random() < 0.5:
            os.truncate(changed / "store" / "ledger.db", chance.randrange(size))
        else:
            shutil.rmtree(changed / "store")
            shutil.copytree(chance.choice(older[:-1]), changed / "store")
        try:
            with open_at(changed) as ledger:
                ok = ledger.verify().ok
                if ok:
                    failures.append(f"cut {number} was missed")
                with contextlib.suppress(LedgerUnavailable):
                    ledger.append("decision", {})
                    failures.append(f"cut {number}: a record was added to what is left")
        except LedgerUnavailable:
            ok = False
        found += not ok
        shutil.rmtree(changed)
    return Outcome({"cut or older": cuts, "found": found}, tuple(failures))


CROWD = """
import sys, threading
from pathlib import Path
from store_tools import open_at
from told import decision, request
folder, threads, writes = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
ledger = open_at(folder)
def write(mine):
    for n in range(writes):
        receipt = ledger.append("decision", {"decision": decision(request(n % 10), number=n)}, request=request(n % 10))
        sys.stdout.write(f"{receipt.sequence} {receipt.hash}\\n")
crowd = [threading.Thread(target=write, args=(n,)) for n in range(threads)]
for one in crowd: one.start()
for one in crowd: one.join()
ledger.close()
"""


def crowd(folder: Path, processes: int, threads: int, writes: int) -> Outcome:
    """Many processes of many threads write at once: one chain, no gap, every receipt kept, one pseudonym a subject."""
    open_at(folder).close()
    start = time.perf_counter()
    writers = [child(CROWD, str(folder), str(threads), str(writes)) for _ in range(processes)]
    receipts: dict[int, str] = {}
    failures = []
    for writer in writers:
        said, _ = writer.communicate()
        given = acknowledged(said)
        if len(given) != threads * writes or receipts.keys() & given.keys():
            failures.append("a receipt is missing, or was given twice")
        receipts.update(given)
    seconds = time.perf_counter() - start
    with open_at(folder) as ledger:
        found = ledger.verify()
        if not found.ok:
            failures.append(f"{found.problems}")
        if missing(ledger, receipts):
            failures.append("an acknowledged record is lost")
        numbers = [record.sequence for record in ledger.records()]
        if numbers != list(range(1, len(numbers) + 1)):
            failures.append("the chain has a gap")
        subjects = {record.subject for record in ledger.records() if record.subject}
        if len(subjects) != min(writes, 10):
            failures.append(f"{len(subjects)} pseudonyms for {min(writes, 10)} subjects")
    counts = {"writers": processes * threads, "records": len(receipts), "a second": int(len(receipts) / seconds)}
    return Outcome(counts, tuple(failures))
