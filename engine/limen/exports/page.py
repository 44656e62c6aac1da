"""A memo as a page: the blocks as HTML, everything escaped, and the whole as one file that needs nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from limen import qr
from limen.exports.document import Block, Bullets, Code, Document, Heading, Paragraph, Run, Runs, Table


def memo_body(document: Document) -> str:
    """The memo without head and style, for a page that has its own."""
    return "\n".join(_body(document))


def memo_page(document: Document, receipt_lines: Sequence[str] = ()) -> str:
    """The memo as a whole HTML file: style inside, nothing loaded, the receipt at its end, out of sight."""
    style = (Path(__file__).parent / "memo.css").read_text(encoding="utf-8")
    receipt = escape("\n".join(receipt_lines))
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(document.title)}</title>
<style>
{style}</style>
</head>
<body>
<main class="memo">
{memo_body(document)}
</main>
<template id="receipt">
{receipt}
</template>
</body>
</html>
"""


def _body(document: Document) -> Iterator[str]:
    yield f'<div class="memo-head"><p class="memo-running">{escape(document.running)}</p></div>'
    for block in document.blocks:
        yield from _block(block)
    if document.notes:
        yield '<section class="memo-notes" aria-labelledby="sources"><h2 id="sources">Sources</h2><ol>'
        for note in document.notes:
            yield (
                f'<li id="note-{note.number}">{escape(note.citation)} '
                f'<span class="memo-quiet">({escape(note.certainty)})</span> <code>{escape(note.address)}</code></li>'
            )
        yield "</ol></section>"
    small = qr.svg(document.mark, "the receipt's number as a code")
    words = f'<p class="memo-footer">{escape(document.footer)}</p>'
    yield f'<div class="memo-foot"><div class="memo-foot-row">{words}{small}</div></div>'


def _block(block: Block) -> Iterator[str]:
    match block:
        case Heading(level, text):
            yield f"<h{level}>{escape(text)}</h{level}>"
        case Paragraph(runs, tone):
            yield f"<p{_tone(tone)}>{_runs(runs)}</p>"
        case Bullets(entries):
            yield "<ul>"
            yield from (f"<li>{_runs(entry)}</li>" for entry in entries)
            yield "</ul>"
        case Table(caption, head, rows):
            yield f'<div class="memo-scroll" role="region" tabindex="0" aria-label="{escape(caption)}"><table>'
            yield f"<caption>{escape(caption)}</caption>"
            heads = "".join(f'<th scope="col">{escape(one)}</th>' for one in head)
            yield f"<thead><tr>{heads}</tr></thead><tbody>"
            for row in rows:
                first, *rest = row
                cells = "".join(f"<td>{_runs(cell)}</td>" for cell in rest)
                yield f'<tr><th scope="row">{_runs(first)}</th>{cells}</tr>'
            yield "</tbody></table></div>"

        case Code(text, words):
            if picture := qr.svg(text, words):
                yield f'<div class="memo-code">{picture}<p>{escape(words)}</p></div>'


def _tone(tone: str) -> str:
    return f' class="memo-tone memo-{escape(tone)}"' if tone else ""


def _runs(runs: Runs) -> str:
    return "".join(map(_run, runs))


def _run(run: Run) -> str:
    text = escape(run.text)
    match run.kind:
        case "strong":
            return f"<strong>{text}</strong>"
        case "code":
            return f"<code>{text}</code>"
        case "note":
            return f'<sup class="memo-note"><a href="#note-{text}" aria-label="source {text}">{text}</a></sup>'
        case "quiet":
            return f'<span class="memo-quiet">{text}</span>'
        case _:
            return text
