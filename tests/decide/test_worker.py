"""The worker process: what it does when all is well, and that it never takes us down with it."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import bad_workers as bad
import pytest
from small_editions import edition

import limen.decide.worker as worker
from limen.decide import reference
from limen.decide.second_key import SecondKey, SecondKeyFault
from limen.decide.worker_process import WorkerFault, WorkerProcess
from limen.law.facts import CaseFacts, ItemFacts
from limen.law.tree import BoolFact, Compare, Member, Number

BOOK = edition([BoolFact("requester.in_writing"), Member("match.grade", ("exact",))], [BoolFact("item.from_taxpayer")])
CASE = CaseFacts(
    {"requester.in_writing": True, "match.grade": "strong"}, (ItemFacts("wages", {"item.from_taxpayer": False}),)
)
RIGHT = reference.find(BOOK, CASE)


@pytest.mark.parametrize(
    ("command", "kind", "detail"),
    [
        (bad.SEGFAULT, "crash", "the worker died of signal 11"),
        (bad.KILLED, "crash", "the worker died of signal 9"),
        (bad.QUIT, "crash", "the worker ended with status 3"),
        (bad.TRUNCATED, "crash", "the worker ended with status 0"),
        (bad.NOT_THERE, "crash", "the worker cannot be started: No such file or directory"),
        (bad.ENDS_AT_ONCE, "crash", "the worker ended with status 1"),
        (bad.GARBAGE, "error", "the worker wrote something that is no message"),
        (bad.NOT_JSON, "error", "the worker wrote something that is no message"),
        (bad.NOT_A_MAPPING, "error", "the worker wrote something that is no message"),
        (bad.WRONG_ID, "error", "the answer belongs to another question"),
        (bad.NO_SESSIONS, "error", "the worker answered another number of sessions than it was asked"),
        (bad.TOO_FEW_SESSIONS, "error", "the worker answered another number of sessions than it was asked"),
        (bad.TOO_FEW_ANSWERS, "error", "the worker answered another number of questions than it was asked"),
        (bad.NO_FIRINGS, "error", "the worker answered with something that is no firing"),
        (bad.ANSWERS_ANOTHER, "error", "asked `q0`, the network answered another question"),
        (bad.SAYS_BOTH, "error", "the network reports `q0` both true and false"),
        (bad.OTHER_PROTOCOL, "error", "the worker speaks another protocol"),
        (bad.NO_LIBRARY, "error", worker.NO_LIBRARY),
    ],
)
def test_a_worker_that_misbehaves_is_a_fault_with_one_clear_line(command, kind: str, detail: str) -> None:
    with SecondKey(command=command, deadline=10) as key:
        with pytest.raises(SecondKeyFault) as caught:
            key.find(BOOK, CASE)
        assert (caught.value.kind, caught.value.detail) == (kind, detail)
        assert key.worker_pid is None


@pytest.mark.parametrize("command", [bad.HANGS, bad.NEVER_READS])
def test_a_worker_that_hangs_is_left_at_the_deadline(command) -> None:
    with SecondKey(command=command, deadline=0.5) as key:
        began = time.monotonic()
        with pytest.raises(SecondKeyFault) as caught:
            key.find(BOOK, CASE)
        assert caught.value.kind == "timeout"
        assert time.monotonic() - began < 5


def test_a_worker_that_never_reads_cannot_block_a_long_question() -> None:
    """The pipe is full long before the question is written."""
    process = WorkerProcess(bad.NEVER_READS)
    try:
        with pytest.raises(WorkerFault, match="timeout"):
            process.exchange({"id": 1, "load": {}, "sessions": ["x" * 1_000_000]}, time.monotonic() + 0.5)
    finally:
        process.close()


def test_killed_between_and_during_requests_the_next_one_has_a_new_worker() -> None:
    with SecondKey() as key:
        assert key.find(BOOK, CASE) == RIGHT
        for _ in range(3):
            pid = key.worker_pid
            os.kill(pid, signal.SIGKILL)
            with pytest.raises(SecondKeyFault) as caught:
                key.find(BOOK, CASE)
            assert caught.value.kind == "crash"
            assert key.find(BOOK, CASE) == RIGHT
            assert key.worker_pid != pid


def test_killed_in_the_middle_of_a_request() -> None:
    with SecondKey(command=bad.HANGS, deadline=20) as key:
        key.start()
        killer = threading.Timer(0.4, os.kill, (key.worker_pid, signal.SIGKILL))
        killer.start()
        with pytest.raises(SecondKeyFault) as caught:
            key.find(BOOK, CASE)
        killer.join()
        assert (caught.value.kind, caught.value.detail) == ("crash", "the worker died of signal 9")


def test_started_early_the_same_worker_answers() -> None:
    with SecondKey() as key:
        key.start()
        pid = key.worker_pid
        key.start()
        assert key.find(BOOK, CASE) == RIGHT
        assert key.worker_pid == pid


def test_closing_ends_the_process_and_asking_again_starts_another() -> None:
    key = SecondKey()
    key.find(BOOK, CASE)
    pid = key.worker_pid
    key.close()
    key.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert key.find(BOOK, CASE) == RIGHT
    key.close()


def test_eight_threads_share_one_key() -> None:
    books = [edition([BoolFact("requester.in_writing")] * n, [BoolFact("item.from_taxpayer")]) for n in range(1, 9)]
    wrong: list[object] = []

    def ask(book) -> None:
        for _ in range(15):
            if key.find(book, CASE) != reference.find(book, CASE):
                wrong.append(book)

    with SecondKey(deadline=30) as key:
        threads = [threading.Thread(target=ask, args=(book,)) for book in books]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert wrong == []


def test_sent_to_another_process_it_keeps_its_settings_and_nothing_else() -> None:
    with SecondKey(deadline=9.5, most_rulesets=7) as key:
        key.find(BOOK, CASE)
        with pickle.loads(pickle.dumps(key)) as copy:
            assert copy.worker_pid is None
            assert copy.__getstate__() == key.__getstate__()
            assert copy.find(BOOK, CASE) == RIGHT


def test_a_fault_survives_the_way_between_processes() -> None:
    fault = pickle.loads(pickle.dumps(SecondKeyFault("timeout", "the worker did not answer in time")))
    assert (type(fault), fault.kind, fault.detail) == (SecondKeyFault, "timeout", "the worker did not answer in time")


def test_the_worker_is_replaced_before_its_rulesets_fill_the_memory() -> None:
    with SecondKey(most_rulesets=5) as key:
        pids = set()
        for number in range(14):
            book = edition([Compare(Number("matters.named_in"), "<", number), BoolFact("order.granted")])
            case = CaseFacts({"matters.named_in": 6}, (ItemFacts("wages", {}),))
            assert key.find(book, case) == reference.find(book, case)
            pids.add(key.worker_pid)
        assert len(pids) == 3


def test_a_copy_made_by_fork_leaves_the_worker_of_its_parent_alone() -> None:
    with SecondKey() as key:
        key.find(BOOK, CASE)
        pid = key.worker_pid
        child = os.fork()
        if child == 0:
            try:
                fine = key.find(BOOK, CASE) == RIGHT and key.worker_pid != pid
                key.close()
            finally:
                os._exit(0 if fine else 1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert key.find(BOOK, CASE) == RIGHT
        assert key.worker_pid == pid


def test_the_worker_imports_nothing_of_ours_and_nothing_heavy() -> None:
    code = (
        "import runpy, sys; runpy.run_path(sys.argv[1])['RuleNetwork'](); "
        "print(sorted({m.split('.')[0] for m in sys.modules} & {'limen', 'pydantic', 'yaml', 'structlog', 'click'}))"
    )
    shown = subprocess.run(
        [sys.executable, "-P", "-c", code, worker.__file__], capture_output=True, text=True, timeout=30, check=True
    )
    assert shown.stdout.strip() == "[]"


def test_the_worker_has_one_thread_and_no_timers() -> None:
    code = (
        "import runpy, sys, threading, time; runpy.run_path(sys.argv[1])['RuleNetwork'](); "
        "time.sleep(0.3); print(threading.active_count())"
    )
    shown = subprocess.run(
        [sys.executable, "-P", "-c", code, worker.__file__], capture_output=True, text=True, timeout=30, check=True
    )
    assert shown.stdout.strip() == "1"


def test_an_interrupt_from_the_keyboard_is_for_us_not_for_the_worker() -> None:
    with SecondKey() as key:
        key.find(BOOK, CASE)
        os.kill(key.worker_pid, signal.SIGINT)
        assert key.find(BOOK, CASE) == RIGHT


def test_the_worker_ends_when_we_are_gone() -> None:
    code = "from limen.decide.second_key import SecondKey; k = SecondKey(); k.start(); print(k.worker_pid, flush=True)"
    ours = subprocess.run(
        [sys.executable, "-c", code + "; import os; os._exit(0)"],
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
        env={**os.environ, "PYTHONPATH": str(Path(worker.__file__).parents[2])},
    )
    pid = int(ours.stdout)
    until = time.monotonic() + 10
    while time.monotonic() < until and Path(f"/proc/{pid}/cmdline").exists():
        if not Path(f"/proc/{pid}/cmdline").read_bytes():
            break
        time.sleep(0.05)
    else:
        assert not Path(f"/proc/{pid}").exists()
