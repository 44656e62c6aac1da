"""`limen case` and `limen watch`: what becomes of a disclosure after the decision."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from limen.cli import exits
from limen.cli.group import Lazy, LazyGroup
from limen.cli.options import json_option, ledger_option

if TYPE_CHECKING:
    from limen.casework.store import CaseFolder


@click.group(
    cls=LazyGroup,
    members={
        "run": Lazy("limen.cli.case:run", "Replay timeline files: every duty kept, open, lapsed or breached."),
        "open": Lazy("limen.cli.case:open_case", "Begin a case of your own."),
        "event": Lazy("limen.cli.case:event", "Add to a case what has happened."),
        "show": Lazy("limen.cli.case:show", "Show a case as it stands, now or on another day."),
        "kinds": Lazy("limen.cli.case:kinds", "What can happen, and what each event may say."),
    },
)
def case() -> None:
    """Follow a disclosure after the decision: duties kept, open, lapsed or breached, each cited."""


def _to_moment(ctx: click.Context, param: click.Parameter, value: str | None) -> datetime | None:
    from limen.casework.read import read_time

    if value is None:
        return None
    moment = read_time(value, at_its_end=param.name == "as_of")
    if moment is None:
        raise click.BadParameter(f"`{value}` is no time; write 2025-08-08 or '2025-08-08 17:10'", ctx, param)
    return moment


def _as_of_option(function: Callable[..., Any]) -> Callable[..., Any]:
    help = "As things stood at the end of this day, or at this minute."
    return click.option("--as-of", "as_of", metavar="TIME", callback=_to_moment, help=help)(function)


def _all_option(function: Callable[..., Any]) -> Callable[..., Any]:
    return click.option("--all", "everything", is_flag=True, help="With duties that were kept, and every turn.")(
        function
    )


@click.command(
    epilog="""\b
Examples:
  limen case run
  limen case run scenarios/aftercare/the-public-episode.yaml --as-of 2026-02-05
  limen case run my-case.yaml --all

\b
Exit codes: 0 as its author expects, 1 not so, 2 cannot be used, 5 engine fault."""
)
@click.argument("files", nargs=-1, type=click.Path(), metavar="[FILE|NAME]...")
@_as_of_option
@_all_option
@json_option
def run(files: tuple[str, ...], as_of: datetime | None, everything: bool, as_json: bool) -> int:
    """Replay timeline files and say what became of each duty; without arguments, check all shipped ones."""
    from limen.casework.follow import CaseworkFault, Follower
    from limen.casework.read import read_timeline
    from limen.casework.told import compare, shipped_timelines
    from limen.cli.case_show import show_timeline
    from limen.cli.screen import Screen
    from limen.cli.words import Sign

    shipped = {path.stem: path for path in shipped_timelines()}
    paths = [shipped.get(name, Path(name)) for name in files] or list(shipped.values())
    screen, failed = Screen(), 0
    try:
        with Follower() as follower:
            for path in paths:
                told = read_timeline(path, follower.law)
                timeline, wrong = compare(told, follower)
                if as_of is not None:
                    timeline = follower.follow(told.events, as_of)
                failed += bool(wrong)
                if as_json:
                    record = {"timeline": told.name, "as_expected": not wrong, "wrong": wrong}
                    screen.line(json.dumps(record | timeline.to_json(follower.law.duties), ensure_ascii=False))
                    continue
                if files:
                    screen.line(screen.paint(told.title, "strong"))
                    screen.wrapped(told.story, 2)
                    show_timeline(screen, timeline, told.events, follower.law, everything)
                if wrong or not files:
                    sign = Sign("not as expected", "bad", "bad") if wrong else Sign("as expected", "good", "good")
                    screen.line(f"{sign.on(screen)}  {told.name}")
                for sentence in wrong:
                    screen.wrapped(sentence, 4, 6)
    except CaseworkFault as fault:
        from limen.cli.guard import say

        say(str(fault))
        return exits.ENGINE_FAULT
    return exits.WITHHELD if failed else exits.RELEASED


@click.command(
    name="open", epilog="\b\nExamples:\n  limen case open larkspur\n  limen case open larkspur --decision 12"
)
@click.argument("name")
@click.option("--decision", "which", metavar="ID", help="Begin with a decision of the ledger: its id or record number.")
@ledger_option
def open_case(name: str, which: str | None, ledger_at: str | None) -> int:
    """Begin a case called NAME, to which `limen case event` adds."""
    from limen.casework.beginning import from_decision
    from limen.casework.words import event_words, moment
    from limen.cli.screen import Screen

    events = () if which is None else from_decision(_decision(which, ledger_at))
    folder, screen = _folder(), Screen()
    folder.open(name)
    for one in events:
        folder.add(name, one)
        screen.wrapped(f"{moment(one.at)}: {event_words(one, folder.law.kinds)}")
    screen.wrapped(f"the case {name} is open; add what happens with `limen case event {name} KIND field=value ...`")
    return exits.RELEASED


def _decision(which: str, ledger_at: str | None) -> dict[str, Any]:
    """The decision in the ledger, as its JSON form."""
    from limen.cli.ledger import open_existing
    from limen.home import default_ledger

    with open_existing(ledger_at or default_ledger()) as opened:
        record = opened.show(which)
        body = record.body.get("decision")
    if not isinstance(body, dict):
        raise click.BadParameter(f"record {record.sequence} is no decision: it is `{record.kind}`")
    return body


@click.command(
    epilog="""\b
Examples:
  limen case event larkspur requested request=r-17 agency=ice matter=m-3 --at 2025-06-02
  limen case event larkspur incident_noticed incident=folder --at '2025-08-08 17:10'
  limen case kinds"""
)
@click.argument("name")
@click.argument("kind")
@click.argument("fields", nargs=-1, metavar="[FIELD=VALUE]...")
@click.option("--at", "at", metavar="TIME", required=True, callback=_to_moment, help="When it happened.")
@click.option("--id", "id", metavar="ID", help="Its id; by default the next number.")
def event(name: str, kind: str, fields: tuple[str, ...], at: datetime, id: str | None) -> int:
    """Add to the case NAME that KIND happened."""
    from limen.casework.read import build_event
    from limen.casework.words import event_words, moment
    from limen.cli.screen import Screen

    folder = _folder()
    raw: dict[str, object] = {"event": kind, "at": at.isoformat(sep=" ", timespec="minutes")}
    for field in fields:
        key, sign, value = field.partition("=")
        if not sign:
            raise click.UsageError(f"`{field}` is no field; write field=value")
        raw[key] = {"true": True, "false": False}.get(value, value)
    number = len(folder.events(name)) + 1
    happened = build_event(raw, folder.law, id or f"e{number}")
    folder.add(name, happened)
    Screen().wrapped(f"{moment(happened.at)}: {event_words(happened, folder.law.kinds)}")
    return exits.RELEASED


@click.command(
    epilog="""\b
Examples:
  limen case show larkspur
  limen case show larkspur --as-of 2025-08-09 --json

\b
Exit codes: 0 nothing breached, 1 a duty is breached, 2 cannot be used, 5 engine fault."""
)
@click.argument("name")
@_as_of_option
@_all_option
@json_option
def show(name: str, as_of: datetime | None, everything: bool, as_json: bool) -> int:
    """Show what became of each duty in the case NAME; without a time, when something was last heard."""
    from limen.casework.follow import CaseworkFault, Follower
    from limen.cli.case_show import show_timeline
    from limen.cli.screen import Screen

    folder = _folder()
    events = folder.events(name)
    until = as_of or max((one.at for one in events), default=datetime(1, 1, 1))
    try:
        with Follower(folder.law) as follower:
            timeline = follower.follow(events, until)
    except CaseworkFault as fault:
        from limen.cli.guard import say

        say(str(fault))
        return exits.ENGINE_FAULT
    if as_json:
        Screen().line(json.dumps({"case": name} | timeline.to_json(folder.law.duties), ensure_ascii=False))
    else:
        show_timeline(Screen(), timeline, events, folder.law, everything)
    return exits.WITHHELD if any(entry.state == "breached" for entry in timeline.entries) else exits.RELEASED


@click.command(epilog="\b\nExamples:\n  limen case kinds\n  limen case kinds accessed")
@click.argument("which", nargs=-1, metavar="[KIND]...")
def kinds(which: tuple[str, ...]) -> int:
    """List what can happen in a case, and what each event may say; what it must say is marked."""
    from limen.casework.law_book import aftercare
    from limen.cli.screen import Screen
    from limen.law.problem import nearest

    screen, all_kinds = Screen(), aftercare().kinds
    for name in which:
        if name not in all_kinds:
            near = nearest(name, all_kinds)
            raise click.UsageError(f"there is no event `{name}`" + (f"; did you mean `{near}`?" if near else ""))
    for kind in (all_kinds[name] for name in which or all_kinds):
        screen.line(f"{screen.paint(kind.name, 'strong')}  {kind.says}")
        for field, about in kind.fields.items():
            what = {"truth": "true or false", "text": "text", "name": "a name"}.get(about.type, ", ".join(about.words))
            screen.column(f"    {field}{'*' if field in kind.must else ''}  ", what, "quiet")
    return exits.RELEASED


@click.command(
    epilog="""\b
Examples:
  limen watch events.jsonl
  limen watch events.jsonl --once --json

\b
A line: {"case": "c1", "event": "incident_noticed", "at": "2025-08-08 17:10", "incident": "folder"}
Exit codes: 0 the stream has ended, 2 cannot be used, 5 engine fault."""
)
@click.argument("stream", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--state", type=click.Path(dir_okay=False, path_type=Path), help="Where to keep how far it came.")
@click.option("--once", is_flag=True, help="Stop at the end of the stream instead of waiting for more.")
@json_option
def watch(stream: Path, state: Path | None, once: bool, as_json: bool) -> int:
    """Follow a stream of events and print alerts as they happen; started again, it goes on where it stopped."""
    import hashlib
    import time

    from limen.casework.follow import CaseworkFault, Follower
    from limen.casework.watch import resume, steps
    from limen.cli.case_show import show_alerts
    from limen.cli.screen import Screen
    from limen.home import home

    screen = Screen()
    kept = state or home() / "watches" / f"{hashlib.sha256(str(stream.resolve()).encode()).hexdigest()[:16]}.json"
    try:
        with Follower() as follower:
            reader, watcher = resume(stream, kept, follower)
            while True:
                for alerts in steps(reader, watcher, kept):
                    show_alerts(screen, alerts, as_json)
                if once:
                    return exits.RELEASED
                time.sleep(0.5)
    except CaseworkFault as fault:
        from limen.cli.guard import say

        say(str(fault))
        return exits.ENGINE_FAULT


def _folder() -> CaseFolder:
    from limen.casework.law_book import aftercare
    from limen.casework.store import CaseFolder
    from limen.home import home

    return CaseFolder(home() / "cases", aftercare())
