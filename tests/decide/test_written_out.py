"""What is written out is written when it pays, and once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from book_cases import BEFORE_THE_INJUNCTION, book
from limen.decide import reference
from limen.decide.compiled import Compiled, compile_edition
from limen.decide.editions import Seat
from limen.decide.evaluator import MakeEvaluator
from limen.decide.findings import Findings
from limen.law import CaseFacts, make_edition
from limen.law.edition import Edition
from limen.request.characterise import Characteriser
from limen.written_out import PLAIN, WrittenOut


class Looking:
    """The reference interpreter: an evaluator of somebody else's, for all a seat knows."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition

    def find(self, facts: CaseFacts) -> Findings:
        return reference.find(self.edition, facts)


def test_the_plain_form_is_asked_first_and_then_the_written_one() -> None:
    made: list[str] = []

    def write() -> str:
        made.append("written")
        return "written"

    form: WrittenOut[str] = WrittenOut()
    assert [form.asked(write) for _ in range(PLAIN + 3)] == [None] * PLAIN + ["written"] * 3
    assert (form.form, made) == ("written", ["written"])


def test_what_cannot_be_written_stays_plain_and_a_failure_is_heard() -> None:
    form: WrittenOut[str] = WrittenOut()
    assert [form.asked(lambda: None) for _ in range(PLAIN + 2)] == [None] * (PLAIN + 2)
    with pytest.raises(ZeroDivisionError):
        form.asked(lambda: str(1 / 0))
    assert form.asked(lambda: "written") == "written"


def test_threads_that_share_one_are_given_the_form_or_none() -> None:
    form: WrittenOut[tuple[str]] = WrittenOut()
    with ThreadPoolExecutor(8) as pool:
        given = list(pool.map(lambda _: form.asked(lambda: ("written",)), range(400)))
    assert set(given) == {None, ("written",)}
    assert given.count(None) < 400 - PLAIN
    assert form.form == ("written",)


@pytest.mark.parametrize(("make_evaluator", "is_written"), [(compile_edition, True), (Looking, False)])
def test_a_seat_writes_each_of_its_two_by_its_own_count_and_only_for_its_own_evaluator(
    make_evaluator: MakeEvaluator, is_written: bool
) -> None:
    edition = make_edition(book(), "centro-2026", BEFORE_THE_INJUNCTION)
    seat = Seat(edition, make_evaluator(edition))
    assert isinstance(seat.evaluator, Compiled) is is_written
    reader = Characteriser(book().vocabulary)
    cases = [seat.weigher() is not None for _ in range(PLAIN + 2)]
    requests = [seat.request_weigher(reader) is not None for _ in range(PLAIN + 2)]
    assert cases == requests == [False] * PLAIN + [is_written] * 2
    assert (seat.weigher() is seat.weigher()) and (seat.request_weigher(reader) is seat.request_weigher(reader))
