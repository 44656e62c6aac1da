"""Before anything is judged: put events in their order, and say what is wrong with them.

An event is *late* when it arrives after one that happened later, *duplicate* when the same event arrives again,
*contradictory* when another event has its id, or makes a thing that is there already, and *impossible* when what it
presupposes never happened, or the thing it touches is gone. Late and duplicate events are simply reported. The others
are not thrown away either: silence about a breach would be the easy way out, and a contradicted report is no report.
So they stay, marked as not sound: they count against, never for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import sha256

from limen.casework.duty import Act, Count, Duty, Every, Owed, Pattern
from limen.casework.event import Event
from limen.casework.kind import NO, YES, Kind, Link
from limen.casework.timeline import Notice, NoticeKind


def put_in_order(
    arrived: Iterable[Event], kinds: Mapping[str, Kind], until: datetime
) -> tuple[tuple[Event, ...], tuple[Notice, ...]]:
    """The events up to `until` in their order, with what follows from where copies come from, and the notices.

    `arrived` is in the order of arrival; apart from `late` notices the result does not depend on it.
    """
    notices: set[Notice] = set()
    known = _by_id([_unread(event, kinds) for event in arrived if event.at <= until], notices)
    ordered = sorted(known, key=lambda event: event.order(kinds))
    checker, lineage = _Checker(kinds, notices), _Lineage()
    events = tuple(lineage.traced(checker.checked(event)) for event in ordered)
    return events, tuple(sorted(notices))


def _unread(event: Event, kinds: Mapping[str, Kind]) -> Event:
    """`event` with a digest for each free text: whether two are the same can be told, and nothing else."""
    texts = {name for name, field in kinds[event.kind].fields.items() if field.type == "text"} & set(event.fields)
    if not texts:
        return event
    digests = {name: f"text-{sha256(event.fields[name].encode()).hexdigest()[:8]}" for name in texts}
    return replace(event, fields={**event.fields, **digests})


def _by_id(arrived: Sequence[Event], notices: set[Notice]) -> list[Event]:
    """Each event once; several with one id are all kept, none of them sound."""
    versions: dict[str, list[Event]] = {}
    latest: datetime | None = None
    for event in arrived:
        if latest is not None and event.at < latest:
            notices.add(Notice(event.id, "late", "it arrived after something that happened later"))
        latest = event.at if latest is None else max(latest, event.at)
        same = versions.setdefault(event.id, [])
        if event in same:
            notices.add(Notice(event.id, "duplicate", "it arrived again"))
        else:
            same.append(event)
    events: list[Event] = []
    for id, same in versions.items():
        if len(same) == 1:
            events += same
            continue
        notices.add(Notice(id, "contradictory", f"{len(same)} different events have this id"))
        numbered = sorted(same, key=lambda one: (one.at, one.kind, sorted(one.fields.items())))
        events += [replace(one, id=f"{id}~{number}", sound=False) for number, one in enumerate(numbered, start=1)]
    return events


class _Checker:
    """Tells, in the order of events, which of them cannot be."""

    def __init__(self, kinds: Mapping[str, Kind], notices: set[Notice]) -> None:
        self._kinds = kinds
        self._notices = notices
        self._seen: set[tuple[str, str, str]] = set()
        self._made: set[tuple[str, str]] = set()

    def checked(self, event: Event) -> Event:
        """`event`, not sound any more if it cannot be."""
        kind = self._kinds[event.kind]
        wrong: list[tuple[NoticeKind, str]] = []
        for link in kind.after:
            if link.ours in event.fields and not self._happened(link, event):
                wrong.append(
                    ("impossible", f"`{event.fields[link.ours]}` is not there: nothing {_past(link)} it before")
                )
        for link in kind.not_after:
            if link.ours in event.fields and self._happened(link, event):
                wrong.append(("impossible", f"`{event.fields[link.ours]}` is gone: it was {_past(link)} before"))
        if kind.makes is not None and kind.makes in event.fields:
            thing = (kind.makes, event.fields[kind.makes])
            if thing in self._made:
                wrong.append(("contradictory", f"{kind.makes} `{thing[1]}` was there already"))
            self._made.add(thing)
        for name, value in event.fields.items():
            self._seen.add((event.kind, name, value))
        for what, words in wrong:
            self._notices.add(Notice(event.id, what, words))
        return replace(event, sound=False) if wrong else event

    def _happened(self, link: Link, event: Event) -> bool:
        return any((kind, link.theirs, event.fields[link.ours]) in self._seen for kind in link.kinds)


def _past(link: Link) -> str:
    return " or ".join(kind.replace("_", " ") for kind in link.kinds)


class _Lineage:
    """Where each copy comes from, and so for which matter and through which gateway."""

    def __init__(self) -> None:
        self._requests: dict[str, Mapping[str, str]] = {}
        self._copies: dict[str, dict[str, str]] = {}

    def traced(self, event: Event) -> Event:
        """`event` with the fields that follow from where its copy comes from."""
        fields = dict(event.fields)
        if event.kind == "requested":
            self._requests.setdefault(fields["request"], fields)
            return event
        if event.kind == "released":
            asked = self._requests.get(fields.get("request", ""), {})
            for name in ("agency", "matter", "subject"):
                if name not in fields and name in asked:
                    fields[name] = asked[name]
            origin = {"of_release": fields["release"]}
            if "matter" in fields:
                origin["of_matter"] = fields["matter"]
            if "gateway" in fields:
                origin["gateway"] = fields["gateway"]
            self._copies.setdefault(fields["copy"], origin)
        elif event.kind == "copied":
            self._copies.setdefault(fields["copy"], self._copies.get(fields["from"], {}))
        if "copy" in fields:
            fields.update(self._copies.get(fields["copy"], {}))
            if event.kind == "used" and "matter" in fields and "of_matter" in fields:
                fields["same_matter"] = YES if fields["matter"] == fields["of_matter"] else NO
        return replace(event, fields=fields)


def unjudged(events: Sequence[Event], duties: Mapping[str, Duty]) -> tuple[Notice, ...]:
    """Events that a duty looks at and that do not say what the duty is about; the duty cannot be judged for them."""
    notices: set[Notice] = set()
    for duty in duties.values():
        for pattern in _looked_at(duty):
            for event in events:
                if pattern.fits(event) and pattern.key_of(event) is None:
                    words = f"it does not say its {pattern.key}, so {duty.id} ({duty.title}) cannot be judged"
                    notices.add(Notice(event.id, "unjudged", words))
    return tuple(sorted(notices))


def _looked_at(duty: Duty) -> tuple[Pattern, ...]:
    match duty.form:
        case Owed(opens) | Every(opens):
            return opens
        case Act(doing):
            return doing
        case Count():
            return ()
