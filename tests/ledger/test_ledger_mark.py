"""The mark only ever moves forward, whoever of several writers moves it, and in whatever order they come."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from limen.ledger.keys import open_keys
from limen.ledger.mark import Mark, MarkFile
from sizes import tries

MOVES = st.lists(st.tuples(st.integers(0, 2), st.integers(1, 9)), min_size=1, max_size=12)


@settings(max_examples=tries(60), deadline=None)
@given(MOVES)
def test_the_furthest_move_stands(tmp_path_factory, moves) -> None:
    folder: Path = tmp_path_factory.mktemp("marks")
    ring = open_keys(folder)
    writers = [MarkFile(ring, "ledger") for _ in range(3)]
    furthest = 0
    for writer, sequence in moves:
        writers[writer].move(ring.current, sequence, f"{sequence:064x}")
        furthest = max(furthest, sequence)
        assert writers[writer].read() == Mark(furthest, f"{furthest:064x}")
    for one in writers:
        one.close()


def test_a_mark_that_nobody_wrote_is_written_over(tmp_path: Path) -> None:
    ring = open_keys(tmp_path)
    mark = MarkFile(ring, "ledger")
    mark.move(ring.current, 3, "a" * 64)
    mark.path.write_text(mark.path.read_text().replace("00003", "00009"))
    mark.move(ring.current, 4, "b" * 64)
    assert mark.read() == Mark(4, "b" * 64)
    mark.close()
