"""What happens when something goes wrong: a plain sentence for the user, never a traceback.

Errors that Limen raises own their message and are shown as they are. Anything else is a defect: the user gets two
lines, and a report goes to the folder of faults. The report has the kind of error and where in the code it rose,
and nothing of the case: no message, no argument, no value, for any of these could hold a person's name.
"""

from __future__ import annotations

import sys

from limen.cli import exits
from limen.cli.screen import Screen
from limen.ledger.fault import write_report


def report(error: BaseException, command: str) -> int:
    """Tell the user about `error` on standard error; the exit code that goes with it."""
    screen = Screen(sys.stderr)
    if isinstance(error, KeyboardInterrupt):
        screen.line("stopped")
        return exits.INTERRUPTED
    if is_ours(error):
        say(str(error), screen)
        return code_for(error)
    if isinstance(error, FileNotFoundError | PermissionError | IsADirectoryError | NotADirectoryError):
        say(f"cannot use `{error.filename}`: {(error.strerror or 'not there').lower()}", screen)
        return exits.BAD_INPUT
    where = write_report(error, f"command: {command}")
    say("limen failed; nothing was released", screen)
    if where is not None:
        screen.wrapped(f"a report without personal data is in {where}; please add it to an issue", 2)
    return exits.ENGINE_FAULT


def say(message: str, screen: Screen | None = None) -> None:
    """An error, the first line marked and the others as the error laid them out."""
    screen = screen or Screen(sys.stderr)
    first, *rest = message.splitlines() or [""]
    screen.line(f"{screen.paint(screen.icon('bad') + ' error:', 'bad')} {first}")
    for line in rest:
        screen.line(f"  {line}")


def is_ours(error: BaseException) -> bool:
    """Whether Limen raised it on purpose: its class is defined in one of the rooms."""
    return type(error).__module__.split(".")[0] == "limen"


def code_for(error: BaseException) -> int:
    """The exit code for an error of ours."""
    names = [base.__name__ for base in type(error).__mro__]
    if "NoSuchRecord" in names:
        return exits.BAD_INPUT
    if "LedgerUnavailable" in names:
        return exits.LEDGER_UNAVAILABLE
    return exits.ENGINE_FAULT if "SecondKeyFault" in names else exits.BAD_INPUT
