"""A memo as Markdown, with numbered footnotes and the receipt at its end."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from limen.exports.document import Block, Bullets, Code, Document, Heading, Paragraph, Run, Runs, Table

_SPECIAL = re.compile(r"([\\`*_\[\]<>|#~&])")


def markdown(document: Document, receipt_lines: Sequence[str] = ()) -> str:
    """`document` as text; `receipt_lines` are the armoured receipt."""
    lines = [f"*{_escaped(document.running)}*", ""]
    for block in document.blocks:
        lines += [*_block(block), ""]
    if document.notes:
        lines += ["## Sources", ""]
        for note in document.notes:
            lines.append(f"[^{note.number}]: {_escaped(note.citation)} ({note.certainty}), `{note.address}`")
        lines.append("")
    lines += ["---", "", f"*{_escaped(document.footer)}*", ""]
    if receipt_lines:
        lines += ["```text", *receipt_lines, "```", ""]
    return "\n".join(lines)


def _block(block: Block) -> Iterator[str]:
    match block:
        case Heading(level, text):
            yield f"{'#' * level} {_escaped(text)}"
        case Paragraph(runs):
            yield _runs(runs)
        case Bullets(entries):
            yield from (f"- {_runs(entry)}" for entry in entries)
        case Table(_, head, rows):
            yield f"| {' | '.join(map(_escaped, head))} |"
            yield f"|{'---|' * len(head)}"
            yield from (f"| {' | '.join(_runs(cell) for cell in row)} |" for row in rows)
        case Code(text, words):
            yield f"[{_escaped(words)}](<{text}>)"


def _runs(runs: Runs) -> str:
    return "".join(map(_run, runs))


def _run(run: Run) -> str:
    text = " ".join(run.text.split("\n"))
    if not text.strip():
        return text
    match run.kind:
        case "strong":
            start, end = len(text) - len(text.lstrip()), len(text.rstrip())
            return f"{text[:start]}**{_escaped(text[start:end])}**{text[end:]}"
        case "code":
            return f"{text[: len(text) - len(text.lstrip())]}`{text.strip().replace('`', chr(39))}`"
        case "note":
            return f"[^{text}]"
        case "quiet":
            return f"{text[: len(text) - len(text.lstrip())]}*{_escaped(text.strip())}*"
        case _:
            return _escaped(text)


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)
