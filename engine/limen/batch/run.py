"""Running a batch: chunk after chunk, on as many processes as asked for, in bounded memory.

Every chunk becomes one part, whole or not at all. A batch that was killed goes on where it stopped when it is started
again with the same settings, and gives the same file as one that was not.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from datetime import date
from multiprocessing import get_context
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from limen.batch import output
from limen.batch.checked import CheckedColumns
from limen.batch.context import Counts, count_batch, requests_of
from limen.batch.deciding import DECISIONS, VERDICT_WORDS, ColumnDecider, FactRows
from limen.batch.errors import BatchFault
from limen.batch.facts import Matcher, Reject, characterise_rows, match_rows
from limen.batch.plan import BatchPlan
from limen.batch.reading import Chunk, RawRow, Source
from limen.batch.table_facts import TableReader
from limen.decide import reference
from limen.decide.columns.reasons import rows_as_cases
from limen.law import load_book
from limen.request.characterise import Characteriser

Progress = Callable[[int, int | None], None]
"""Called with the requests done so far, and how many there are where that is known."""


@dataclass(frozen=True, slots=True)
class BatchResult:
    """What a batch came to. `verdicts` counts items; `resumed` the parts that were there already."""

    out: Path
    rejects_file: Path
    requests: int
    rejected: int
    verdicts: dict[str, int]
    resumed: int
    digest: str


def run_batch(plan: BatchPlan, workers: int = 1, progress: Progress | None = None) -> BatchResult:
    """Decide every request of `plan.requests` and write `plan.out`.

    Raises `BatchError` (files, columns, settings) and `BatchFault` (an audited row on which two evaluators differ).
    """
    plan.check()
    source = Source(plan.requests, plan.chunk)
    output.begin(plan, load_book(plan.book).digest)
    worker = _Worker.of(plan, count_batch(source) if plan.context else None)
    total = source.count()
    done = resumed = parts = 0

    def due() -> Iterator[Chunk]:
        nonlocal parts, resumed, done
        for chunk in source.chunks():
            parts += 1
            if output.part_path(plan, chunk.number).exists():
                resumed += 1
                done += chunk.rows
            else:
                yield chunk

    run = map(worker, due()) if workers <= 1 else _in_processes(worker, due(), workers)
    for rows in run:
        done += rows
        if progress is not None:
            progress(done, total)
    result = _result(plan, parts, resumed)
    output.finish(plan, parts)
    return result


def _in_processes(worker: _Worker, chunks: Iterable[Chunk], workers: int) -> Iterator[int]:
    """The chunks on several processes, few enough at a time that memory stays bounded."""
    spawn = get_context("spawn")
    with ProcessPoolExecutor(
        workers, mp_context=spawn, initializer=_start, initargs=(worker.plan, worker.counts)
    ) as pool:
        waiting: set[Future[int]] = set()
        try:
            for chunk in chunks:
                waiting.add(pool.submit(_work, chunk))
                if len(waiting) > workers:
                    finished, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                    yield from (future.result() for future in finished)
            while waiting:
                finished, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                yield from (future.result() for future in finished)
        finally:
            for future in waiting:
                future.cancel()


class _Worker:
    """Decides chunks of one batch in this process, and keeps their parts."""

    def __init__(self, plan: BatchPlan, counts: Counts | None, decider: ColumnDecider) -> None:
        self.plan = plan
        self.counts = counts
        self.decider = decider
        self._source = Source(plan.requests, plan.chunk)
        self._characteriser = Characteriser(decider.book.vocabulary)
        self._matcher = _open_registry(plan.registry)
        self._reader: TableReader | None = None
        if self._source.kind == "parquet":
            context_of = None if counts is None else counts.context
            reader = TableReader(self._characteriser, self._source.places, context_of)
            self._reader = reader if reader.suits else None

    @classmethod
    def of(cls, plan: BatchPlan, counts: Counts | None = None) -> _Worker:
        return cls(plan, counts, ColumnDecider(load_book(plan.book), plan.profile, plan.known_at))

    def __call__(self, chunk: Chunk) -> int:
        """Decide one chunk and keep its part; returns how many rows it had."""
        rows, rejects = self._facts(chunk)
        decisions = self.decider.decide(rows) if rows.facts.num_rows else DECISIONS.empty_table()
        self._audit(rows, decisions)
        output.write_part(self.plan, chunk.number, decisions, sorted(rejects))
        return chunk.rows

    def _facts(self, chunk: Chunk) -> tuple[FactRows, list[Reject]]:
        """The facts of a chunk: of sure rows by columns, of the others one by one."""
        if self._reader is None:
            return self._one_by_one(self._source.rows(chunk))
        checked = CheckedColumns(self._source.table(chunk), self._source.places)
        numbers = pa.array(range(chunk.first, chunk.first + chunk.rows), pa.int64())
        sure = checked.sure_only()
        rows, rejects = self._by_columns(sure, numbers.filter(checked.sure))
        if sure.rows < chunk.rows:
            others, refused = self._one_by_one(self._source.doubtful(chunk, checked.sure))
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

    def _audit(self, rows: FactRows, decisions: pa.Table) -> None:
        """Decide some rows again with the reference interpreter. Raises `BatchFault` where it differs."""
        size = rows.facts.num_rows
        if not self.plan.audit or not size:
            return
        step = max(1, size // self.plan.audit)
        places = list(range(0, size, step))[: self.plan.audit]
        sample = rows.facts.take(pa.array(places, pa.int64()))
        said = decisions.take(pa.array(places, pa.int64())).select(["row", "verdict", "law_of"]).to_pylist()
        for number, one in enumerate(said):
            day: date = one["law_of"]
            verdicts = set()
            for edition in self.decider.editions(day):
                case = rows_as_cases(edition, sample.slice(number, 1))[0]
                verdicts.add(reference.find(edition, case).items[0].verdict)
            expected = verdicts.pop() if len(verdicts) == 1 else "readings_differ"
            if one["verdict"] != expected:
                raise BatchFault(one["row"], f"columns say `{one['verdict']}`, the reference says `{expected}`")


def _open_registry(path: Path | None) -> Matcher | None:
    if path is None:
        return None
    from limen.crossref import open_registry

    return open_registry(path)


_WORKER: _Worker | None = None


def _start(plan: BatchPlan, counts: Counts | None) -> None:
    """Make ready a process of the pool."""
    global _WORKER
    _WORKER = _Worker.of(plan, counts)


def _work(chunk: Chunk) -> int:
    if _WORKER is None:
        raise RuntimeError("a process of the batch was not made ready")
    return _WORKER(chunk)


def _result(plan: BatchPlan, parts: int, resumed: int) -> BatchResult:
    """Counts over the finished parts, and the digest of what was decided."""
    verdicts: Counter[str] = Counter(dict.fromkeys(VERDICT_WORDS, 0))
    digest = hashlib.sha256()
    requests = rejected = 0
    for number in range(parts):
        table = pq.read_table(output.part_path(plan, number), columns=["row", "verdict"])
        requests += len(table.column("row").unique())
        for pair in table.column("verdict").value_counts().to_pylist():
            verdicts[pair["values"]] += pair["counts"]
        digest.update(output.part_path(plan, number).read_bytes())
        rejected += output.rejects_path(plan, number).read_bytes().count(b"\n")
    return BatchResult(plan.out, plan.rejects, requests, rejected, dict(verdicts), resumed, digest.hexdigest())
