"""From what fired to what became of each duty: the states, the deadlines and their order are ours.

The facts of a case are played twice. The first time shows when duties open and when notices are given; from that the
deadlines are worked out, in event time. The second time everything is posted together, in its order, and each fact
is followed by what it turned.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from limen.casework.counting import to_count
from limen.casework.duty import ALL, Act, Duty, Every, Owed
from limen.casework.event import Event
from limen.casework.network import CLOCK, COUNTS, DUTIES, Names, Network, Slot
from limen.casework.timeline import Entry, Turn
from limen.decide.rete import Play, Session

BEFORE, EVENT, AFTER = 0, 1, 2
"""In one minute: what ripens, what happens, what runs out."""


@dataclass(frozen=True, slots=True)
class Posted:
    """A fact as it is posted: an event, or a moment (`event` is then the need it comes from, `key` the duty's)."""

    at: datetime
    rank: int
    fact: Mapping[str, str]
    event: int | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that fired with the fact posted last as `x`; `other` is the place of the fact it was joined with."""

    slot: Slot
    other: int | None


def assemble(network: Network, events: Sequence[Event], until: datetime, play: Play) -> tuple[Entry, ...]:
    """What became of each duty up to `until`. Raises what `play` raises, and `NetworkError`."""
    names = Names()
    facts = [Posted(event.at, EVENT, network.fact(event, n, names), event=n) for n, event in enumerate(events)]
    counted = list(to_count(network, events, names))
    replies = play(
        [
            Session(DUTIES, tuple(dict(posted.fact) for posted in facts)),
            *(Session(COUNTS, tuple(dict(fact) for fact in one.facts)) for one in counted),
        ]
    )
    hits = [_hits(network, place, fired) for place, fired in enumerate(replies[0])]
    moments = list(_moments(network, events, facts, hits, until, names))
    if moments:
        facts = sorted((*facts, *moments), key=lambda posted: (posted.at, posted.rank))
        (again,) = play([Session(DUTIES, tuple(dict(posted.fact) for posted in facts))])
        hits = [_hits(network, place, fired) for place, fired in enumerate(again)]
    found = _Assembly(network.duties, events, facts)
    for place, at_once in enumerate(hits):
        found.post(place, at_once)
    entries = found.entries(until)
    for one, reply in zip(counted, replies[1:], strict=True):
        entries += one.entries(reply)
    places = {id: place for place, id in enumerate(network.duties)}
    return tuple(sorted(entries, key=lambda entry: (places[entry.duty], entry.key)))


def _hits(network: Network, place: int, fired: Sequence[Sequence[Any]]) -> list[Hit]:
    """The firings in which the fact just posted came last; facts are numbered from 1 as they are posted."""
    hits: list[Hit] = []
    for rule, ids in fired:
        slot = network.slots[rule]
        newest = int(ids["x"]) - 1
        other = int(ids["o"]) - 1 if "o" in ids else None
        if newest == place or (slot.part == "opens" and other == place):
            hits.append(Hit(slot, other))
    return hits


def _moments(
    network: Network, events: Sequence[Event], facts: Sequence[Posted], hits: Sequence[list[Hit]], until: datetime,
    names: Names,
) -> Iterator[Posted]:  # fmt: skip
    """The moments that follow from the events: deadlines, and when something is old enough or too old."""
    opened: set[tuple[str, str]] = set()
    tokens = {duty: f"d{number}" for number, duty in enumerate(network.duties)}
    for place, at_once in enumerate(hits):
        now, event = facts[place].at, events[place]
        for hit in at_once:
            form, token = network.duties[hit.slot.duty].form, tokens[hit.slot.duty]
            if hit.slot.part == "needed" and isinstance(form, Act):
                need = form.needs[hit.slot.numbers[0]]
                key = need.pattern.key
                name = {} if key is None or key not in event.fields else {f"k__{key}": names.number(event.fields[key])}
                for span, part, rank in ((need.ahead, "ripe", BEFORE), (need.valid, "stale", AFTER)):
                    if span is not None and span.after(now) <= until:
                        fact = {"kind": CLOCK, "for": f"{token}_{part}_{hit.slot.numbers[0]}", **name}
                        yield Posted(span.after(now), rank, fact, event=place)
            elif hit.slot.part == "opens" and isinstance(form, (Owed, Every)):
                key = _opening_key(form, hit, place, events)
                if key is None or (hit.slot.duty, key) in opened:
                    continue
                opened.add((hit.slot.duty, key))
                span = form.within if isinstance(form, Owed) else form.every
                due = None if span is None else span.after(now)
                while span is not None and due is not None and due <= until:
                    yield Posted(due, AFTER, {"kind": CLOCK, "for": token}, key=key)
                    due = span.after(due) if isinstance(form, Every) else None


def _opening_key(form: Owed | Every, hit: Hit, place: int, events: Sequence[Event]) -> str | None:
    """The key of a duty that opens: the opening event is the fact itself or, with a second event, the one joined."""
    joined = isinstance(form, Owed) and form.once is not None and hit.other is not None
    opener = hit.other if joined and hit.other is not None else place
    return form.opens[hit.slot.numbers[0]].key_of(events[opener])


@dataclass
class _Instance:
    """An owed duty towards one thing, while the facts go by."""

    turns: list[Turn]
    due: datetime | None
    ended: bool = False
    mended: datetime | None = None
    done: str | None = None


@dataclass
class _About:
    """What one act was joined with."""

    needs: set[tuple[int, int]] = field(default_factory=set)
    stale: set[tuple[int, int]] = field(default_factory=set)
    lasting: set[int] = field(default_factory=set)


class _Assembly:
    """Takes what fired fact by fact, and keeps the state of every duty."""

    def __init__(self, duties: Mapping[str, Duty], events: Sequence[Event], facts: Sequence[Posted]) -> None:
        self._duties = duties
        self._events = events
        self._facts = facts
        self._running: dict[tuple[str, str], _Instance] = {}
        self._spared: set[tuple[str, str]] = set()
        self._acts: dict[tuple[str, str], list[Turn]] = defaultdict(list)
        self._over: set[tuple[str, int]] = set()

    def post(self, place: int, hits: Sequence[Hit]) -> None:
        """Take in what the fact at `place` turned."""
        of_duty: dict[str, list[Hit]] = defaultdict(list)
        for hit in hits:
            of_duty[hit.slot.duty].append(hit)
        for duty, together in of_duty.items():
            form = self._duties[duty].form
            if isinstance(form, Act):
                self._act(duty, form, place, together)
            elif isinstance(form, Owed):
                self._owed(duty, form, place, together)
            elif isinstance(form, Every):
                self._every(duty, form, place, together)

    def _event(self, place: int) -> Event:
        number = self._facts[place].event
        if number is None:
            raise IndexError(f"fact {place} is no event")
        return self._events[number]

    def _keys(self, form: Owed | Every, hits: Sequence[Hit], part: str) -> list[str]:
        """The keys of the instances that the fact touches in this way."""
        keys = {
            form.opens[hit.slot.numbers[0]].key_of(self._event(hit.other))
            for hit in hits
            if hit.slot.part == part and hit.other is not None
        }
        return sorted(key for key in keys if key is not None)

    def _opened(self, form: Owed | Every, place: int, hits: Sequence[Hit]) -> list[str]:
        joined = isinstance(form, Owed) and form.once is not None
        keys = {
            form.opens[hit.slot.numbers[0]].key_of(
                self._event(hit.other if joined and hit.other is not None else place)
            )
            for hit in hits
            if hit.slot.part == "opens"
        }
        return sorted(key for key in keys if key is not None)

    def _owed(self, duty: str, form: Owed, place: int, hits: Sequence[Hit]) -> None:
        now = self._facts[place].at
        for hit in hits:
            key = self._facts[place].key
            one = self._running.get((duty, key)) if hit.slot.part == "clock" and key is not None else None
            if one is not None and one.turns[-1].state == "open" and not one.ended:
                one.turns.append(Turn(now, form.at_deadline))
                one.ended = form.at_deadline == "kept"
        if self._facts[place].event is None:
            return
        id = self._event(place).id
        broken = self._keys(form, hits, "broken")
        for key in broken:
            one = self._running.get((duty, key))
            if one is not None and not one.ended:
                one.turns.append(Turn(now, "breached", (id,)))
        for part in ("kept", "ends"):
            for key in self._keys(form, hits, part):
                one = self._running.get((duty, key))
                if one is not None and (key not in broken or one.ended):
                    self._settle(one, part, form, now, id)
        self._spared.update((duty, key) for key in self._keys(form, hits, "spared"))
        for key in self._opened(form, place, hits):
            if (duty, key) not in self._running and (duty, key) not in self._spared:
                due = None if form.within is None else form.within.after(now)
                self._running[duty, key] = _Instance([Turn(now, "open", (id,))], due)

    def _settle(self, one: _Instance, part: str, form: Owed, now: datetime, id: str) -> None:
        state = one.turns[-1].state
        if part == "kept" and state == "open" and not one.ended:
            one.turns.append(Turn(now, "kept", (id,)))
        elif part == "kept" and state == "breached" and one.mended is None:
            one.mended = now
        elif part == "ends" and not one.ended:
            one.ended = True
            if state == "open":
                one.turns.append(Turn(now, form.ends_as, (id,)))

    def _every(self, duty: str, form: Every, place: int, hits: Sequence[Hit]) -> None:
        posted = self._facts[place]
        if posted.event is None:
            one = self._running.get((duty, posted.key or ALL))
            if one is not None and not one.ended and one.due is not None:
                turn = Turn(posted.at, "kept", (one.done,)) if one.done is not None else Turn(posted.at, "breached")
                one.turns.append(turn)
                one.due, one.done = form.every.after(one.due), None
            return
        id = self._event(place).id
        for key in self._keys(form, hits, "kept"):
            one = self._running.get((duty, key))
            if one is not None:
                one.done = id
        for key in self._keys(form, hits, "ends"):
            one = self._running.get((duty, key))
            if one is not None and not one.ended:
                one.turns.append(Turn(posted.at, "lapsed", (id,)))
                one.ended, one.due = True, None
        for key in self._opened(form, place, hits):
            if (duty, key) not in self._running:
                self._running[duty, key] = _Instance([Turn(posted.at, "open", (id,))], form.every.after(posted.at))

    def _act(self, duty: str, form: Act, place: int, hits: Sequence[Hit]) -> None:
        if self._facts[place].event is None:
            return
        act = self._event(place)
        about: dict[str, _About] = {}
        for hit in hits:
            if hit.slot.part == "over" and hit.other is not None:
                self._over.add((duty, self._number(hit.other)))
            if hit.slot.part in ("acts", "needs", "stale", "lasting"):
                key = form.doing[hit.slot.numbers[0]].key_of(act)
                if key is not None:
                    self._note(about.setdefault(key, _About()), hit)
        for key, joined in sorted(about.items()):
            because: tuple[str, ...] = ()
            if form.during is not None:
                lasting = [number for number in joined.lasting if (duty, number) not in self._over]
                if not lasting:
                    continue
                because = (self._events[min(lasting)].id,)
            needs = [number for _, number in joined.needs - joined.stale]
            if needs:
                turn = Turn(act.at, "kept", (self._events[max(needs)].id, act.id))
            else:
                turn = Turn(act.at, "breached", (*because, act.id))
            self._acts[duty, key].append(turn)

    def _number(self, place: int) -> int:
        number = self._facts[place].event
        return -1 if number is None else number

    def _note(self, about: _About, hit: Hit) -> None:
        if hit.other is None:
            return
        number = self._number(hit.other)
        if hit.slot.part == "lasting":
            about.lasting.add(number)
        elif hit.slot.part == "needs":
            about.needs.add((hit.slot.numbers[1], number))
        elif hit.slot.part == "stale":
            about.stale.add((hit.slot.numbers[1], number))

    def entries(self, until: datetime) -> list[Entry]:
        """Every duty that opened or was looked at."""
        owed = [Entry(duty, key, tuple(one.turns), one.due, one.mended) for (duty, key), one in self._running.items()]
        return owed + [Entry(duty, key, tuple(turns)) for (duty, key), turns in self._acts.items()]
