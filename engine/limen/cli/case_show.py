"""How a case is shown: duties by state, the worst first, each with its source; and alerts of a watch."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final

from limen.casework.words import certainty_words, event_words, moment, state_words
from limen.cli.words import Sign, count

if TYPE_CHECKING:
    from limen.casework.event import Event
    from limen.casework.law_book import Aftercare
    from limen.casework.timeline import Entry, Timeline
    from limen.casework.watch import Alert
    from limen.cli.screen import Screen
    from limen.words import Icon

SIGNS: Final[Mapping[str, Sign]] = {
    "breached": Sign("breached", "bad", "bad"),
    "raised": Sign("raised  ", "bar", "split"),
    "open": Sign("open    ", "open", "open"),
    "lapsed": Sign("lapsed  ", "dot", "quiet"),
    "kept": Sign("kept    ", "good", "good"),
}
MOST_EVENTS: Final = 3
"""Events told for one turn before the rest is only counted."""

MOST_KEYS: Final = 3
"""Things one duty is owed to, named before the rest is only counted; `--all` and `--json` name every one."""

ALERTS: Final[Mapping[str, Icon]] = {"breached": "bad", "raised": "bar", "withdrawn": "good"}


def show_timeline(
    screen: Screen, timeline: Timeline, events: Iterable[Event], law: Aftercare, everything: bool
) -> None:
    """Print what became of each duty, and what is wrong with the events. `everything`: kept ones too, turn by turn."""
    happened = {one.id: one for one in events}
    screen.line()
    for state, sign in SIGNS.items():
        found = [entry for entry in timeline.entries if entry.state == state]
        if found and state in ("kept", "lapsed") and not everything:
            screen.line(f"{sign.on(screen)}  {count(len(found), 'duty', 'duties')}; --all shows them")
            continue
        for entry, keys in _alike(found, everything):
            _entry(screen, sign, entry, keys, law)
            for turn in entry.turns if everything or state in ("breached", "raised") else ():
                told = [event_words(happened[id], law.kinds) for id in turn.because if id in happened]
                more = [f"and {len(told) - MOST_EVENTS} more"] if len(told) > MOST_EVENTS else []
                because = f", because {'; '.join(told[:MOST_EVENTS] + more)}" if told else ""
                screen.wrapped(f"{moment(turn.at)}: {turn.state}{because}", 6, 8, "quiet")
    for notice in timeline.notices:
        screen.wrapped(f"{screen.icon('open')} {notice.kind}: {notice.event}: {notice.words}", 0, 4, "open")
    screen.line(screen.paint(f"as of {moment(timeline.until)}", "quiet"))


def _alike(entries: Iterable[Entry], everything: bool) -> Iterator[tuple[Entry, str]]:
    """Each entry with what it is owed to; those of one duty, open since and until the same moment, as one."""
    found: dict[tuple[object, ...], list[Entry]] = {}
    for number, entry in enumerate(entries):
        apart = everything or entry.state in ("breached", "raised")
        found.setdefault((entry.duty, entry.turned, entry.due, number if apart else None), []).append(entry)
    for together in found.values():
        keys = [entry.key for entry in together[:MOST_KEYS]]
        more = [f"and {len(together) - MOST_KEYS} more"] if len(together) > MOST_KEYS else []
        yield together[0], ", ".join(keys + more)


def _entry(screen: Screen, sign: Sign, entry: Entry, keys: str, law: Aftercare) -> None:
    duty = law.duties[entry.duty]
    screen.line(f"{sign.on(screen)}  {entry.duty}  {screen.paint(duty.title, 'strong')}  {keys}")
    sentence = (
        duty.breach if entry.state in ("breached", "raised") else f"{duty.who[:1].upper()}{duty.who[1:]}: {duty.duty}"
    )
    screen.wrapped(f"{state_words(entry)}. {sentence} [{duty.cite.text}{certainty_words(duty.cite.certainty)}]", 4)


def show_alerts(screen: Screen, alerts: Iterable[Alert], as_json: bool) -> None:
    """Print alerts as they come."""
    for alert in alerts:
        if as_json:
            screen.line(json.dumps(alert.to_json(), ensure_ascii=False))
            continue
        about = " ".join(part for part in (alert.about, alert.key) if part)
        icon = screen.icon(ALERTS.get(alert.kind, "open"))
        screen.wrapped(f"{icon} {moment(alert.at)}  {alert.case}  {alert.kind}  {about}: {alert.words}", 0, 4)
    screen.stream.flush()
