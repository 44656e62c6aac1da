"""Workers that misbehave, as commands to start in place of the real one."""

from __future__ import annotations

import sys
from pathlib import Path

import limen.decide.worker as worker

_OPENING = f"""
import json, os, signal, struct, sys, time
sys.path.insert(0, {str(Path(worker.__file__).parent)!r})
import worker
out = sys.stdout.buffer
def say(message):
    out.write(worker.frame(message)); out.flush()
def ask():
    return worker.read_frame(sys.stdin.buffer)
say({{"protocol": worker.PROTOCOL}})
"""


def command(body: str, opening: str = _OPENING) -> tuple[str, ...]:
    return (sys.executable, "-P", "-c", opening + body)


def answering(answer: str) -> tuple[str, ...]:
    """A worker that answers every question with the expression `answer`, in which `q` is the question."""
    return command(f"while (q := ask()) is not None: say({answer})")


SEGFAULT = command("ask(); os.kill(os.getpid(), signal.SIGSEGV)")
"""Dies as a C library dies."""

KILLED = command("ask(); os.kill(os.getpid(), signal.SIGKILL)")
QUIT = command("ask(); sys.exit(3)")
HANGS = command("ask(); time.sleep(600)")
NEVER_READS = command("time.sleep(600)")
GARBAGE = command("ask(); out.write(b'Segmentation fault (core dumped)' * 9); out.flush(); time.sleep(600)")
NOT_JSON = command("ask(); out.write(struct.pack('>I', 5) + b'oops!'); out.flush(); time.sleep(600)")
NOT_A_MAPPING = command("ask(); say([1, 2])")
TRUNCATED = command("ask(); out.write(struct.pack('>I', 500) + b'{\"id\"'); out.flush()")
WRONG_ID = answering("{'id': q['id'] + 1, 'sessions': []}")
NO_SESSIONS = answering("{'id': q['id']}")
TOO_FEW_SESSIONS = answering("{'id': q['id'], 'sessions': []}")
TOO_FEW_ANSWERS = answering("{'id': q['id'], 'sessions': [s['facts'][1:] and [] for s in q['sessions']]}")
NO_FIRINGS = answering("{'id': q['id'], 'sessions': [[['yes'] for _ in s['facts']] for s in q['sessions']]}")
ANSWERS_ANOTHER = answering(
    "{'id': q['id'], 'sessions': [[[['q999_is_true', {}]] for _ in s['facts']] for s in q['sessions']]}"
)
SAYS_BOTH = answering(
    "{'id': q['id'], 'sessions': [[[[f['ask'] + '_is_' + w, {}] for w in ('true', 'false')] for f in s['facts']]"
    " for s in q['sessions']]}"
)
SAYS_YES = answering(
    "{'id': q['id'], 'sessions': [[[[f['ask'] + '_is_true', {}]] for f in s['facts']] for s in q['sessions']]}"
)
"""Lies: whatever it is asked is true."""

OTHER_PROTOCOL = command("", opening=_OPENING.replace("worker.PROTOCOL}", "99}") + "ask()")
NOT_THERE = ("/no/such/interpreter", "-c", "pass")
ENDS_AT_ONCE = (sys.executable, "-c", "raise SystemExit(1)")
NO_LIBRARY = (sys.executable, "-I", "-S", worker.__file__)
"""The real worker in an interpreter without site-packages: durable-rules is not there."""
