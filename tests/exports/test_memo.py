"""The memo answers the founding question, cites its sources, and is safe to open."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace

import pytest

from limen.analyse.bench import Bench
from limen.analyse.whatif import whatif
from limen.exports.document import Document, Heading
from limen.exports.hand_over import hand_over
from limen.exports.markdown import markdown
from limen.exports.memo import Brief, memo_of
from limen.exports.page import memo_body, memo_page
from limen.exports.receipt import facts_of


def headings(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Heading) and block.level == 2]


def test_it_says_whether_under_which_reading_why_and_what_would_have_to_change(withheld: Brief) -> None:
    facts = facts_of(withheld.receipt, withheld.book.vocabulary)
    bench = Bench.of(withheld.book, "ddc-2025-26", withheld.receipt.as_of)
    memo = memo_of(replace(withheld, flips=(whatif(bench, facts, seconds=0.4),)))
    assert headings(memo) == [
        "Item by item", "Under which reading", "Why", "What would have to change", "The facts, and who stated them",
        "Receipt",
    ]  # fmt: skip
    text = markdown(memo)
    assert "**✘ Withhold**" in text and "irs-2025-08 | **✔ Release**" in text
    assert "not met (1)" in text and "not known (1)" in text, "what is not met and what is not known are counted apart"


def test_every_footnote_is_cited_and_every_citation_has_its_footnote(withheld: Brief) -> None:
    text = markdown(memo_of(withheld))
    cited = set(re.findall(r"\[\^(\d+)\](?!:)", text))
    listed = set(re.findall(r"^\[\^(\d+)\]:", text, re.MULTILINE))
    assert cited == listed and len(listed) > 20
    page = memo_body(memo_of(withheld))
    assert set(re.findall(r'href="#note-(\d+)"', page)) == set(re.findall(r'id="note-(\d+)"', page)) == listed


def test_profile_date_book_receipt_and_caveat_stand_on_every_memo(withheld: Brief) -> None:
    receipt = withheld.receipt
    for form in ("markdown", "html"):
        text = hand_over(withheld, form).content.decode("utf-8")
        for said in ("ddc-2025-26", "6 August 2025", receipt.id, receipt.book_digest, "Not legal advice"):
            assert said in text


def test_a_title_cannot_bring_markup_into_any_form(withheld: Brief) -> None:
    evil = "<script>alert(1)</script> | **x** =cmd()"
    brief = replace(withheld, receipt=withheld.receipt.model_copy(update={"title": evil}))
    page = memo_page(memo_of(brief))
    assert "<script" not in page and "&lt;script&gt;" in page
    assert "<script" not in markdown(memo_of(brief)).replace("\\<script", "")
    named = hand_over(brief, "markdown").name
    assert re.fullmatch(r"[a-z0-9-]+\.md", named)


def test_no_cell_of_the_table_is_a_formula(withheld: Brief) -> None:
    brief = replace(withheld, receipt=withheld.receipt.model_copy(update={"title": "=HYPERLINK(1)"}))
    rows = list(csv.reader(io.StringIO(hand_over(brief, "csv").content.decode("utf-8-sig"))))
    assert rows[1][4] == "'=HYPERLINK(1)"
    for row in rows[:-1]:
        assert not [cell for cell in row if cell.startswith(("=", "+", "@"))]


def test_word_has_the_same_words_as_the_page(withheld: Brief) -> None:
    docx = pytest.importorskip("docx")
    made = docx.Document(io.BytesIO(hand_over(withheld, "word").content))
    told = [paragraph.text for paragraph in made.paragraphs]
    assert (
        headings(memo_of(withheld))
        == [paragraph.text for paragraph in made.paragraphs if paragraph.style.name == "Heading 2"][:-1]
    )
    assert "Sources" in told and withheld.receipt.id in made.sections[0].footer.paragraphs[0].text


def test_the_printed_page_repeats_table_heads_and_carries_its_receipt(withheld: Brief) -> None:
    page = hand_over(withheld, "html").content.decode()
    assert "display: table-header-group" in page and "http" not in page.replace("http-equiv", "")
