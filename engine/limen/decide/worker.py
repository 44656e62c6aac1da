"""The process in which durable-rules runs: one thread, no timers, one pipe in and one pipe out.

The library can crash, hang or fill the memory of the interpreter it lives in. So it lives in this one, which is
started with nothing of ours in it, is told rules and facts, says which rules fired, and can be thrown away.
It decides nothing and knows nothing of law.

Messages are JSON, each after its length in four bytes. The first one out is the greeting. Then, one for one:

    {"id": 7, "load": {RULESET: {RULE: [CONDITION, ...]}}, "sessions": [{"ruleset": NAME, "facts": [FACT, ...]}]}
    {"id": 7, "sessions": [[[FIRING, ...], ...]]}        one list of firings for each fact of each session

A condition is `{ALIAS: EXPRESSION}` in the library's own form; a firing is `[RULE, {ALIAS: ID of the fact}]`. A rule
may also be `{"all": [CONDITION], "count": N}`: it fires with every N facts, and its aliases are their numbers.

This file imports nothing of the product, so that it can be run by its path and starts fast.
"""

from __future__ import annotations

import json
import os
import signal
import struct
import sys
from collections.abc import Callable
from typing import Any, BinaryIO

PROTOCOL = 1
SENTINEL = "sentinel"
"""The value of `ask` that opens every session: a fact that always matches, so that no session starts unmatched."""

MAX_FACTS = 20_000
"""Facts in one session. Ids are numbered and compared by hash; the first false repeat was seen at 46,010."""

MAX_FRAME = 64 * 1024 * 1024

Fact = dict[str, Any]
Firing = tuple[str, dict[str, Any]]

NO_LIBRARY = (
    "durable-rules cannot be loaded; install it with `pip install durable-rules==2.0.28` "
    "(it is built from source and needs a C compiler, such as gcc, and the Python headers)"
)


def _library() -> Any:
    """The engine of durable-rules. Raises `ImportError`.

    Its C part names a function that Python 3.13 took away, for keeping state in a store of one's own, which is never
    done here. So names are looked up when they are called; one that is not there ends this process, which is a fault.
    """
    flags = sys.getdlopenflags() if hasattr(sys, "getdlopenflags") else None
    if flags is not None:
        sys.setdlopenflags(os.RTLD_LAZY)
    try:
        from durable import engine
    finally:
        if flags is not None:
            sys.setdlopenflags(flags)
    return engine


class NetworkFault(Exception):
    """The library did something other than match facts; nothing of what it said may be used."""


class RuleNetwork:
    """Rulesets of durable-rules behind the guard: facts only, fresh sessions, nothing swallowed.

    Raises `ImportError` when the library is missing.
    """

    def __init__(self) -> None:
        engine = _library()

        class QuietHost(engine.Host):  # type: ignore[misc, name-defined]
            """Without the two timer threads: nothing may touch a session between two of our calls."""

            def _run(self) -> None:
                pass

        self._host = QuietHost()
        self._not_handled: type[Exception] = engine.MessageNotHandledException
        self._fired: list[Firing] = []
        self._last_sid = 0

    def load(self, name: str, rules: dict[str, Any]) -> None:
        """Register a ruleset: for each rule, the facts it joins or counts. Raises `NetworkFault`."""
        definition: dict[str, Any] = {
            rule: {**(body if isinstance(body, dict) else {"all": body}), "run": self._reporter(rule)}
            for rule, body in rules.items()
        }
        definition[SENTINEL] = {"all": [{"m": {"ask": SENTINEL}}], "run": self._reporter(SENTINEL)}
        try:
            self._host.set_rulesets({name: definition})
        except Exception as error:
            raise NetworkFault(f"ruleset `{name}` was refused: {error}") from error

    def _reporter(self, rule: str) -> Callable[[Any], None]:
        """The only action there is: note which rule fired, and on which facts."""

        def report(closure: Any) -> None:
            if closure._m is not None:
                matched = closure._m
            else:  # a counted rule: a list of the facts, the last one first
                matched = {str(number): one for number, counted in enumerate(closure.m) for one in counted._d.values()}
            ids = {alias: one["id"] for alias, one in matched.items() if isinstance(one, dict) and "id" in one}
            self._fired.append((rule, ids))

        return report

    def play(self, ruleset: str, facts: list[Fact]) -> list[list[Firing]]:
        """Assert `facts` in their order in a session of its own; for each, what fired.

        Raises `NetworkFault` for whatever is not a plain match or a plain mismatch.
        """
        if len(facts) > MAX_FACTS:
            raise NetworkFault(f"{len(facts)} facts in one session; at most {MAX_FACTS} are safe")
        self._last_sid += 1
        sid = str(self._last_sid)
        try:
            opening = self._assert(ruleset, {"ask": SENTINEL, "sid": sid, "id": "0"})
            if [rule for rule, _ in opening] != [SENTINEL]:
                raise NetworkFault(f"the sentinel of `{ruleset}` did not fire alone")
            answers = [
                self._assert(ruleset, {**fact, "sid": sid, "id": str(number)})
                for number, fact in enumerate(facts, start=1)
            ]
            state = self._host.get_state(ruleset, sid)
            if "exception" in state:
                raise NetworkFault("an action failed inside the network")
            self._host.delete_state(ruleset, sid)
        except NetworkFault:
            raise
        except Exception as error:
            raise NetworkFault(f"{type(error).__name__} in ruleset `{ruleset}`: {error}") from error
        return answers

    def _assert(self, ruleset: str, fact: Fact) -> list[Firing]:
        self._fired.clear()
        try:
            self._host.assert_fact(ruleset, fact)
        except self._not_handled:
            if self._fired:
                raise NetworkFault("a fact that matched nothing fired a rule") from None
        return list(self._fired)


def read_frame(stream: BinaryIO) -> Any | None:
    """The next message, or `None` at the end of the stream."""
    head = stream.read(4)
    if len(head) < 4:
        return None
    (length,) = struct.unpack(">I", head)
    if length > MAX_FRAME:
        return None
    body = stream.read(length)
    return json.loads(body) if len(body) == length else None


def frame(message: Any) -> bytes:
    """`message` as it goes over the pipe."""
    body = json.dumps(message, separators=(",", ":")).encode()
    return struct.pack(">I", len(body)) + body


def answer(network: RuleNetwork, request: Any) -> dict[str, Any]:
    """What to say to one request; never raises."""
    try:
        for name, rules in request["load"].items():
            network.load(name, rules)
        return {
            "id": request["id"],
            "sessions": [network.play(session["ruleset"], session["facts"]) for session in request["sessions"]],
        }
    except NetworkFault as fault:
        return {"id": request.get("id"), "error": str(fault)}
    except Exception as error:
        return {"id": request.get("id") if isinstance(request, dict) else None, "error": type(error).__name__}


def serve(incoming: BinaryIO, outgoing: BinaryIO) -> int:
    """Answer requests until the other side closes its end."""

    def say(message: Any) -> None:
        outgoing.write(frame(message))
        outgoing.flush()

    try:
        network = RuleNetwork()
    except ImportError:
        say({"protocol": PROTOCOL, "error": NO_LIBRARY})
        return 1
    say({"protocol": PROTOCOL})
    while (request := read_frame(incoming)) is not None:
        say(answer(network, request))
    return 0


def main() -> int:
    """Serve on the standard pipes. Whatever the library prints goes to standard error, not between our messages."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    outgoing = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return serve(sys.stdin.buffer, outgoing)


if __name__ == "__main__":
    sys.exit(main())
