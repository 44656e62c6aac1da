"""What is printed carries its receipt's number as a square code; a requester's carries no way to the whole case."""

from __future__ import annotations

import re
import sys
from dataclasses import replace

import pytest

pytest.importorskip("segno")

import segno
from tests.exports.handing_over import brief

from limen import qr
from limen.exports.hand_over import brief_of, hand_over
from limen.exports.memo import Brief, memo_of
from limen.exports.page import memo_body
from limen.exports.receipt import Told, facts_of

ADDRESS = "https://limen.example/memo?s=1.abc"
DARK = re.compile(r'stroke="#000" d="([^"]+)"')


def dots(picture: str) -> set[tuple[int, int]]:
    """Column and row of each dark dot of a code, read from its strokes."""
    found: set[tuple[int, int]] = set()
    stroke = DARK.search(picture)
    assert stroke is not None
    x = y = 0.0
    for what, numbers in re.findall(r"([Mmh])([^Mmh]+)", stroke[1]):
        values = [float(one) for one in re.findall(r"-?[\d.]+", numbers)]
        if what == "h":
            found |= {(int(x) + step, int(y)) for step in range(int(values[0]))}
            x += values[0]
        else:
            x, y = (values[0], values[1]) if what == "M" else (x + values[0], y + values[1])
    return found


def test_the_picture_has_the_dots_of_the_text_inside_its_quiet_zone() -> None:
    made = segno.make("urn:limen:receipt:1", error="l", micro=False)
    wanted = {(x + 4, y + 4) for y, row in enumerate(made.matrix) for x, dark in enumerate(row) if dark}
    assert dots(qr.svg("urn:limen:receipt:1", "the receipt")) == wanted
    assert dots(qr.svg("urn:limen:receipt:2", "the receipt")) != wanted


def test_a_label_is_text_and_what_is_too_long_has_no_code() -> None:
    assert '<span class="qr" role="img" aria-label="&lt;b&gt;&quot;">' in qr.svg("x", '<b>"')
    assert qr.svg("x" * qr.MOST, "long") and not qr.svg("x" * (qr.MOST + 1), "too long") and not qr.svg("", "none")
    assert qr.png("x").startswith(b"\x89PNG")


def test_every_memo_carries_its_receipt_as_a_code(withheld: Brief) -> None:
    wanted = qr.svg(f"urn:limen:receipt:{withheld.receipt.id}", "the receipt's number as a code")
    assert wanted in hand_over(withheld, "html").content.decode()


def test_without_the_library_the_memo_says_the_same_in_words(withheld: Brief, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "segno", None)
    page = hand_over(withheld, "html").content.decode()
    assert "<svg" not in page and f"receipt {withheld.receipt.id}" in page


def test_only_whoever_may_see_every_fact_is_led_to_the_case() -> None:
    for audience in ("reviewer", "auditor", "requester"):
        one = brief("demo-number-no-address", "ddc-2025-26", audience)
        told = Told(one.receipt.title, facts_of(one.receipt, one.book.vocabulary), "the analyst")
        again = brief_of(one.book, told, one.decision, one.receipt.audience, address=ADDRESS)
        for form in ("html", "markdown"):
            text = hand_over(again, form).content.decode()
            assert ("Opens this memo" in text) == (audience != "requester")
        assert (ADDRESS in hand_over(again, "markdown").content.decode()) == (audience != "requester")


def test_a_case_too_long_for_a_code_is_not_led_to(withheld: Brief) -> None:
    assert "Opens this memo" in memo_body(memo_of(replace(withheld, address=ADDRESS)))
    assert "Opens this memo" not in memo_body(memo_of(replace(withheld, address=ADDRESS + "x" * qr.MOST)))
