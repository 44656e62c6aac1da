"""A small course, and a classroom to sit it in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from limen.law import Book, load_book
from limen.training.cases import Cases
from limen.training.classroom import Classroom
from limen.training.course import Course
from limen.training.key import KeyMaker
from limen.training.load import read_course
from limen.training.store import Store

COURSE = """
course: four-words
title: The four words
summary: One case for each verdict.
questions:
  - {id: no-address, scenario: perfect-number-no-address}
  - {id: four-things, scenario: four-things-missing}
  - {id: complete, scenario: i2}
  - {id: signed-for, scenario: i2/requester-not-met}
"""


@pytest.fixture(scope="session")
def book() -> Book:
    return load_book()


@pytest.fixture(scope="session")
def course() -> Course:
    return read_course(COURSE)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "training.sqlite") as store:
        yield store


@pytest.fixture(scope="session")
def cases(book: Book) -> Cases:
    return Cases(book)


@pytest.fixture(scope="session")
def maker(book: Book) -> KeyMaker:
    return KeyMaker(book)


@pytest.fixture
def classroom(book: Book, store: Store, cases: Cases, maker: KeyMaker) -> Classroom:
    return Classroom(book, store, cases, maker)
