"""Code that was kept does what code that is compiled does."""

from __future__ import annotations

import dataclasses
import marshal
import os
import re
import subprocess
import sys
import types
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from limen.law import kept_code
from limen.law.kept_code import KeptCode

ROOT = Path(__file__).parents[2]

SHORT = """
import sys
from limen.cli.quick import be_quick, leave_quickly
code = be_quick()
import dataclasses, re
@dataclasses.dataclass(frozen=True, slots=True, order=True)
class Value:
    number: int
    words: tuple[str, ...] = ()
one = Value(1, ("a",))
print(one, one == Value(1, ("a",)), hash(one) == hash(Value(1, ("a",))), one < Value(2))
try:
    one.number = 2
except dataclasses.FrozenInstanceError as error:
    print(error)
found = re.compile(r"(?P<year>\\d{4})-(\\d\\d)?|[A-Z\\xa0-\\ud7ff]+", re.IGNORECASE)
print(found, found.groups, dict(found.groupindex), found.flags, found.findall("2025-04 und 1999- é"))
print(len(code._new), file=sys.stderr)
leave_quickly(code)
"""


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LIMEN_CACHE", str(tmp_path / "kept"))
    return tmp_path / "kept"


def run(kept: str) -> tuple[str, int]:
    """What a short program prints, and how much it had to compile."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "engine"), "LIMEN_CACHE": kept}
    done = subprocess.run([sys.executable, "-c", SHORT], capture_output=True, text=True, env=environment, check=True)
    return done.stdout, int(done.stderr)


def test_a_second_run_compiles_nothing_and_does_the_same(kept: Path) -> None:
    plainly, _ = run("off")
    first, compiled = run(str(kept))
    second, compiled_again = run(str(kept))
    assert first == second == plainly
    assert compiled > 0
    assert compiled_again == 0


@pytest.mark.parametrize("damage", [b"", b"limen kept 2\n" + b"\0" * 60])
def test_a_damaged_file_is_passed_over_and_written_anew(kept: Path, damage: bytes) -> None:
    first, compiled = run(str(kept))
    (path,) = kept.iterdir()
    path.write_bytes(damage)
    assert run(str(kept)) == (first, compiled)
    assert run(str(kept)) == (first, 0)


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert run(str(tmp_path / "file" / "below"))[0] == run("off")[0]


def test_what_is_no_python_is_an_error_as_ever(kept: Path) -> None:
    with pytest.raises(SyntaxError):
        KeptCode().compile("no python", "<string>", "exec")


def test_only_what_is_worth_reading_is_kept(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = KeptCode()
    code.compile("x = 1", "<string>", "exec")
    code.keep()
    assert len(KeptCode()._kept) == 1
    second = KeptCode()
    for number in range(3):
        second.compile(f"y = {number}", "<string>", "exec")
    monkeypatch.setattr(kept_code, "MAX_BYTES", len(marshal.dumps({**second._kept, **second._new})) - 1)
    second.keep()
    assert all(source.startswith("y") for source, *_ in KeptCode()._kept)


def test_a_module_that_is_served_runs_its_own_code_and_nothing_else(kept: Path) -> None:
    module = types.ModuleType("served")
    KeptCode().serve(module)
    scope: dict[str, object] = {}
    module.exec("x = 1", scope)  # type: ignore[attr-defined]
    module.exec(compile("y = 2", "<string>", "exec"), scope)  # type: ignore[attr-defined]
    assert (scope["x"], scope["y"]) == (1, 2)
    assert eval(module.compile("1 + 1", "<string>", "eval")) == 2  # type: ignore[attr-defined]


PATTERNS = st.from_regex(r"\A(?:\(\?P<n>[a-c]+\)|[a-c]|[a-c]\?|\[\^?[a-c]+\]|\(\?:[a-c]\|[a-c]\)){1,4}\Z").filter(
    lambda text: text.count("?P<n>") < 2
)


@given(PATTERNS, st.sampled_from([0, re.IGNORECASE, re.ASCII | re.MULTILINE]), st.text("abcAd", max_size=8))
def test_a_kept_pattern_finds_what_a_compiled_one_finds(pattern: str, flags: int, text: str) -> None:
    inner = re._compiler  # type: ignore[attr-defined]
    plainly = inner.compile
    expected = plainly(pattern, flags)
    code = KeptCode()
    code._kept = {}
    try:
        code.serve_patterns()
        for _ in range(2):  # compiled, and from what was compiled
            found = inner.compile(pattern, flags)
            assert [match.span() for match in found.finditer(text)] == [m.span() for m in expected.finditer(text)]
            assert (found.flags, found.groups, found.groupindex) == (
                expected.flags,
                expected.groups,
                expected.groupindex,
            )
    finally:
        inner.compile = plainly


def test_the_values_of_this_process_are_left_alone() -> None:
    assert "exec" not in vars(dataclasses)
