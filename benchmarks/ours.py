"""What Limen costs: the evaluator beside the floor, the whole way to a decision, and the ledger after it.

Everything is measured in turns within one run and given as the least processor time of a turn, so that ratios hold on a
machine that others use; the percentiles are of the time that passed.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks import floor
from benchmarks.cases import make_cases
from benchmarks.policy import AS_OF, RULES, policy_book, policy_edition, programmes
from benchmarks.requests import make_requests

from limen.decide import reference
from limen.decide.answer import answers_of
from limen.decide.compiled import compile_edition
from limen.decide.decider import Decider
from limen.law import load_book
from limen.law.book import Book
from limen.law.facts import CaseFacts
from limen.law.making import make_edition
from limen.ledger.fact_text import FactText
from limen.request.characterise import Characteriser
from limen.request.digest import request_digest
from limen.request.model import Request
from limen.request.read import build_request

PROFILE = "bench"
SHIPPED_PROFILE = "irs-2025-08"
COMMIT = 500
"""Records written in one commit where many are."""
EACH = 25
"""Records written through to the disk one by one in a turn: a busy disk may take a tenth of a second for each."""


def in_turns(asked: dict[str, tuple[Callable[[Any], Any], Sequence[Any]]], seconds: float) -> dict[str, float]:
    """Microseconds of processor time for one call of each, at its best turn; all take turns until time is up."""
    best = dict.fromkeys(asked, float("inf"))
    until, turns = time.perf_counter() + seconds, 0
    while turns < 3 or time.perf_counter() < until:
        for name, (call, given) in asked.items():
            begun = time.process_time()
            for one in given:
                call(one)
            best[name] = min(best[name], (time.process_time() - begun) / len(given) * 1e6)
        turns += 1
    return best


def percentiles(call: Callable[[Any], Any], given: Sequence[Any]) -> tuple[float, float]:
    """Median and 99th percentile of the time that passed in one call, in microseconds."""
    clock, laps = time.perf_counter, []
    for one in given:
        begun = clock()
        call(one)
        laps.append(clock() - begun)
    laps.sort()
    return laps[len(laps) // 2] * 1e6, laps[len(laps) * 99 // 100] * 1e6


def disagreements(cases: Sequence[CaseFacts], size: int) -> dict[str, int]:
    """How many answers of the generated evaluator, and of the floor, are not those of the reference interpreter."""
    edition = policy_edition(size)
    compiled = compile_edition(edition)
    wrong = {"answer": 0, "floor": 0}
    for case in cases:
        expected = answers_of(edition, reference.find(edition, case))
        wrong["answer"] += tuple(compiled.answer(case)) != expected
        if size == RULES:
            verdict, gateway, obstacles = floor.decide(dict(case.facts), dict(case.items[0].facts))
            right = expected[0]
            same = (verdict, gateway, sorted(obstacles)) == (
                right.verdict,
                right.gateway,
                sorted(map(tuple, right.obstacles)),
            )
            wrong["floor"] += not same
    return wrong


def evaluator(sizes: tuple[int, ...], count: int, check: int, seconds: float) -> dict[str, Any]:
    """The generated evaluator on books of several sizes, with the floor in turns; loading, and what it costs at most."""
    asked: dict[str, tuple[Callable[[Any], Any], Sequence[Any]]] = {}
    result: dict[str, Any] = {}
    cases = {size: make_cases(policy_edition(size), programmes(size), count) for size in sizes}
    pairs = [(case.facts, case.items[0].facts) for case in cases[RULES]]
    asked["floor"] = (lambda pair: floor.decide(*pair), pairs)
    for size in sizes:
        begun = time.process_time()
        compiled = compile_edition(make_edition(policy_book(size), PROFILE, AS_OF))
        compiled.answer(cases[size][0])
        load = (time.process_time() - begun) * 1e3
        for case in cases[size]:
            compiled.answer(case)
        asked[f"answer {size}"] = (compiled.answer, cases[size])
        asked[f"find {size}"] = (compiled.find, cases[size][: max(50, count // 10)])
        compiled.find(cases[size][0])
        p50, p99 = percentiles(compiled.answer, cases[size])
        # The interpreter reads the whole of a large book for each case.
        checked = check if size == RULES else max(10, check * RULES // size)
        wrong = disagreements(cases[size][:checked], size)
        result[str(size)] = {"load_ms": load, "p50_us": p50, "p99_us": p99, "checked": checked, "wrong": wrong}
    p50, p99 = percentiles(lambda pair: floor.decide(*pair), pairs)
    result["floor"] = {"p50_us": p50, "p99_us": p99}
    best = in_turns(asked, seconds)
    for name, us in best.items():
        result.setdefault("us", {})[name] = us
    return result


_forget_digest = vars(Request)["_digest"].__delete__


def _unnamed(request: Request) -> Request:
    """The request without the digest that was taken when it was read, so that it has to be taken again."""
    _forget_digest(request)
    return request


def decisions(count: int, seconds: float) -> dict[str, Any]:
    """From a validated request to a frozen decision with reasons, and what its parts take; the shipped book too."""
    book, edition = policy_book(), policy_edition()
    cases = make_cases(edition, programmes(RULES), count)
    requests = make_requests(cases, book.vocabulary)
    decider = Decider(book, profile=PROFILE, hinges="never")
    reader = Characteriser(book.vocabulary)
    compiled = compile_edition(edition)
    verdicts: dict[str, int] = {}
    wrong = 0
    for request, case in zip(requests, cases, strict=True):
        decision = decider.decide_request(request)
        verdict = reference.find(edition, case).items[0].verdict
        wrong += decision.items[0].verdict != verdict or decision.fault is not None
        verdicts[verdict] = verdicts.get(verdict, 0) + 1
    asked: dict[str, tuple[Callable[[Any], Any], Sequence[Any]]] = {
        "answer": (compiled.answer, cases),
        "decide request": (decider.decide_request, requests),
        "decide request and digest": (lambda request: decider.decide_request(_unnamed(request)), requests),
        "read": (build_request, [request.model_dump(exclude_none=True) for request in requests]),
        "facts": (lambda request: reader.facts(request, as_of=AS_OF), requests),
        "digest": (lambda request: request_digest(_unnamed(request)), requests),
        "decide facts": (lambda case: decider.decide(case, AS_OF), cases),
    }
    p50, p99 = percentiles(decider.decide_request, requests)
    result = {"us": in_turns(asked, seconds), "p50_us": p50, "p99_us": p99, "wrong": wrong, "verdicts": verdicts}
    result["shipped"] = shipped(seconds)
    return result


def shipped_requests() -> tuple[list[Request], Any]:
    """The requests of the demonstration scenarios, several times over, and the day they came."""
    from limen.cli.desk import read_cases

    root = Path(__file__).resolve().parents[1]
    told = [read_cases([str(path)])[0] for path in sorted((root / "scenarios" / "demo").glob("*.yaml"))]
    day = next(case.request.received for case in told if case.request.received is not None)
    return [case.request for case in told] * 8, day


def shipped(seconds: float) -> dict[str, Any]:
    """The same on the shipped book, with the requests of its demonstration scenarios."""
    from limen.request.address import judge_address

    book = load_book()
    requests, day = shipped_requests()
    decider = Decider(book, profile=SHIPPED_PROFILE, hinges="never")
    reader = Characteriser(book.vocabulary)
    facts = [reader.characterise(request, as_of=day).facts for request in requests]
    compiled = compile_edition(make_edition(book, SHIPPED_PROFILE, day))
    addressed = [request for request in requests if request.subject.address is not None]
    for request, case in zip(requests, facts, strict=True):
        decider.decide_request(request, as_of=day)
        compiled.answer(case)
    return {
        "us": in_turns(
            {
                "answer": (compiled.answer, facts),
                "decide request": (lambda request: decider.decide_request(request, as_of=day), requests),
                "facts": (lambda request: reader.facts(request, as_of=day), requests),
                "address": (lambda request: judge_address(request.subject.address.lines), addressed),
                "digest": (lambda request: request_digest(_unnamed(request)), requests),
                "decide facts": (lambda case: decider.decide(case, day), facts),
            },
            seconds,
        )
    }


def entries_of(book: Book, decider: Decider, day: Any) -> Callable[[Request], Any]:
    """What decides a request and makes of it what the ledger is given, as the desk does."""
    from limen.desk import decision_record
    from limen.ledger import Entry

    reader, texts = Characteriser(book.vocabulary), FactText(book.vocabulary)

    def entry(request: Request) -> Any:
        seen = reader.characterise(request, as_of=day)
        decision = decider.decide(seen.facts, day, request_id=request.id, request_digest=request_digest(request))
        return Entry("decision", decision_record(decision, seen, texts), request.subject, None, request)

    return entry


def for_each(call: Callable[[Request], object]) -> Callable[[Sequence[Request]], None]:
    """What calls it for one request after another."""

    def run(some: Sequence[Request]) -> None:
        for request in some:
            call(request)

    return run


def in_one_commit(ledger: Any, entry: Callable[[Request], Any]) -> Callable[[Sequence[Request]], None]:
    """What decides requests and records them, `COMMIT` at a time."""

    def run(some: Sequence[Request]) -> None:
        with ledger.batch(COMMIT) as batch:
            for request in some:
                batch.append(entry(request))

    return run


def logged(count: int, seconds: float) -> dict[str, Any]:
    """What a record in the ledger adds: each one through to the disk, and many in one commit."""
    from limen.ledger import open_ledger

    book = policy_book()
    cases = make_cases(policy_edition(), programmes(RULES), count)
    requests = make_requests(cases, book.vocabulary)
    decider = Decider(book, profile=PROFILE, hinges="never")
    entry = entries_of(book, decider, AS_OF)
    shipped_book, (asked, day) = load_book(), shipped_requests()
    shipped_decider = Decider(shipped_book, profile=SHIPPED_PROFILE, hinges="never")
    shipped_entry = entries_of(shipped_book, shipped_decider, day)
    asked = (asked * COMMIT)[:COMMIT]
    for request in requests[:20]:
        decider.decide_request(request)
    for request in asked[:20]:
        shipped_decider.decide_request(request, as_of=day)

    with tempfile.TemporaryDirectory(prefix="limen-bench-") as name:
        folder = Path(name)
        with (
            open_ledger(folder / "each.sqlite", folder / "keys") as each,
            open_ledger(folder / "many.sqlite", folder / "keys") as many,
            open_ledger(folder / "shipped.sqlite", folder / "keys") as of_shipped,
        ):
            one_by_one = for_each(lambda request: each.append_many((entry(request),)))
            together = in_one_commit(many, entry)
            shipped_together = in_one_commit(of_shipped, shipped_entry)
            undecided = for_each(decider.decide_request)
            shipped_undecided = for_each(lambda request: shipped_decider.decide_request(request, as_of=day))
            some, few = requests[:COMMIT], requests[:EACH]
            bare = bare_commits(folder / "bare.sqlite", _body_of(each, entry(requests[0])))
            together(some[:50])
            shipped_together(asked[:50])
            one_by_one(few)
            # What is divided by each other takes turns, and nothing else beside it.
            best = {
                **in_turns({"each": (one_by_one, [few]), "bare": (bare, [few])}, seconds / 4),
                **in_turns({"decide": (undecided, [some]), "together": (together, [some])}, seconds / 2),
                **in_turns(
                    {"shipped decide": (shipped_undecided, [asked]), "shipped together": (shipped_together, [asked])},
                    seconds / 4,
                ),
            }
            p50, p99 = percentiles(lambda request: each.append_many((entry(request),)), requests[: 4 * EACH])
            bare_p50, bare_p99 = percentiles(lambda request: bare((request,)), requests[: 4 * EACH])
            verified = all(ledger.verify().ok for ledger in (each, many, of_shipped))
            record_bytes = len(_body_of(many, entry(requests[0])).encode())
    sizes = {"each": EACH, "bare": EACH}
    return {
        "us": {name: best[name] / sizes.get(name, COMMIT) for name in best},
        "each_p50_us": p50,
        "each_p99_us": p99,
        "bare_p50_us": bare_p50,
        "bare_p99_us": bare_p99,
        "record_bytes": record_bytes,
        "verified": verified,
    }


def _body_of(ledger: Any, entry: Any) -> str:
    """The text that the ledger stores of an entry."""
    text: str = ledger.show(ledger.append_many((entry,))[0].sequence).body_text
    return text


def bare_commits(path: Path, text: str) -> Callable[[Sequence[Any]], None]:
    """The floor of writing one by one: as many bytes as a record has, each through to the disk, and nothing else."""
    import sqlite3

    db = sqlite3.connect(path, isolation_level=None)
    db.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE IF NOT EXISTS bare (text TEXT);")

    def commits(some: Sequence[Any]) -> None:
        for _ in some:
            db.execute("BEGIN IMMEDIATE")
            db.execute("INSERT INTO bare VALUES (?)", (text,))
            db.execute("COMMIT")

    return commits
