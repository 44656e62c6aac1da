"""Work shared out among processes forked from this one: they inherit what it needs, which is too large to be sent."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

Found = TypeVar("Found")

_work: list[Callable[[int], Any]] = []
"""What processes forked from this one inherit."""


def shared_out(
    work: Callable[[int], Found], count: int, processes: int, at_once: int = 1
) -> Iterator[tuple[int, Found]]:
    """Each number below `count` with what `work` finds for it, as it comes.

    With several `processes` (where the system can fork) each takes `at_once` numbers at a time.
    """
    if processes < 2 or "fork" not in multiprocessing.get_all_start_methods():
        yield from ((number, work(number)) for number in range(count))
        return
    _work.append(work)
    try:
        with multiprocessing.get_context("fork").Pool(processes) as pool:
            yield from pool.imap_unordered(_in_process, range(count), chunksize=at_once)
    finally:
        _work.pop()


def _in_process(number: int) -> tuple[int, Any]:
    return number, _work[-1](number)
