"""The report: one HTML file that needs nothing else, for somebody who has never seen the project."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from limen.law.book import Book
from limen.simulate.plots import interval
from limen.simulate.run import Outcome
from limen.simulate.sweep import Threshold, Turned

_STYLE = """
:root { color-scheme: light; }
body { font: 16px/1.55 system-ui, sans-serif; color: #1f2430; background: #fff; margin: 0 auto; padding: 1.5rem;
  max-width: 54rem; }
h1 { font-size: 1.7rem; line-height: 1.2; margin-bottom: .2rem; } h2 { font-size: 1.2rem; margin-top: 2.4rem; }
.note { color: #4c5566; font-size: .9rem; } .mark { background: #fdf3d8; padding: 0 .3em; border-radius: 3px; }
.wide { overflow-x: auto; } svg { max-width: 100%; height: auto; }
table { border-collapse: collapse; font-size: .9rem; margin: .6rem 0; }
th, td { padding: .3rem .7rem; border-bottom: 1px solid #dde1e8; text-align: right; white-space: nowrap; }
th:first-child, td:first-child { text-align: left; white-space: normal; } th { font-weight: 600; }
caption { text-align: left; font-size: .9rem; color: #4c5566; padding-bottom: .3rem; }
"""


def report_html(
    outcome: Outcome,
    book: Book,
    labels: dict[str, str],
    pictures: dict[str, str],
    thresholds: Sequence[Threshold],
    turned: Sequence[Turned],
    cases: int,
) -> str:
    """The whole page. `pictures` are SVG by name; what is not there is left out."""
    plan = outcome.plan
    first = outcome.policies[0]
    parts = [
        f"<h1>{escape(plan.title)}</h1>",
        '<p class="note">A simulation with invented people. Nothing here is evidence about real persons, and nothing '
        "is legal advice.</p>",
        f"<p>{escape(plan.story)}</p>",
        _summary(outcome, book),
        _section("What each policy does to the batch", _verdicts(outcome, book)),
        _section("From requests to releases", _flow(outcome, pictures)),
        _section("Why requests are not allowed", _reasons(outcome, labels, pictures)),
        _section("Wrong persons and missed persons", _errors(outcome, pictures)),
    ]
    if thresholds:
        parts.append(_section("Error against the match threshold", _thresholds(thresholds, pictures)))
    if len(outcome.policies) > 1:
        parts.append(_section("Answers that flip", _flips(outcome)))
    if outcome.targets:
        parts.append(_section("Held against the public figures", _targets(outcome)))
    parts.append(_section("What is sourced and what is assumed", _knobs(outcome)))
    if turned:
        parts.append(_section("What the releases hang on", _turned(turned, first.name, pictures)))
    parts.append(
        _section(
            "Look at the cases",
            f"<p>{cases} cases, some for each verdict and first reason of each policy, are in the folder "
            "<code>cases</code> beside this file. Each is a request that can be decided again and explained:</p>"
            "<pre>limen decide cases/POLICY/CASE.yaml --profile PROFILE\nlimen explain ID</pre>",
        )
    )
    if plan.sources:
        parts.append(_section("Sources", "<ul>" + "".join(f"<li>{escape(s)}</li>" for s in plan.sources) + "</ul>"))
    parts.append(
        f'<p class="note">Plan <code>{escape(plan.simulation)}</code>, digest <code>{outcome.digest}</code>; rule book '
        f"<code>{outcome.book[:16]}</code>; registry seed {plan.registry.seed}, batch seed {plan.batch.seed}. The same "
        "plan, seeds and book give the same figures.</p>"
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(plan.title)}</title><style>{_STYLE}</style></head><body><main>{''.join(parts)}"
        "</main></body></html>\n"
    )


def _summary(outcome: Outcome, book: Book) -> str:
    plan, first = outcome.plan, outcome.policies[0]
    none = [one.name for one in outcome.policies[1:] if not one.released]
    text = (
        f"{first.requests:,} requests were made about people of a registry of {plan.registry.people:,}, all invented. "
        f"Under <b>{escape(_title(outcome, book, 0))}</b>, {first.released:,} of them "
        f"({_share(first.released, first.requests)}) end in the release of an address: {first.by_tin:,} "
        f"because a name and a taxpayer number agreed, "
        f"{first.by_address:,} because a name and an address matched. {first.defective:,} of these releases "
        f"({_share(first.defective, first.released)}) answer a request without a complete address, and {first.wrong:,} "
        "are about somebody else than the person meant."
    )
    if none:
        text += f" Under {_listed(none)} nothing of the same batch is released."
    return f"<p>{text}</p>"


def _title(outcome: Outcome, book: Book, number: int) -> str:
    policy = outcome.plan.compare[number]
    title = book.profiles[policy.profile].title
    return title if policy.name == policy.profile else f"{title}, as {policy.name}"


def _verdicts(outcome: Outcome, book: Book) -> str:
    rows = []
    for number, one in enumerate(outcome.policies):
        v, n = one.verdicts, one.requests
        rows.append(
            [
                f"{_title(outcome, book, number)} ({one.name})",
                *(f"{v[word]:,} ({_share(v[word], n)})" for word in ("allow", "deny", "open")),
                f"{one.by_tin:,}", f"{one.by_address:,}",
            ]
        )  # fmt: skip
    head = ["policy", "allow", "deny", "open", "by number", "by address"]
    return _table(f"Of {outcome.policies[0].requests:,} requests each. Open: a fact is missing.", head, rows)


def _flow(outcome: Outcome, pictures: dict[str, str]) -> str:
    name = outcome.policies[0].name
    return (
        f"<p>Under <code>{escape(name)}</code>: what the rows are about in truth, how cross-reference named a person, "
        "and what was answered. Widths grow with the square root of the number, so that small flows can be seen.</p>"
        + _picture(pictures, "flow")
    )


def _reasons(outcome: Outcome, labels: dict[str, str], pictures: dict[str, str]) -> str:
    parts = [
        "<p>Each request that is not allowed is counted once, under the first element of "
        f"<code>{escape(outcome.plan.gateway)}</code> that is not met. Later elements may fail too: the second table "
        "counts them all, so its columns do not add up.</p>",
        _picture(pictures, "reasons"),
    ]
    for caption, figure in (("First reason", "reasons"), ("Every reason", "every_reason")):
        counts = [(one, getattr(one, figure)) for one in outcome.policies]
        found = list(dict.fromkeys(why for _, each in counts for why in each))
        rows = [
            [labels.get(why, why or "no obstacle in this gateway"), *(f"{each.get(why, 0):,}" for _, each in counts)]
            for why in found
        ]
        denied = ["not allowed", *(f"{one.requests - one.released:,}" for one, _ in counts)]
        rows = [*rows, denied] if figure == "reasons" else rows
        parts.append(_table(caption, ["not met, not known or barred", *(one.name for one, _ in counts)], rows))
    return "".join(parts)


def _errors(outcome: Outcome, pictures: dict[str, str]) -> str:
    rows = [
        [
            one.name, f"{one.wrong:,} of {one.released:,}", f"{one.missed:,} of {one.asked_held:,}",
            f"{one.mistaken:,}", f"{one.defective:,}", f"{one.updated:,}",
        ]
        for one in outcome.policies
    ]  # fmt: skip
    head = ["policy", "wrong person released", "nobody named", "wrong person named", "no complete address",
            "other address than stated"]  # fmt: skip
    first = outcome.policies[0]
    origins = []
    for one in first.origins:
        low, high = interval(one.missed, one.asked)
        origins.append(
            [
                one.group, f"{one.asked:,}", f"{one.missed:,} ({_share(one.missed, one.asked)}; {low:.1f}-{high:.1f}%)",
                f"{one.released:,}", f"{one.wrong:,} ({_share(one.wrong, one.released)})",
            ]
        )  # fmt: skip
    return (
        "<p>The truth about every invented row is known, so two errors can be counted: data of somebody who was not "
        "meant, and a person in the registry whom nobody found. Wrong releases include requests about people whom "
        "the registry does not hold at all.</p>"
        + _table("Of releases; of requests about a person held; the last two are of releases", head, rows)
        + _picture(pictures, "origins")
        + _table(
            f"By name origin, under {first.name}. In brackets the share, and for those missed its 95% interval. The "
            "origin is that of the name in the invented registry.",
            ["name origin", "asked about, held", "missed", "released", "wrong person"],
            origins,
        )
    )


def _thresholds(found: Sequence[Threshold], pictures: dict[str, str]) -> str:
    rows = [
        [str(one.close), f"{one.named:,}", f"{one.mistaken:,} ({_share(one.mistaken, one.named)})",
         f"{one.missed:,} ({_share(one.missed, one.held)})"]
        for one in found
    ]  # fmt: skip
    caption = f"Over the first {found[0].rows:,} rows, {found[0].held:,} about a person held"
    return _picture(pictures, "thresholds") + _table(caption, ["threshold", "named", "wrong person", "missed"], rows)


def _flips(outcome: Outcome) -> str:
    rows = [[f.after, f"{f.verdict_before} to {f.verdict_after}", f"{f.requests:,}"] for f in outcome.flips]
    first = outcome.policies[0].name
    return _table(
        f"Requests answered otherwise than under {first}, of {outcome.policies[0].requests:,}",
        ["policy", "from, to", "requests"],
        rows or [["none", "", "0"]],
    )


def _targets(outcome: Outcome) -> str:
    rows = []
    for one in outcome.targets:
        t = one.target
        sign = f"under {t.value:,}" if t.compare == "under" else f"{t.value:,} (within {t.within:.0%})"
        off = "" if t.compare == "under" else f"{one.found / t.value - 1:+.2%}"
        rows.append(
            [t.measure.replace("_", " "), sign, f"{one.found:,.0f}", off, "met" if one.met else "missed", t.source]
        )
    return _table(
        "Public figures, and what the simulation gives (scaled to the full size where it was run smaller)",
        ["figure", "public", "simulated", "off by", "", "source"],
        rows,
    )


def _knobs(outcome: Outcome) -> str:
    rows = [
        [
            one.name,
            str(one.value),
            '<span class="mark">assumed</span>' if one.kind == "assumed" else "sourced",
            one.because,
        ]
        for one in outcome.knobs
    ]
    body = "".join(
        f"<tr><td>{escape(name)}</td><td>{escape(value)}</td><td>{kind}</td><td>{escape(why)}</td></tr>"
        for name, value, kind, why in rows
    )
    return (
        "<p>Every number that goes into the simulation. Several sets of assumed numbers would meet the public figures "
        "as well as this one: that they are met is no evidence for the numbers.</p>"
        '<div class="wide"><table><thead><tr><th scope="col">knob</th><th scope="col">value</th><th scope="col"></th>'
        f'<th scope="col">why</th></tr></thead><tbody>{body}</tbody></table></div>'
    )


def _turned(found: Sequence[Turned], name: str, pictures: dict[str, str]) -> str:
    rows = [
        [one.knob or "as the plan stands", f"{one.value:g}" if one.knob else "", *(
            f"{figure:,.0f}" for figure in (one.released, one.by_tin, one.by_address, one.wrong))]
        for one in found
    ]  # fmt: skip
    return _picture(pictures, "sensitivity") + _table(
        f"Per 100,000 requests under {name}, from {found[0].rows:,} requests for each turn; chance moves a figure of "
        f"{found[0].released:,.0f} by about {1.96 * (found[0].released * 100_000 / found[0].rows) ** 0.5:,.0f}",
        ["knob turned", "to", "released", "by number", "by address", "wrong person"],
        rows,
    )


def _section(title: str, body: str) -> str:
    return f"<section><h2>{escape(title)}</h2>{body}</section>"


def _picture(pictures: dict[str, str], name: str) -> str:
    return f'<div class="wide">{pictures[name]}</div>' if name in pictures else ""


def _table(caption: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    top = "".join(f'<th scope="col">{escape(name)}</th>' for name in head)
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return (
        f'<div class="wide"><table><caption>{escape(caption)}</caption><thead><tr>{top}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.2%}" if whole else "none"


def _listed(names: Sequence[str]) -> str:
    coded = [f"<code>{escape(name)}</code>" for name in names]
    return coded[0] if len(coded) == 1 else f"{', '.join(coded[:-1])} and {coded[-1]}"
