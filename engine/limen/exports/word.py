"""A memo as a Word file, with the receipt as a part of its own in it. Needs the `word` extra (python-docx)."""

from __future__ import annotations

import io
from typing import Any

from limen import qr
from limen.exports.armour import PART
from limen.exports.document import Bullets, Code, Document, Heading, Paragraph, Run, Runs, Table
from limen.exports.receipt import RECEIPT


def word(document: Document, receipt_json: str) -> bytes:
    """`document` as the bytes of a `.docx`; `receipt_json` lies in it for `limen ledger replay`."""
    import docx
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part
    from docx.shared import Pt

    made = docx.Document()
    made.core_properties.title = document.title[:250]
    made.core_properties.author = "Limen"
    made.core_properties.comments = document.footer[:250]
    made.styles["Normal"].font.name = "Georgia"
    made.styles["Normal"].font.size = Pt(10.5)
    section = made.sections[0]
    section.header.paragraphs[0].text = document.running
    section.footer.paragraphs[0].text = document.footer
    _picture(section.footer.add_paragraph(), document.mark, 14)
    for block in document.blocks:
        match block:
            case Heading(level, text):
                made.add_heading(_clean(text), min(level, 4))
            case Paragraph(runs):
                _put(made.add_paragraph(), runs)
            case Bullets(entries):
                for entry in entries:
                    _put(made.add_paragraph(style="List Bullet"), entry)
            case Table(caption, head, rows):
                _table(made, caption, head, rows)
            case Code(text, words):
                if _picture(made.add_paragraph(), text, 40):
                    _put(made.add_paragraph(), (Run(words, "quiet"),))
    if document.notes:
        made.add_heading("Sources", 2)
        for note in document.notes:
            _put(
                made.add_paragraph(),
                (
                    Run(f"{note.number}", "note"),
                    Run(f" {note.citation} ({note.certainty}), "),
                    Run(note.address, "code"),
                ),
            )
    package = made.part.package
    part = Part(PackURI(f"/{PART}"), "application/json", receipt_json.encode("utf-8"), package)
    made.part.relate_to(part, RECEIPT)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _picture(paragraph: Any, text: str, millimetres: int) -> bool:
    """Put the code of `text` there; whether there is one."""
    from docx.shared import Mm

    picture = qr.png(text)
    if picture:
        paragraph.add_run().add_picture(io.BytesIO(picture), width=Mm(millimetres))
    return bool(picture)


def _table(made: Any, caption: str, head: tuple[str, ...], rows: tuple[tuple[Runs, ...], ...]) -> None:
    _put(made.add_paragraph(), (Run(caption, "quiet"),))
    table = made.add_table(rows=1, cols=len(head), style="Table Grid")
    for cell, words in zip(table.rows[0].cells, head, strict=True):
        _put(cell.paragraphs[0], (Run(words, "strong"),))
    _repeats(table.rows[0])
    for row in rows:
        for cell, runs in zip(table.add_row().cells, row, strict=True):
            _put(cell.paragraphs[0], runs)
    made.add_paragraph()


def _repeats(row: Any) -> None:
    """Have the first row of a table stand again at the top of every page."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)


def _put(paragraph: Any, runs: Runs) -> None:
    from docx.shared import Pt

    for run in runs:
        made = paragraph.add_run(_clean(run.text))
        if run.kind == "strong":
            made.bold = True
        elif run.kind == "code":
            made.font.name = "Consolas"
            made.font.size = Pt(8.5)
        elif run.kind == "note":
            made.font.superscript = True
        elif run.kind == "quiet":
            made.italic = True


def _clean(text: str) -> str:
    """Without characters that no XML file can hold."""
    return "".join(one for one in text if one in "\t\n" or (ord(one) >= 0x20 and ord(one) not in (0xFFFE, 0xFFFF)))
