"""What the commands of analysis share: reading a case, its options, and answers as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import click

from limen.cli.far import Far
from limen.cli.options import day_option, rules_option

if TYPE_CHECKING:
    from limen.analyse.bench import Bench, Spot
    from limen.analyse.trials import Trial
    from limen.cli.screen import Screen
    from limen.law import Book
    from limen.law.facts import CaseFacts
    from limen.law.vocabulary import FactValue

Function = TypeVar("Function", bound=Callable[..., Any])


class Told(NamedTuple):
    """A case as facts: its name, the day of the law, and the day of knowledge where one is said.

    `origins` says where facts were read from, for those that were not stated as they are.
    """

    name: str
    facts: CaseFacts
    day: date
    known_at: date | None
    title: str = ""
    origins: Mapping[Spot, str] = {}


def case_options(function: Function) -> Function:
    """`--profile`, `--as-of`, `--known-at`, `--facts`, `--registry` and `--rules`."""
    for option in (
        rules_option,
        click.option("--registry", "registry_at", metavar="PATH", help="Another registry than the shipped one."),
        click.option(
            "--facts", "given", multiple=True, metavar="[ITEM:]NAME=VALUE", help="A fact that wins over the file."
        ),
        day_option("--known-at", "Only what had been decided or published by this day."),
        day_option("--as-of", "The law of this day; by default the day the request was received, or today."),
        click.option("--profile", metavar="NAME|all", help="One reading of the contested words; by default all."),
    ):
        function = option(function)
    return function


def read_told(
    name: str, book: Book, as_of: date | None, known_at: date | None, given: tuple[str, ...], registry_at: str | None
) -> Told:
    """The case in a request, a scenario or a shipped scenario; its subject is cross-referenced as a decision does.

    Raises a usage error, or the reader's own.
    """
    from pathlib import Path

    from limen.analyse.bench import put
    from limen.crossref.lazy import LazyRegistry
    from limen.exports.origins import origins_of
    from limen.request import read_request
    from limen.request.batch import BatchCounts
    from limen.request.characterise import Characteriser
    from limen.scenario.load import load_scenario, shipped
    from limen.scenario.run import ScenarioRunner
    from limen.scenario.sniff import is_scenario

    path = Path(name)
    if not path.exists() and not path.parent.is_file():
        found = shipped(name)
        if found is None:
            raise click.BadParameter(
                f"there is no file `{name}`, and no shipped scenario of that name; `limen scenario list` shows those"
            )
        path = found
    if path.is_dir():
        raise click.BadParameter(f"`{name}` is a folder; name a file in it")
    match = LazyRegistry(registry_at).match
    if path.suffix != ".json" and (not path.exists() or is_scenario(path)):
        scenario = load_scenario(path)
        if as_of is not None:
            scenario = scenario.model_copy(update={"as_of": as_of})
        runner = ScenarioRunner(book, match)
        facts, day, told_as = runner.case(scenario)
        known_at = known_at or scenario.known_at
        name, title = scenario.scenario, scenario.title
        origins = {} if told_as is None else origins_of(runner.characterise(scenario, told_as, day))
    else:
        request = read_request(path)
        day = as_of or request.received or datetime.now(UTC).date()
        batch = BatchCounts([request]).context(request)
        seen = Characteriser(book.vocabulary).characterise(request, match(request.subject), as_of=day, batch=batch)
        facts, title, origins = seen.facts, request.id, origins_of(seen)
    changes = changes_given(given, book, facts)
    origins = {**origins, **dict.fromkeys(changes, "the command line")}
    return Told(name, put(facts, changes), day, known_at, title, origins)


def changes_given(given: tuple[str, ...], book: Book, facts: CaseFacts) -> dict[Spot, FactValue | None]:
    """`NAME=VALUE`, or `ITEM:NAME=VALUE` for a fact of one item, as changes of a case; a usage error for any other."""
    from limen.cli.options import facts_given
    from limen.law.facts import FactError, read_value

    changes: dict[Spot, FactValue | None] = {}
    of_case = []
    items = [item.id for item in facts.items]
    for pair in given:
        item, colon, rest = pair.partition("=")[0].partition(":")
        fact = book.vocabulary.facts.get(rest)
        if not colon or fact is None or not fact.per_item:
            of_case.append(pair)
            continue
        if item not in items:
            raise click.BadParameter(f"there is no item `{item}`; there are {', '.join(f'`{one}`' for one in items)}")
        try:
            changes[rest, item] = read_value(fact, pair.partition("=")[2])
        except FactError as error:
            raise click.BadParameter(str(error)) from error
    for name, value in facts_given(tuple(of_case), book.vocabulary).items():
        changes[name, None] = None if value == "unknown" else value
    return changes


def bench_for(book: Book, told: Told, profile: str | None) -> Bench:
    """The editions under which a case is asked."""
    from limen.analyse.bench import Bench
    from limen.cli.options import check_profile

    exact_needed()
    return Bench.of(book, check_profile(book, profile), told.day, told.known_at)


def exact_needed() -> None:
    """A plain sentence where Z3 is not installed."""
    try:
        import z3  # noqa: F401
    except ModuleNotFoundError as missing:
        raise click.ClickException("`z3` is not installed; `pip install limen[exact]` brings it") from missing


def check_facts_named(book: Book, names: tuple[str, ...]) -> frozenset[str]:
    """Facts named on the command line; a usage error for one the book does not have."""
    from limen.law.problem import nearest

    for name in names:
        if name not in book.vocabulary.facts:
            near = nearest(name, book.vocabulary.facts)
            hint = f"; did you mean `{near}`?" if near else ""
            raise click.BadParameter(f"there is no fact `{name}`{hint}")
    return frozenset(names)


def echo_json(value: Any) -> None:
    """One line of JSON."""
    from limen.analyse.plain import plain

    click.echo(json.dumps(plain(value), ensure_ascii=False))


def heading(screen: Screen, title: str, told: Told | None, profile: str | None, book: Book) -> None:
    """What was asked, under which law: the reading in use is always on screen."""
    screen.line(screen.paint(title, "strong"))
    day = f" · law of {told.day}" if told is not None else ""
    screen.line(screen.paint(f"profile {profile or 'all'}{day} · book {book.name} {book.version}", "quiet"))
    screen.line()


def caveat(screen: Screen) -> None:
    """What stands under every answer."""
    from limen.decide.decision import CAVEAT

    screen.line()
    screen.wrapped(CAVEAT, tone="quiet")


def shown(value: object) -> str:
    """A value of a fact in words."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "not stated" if value is None else str(value)


def trials_of(book: Book, places: tuple[str, ...], registry_at: str | None) -> list[Trial]:
    """A trial for each profile that each scenario expects something of, and for each other reading it speaks of."""
    from limen.analyse.trials import Joint, Trial
    from limen.cli.scenario import _places
    from limen.crossref.lazy import LazyRegistry
    from limen.law import usable_profiles
    from limen.scenario import ScenarioRunner, find_scenarios
    from limen.scenario.model import ALL, EVERY

    runner = ScenarioRunner(book, LazyRegistry(registry_at).match)
    trials = []
    found = list(find_scenarios(_places(places)))
    far = Far("scenarios read")
    for number, (_, scenario) in enumerate(found):
        far(number, len(found))
        facts, day, _ = runner.case(scenario)
        for name in runner.expected_profiles(scenario):
            expected = scenario.expect.get(name) or scenario.expect[EVERY]
            if name == ALL:
                joint = Joint(scenario.scenario, dict(expected.items), expected.disposition)
                trials += [
                    Trial(scenario.scenario, facts, day, one.id, one.chooses, {}, None, joint)
                    for one in usable_profiles(book, scenario.known_at)
                ]
                continue
            chooses = book.profiles[name].chooses
            trials.append(
                Trial(scenario.scenario, facts, day, name, chooses, dict(expected.items), expected.disposition)
            )
            for reading, under in expected.under.items():
                address = next(a for a, r in book.readings.items() if reading in (a, r.id))
                trials += [
                    Trial(scenario.scenario, facts, day, f"{name}, {reading}: {alternative}",
                          {**chooses, address: alternative}, {}, disposition)
                    for alternative, disposition in under.items()
                ]  # fmt: skip
    far.close()
    return trials
