"""The suite of the office: does it keep to the two paragraphs it stands for?"""

from __future__ import annotations

from office import decide

from limen.testing import conformance

PARAGRAPHS = ["usc.26.6103.c", "usc.26.6103.i.8"]


def test_the_office_keeps_to_the_book() -> None:
    conformance(decide, profile="text-strict", under=PARAGRAPHS).check()
