"""Running a batch: chunk after chunk, on as many processes as asked for, in bounded memory.

Every chunk becomes one part, whole or not at all. A batch that was killed goes on where it stopped when it is started
again with the same settings, and gives the same file as one that was not.
"""

from __future__ import annotations

import atexit
import os
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from limen.batch import output
from limen.batch.audit import Auditor, Fault
from limen.batch.checked import CheckedColumns
from limen.batch.context import Counts, count_batch, count_part, requests_of
from limen.batch.deciding import VERDICT_WORDS, ColumnDecider, FactRows
from limen.batch.errors import BatchError
from limen.batch.facts import Reject, characterise_rows
from limen.batch.matching import check_registry, match_rows, open_matcher
from limen.batch.plan import BatchPlan
from limen.batch.reading import Chunk, RawRow, Source
from limen.batch.table_context import PartCounts
from limen.batch.table_facts import TableReader
from limen.decide.reproduction import FaultFolder
from limen.decide.second_key import SecondKey
from limen.law import load_book
from limen.law.book import Book
from limen.request.characterise import Characteriser

KEY_DEADLINE = 60.0
"""Seconds the second key has for one request: a batch is not in a hurry, and a machine that runs one is busy."""

Progress = Callable[[int, int | None], None]
"""Called with the requests done so far, and how many there are where that is known."""


@dataclass(frozen=True, slots=True)
class BatchResult:
    """What a batch came to.

    `verdicts` counts items; `resumed` the parts that were there already; `audited` the requests that were decided again
    and `second_key` those of them that the second key decided too. After a `fault` every item is denied. `digest` is
    the SHA-256 of the output, `id` that of what was asked: the same requests, law and settings have the same.
    """

    id: str
    out: Path
    rejects_file: Path
    requests: int
    rejected: int
    verdicts: dict[str, int]
    resumed: int
    audited: int
    second_key: int
    fault: Fault | None
    digest: str
    book: Book


Result = TypeVar("Result")
Record = Callable[[BatchResult], None]
"""Called when all is decided and nothing has its name yet. If it raises, the output is not there."""


def run_batch(
    plan: BatchPlan, workers: int = 1, progress: Progress | None = None, record: Record | None = None
) -> BatchResult:
    """Decide every request of `plan.requests` and write `plan.out`.

    Raises `BatchError` (files, columns, settings), `RegistryError`, and what `record` raises; the finished parts then
    stay, and the same call goes on with them. Where two evaluators differ on a request that was audited the result
    has a `fault`.
    """
    plan.check()
    if plan.registry is not None:
        check_registry(plan.registry)
    plan = replace(plan, today=output.first_day(plan))
    book = load_book(plan.book)
    source = Source(plan.requests, plan.chunk)
    identity = output.begin(plan, book.digest)
    total = source.count()
    done = resumed = parts = 0

    def due() -> Iterator[Chunk]:
        nonlocal parts, resumed, done
        for chunk in source.chunks():
            parts += 1
            if output.is_finished(plan, chunk.number):
                resumed += 1
                done += chunk.rows
            else:
                yield chunk

    if workers <= 1:
        counts = count_batch(source) if plan.context else None
        worker = _Worker(plan, counts, ColumnDecider(book, plan.profile, plan.known_at, plan.reasons))
        run: Iterator[int] = _in_this_process(worker, due())
    else:
        run = _in_processes(plan, source, due(), workers)
    assembly = output.Assembly(plan)
    try:
        for rows in run:
            done += rows
            assembly.take_finished()
            if progress is not None:
                progress(done, total)
        result = _result(plan, identity, book, parts, resumed, assembly)
    except BaseException:
        assembly.abandon()
        raise
    if record is not None:
        record(result)
    output.publish(plan)
    return result


def _in_this_process(worker: _Worker, chunks: Iterable[Chunk]) -> Iterator[int]:
    try:
        yield from map(worker, chunks)
    finally:
        worker.close()


def _in_processes(plan: BatchPlan, source: Source, chunks: Iterable[Chunk], workers: int) -> Iterator[int]:
    """The chunks on several processes: first they count, then they decide, knowing what all have counted."""
    spawn = get_context("spawn")
    told: Any = spawn.SimpleQueue()
    with ProcessPoolExecutor(workers, mp_context=spawn, initializer=_start, initargs=(plan, told)) as pool:
        counts: Counts | None = None
        if plan.context:
            in_parts = _few_at_a_time(pool, _count, source.chunks(), workers) if source.kind == "parquet" else None
            counts = count_batch(source, in_parts)
        threading.Thread(target=_tell, args=(told, counts, workers), daemon=True).start()
        yield from _few_at_a_time(pool, _work, chunks, workers)


def _few_at_a_time(
    pool: ProcessPoolExecutor, work: Callable[[Chunk], Result], chunks: Iterable[Chunk], workers: int
) -> Iterator[Result]:
    """What `work` gives for each chunk, as it comes; few enough are under way that memory stays bounded."""
    waiting: set[Future[Result]] = set()
    try:
        for chunk in chunks:
            waiting.add(pool.submit(work, chunk))
            if len(waiting) > workers:
                finished, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                yield from (future.result() for future in finished)
        while waiting:
            finished, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            yield from (future.result() for future in finished)
    finally:
        for future in waiting:
            future.cancel()


def _tell(told: Any, counts: Counts | None, workers: int) -> None:
    """Give every process the counts; each reads them when its first chunk comes."""
    for _ in range(workers):
        told.put(counts)


class _Worker:
    """Decides chunks of one batch in this process, and keeps their parts."""

    def __init__(self, plan: BatchPlan, counts: Counts | None, decider: ColumnDecider) -> None:
        self.plan = plan
        self.counts: Counts | None = None
        self.decider = decider
        self.source = Source(plan.requests, plan.chunk)
        self._characteriser = Characteriser(decider.book.vocabulary)
        self._matcher = None if plan.registry is None else open_matcher(plan.registry, self.source.count())
        self._second_key = SecondKey(deadline=KEY_DEADLINE) if plan.second_key and plan.audit else None
        write_fault = None if plan.faults is None else FaultFolder(plan.faults)
        self._auditor = Auditor(decider, plan.audit, self._second_key, write_fault)
        self._reader: TableReader | None = None
        self.know(counts)

    def know(self, counts: Counts | None) -> None:
        """Take how the requests of the whole batch stand to each other, before the first chunk is decided."""
        self.counts = counts
        if self.source.kind == "parquet":
            context_of = None if counts is None else counts.context
            reader = TableReader(self._characteriser, self.source.places, context_of)
            self._reader = reader if reader.suits else None

    def close(self) -> None:
        """End what this worker started."""
        if self._second_key is not None:
            self._second_key.close()

    def __call__(self, chunk: Chunk) -> int:
        """Decide one chunk and keep its part; returns how many rows it had."""
        rows, rejects = self._facts(chunk)
        decisions = self.decider.decide(rows)
        audited = self._auditor.audit(chunk.number, rows, decisions)
        output.write_part(self.plan, chunk.number, rows.requests.num_rows, decisions, sorted(rejects), audited)
        return chunk.rows

    def _facts(self, chunk: Chunk) -> tuple[FactRows, list[Reject]]:
        """The facts of a chunk: of sure rows by columns, of the others one by one."""
        if self._reader is None:
            return self._one_by_one(self.source.rows(chunk))
        checked = CheckedColumns(self.source.table(chunk), self.source.places)
        numbers = pa.array(np.arange(chunk.first, chunk.first + chunk.rows), pa.int64())
        sure = checked.sure_only()
        rows, rejects = self._by_columns(sure, numbers.filter(checked.sure))
        if sure.rows < chunk.rows:
            others, refused = self._one_by_one(self.source.doubtful(chunk, checked.sure))
            rows = rows.with_others(others)
            rejects += refused
        return rows, rejects

    def _by_columns(self, sure: CheckedColumns, numbers: pa.Array) -> tuple[FactRows, list[Reject]]:
        if self._reader is None or not sure.rows:
            return FactRows.none(self.decider.book.vocabulary.facts), []
        days = pa.repeat(pa.scalar(self.plan.as_of or self.plan.today, pa.date32()), sure.rows)
        if self.plan.as_of is None and "received" in sure.columns:
            days = pc.coalesce(sure.columns["received"], days)
        refused = self.decider.days_without_law(sorted(pc.unique(days).to_pylist()))
        rejects: list[Reject] = []
        if refused:
            out = pc.is_in(days, pa.array(list(refused), pa.date32()))
            pairs = zip(numbers.filter(out).to_pylist(), days.filter(out).to_pylist(), strict=True)
            rejects = [(number, [refused[day]]) for number, day in pairs]
            kept = pc.invert(out)
            sure, numbers, days = sure.only(kept), numbers.filter(kept), days.filter(kept)
        matches = None if self._matcher is None else match_rows(self._matcher, sure)
        return self._reader.read(sure, numbers, days, matches), rejects

    def _one_by_one(self, raw: Iterable[RawRow]) -> tuple[FactRows, list[Reject]]:
        requests, rejects = requests_of(raw)
        day_of = {number: self.plan.as_of or request.received or self.plan.today for number, request in requests}
        refused = self.decider.days_without_law(sorted(set(day_of.values())))
        rejects += [(number, [refused[day_of[number]]]) for number, _ in requests if day_of[number] in refused]
        kept = [(number, request) for number, request in requests if day_of[number] not in refused]
        rows, unfit = characterise_rows(self._characteriser, kept, day_of, self._matcher, self.counts)
        return rows, rejects + unfit


_WORKER: _Worker | None = None
_COUNTS: Any = None
"""Where the counts of the whole batch come from, until they have come."""


def _start(plan: BatchPlan, told: Any) -> None:
    """Make ready a process of the pool."""
    global _WORKER, _COUNTS
    _COUNTS = told
    threading.Thread(target=_leave_with, args=(os.getppid(),), daemon=True).start()
    decider = ColumnDecider(load_book(plan.book), plan.profile, plan.known_at, plan.reasons)
    _WORKER = _Worker(plan, None, decider)
    atexit.register(_WORKER.close)


def _leave_with(parent: int) -> None:
    """End this process when the one that started it is gone: killed outright, it cannot say so."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)


def _count(chunk: Chunk) -> PartCounts:
    return count_part(_ready().source, chunk)


def _work(chunk: Chunk) -> int:
    global _COUNTS
    worker = _ready()
    if _COUNTS is not None:
        worker.know(_COUNTS.get())
        _COUNTS = None
    return worker(chunk)


def _ready() -> _Worker:
    if _WORKER is None:
        raise RuntimeError("a process of the batch was not made ready")
    return _WORKER


def _result(
    plan: BatchPlan, identity: str, book: Book, parts: int, resumed: int, assembly: output.Assembly
) -> BatchResult:
    """Counts over the finished parts, which are put together; after a fault, again, with everything denied."""
    told = [output.read_part(plan, number) for number in range(parts)]
    fault = next((part.audited.fault for part in told if part.audited.fault is not None), None)
    verdicts: Counter[str] = Counter(dict.fromkeys(VERDICT_WORDS, 0))
    for part in told:
        verdicts.update(part.verdicts)
    if fault is not None:
        verdicts = Counter({**dict.fromkeys(VERDICT_WORDS, 0), "deny": verdicts.total()})
        assembly.abandon()
        assembly = output.Assembly(plan, deny=True)
    if assembly.take_finished() != parts:
        raise BatchError(f"`{plan.work}` has not all parts any more; run the same command again")
    assembly.close()
    return BatchResult(
        id=identity,
        out=plan.out,
        rejects_file=plan.rejects,
        requests=sum(part.requests for part in told),
        rejected=sum(part.rejected for part in told),
        verdicts=dict(verdicts),
        resumed=resumed,
        audited=sum(part.audited.requests for part in told),
        second_key=sum(part.audited.second_key for part in told),
        fault=fault,
        digest=output.assembled_digest(plan),
        book=book,
    )
