"""The peers: their environment, their rules, their times, and whether they answered as the oracle does.

Each peer runs in a process of its own (`peer_process.py`), with the floor in turns, in an environment of its own
(`benchmarks/out/peers`, from `peers.txt`). A peer that does not install or fails is reported as absent, with the reason.

The oracle is the reference interpreter: a peer agrees when it gives the same status to every rule of every case it was
asked about (casbin, which can give no more than a yes and the line that gave it: the same yes and no).
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.cases import make_cases
from benchmarks.dialects import flat, points, programs
from benchmarks.peer_engines import DISTRIBUTION
from benchmarks.policy import RULES, policy_edition, programmes

from limen.decide import reference
from limen.law.edition import Edition
from limen.law.facts import CaseFacts

HERE = Path(__file__).parent
ENVIRONMENT = HERE / "out" / "peers"
LISTED = HERE / "peers.txt"
ONLY_YES_OR_NO = ("casbin",)
NETWORK = "durable_rules"
"""Measured here, through our own second key: it is the way to use that engine that survives missing facts."""
MISTAKEN = -2


def names() -> list[str]:
    """The peers, as `peers.txt` lists them."""
    lines = (line.split("#")[0].strip() for line in LISTED.read_text("utf-8").splitlines())
    installed = {distribution: name for name, distribution in DISTRIBUTION.items()}
    found = [line.split("==")[0] for line in lines if line]
    return [installed.get(name, name) for name in found if name != "setuptools"]


def environment() -> Path | None:
    """The peers' own Python, made if need be; what does not install there will be absent."""
    python = ENVIRONMENT / "bin" / "python"
    stamp = ENVIRONMENT / ".installed"
    listed = LISTED.read_text("utf-8")
    if stamp.exists() and stamp.read_text("utf-8") == listed:
        return python
    print("setting up the peers (once; a minute or two)", file=sys.stderr)
    try:
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    install = [str(python), "-m", "pip", "-qq", "--disable-pip-version-check", "install"]
    if subprocess.run([*install, "-r", str(LISTED)], capture_output=True, check=False).returncode:
        for line in listed.splitlines():
            if line and not line.startswith("#"):
                subprocess.run([*install, line], capture_output=True, check=False)
    stamp.write_text(listed, "utf-8")
    return python


def whole(edition: Edition, case: CaseFacts) -> dict[str, Any]:
    """Every fact of the policy by a name without dots, `None` where nobody stated it."""
    stated = {**case.facts, **case.items[0].facts}
    return {flat(name): stated.get(name) for name in edition.facts}


def kinds(edition: Edition) -> dict[str, Any]:
    """The type of each fact; for an enum its values."""
    return {flat(name): list(fact.values) if fact.type == "enum" else fact.type for name, fact in edition.facts.items()}


def statuses(edition: Edition, case: CaseFacts) -> list[int]:
    """What the oracle says of every point and of the whole: 1 met, 0 not met, -1 not known."""
    stated = {**case.facts, **case.items[0].facts}
    return [-1 if (value := reference.truth(expr, stated)) is None else int(value) for expr in points(edition)]


def _last_words(lines: list[str]) -> str:
    """Why a process ended: the exception it says, or a panic, or else its last line; not the middle of a backtrace."""
    told = [line for line in lines if re.match(r"\w+(\.\w+)*(Error|Exception)\b", line) or "panicked at" in line]
    return (told or lines or ["it ended without a word"])[-1]


class Rivals:
    """Measures the peers on books of several sizes."""

    def __init__(self, sizes: tuple[int, ...], count: int, check: int, seconds: float) -> None:
        self.sizes, self.seconds = sizes, seconds
        self.cases = {size: make_cases(policy_edition(size), programmes(size), count) for size in sizes}
        self.check = {size: check if size == RULES else max(5, check * RULES // size) for size in sizes}
        self._programs = {size: programs(policy_edition(size)) for size in sizes}

    def measure(self, python: Path, name: str, limit: float) -> dict[str, Any]:
        """The result of one peer at every size it came to within `limit` seconds.

        `absent` says why there is none at all, `unfinished` why there is none of the larger sizes.
        """
        plain = [{"case": dict(case.facts), "item": dict(case.items[0].facts)} for case in self.cases[RULES]]
        asked = {}
        for size in self.sizes:
            edition = policy_edition(size)
            asked[str(size)] = {
                "rules": self._programs[size][name],
                "cases": [whole(edition, case) for case in self.cases[size]],
                "kinds": kinds(edition),
                "check": self.check[size],
            }
        job = {"sizes": asked, "floor": plain, "seconds": self.seconds, "bare": str(RULES)}
        command = [str(python), str(HERE / "peer_process.py"), name]
        ended = ""
        try:
            done = subprocess.run(
                command, input=json.dumps(job).encode(), capture_output=True, timeout=limit, check=False
            )
            told = done.stdout
            if done.returncode:
                ended = _last_words(done.stderr.decode(errors="replace").strip().splitlines())
        except subprocess.TimeoutExpired as late:
            told, ended = late.stdout or b"", f"not done after {limit:.0f} s"
        lines = [json.loads(line) for line in told.splitlines(keepends=True) if line.endswith(b"\n")]
        sizes = {line.pop("size"): line for line in lines[1:]}
        if not sizes:
            return {"absent": ended[:200]}
        for size, found in sizes.items():
            self._judge(name, int(size), found)
        return {"version": lines[0]["version"], "sizes": sizes, **({"unfinished": ended[:200]} if ended else {})}

    def _judge(self, name: str, size: int, found: dict[str, Any]) -> None:
        """Hold the peer's answers against the oracle, and put down how many were asked and how many differ."""
        edition = policy_edition(size)
        answers = found.pop("answers")
        wrong = 0
        for case, answer in zip(self.cases[size], answers, strict=False):
            if name in ONLY_YES_OR_NO:
                wrong += bool(answer) != self._allowed(edition, case)
            else:
                wrong += [MISTAKEN if s is None else int(s) for s in answer] != statuses(edition, case)
        found["asked"], found["wrong"] = len(answers), wrong
        if "allowed" in found:
            bare = found.pop("allowed")
            pairs = list(zip(self.cases[size], bare, strict=False))
            found["wrong_bare"] = sum(yes != self._allowed(edition, case) for case, yes in pairs)

    @staticmethod
    def _allowed(edition: Edition, case: CaseFacts) -> bool:
        return reference.find(edition, case).items[0].verdict == "allow"
