"""Whatever stands in a folder, the loader either gives a book or says what is wrong; it never breaks."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.strategies import as_raw_files, book_files

from limen.law.load.files import RawFile, find_files
from limen.law.load.loader import load_files
from limen.law.places import shipped_rules
from limen.law.problem import BookError
from sizes import tries

often = settings(max_examples=tries(80), deadline=None, suppress_health_check=list(HealthCheck))

FRAGMENTS = (
    "", " ", "\t", "\n", "- ", ": ", "{", "}", "[", "]", ",", "'", '"', "#", "&a ", "*a", "<<: *a\n", "!tag ", "|",
    ">-\n", "yes", "true", "1", "0o7", "2025-02-30", "2025-02-28", "null", "~", "\x07", "\u2028", "é", "id: a", "? ",
    "---\n", "...\n", "%YAML 1.2\n", "any:", "test: a", "- id: zzz\n", "(", ")", " and ", "not ", "param.", "kind: bar",
)  # fmt: skip


@cache
def shipped() -> tuple[RawFile, ...]:
    files, problems = find_files(shipped_rules())
    assert not problems
    return tuple(files)


def load_or_report(files: list[RawFile]) -> None:
    """Loads `files`; the only error allowed is one that lists problems, each with its place."""
    try:
        load_files(files)
    except BookError as error:
        assert error.problems
        for problem in error.problems:
            assert problem.code
            assert problem.message
            assert problem.line >= 1 or problem.code == "no-book"
        assert list(error.problems) == sorted(
            set(error.problems), key=lambda p: (p.file, p.line, p.column, p.code, p.message)
        )


@often
@given(st.binary(max_size=300))
@example(b"\xff\xfe")
@example(b"\xef\xbb\xbfkind: book")
@example(b"- " * 5_000)
@example(b"[" * 5_000)
@example(b"{a: " * 5_000)
@example(b"kind: gateway\nelements: {}\n")
@example(b"kind: vocabulary\nvocabulary: v\nfacts: {a: {type: bool, ask: x}, a.b: {type: bool}}")
@example(b"kind: [a]\n")
@example(b"null")
@example(b"kind: bar\nrule: 3\nreadings: [a, {id: 3}]\n")
def test_any_bytes(content: bytes) -> None:
    load_or_report([RawFile("some.yaml", content)])


@often
@given(
    st.integers(0, 10**6),
    st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 12), st.sampled_from(FRAGMENTS)), min_size=1, max_size=3),
)
def test_mutations_of_a_small_part_of_the_shipped_book(chosen: int, edits: list[tuple[int, int, str]]) -> None:
    every = shipped()
    keep = [file for file in every if file.name == "book.yaml" or "vocabulary" in file.name]
    victim = every[chosen % len(every)]
    text = victim.content.decode()
    for at, length, fragment in edits:
        at %= len(text) + 1
        text = text[:at] + fragment + text[at + length :]
    files = {file.name: file for file in (*keep, RawFile(victim.name, text.encode()))}
    load_or_report(list(files.values()))


@often
@given(book_files(silence=True), st.data())
def test_small_books_with_one_value_replaced(documents: dict[str, dict], data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(documents)))
    document = documents[name]
    key = data.draw(st.sampled_from(sorted(document)))
    document[key] = data.draw(
        st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5), st.just([]), st.just({}), st.just([{}]))
    )
    load_or_report(as_raw_files(documents))


def test_the_shipped_book_loads() -> None:
    load_files(list(shipped()))


@pytest.mark.parametrize("index", range(5))
def test_the_shipped_book_without_one_file_says_what_is_missing(index: int) -> None:
    without = [file for file in shipped() if file.name != sorted(f.name for f in shipped())[index * 4]]
    load_or_report(without)
