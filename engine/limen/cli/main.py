"""The command `limen`."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from limen import __version__
from limen.cli.group import Lazy, LazyGroup
from limen.cli.quick import be_quick, leave_quickly
from limen.law.kept_code import KeptCode

MEMBERS = {
    "decide": Lazy("limen.cli.decide:decide", "Decide requests: release, withhold, more needed, readings differ."),
    "batch": Lazy("limen.cli.batch:batch", "Decide a file of requests, by columns: CSV, JSON lines or Parquet."),
    "explain": Lazy("limen.cli.explain:explain", "Explain a decision in the ledger, for one of three audiences."),
    "memo": Lazy("limen.cli.memo:memo", "A memo of a case: print, Word, Markdown, CSV, with a receipt."),
    "demo": Lazy("limen.cli.demo:demo", "Decide a dozen invented requests and leave a verified ledger."),
    "book": Lazy("limen.cli.book:book", "Read and check rule books."),
    "scenario": Lazy("limen.cli.scenario:scenario", "Run, list and read scenarios."),
    "train": Lazy("limen.cli.train:train", "Practise decisions: sit a course, make one, read the results."),
    "ledger": Lazy("limen.cli.ledger:ledger", "Read and verify the record of decisions."),
    "registry": Lazy("limen.cli.registry_make:registry", "Make, read and describe registries of invented people."),
    "case": Lazy("limen.cli.case:case", "Follow a disclosure after the decision: duties kept, open or breached."),
    "watch": Lazy("limen.cli.case:watch", "Watch a stream of events and print alerts as they happen."),
    "whatif": Lazy("limen.cli.analyse_whatif:whatif", "Every minimal set of facts that would flip the verdict."),
    "ask": Lazy("limen.cli.analyse_ask:ask", "The interview: only questions that can still change the answer."),
    "compare": Lazy("limen.cli.analyse_compare:compare", "One case side by side: profiles, dates, overlays, facts."),
    "hinges": Lazy("limen.cli.analyse_hinges:hinges", "The verdict under every combination of readings."),
    "coverage": Lazy("limen.cli.analyse_coverage:coverage", "What the scenarios have tried of the book."),
    "assure": Lazy("limen.cli.analyse_assure:assure", "Score, coverage and proofs of a book, in one account."),
    "mutate": Lazy("limen.cli.analyse_mutate:mutate", "How good the scenarios are: mutants they miss, proved."),
    "simulate": Lazy("limen.cli.simulate:simulate", "What a policy does to a population of invented people."),
    "diff": Lazy("limen.cli.analyse_diff:diff", "What an amendment changes, in sentences, with witness and twin."),
    "prove": Lazy("limen.cli.analyse_prove:prove", "The promises of the book, proved of every case."),
    "twins": Lazy("limen.cli.analyse_twins:twins", "Pairs of cases one fact apart, for every provision."),
    "argue": Lazy("limen.cli.analyse_argue:argue", "The strongest case for release and for withholding."),
    "serve": Lazy("limen.cli.serve:serve", "The workbench in a browser, and the API."),
    "reproduce": Lazy("limen.cli.reproduce:reproduce", "Run the reproduction file of an engine fault."),
}

EPILOG = """\b
Examples:
  limen demo
  limen decide request.yaml --profile ddc-2025-26
  limen book show usc.26.6103.i.2
  limen scenario list

\b
Exit codes of decide: 0 release, 1 withhold, 2 bad input, 3 more needed,
4 readings differ, 5 engine fault, 6 ledger unavailable. Only 0 releases.

A simulation with invented people. Not legal advice."""


@click.command(
    cls=LazyGroup,
    members=MEMBERS,
    epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, message="limen %(version)s")
def limen() -> None:
    """A simulator of disclosure law.

    A request to share a person's tax data is cross-referenced with an invented registry, checked against rules
    that stand for the statute, and answered item by item with cited reasons, in a ledger.
    """


def run() -> int:
    """The program: `main`, in a process that has nothing else to do."""
    code = be_quick()
    try:
        return main(kept_code=code)
    finally:
        leave_quickly(code)


def main(args: Sequence[str] | None = None, kept_code: KeptCode | None = None) -> int:
    """Run the command; the exit code, as `limen.cli.exits` lists it."""
    try:
        result = limen.main(args=args, prog_name="limen", standalone_mode=False, obj=kept_code)
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.exceptions.Abort:
        from limen.cli.guard import report

        return report(KeyboardInterrupt(), "")
    except click.ClickException as error:
        from limen.cli.guard import say

        say(_in_our_words(error))
        context = getattr(error, "ctx", None)
        if context is not None:
            click.echo(f"  try `{context.command_path} --help`", err=True)
        return 2
    except BrokenPipeError:
        sys.stderr.close()
        return 141
    except Exception as error:
        from limen.cli.guard import report

        names = [word for word in (sys.argv[1:] if args is None else args) if word in MEMBERS]
        return report(error, " ".join(["limen", *names[:1]]))
    return result if isinstance(result, int) else 0


def _in_our_words(error: click.ClickException) -> str:
    """Click's message, starting with what it is about."""
    if isinstance(error, click.BadParameter) and not isinstance(error, click.MissingParameter):
        name = error.param.get_error_hint(error.ctx) if error.param is not None and error.ctx is not None else None
        return f"{name.replace(chr(39), '`')}: {error.message.rstrip('.')}" if name else error.message
    message = error.format_message().rstrip(".").replace("'", "`")
    return message[:1].lower() + message[1:]
