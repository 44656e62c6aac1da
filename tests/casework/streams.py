"""Event streams made at random around a few duties: what opens, keeps, breaks and ends them, and what should not be.

Run as a program it follows as many streams as it is told, each in several orders of arrival, on the network and with
the oracle, and prints what it saw as JSON.
"""

from __future__ import annotations

import json
import random
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from limen.casework.duty import Act, Count, Duty, Every, Owed, Pattern
from limen.casework.event import Event
from limen.casework.follow import Follower
from limen.casework.kind import Field
from limen.casework.law_book import Aftercare, aftercare
from limen.decide.rete import Play
from limen.decide.worker import RuleNetwork

START = datetime(2025, 6, 1)
UNTIL = START + timedelta(days=1500)
HOUR, DAY = 60, 24 * 60
STEPS = (0, 0, 0, 1, 30, HOUR, DAY - 1, DAY, DAY + 1, 5 * DAY, 30 * DAY, 45 * DAY, 100 * DAY, 365 * DAY)
"""Minutes between events: often the same minute, often exactly a deadline or a minute beside it."""

POOLS = {"by": "person", "from": "copy", "of_matter": "matter"}
"""Fields whose names are names of something else."""


def patterns(duty: Duty) -> Iterator[Pattern]:
    """Every pattern of a duty."""
    form = duty.form
    match form:
        case Owed():
            yield from (*form.opens, *form.kept_by, *form.broken_by, *form.ends)
            if form.once is not None:
                yield from (form.once.pattern, *form.once.unless)
        case Every():
            yield from (*form.opens, *form.kept_by, *form.ends)
        case Act():
            yield from (*form.doing, *(need.pattern for need in form.needs))
            if form.during is not None:
                yield from (*form.during.since, *form.during.until)
        case Count():
            yield form.of


def a_stream(law: Aftercare, rng: random.Random, most: int = 9) -> list[Event]:
    """A case around one to three duties, with a release at its beginning more often than not."""
    duties = rng.sample(list(law.duties.values()), rng.randint(1, 3))
    wanted = [pattern for duty in duties for pattern in patterns(duty)]
    at, events = START, []
    if rng.random() < 0.8:
        events += [
            Event("a1", at, "requested", {"request": "request-1", "agency": "agency-1", "matter": "matter-1"}),
            Event("a2", at, "decided", {"request": "request-1", "outcome": "allow"}),
            Event("a3", at, "released", {"release": "release-1", "request": "request-1", "copy": "copy-1",
                                         "gateway": rng.choice(("i_2", "i_5"))}),
        ]  # fmt: skip
    if any(isinstance(duty.form, Count) for duty in duties) and rng.random() < 0.5:
        events += list(_many_requests(at, rng))
    for number in range(rng.randint(2, most)):
        at += timedelta(minutes=rng.choice(STEPS))
        pattern = rng.choice(wanted)
        kind = law.kinds[pattern.kind]
        fields = {
            name: rng.choice(pattern.words[name])
            if name in pattern.words and rng.random() < 0.85
            else _value(name, field, pattern, rng)
            for name, field in kind.fields.items()
            if name in kind.must or name == pattern.key or name in pattern.words or rng.random() < 0.6
        }
        if fields.get("from") == fields.get("copy") and "from" in fields:
            fields["copy"] = f"copy-{rng.randint(2, 3)}"
        events.append(Event(f"e{number}", at, kind.name, fields))
    if rng.random() < 0.1:
        events.append(rng.choice(events))
    if rng.random() < 0.1:
        one, other = rng.choice(events), rng.choice(events)
        events.append(Event(one.id, other.at, other.kind, other.fields))
    return events


def _many_requests(at: datetime, rng: random.Random) -> Iterator[Event]:
    """Requests that have something in common, sometimes just enough of them to be counted."""
    in_common, matters = rng.choice(("official", "signer", "reason", "subject")), rng.choice((7, 100))
    for number in range(rng.choice((1, 2, 3, 4, 5, 19, 20, 21))):
        fields = {"request": f"row-{number}", "agency": "agency-1", "matter": f"matter-{number % matters}"}
        yield Event(f"row-{number}", at, "requested", fields | {in_common: "the same"})


def _value(name: str, field: Field, pattern: Pattern, rng: random.Random) -> str:
    if field.words:
        return rng.choice(field.words)
    pool = POOLS.get(name, name)
    if name == "of":
        pool = rng.choice(("request", "release", "copy", "transfer", "system"))
    return f"{pool}-{rng.choice((1, 1, 2))}"


class Here:
    """The network in this very process, which is one of its own: spares ten thousand streams the way over the pipe."""

    def play_with(self, rulesets: Mapping[str, Any]) -> Play:
        network = RuleNetwork()
        for name, rules in rulesets.items():
            network.load(name, rules)
        return lambda sessions: [network.play(one.ruleset, list(one.facts)) for one in sessions]


def follow_many(streams: int, seed: int) -> dict[str, object]:
    """Follow `streams` streams; what became of how many duties, and the number of orders tried."""
    law, rng = aftercare(), random.Random(seed)
    seen: Counter[str] = Counter()
    notices: Counter[str] = Counter()
    orders = 0
    with Follower(law, Here()) as follower:
        for _ in range(streams):
            stream = a_stream(law, rng)
            timeline = follower.follow(stream, UNTIL)
            seen.update(f"{entry.duty} {entry.state}" for entry in timeline.entries)
            notices.update(notice.kind for notice in timeline.notices)
            orders += 1
            if rng.random() < 0.12:
                rng.shuffle(stream)
                again = follower.follow(stream, UNTIL)
                orders += 1
                if again.entries != timeline.entries:
                    raise AssertionError(f"another order of arrival, another timeline: {stream}")
    return {"streams": streams, "orders": orders, "seen": dict(seen), "notices": dict(notices)}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(follow_many(int(sys.argv[1]), int(sys.argv[2]))))
