"""Run a few lines against the bare library, in a process that may crash or hang."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import limen

ENGINE = str(Path(limen.__file__).parents[1])

_OPENING = """
import json, logging, os, sys, threading, time
logging.disable(logging.CRITICAL)
sys.setdlopenflags(os.RTLD_LAZY)  # its C part names what Python 3.13 took away
from durable import engine
from durable.engine import Host, MessageNotHandledException, MessageObservedException

fired = []

def note(name):
    def action(closure):
        fired.append(name)
    return action

def rules(**conditions):
    return {name: {"all": [{"m": condition}], "run": note(name)} for name, condition in conditions.items()}

def tell(value):
    print(json.dumps(value), flush=True)

def attempt(act, *arguments):
    try:
        act(*arguments)
        return "ok"
    except BaseException as error:
        return type(error).__name__
"""


@dataclass(frozen=True)
class Outcome:
    """What the process printed, value by value, and how it ended: its status, or `None` if it had to be stopped."""

    told: list[Any]
    status: int | None


def run(lines: str, within: float = 15.0, opening: str = _OPENING) -> Outcome:
    command = [sys.executable, "-c", opening + textwrap.dedent(lines)]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env={"PYTHONPATH": ENGINE}
    )
    try:
        printed, _ = process.communicate(timeout=within)
        status = process.returncode
    except subprocess.TimeoutExpired:
        process.kill()
        printed, _ = process.communicate()
        status = None
    return Outcome([json.loads(line) for line in printed.splitlines()], status)


def bare(lines: str, within: float = 15.0) -> Outcome:
    """`lines` against the library as it is: `rules`, `note`, `fired`, `tell` and `attempt` are at hand."""
    return run(lines, within)


def guarded(lines: str, within: float = 15.0) -> Outcome:
    """`lines` against our network, in a process of its own: `network` is one."""
    opening = """
import json
from limen.decide.worker import NetworkFault, RuleNetwork

network = RuleNetwork()

def tell(value):
    print(json.dumps(value), flush=True)

def rule(**words):
    return [{"m": words}]
"""
    return run(lines, within, opening)
