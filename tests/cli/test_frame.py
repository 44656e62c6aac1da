"""The command's frame: exit codes, help, errors, and what a terminal can show."""

from __future__ import annotations

import io
import re
from pathlib import Path

import click
import pytest
from cli_run import Limen
from hypothesis import given
from hypothesis import strategies as st

from limen.cli import exits
from limen.cli.guard import report
from limen.cli.main import MEMBERS, main
from limen.cli.screen import Screen, fold, visible
from limen.cli.words import DISPOSITIONS, OUTCOMES, VERDICTS

CODES = [0, 1, 2, 3, 4, 5, 6]


@given(st.lists(st.sampled_from(CODES)))
def test_several_results_give_zero_only_if_every_one_is_zero(codes: list[int]) -> None:
    assert (exits.gravest(codes) == 0) == all(code == 0 for code in codes)


@given(st.lists(st.sampled_from(CODES), min_size=1), st.randoms())
def test_the_gravest_does_not_depend_on_the_order(codes: list[int], random: object) -> None:
    shuffled = list(codes)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert exits.gravest(codes) == exits.gravest(shuffled)
    assert exits.gravest(codes) in codes


def test_a_code_nobody_knows_is_a_fault() -> None:
    assert exits.gravest([0, 77]) == exits.ENGINE_FAULT


def test_only_a_release_is_zero() -> None:
    assert [word for word, code in exits.BY_DISPOSITION.items() if code == 0] == ["release"]
    assert len(set(exits.BY_DISPOSITION.values())) == len(exits.BY_DISPOSITION)


def test_the_four_verdict_words_are_fixed_and_told_apart_without_colour() -> None:
    assert [sign.word for sign in DISPOSITIONS.values()] == ["Release", "Withhold", "More needed", "Readings differ"]
    for signs in (DISPOSITIONS, VERDICTS, OUTCOMES):
        shown = [(sign.icon, sign.word) for sign in signs.values()]
        assert len(set(shown)) == len(shown)
    assert OUTCOMES["not_met"].icon != OUTCOMES["not_known"].icon
    assert OUTCOMES["not_met"].word != OUTCOMES["not_known"].word


def test_every_icon_has_a_form_for_terminals_without_unicode() -> None:
    file = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    screen = Screen(file, colour=False)
    for sign in (*DISPOSITIONS.values(), *OUTCOMES.values()):
        screen.line(sign.on(screen))
    screen.line("26 U.S.C. § 6103 — “name”")
    file.flush()
    shown = file.buffer.getvalue().decode("ascii")
    assert '26 U.S.C. s. 6103 - "name"' in shown
    assert "Readings differ" in shown


@pytest.mark.parametrize(("no_colour", "force", "coloured"), [("1", "1", False), ("", "1", True), ("", "", False)])
def test_colour_is_for_terminals_that_want_it(
    no_colour: str, force: str, coloured: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", no_colour)
    monkeypatch.setenv("FORCE_COLOR", force)
    assert Screen(io.StringIO()).colour is coloured


class Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


def test_a_terminal_gets_colour_and_a_dumb_one_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert Screen(Terminal()).colour
    monkeypatch.setenv("TERM", "dumb")
    assert not Screen(Terminal()).colour


@pytest.mark.parametrize("colour", [True, False])
def test_what_came_in_with_a_file_cannot_drive_the_terminal(colour: bool) -> None:
    terminal = Terminal()
    screen = Screen(terminal, colour=colour)
    screen.line(screen.paint("id\x1b[2J\x07\x9b31m", "strong") + "\x08\x1b]0;title\x07")
    shown = re.sub(r"\x1b\[[0-9;]*m", "", terminal.getvalue())
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", shown)


@given(st.text("abc def", max_size=80), st.integers(1, 30), st.integers(1, 30))
def test_folding_loses_no_word_and_only_long_words_are_too_wide(text: str, first: int, rest: int) -> None:
    lines = fold(text, first, rest)
    assert " ".join(lines).split() == text.split()
    for number, line in enumerate(lines):
        assert len(line) <= (rest if number else first) or " " not in line


def test_a_pair_keeps_both_sides_whole_however_narrow() -> None:
    file = io.StringIO()
    screen = Screen(file, colour=True, width=30)
    screen.pair(screen.paint("left", "good"), "right", 2)
    screen.pair("a label that is long enough", "26 U.S.C. § 6103", 2)
    lines = file.getvalue().splitlines()
    assert visible(lines[0]) == 30
    assert lines[1].strip() == "a label that is long enough"
    assert lines[2].strip() == "26 U.S.C. s. 6103" or lines[2].strip() == "26 U.S.C. § 6103"


def commands(group: click.Group, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = [path]
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        found += commands(command, (*path, name)) if isinstance(command, click.Group) else [(*path, name)]
    return found


def every_command() -> list[tuple[str, ...]]:
    from limen.cli.main import limen as root

    return commands(root)


@pytest.mark.parametrize("words", every_command(), ids=" ".join)
def test_every_command_has_help_with_a_summary_and_an_example(words: tuple[str, ...], limen: Limen) -> None:
    ran = limen(*words, "--help")
    assert ran.code == 0
    assert ran.out.startswith("Usage: limen")
    if any(other[:-1] == words for other in every_command() if other):
        assert "Commands:" in ran.out
    else:
        assert "Examples:" in ran.out
    assert all(len(line) <= 110 for line in ran.out.splitlines())


def test_the_list_of_commands_says_what_the_commands_say() -> None:
    for words in every_command():
        if words:
            assert words[0] in MEMBERS


def test_a_wrong_command_is_answered_with_the_nearest(limen: Limen) -> None:
    ran = limen("decid")
    assert ran.code == exits.BAD_INPUT
    assert ran.err.splitlines()[0] == "✘ error: no such command `decid`; did you mean `decide`?"
    assert limen("book", "chek").err.splitlines()[0].endswith("did you mean `check`?")


def test_nothing_asked_shows_help(limen: Limen) -> None:
    ran = limen()
    assert "Commands:" in ran.out + ran.err
    assert ran.code == exits.BAD_INPUT


def test_the_version_is_the_packages(limen: Limen) -> None:
    import limen as package

    assert limen("--version").out == f"limen {package.__version__}\n"


def test_an_unexpected_error_shows_no_traceback_and_writes_a_report_without_a_value(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def inner(name: str) -> None:
        raise ValueError(f"no such person: {name}")

    try:
        try:
            inner("Qxzabel")
        except ValueError as error:
            raise RuntimeError("while looking for Qxzabel") from error
    except RuntimeError as error:
        assert report(error, "limen decide") == exits.ENGINE_FAULT
    said = capsys.readouterr().err
    assert said.startswith("✘ error: limen failed; nothing was released\n")
    assert "Traceback" not in said
    (written,) = (home / "faults").iterdir()
    text = written.read_text()
    assert "Qxz" not in text + said
    assert "RuntimeError" in text
    assert "ValueError" in text
    assert re.search(r"test_frame\.py:\d+:inner", text)


def test_a_report_that_cannot_be_written_is_no_second_error(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LIMEN_HOME", str(home / "file" / "x"))
    home.mkdir(parents=True)
    (home / "file").write_text("in the way")
    assert report(ValueError("x"), "limen") == exits.ENGINE_FAULT
    assert capsys.readouterr().err == "✘ error: limen failed; nothing was released\n"


def test_an_interrupt_is_not_an_error(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise click.exceptions.Abort

    monkeypatch.setattr("limen.cli.main.limen.main", interrupt)
    assert main(["book"]) == exits.INTERRUPTED
    assert capsys.readouterr().err == "stopped\n"
