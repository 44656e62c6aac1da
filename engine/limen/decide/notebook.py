"""How a decision shows itself in a notebook: plain tables, an icon always with its word, nothing but HTML.

A notebook is passed on more easily than it is locked away. So what only the authority knows is left out, as the
requester's form leaves it out; `decision_html(decision, "auditor")` shows all of it to whoever asks for it by name.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from limen.decide.audience import UNDISCLOSED, Audience, decision_for
from limen.decide.decision import Decision, ItemDecision, Reason

WORDS = {
    "allow": "✔ Release", "deny": "✘ Withhold", "open": "? More needed", "readings_differ": "≠ Readings differ",
    "not_covered": "· Not covered", "met": "✔ met", "not_met": "✘ not met", "not_known": "? not known",
    "barred": "■ barred", "release": "✔ Release", "withhold": "✘ Withhold", "more_needed": "? More needed",
}  # fmt: skip
LEFT = "text-align:left;vertical-align:top"


def word(said: str | None) -> str:
    """A cell in words."""
    return "—" if said is None else WORDS.get(said, said)


def table(caption: str, head: Sequence[str], rows: Iterable[Sequence[str]], strong: Iterable[int] = ()) -> str:
    """An HTML table with headers; every cell is text. Rows numbered in `strong` are set in bold."""
    bold = set(strong)
    top = "".join(f'<th scope="col" style="{LEFT}">{escape(name)}</th>' for name in head)
    body = "".join(
        ('<tr style="font-weight:bold">' if number in bold else "<tr>")
        + "".join(f'<td style="{LEFT}">{escape(cell)}</td>' for cell in row)
        + "</tr>"
        for number, row in enumerate(rows)
    )
    title = f'<caption style="{LEFT};font-weight:bold">{escape(caption)}</caption>'
    return f'<table style="border-spacing:0">{title}<thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>'


def line(text: str, quiet: bool = False) -> str:
    """A paragraph of plain text."""
    style = "margin:.3em 0;opacity:.75" if quiet else "margin:.3em 0"
    return f'<p style="{style}">{escape(text)}</p>'


def folded(summary: str, inside: str) -> str:
    """Something that opens when its summary is clicked. `inside` is HTML."""
    return f"<details><summary>{escape(summary)}</summary>{inside}</details>"


def decision_html(decision: Decision, audience: Audience | None = None) -> str:
    """The answer, each item's reasons (its trace) to be opened, what it turns on, what is missing, and the duties.

    `audience` is who reads it; by default somebody to whom nothing only the authority knows is shown.
    """
    shown = _passed_on(decision) if audience is None else decision_for(decision, audience)
    law = f"profile {shown.profile or 'all'} · law of {shown.as_of} · book {shown.book_name} {shown.book_version}"
    parts = [f"<strong>{escape(word(shown.disposition))}</strong> {escape(shown.request_id)}", line(law, quiet=True)]
    if shown.fault is not None:
        parts.append(line("An engine fault: nothing is released. The audit record has what happened."))
    rows: list[tuple[str, ...]]
    items = [(one.item, one.kind or "", word(one.verdict), one.gateway or "") for one in shown.items]
    parts.append(table("Items", ("item", "kind", "verdict", "gateway"), items))
    if shown.profiles:
        rows = [(one.profile, word(one.disposition)) for one in shown.profiles]
        parts.append(table("Under each profile", ("profile", "answer"), rows))
    if shown.hinges:
        rows = [
            (hinge.words, alternative, word(said))
            for hinge in shown.hinges for alternative, said in hinge.under.items()
        ]  # fmt: skip
        parts.append(table("It turns on how these words are read", ("words", "read as", "answer"), rows))
    for one in shown.items:
        trace = table(
            one.item, ("", "what", "citation", "sentence", "cure"), map(_reason, (*one.reasons, *one.elsewhere))
        )
        parts.append(folded(f"Why {one.item}: {len(one.reasons)} points", trace))
    if shown.missing:
        rows = [(missing.ask, ", ".join(missing.items)) for missing in shown.missing]
        parts.append(folded(f"Missing: {len(rows)} facts", table("Missing", ("question", "items"), rows)))
    if shown.duties:
        rows = [(duty.who, duty.duty, duty.deadline or "", duty.citation) for duty in shown.duties]
        parts.append(folded(f"Duties: {len(rows)}", table("Duties", ("who", "duty", "deadline", "citation"), rows)))
    parts.append(line(shown.caveat, quiet=True))
    return "<div>" + "".join(parts) + "</div>"


def _reason(reason: Reason) -> tuple[str, ...]:
    return word(reason.outcome), reason.label, reason.citation, reason.sentence, reason.cure or ""


def _passed_on(decision: Decision) -> Decision:
    """`decision` as the reviewer sees it, without what only the authority knows."""
    reviewed = decision_for(decision, "reviewer")
    return reviewed.model_copy(
        update={
            "items": tuple(map(_without_confidences, reviewed.items)),
            "missing": tuple(missing for missing in reviewed.missing if not missing.authority_side),
        }
    )


def _without_confidences(item: ItemDecision) -> ItemDecision:
    """Every item not released ends in the same sentence, whether there was something to leave out or not."""
    reasons = tuple(reason for reason in item.reasons if not reason.confidential)
    elsewhere = tuple(reason for reason in item.elsewhere if not reason.confidential)
    return item.model_copy(
        update={"reasons": reasons if item.verdict == "allow" else (*reasons, UNDISCLOSED), "elsewhere": elsewhere}
    )
