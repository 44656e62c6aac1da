"""The examples in the help pages run as they stand."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import click
import pytest
from cli_run import Limen, Ran

from limen.cli import exits
from limen.cli.main import limen as root
from limen.cli.main import main
from limen.law.places import shipped_rules, shipped_scenarios

OURS = {"decide", "explain", "demo", "book", "scenario", "reproduce"}
"""Commands whose examples are run here; those of the others are run where they are tested, and only parsed here."""

LEDGER = {("ledger", "show"), ("ledger", "verify")}


def commands(group: click.Group, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], click.Command]]:
    found: list[tuple[tuple[str, ...], click.Command]] = []
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        found.append(((*path, name), command))
        if isinstance(command, click.Group):
            found += commands(command, (*path, name))
    return found


def examples() -> list[str]:
    found: list[str] = []
    for _, command in [((), root), *commands(root)]:
        epilog = command.epilog or ""
        found += re.findall(r"^  (limen [^\n|>]+)", epilog, re.MULTILINE)
    return sorted({one.strip() for one in found})


def resolved(words: list[str]) -> tuple[tuple[str, ...], click.Command, list[str]]:
    """The command that `words` name, and the words left for it."""
    command: click.Command = root
    path: tuple[str, ...] = ()
    context = click.Context(root, info_name="limen")
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        child = command.get_command(context, words[0])
        assert child is not None, f"no command `{words[0]}`"
        path, words, command = (*path, words[0]), words[1:], child
    return path, command, words


@pytest.mark.parametrize("example", examples())
def test_an_example_names_only_commands_and_options_there_are(example: str) -> None:
    _, command, words = resolved(shlex.split(example)[1:])
    options = {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)}
    for word in words:
        if word.startswith("-") and word != "-":
            assert word.partition("=")[0] in options, f"`{example}`: no option `{word}`"


def runs_here(example: str) -> bool:
    path, _, _ = resolved(shlex.split(example)[1:])
    return bool(path) and (path[0] in OURS or path in LEDGER) and "render" not in path


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home after a demo: a ledger with records, and its keys."""
    folder = tmp_path_factory.mktemp("made")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LIMEN_HOME", str(folder))
        patch.delenv("LIMEN_KEYS", raising=False)
        assert main(["demo", "--out", str(folder)]) == 0
    return folder


@pytest.fixture
def desk(limen: Limen, made: Path, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which every file that an example names is there, and a ledger with records."""
    folder = tmp_path / "desk"
    (folder / "out" / "demo").mkdir(parents=True)
    monkeypatch.chdir(folder)
    shutil.copytree(made, home)
    told = (shipped_scenarios() / "demo" / "01-textbook.yaml").read_text()
    (folder / "request.yaml").write_text(told)
    for name in ("rules", "my-draft"):
        shutil.copytree(shipped_rules(), folder / name)
    (folder / "my-scenarios").mkdir()
    (folder / "my-scenarios" / "case.yaml").write_text(told)
    (folder / "kept.json").write_text(limen("ledger", "checkpoint").out)
    # Last: an older copy would be a ledger from which records are gone, and be refused as one.
    for part in home.glob("ledger.sqlite*"):  # the store, and what it has not taken in yet
        shutil.copy(part, folder / "out" / "demo")
    return folder


def run(limen: Limen, example: str, folder: Path) -> Ran:
    decision = re.findall(r"[0-9a-f]{16}", limen("ledger", "show").out)[0]
    words = re.sub(r"\b[0-9a-f]{16}\b", decision, example)
    expanded: list[str] = []
    for word in shlex.split(words)[1:]:
        expanded += sorted(path.name for path in folder.glob(word)) if "*" in word else [word]
    return limen(*expanded)


SHOWN_ELSEWHERE = {"limen reproduce fault-2026-02-28-disagreement-1f0c.json"}
"""Needs a fault first: `test_decide` makes one and reproduces it."""


LONG = {"limen scenario run", "limen book check rules --tested --strict"}
"""They run every shipped scenario, which `tests/scenarios` does too; `make test-slow` runs them as they stand."""


@pytest.mark.parametrize(
    "example",
    [
        pytest.param(one, marks=[pytest.mark.slow] * (one in LONG))
        for one in examples()
        if runs_here(one) and one not in SHOWN_ELSEWHERE
    ],
)
def test_an_example_runs(example: str, limen: Limen, desk: Path) -> None:
    ran = run(limen, example, desk)
    assert ran.code not in (exits.BAD_INPUT, exits.ENGINE_FAULT, exits.LEDGER_UNAVAILABLE), ran.err
    assert ran.err == ""
