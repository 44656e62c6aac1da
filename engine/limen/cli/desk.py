"""What stands behind `limen decide` and `limen demo`: book, registry, keys and ledger, opened in the quickest order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from limen.cli import exits
from limen.home import faults, keys, ledger_place
from limen.law.kept_code import KeptCode

if TYPE_CHECKING:
    from limen.cli.log import CommandLog
    from limen.cli.screen import Screen
    from limen.crossref.lazy import LazyRegistry
    from limen.decide import Decision
    from limen.decide.decider import FaultKind
    from limen.decide.findings import Findings
    from limen.desk import Desk, Handled
    from limen.law import Book
    from limen.law.edition import Edition
    from limen.law.facts import CaseFacts
    from limen.law.vocabulary import FactValue, Vocabulary
    from limen.ledger import Ledger
    from limen.request import Request
    from limen.request.batch import BatchContext
    from limen.request.match import Match
    from limen.scenario import Scenario


class Setup(NamedTuple):
    """What a desk is opened with: folders and paths as given, `None` for what is shipped."""

    rules: str | None
    registry: str | None
    ledger: str
    second_key: bool = True
    log: str | None = None


class Case(NamedTuple):
    """One request to decide, with what a scenario says beside it; `bare` where it states facts and tells no letter."""

    request: Request
    match: Match | None = None
    batch: BatchContext | None = None
    as_of: date | None = None
    known_at: date | None = None
    bare: bool = False


class OpenDesk:
    """A desk with its book, and the screen it answers on."""

    def __init__(
        self, book: Book, desk: Desk, registry: LazyRegistry, ledger: Ledger, screen: Screen, log: CommandLog
    ) -> None:
        self.book = book
        self.registry = registry
        self.ledger = ledger
        self.screen = screen
        self._log = log
        self._desk = desk
        self._example: str | None = None
        self._caveat = ""
        self._bare = False

    def handle(
        self,
        case: Case,
        profile: str | None,
        as_of: date | None = None,
        known_at: date | None = None,
        stated: Mapping[str, FactValue] | None = None,
    ) -> Handled:
        """Decide one case and log it; dates given here win over the scenario's."""
        self._bare = case.bare
        try:
            handled = self._desk.handle(
                case.request,
                profile=profile,
                as_of=as_of or case.as_of,
                known_at=known_at or case.known_at,
                match=case.match,
                batch=case.batch,
                stated=stated,
            )
        except Exception as error:
            self._log.failed(case.request, error)
            raise
        self._log.decided(case.request, handled)
        return handled

    def show(self, handled: Handled, audience: str, *, as_json: bool, full: bool = False) -> int:
        """Print one decision as `audience` may see it; the exit code that goes with it."""
        from limen.decide.audience import decision_for

        decision = decision_for(handled.decision, audience)  # type: ignore[arg-type]
        if as_json:
            self.screen.line(to_json(decision, handled, audience))
        else:
            from limen.cli.show import example_of, show_decision

            show_decision(self.screen, decision, self.titles, full=full)
            self._show_record(handled, audience)
            self._caveat = decision.caveat
            self._example = example_of(decision)
        return exits.ENGINE_FAULT if handled.decision.fault else exits.BY_DISPOSITION[decision.disposition]

    @property
    def titles(self) -> dict[str, str]:
        """The title of each rule, by its address."""
        return {address: rule.title for address, rule in self.book.rules.items()}

    def close_screen(self) -> None:
        """What stands once, under all that was shown."""
        from limen.cli.show import show_footer

        show_footer(self.screen, self._caveat, example=self._example)

    def _show_record(self, handled: Handled, audience: str) -> None:
        screen = self.screen
        screen.line()
        if audience != "requester" and handled.match is not None and not self._bare:
            screen.wrapped(f"cross-reference: {match_words(handled.match)}", 2, 4, "quiet")
        receipt: Any = handled.receipt
        number = f", record {receipt.sequence} of the ledger" if receipt is not None else ""
        book = f"book {handled.decision.book_name} {handled.decision.book_version}"
        screen.wrapped(f"decision {handled.decision.id}{number} · {book}{_second_key(handled.decision)}", 2, 4, "quiet")


@contextmanager
def open_desk(setup: Setup) -> Iterator[OpenDesk]:
    """Everything a decision needs, opened; closed on the way out. Raises each room's own errors."""
    with ExitStack() as stack:
        second_key = None
        if setup.second_key:
            # Started first: its process starts while this one imports the rest and reads the book.
            from limen.decide.second_key import SecondKey

            second_key = stack.enter_context(SecondKey())
            second_key.start()
        from limen.cli.log import command_log
        from limen.cli.options import book_at
        from limen.cli.screen import Screen
        from limen.crossref.lazy import LazyRegistry
        from limen.desk import Desk
        from limen.ledger import open_ledger

        quick_evaluators()
        book = book_at(setup.rules)
        ledger = stack.enter_context(open_ledger(ledger_place(setup.ledger), keys()))
        registry = LazyRegistry(setup.registry)
        desk = Desk(
            book, registry=registry, ledger=ledger, second_key=second_key, write_fault=write_fault
        )  # fmt: skip
        log = stack.enter_context(command_log(setup.log))
        yield OpenDesk(book, desk, registry, ledger, Screen(), log)


def quick_evaluators() -> None:
    """Let the evaluators that a desk asks find their code of an earlier run, in a process that keeps it."""
    context = click.get_current_context(silent=True)
    code = context.find_object(KeptCode) if context is not None else None
    if code is not None:
        from limen.decide import compiled

        code.serve(compiled)


def write_fault(
    edition: Edition, facts: CaseFacts, first: Findings | None, second: Findings | None, kind: FaultKind, detail: str
) -> str | None:
    """Keep an engine fault in the folder of faults; what writes it is imported when there is one."""
    from limen.decide.reproduction import FaultFolder

    return FaultFolder(faults())(edition, facts, first, second, kind, detail)


def read_cases(names: Sequence[str], vocabulary: Vocabulary | None = None) -> list[Case]:
    """The requests in files, scenarios and shipped scenarios, all read before any is decided.

    More than one request makes a batch: each is characterised knowing how it stands among the others. A scenario of
    bare facts is taken where the `vocabulary` is given that says what else there is to know. Raises a usage error, or
    the reader's own, for the first file that cannot be used.
    """
    cases = [_read_case(name, vocabulary) for name in names]
    if len(cases) < 2:
        return cases
    from limen.request.batch import BatchCounts

    counts = BatchCounts(case.request for case in cases)
    return [case if case.batch else case._replace(batch=counts.context(case.request)) for case in cases]


def _read_case(name: str, vocabulary: Vocabulary | None) -> Case:
    path = Path(name)
    if not path.exists() and not path.parent.is_file():
        from limen.scenario.load import shipped

        found = shipped(name)
        if found is None:
            raise click.BadParameter(
                f"there is no file `{name}`, and no shipped scenario of that name; `limen scenario list` shows those"
            )
        path = found
    if path.is_dir():
        raise click.BadParameter(f"`{name}` is a folder; name the files in it")
    if path.suffix != ".json":
        from limen.scenario.sniff import is_scenario

        if not path.exists() or is_scenario(path):
            from limen.scenario.load import load_scenario

            return case_of(load_scenario(path), vocabulary)
    from limen.request import read_request

    return Case(read_request(path))


def case_of(scenario: Scenario, vocabulary: Vocabulary | None = None) -> Case:
    """The request a scenario tells, with what it says beside it.

    Bare facts become the request that states them and leaves everything else of `vocabulary` unknown; without a
    vocabulary they are a usage error.
    """
    from limen.scenario.load import read_case
    from limen.scenario.run import given_batch, given_match

    request = read_case(scenario)
    if request is None:
        if vocabulary is None or scenario.as_of is None:
            raise click.BadParameter(
                f"`{scenario.scenario}` states bare facts and no request; "
                f"`limen scenario run {scenario.scenario}` decides it"
            )
        from limen.request.restate import request_stating
        from limen.scenario.run import bare_facts

        stated = request_stating(bare_facts(scenario, vocabulary), vocabulary, scenario.scenario)
        return Case(stated, as_of=scenario.as_of, known_at=scenario.known_at, bare=True)
    match = given_match(scenario.match) if scenario.match is not None else None
    return Case(request, match, given_batch(scenario), scenario.as_of, scenario.known_at)


def match_words(match: Match) -> str:
    """What cross-reference found, without saying who."""
    grades = {
        "exact": "one person, exactly",
        "strong": "one person, strongly",
        "weak": "one person, weakly: somebody has to look",
        "ambiguous": f"{match.candidates} people it could be; nobody is named",
        "none": "nobody",
    }
    lane = {"tin": "by the taxpayer number", "address": "by name and address", "none": ""}[match.lane]
    held = {
        "current": "the stated address is the one held now",
        "former": "the stated address was held before",
        "never": "the stated address was never held",
    }
    parts = [grades[match.grade], lane, held.get(match.address_held or "", "")]
    return ", ".join(part for part in parts if part)


def to_json(decision: Decision, handled: Handled, audience: str) -> str:
    """One line of JSON: the decision, its place in the ledger and, not for a requester, match and facts."""
    import json

    from limen.desk import told

    return json.dumps(told(decision, handled, audience), default=str, ensure_ascii=False)


def _second_key(decision: Decision) -> str:
    return {
        "agrees": " · second key agrees",
        "disagrees": " · second key DISAGREES",
        "failed": " · second key FAILED",
        "not_asked": "",
    }[decision.second_key]
