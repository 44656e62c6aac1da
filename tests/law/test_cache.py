"""A book is checked once; what the cache gives is the same book, or nothing."""

from __future__ import annotations

import os
import pickle
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.strategies import SMALL_BOOK, write_book

from limen.law import cache
from limen.law.loading import load_book
from limen.law.problem import BookError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_book(SMALL_BOOK, tmp_path / "rules")


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LIMEN_CACHE", str(tmp_path / "kept"))
    return tmp_path / "kept"


def only_file(folder: Path) -> Path:
    (path,) = folder.iterdir()
    return path


def test_a_kept_book_is_the_book_that_was_loaded(folder: Path, kept: Path) -> None:
    first = load_book(folder)
    assert len(list(kept.iterdir())) == 1
    assert load_book(folder) == first


def test_a_kept_book_needs_neither_yaml_nor_pydantic(folder: Path, kept: Path) -> None:
    load_book(folder)
    code = (
        "import sys; from pathlib import Path; from limen.law import load_book;"
        f"load_book(Path({str(folder)!r})); print(sorted({{'yaml', 'pydantic', 'ast'}} & set(sys.modules)))"
    )
    engine = str(Path(cache.__file__).parents[2])
    environment = {**os.environ, "LIMEN_CACHE": str(kept), "PYTHONPATH": engine}
    said = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert "'yaml'" not in said.stdout
    assert "'pydantic'" not in said.stdout


@pytest.mark.parametrize("damage", [b"", b"limen", b"limen kept 2\n" + b"\0" * 40, pickle.dumps(print)])
def test_a_damaged_file_is_passed_over_and_written_anew(folder: Path, kept: Path, damage: bytes) -> None:
    first = load_book(folder)
    path = only_file(kept)
    whole = path.read_bytes()
    path.write_bytes(damage)
    assert load_book(folder) == first
    assert path.read_bytes() == whole


def test_one_flipped_byte_is_found(folder: Path, kept: Path) -> None:
    first = load_book(folder)
    path = only_file(kept)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    assert load_book(folder) == first


def test_a_foreign_pickle_makes_nothing(folder: Path, kept: Path) -> None:
    """Even with a right checksum, only the value types of a book are made."""
    load_book(folder)
    path = only_file(kept)
    body = pickle.dumps(os.getcwd)
    from hashlib import sha256

    path.write_bytes(b"limen kept 2\n" + sha256(body).digest() + body)
    assert cache.cached(path.name.removeprefix("book-")) is None


def test_a_changed_file_is_loaded_again(folder: Path, kept: Path) -> None:
    first = load_book(folder)
    rule = folder / "gate_0.yaml"
    rule.write_text(rule.read_text().replace("effect: must", "effect: may"))
    assert load_book(folder).digest != first.digest


def test_a_book_with_problems_is_never_kept(folder: Path, kept: Path) -> None:
    rule = folder / "gate_0.yaml"
    rule.write_text(rule.read_text().replace("effect: must", "effect: shall"))
    with pytest.raises(BookError):
        load_book(folder)
    assert not kept.exists()


def test_the_cache_can_be_switched_off(folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LIMEN_CACHE", "off")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    load_book(folder)
    assert not (tmp_path / "home").exists()


def test_a_cache_that_cannot_be_written_is_no_error(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIMEN_CACHE", str(folder / "book.yaml" / "below-a-file"))
    assert load_book(folder).name == "small"


def test_only_the_newest_books_are_kept(folder: Path, kept: Path) -> None:
    book = load_book(folder)
    for number in range(cache.MAX_KEPT + 5):
        cache.keep(f"{number:064}", book)
    assert len(list(kept.iterdir())) == cache.MAX_KEPT
    shutil.rmtree(kept)


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="only where files say who may write them")
def test_a_file_that_others_can_write_is_passed_over(folder: Path, kept: Path) -> None:
    load_book(folder)
    path = only_file(kept)
    assert cache.cached(path.name.removeprefix("book-")) is not None
    path.chmod(0o666)
    assert cache.cached(path.name.removeprefix("book-")) is None
