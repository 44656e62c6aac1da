"""The report: one HTML file that needs nothing else, for somebody who has never seen the project."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

from limen.law.book import Book
from limen.simulate import report_parts as parts
from limen.simulate.outcome import Outcome
from limen.simulate.pieces import Content, Raw, code, listed, mark, para, quoted, section, table
from limen.simulate.plots import percent
from limen.simulate.sweep import Threshold, Turned

_STYLE = """
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { font: 17px/1.55 system-ui, -apple-system, "Segoe UI", sans-serif; color: #1f2430; background: #fff; margin: 0; }
main { max-width: 62rem; margin: 0 auto; padding: 1.5rem 1.25rem 4rem; }
p, ul, dl { max-width: 44rem; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: .4rem 0; } h2 { font-size: 1.3rem; margin: 2.8rem 0 .5rem; }
.note { color: #4c5566; font-size: .9rem; }
.banner { background: #f3f5f8; border-left: 4px solid #4c5566; padding: .6rem 1rem; margin: 1rem 0; max-width: 44rem; }
.mark { font-size: .8rem; padding: .05em .45em; border: 1px solid #8a93a3; border-radius: 3px; white-space: nowrap; }
.mark.assumed, .mark.missed { background: #fdf3d8; border-color: #c99a2e; }
.mark.read, .mark.sourced, .mark.met { background: #e5f2ec; border-color: #2a7f62; }
.wide { overflow-x: auto; margin: 1rem 0; } figure svg { max-width: 100%; min-width: 34rem; height: auto; }
table { border-collapse: collapse; font-size: .9rem; }
.caption { margin: 1.4rem 0 -.6rem; }
th, td { padding: .35rem .8rem .35rem 0; border-bottom: 1px solid #dde1e8; text-align: right; vertical-align: top; }
th { font-weight: 600; } tbody th { font-weight: 400; } thead th { vertical-align: bottom; min-width: 5.5rem; }
.words { text-align: left; } td.words { min-width: 11rem; } td { white-space: nowrap; } 
td.words, tbody th { white-space: normal; } td small { color: #4c5566; white-space: nowrap; }
code { font-size: .9em; background: #f3f5f8; padding: 0 .2em; border-radius: 3px; overflow-wrap: anywhere; }
tbody th code, td > code { white-space: nowrap; }
pre { background: #f3f5f8; padding: .7rem 1rem; overflow-x: auto; font-size: .85rem; } pre code { white-space: pre; }
dt { font-weight: 600; margin-top: .6rem; } dd { margin: 0 0 0 1.2rem; }
@media (max-width: 40rem) { body { font-size: 16px; } main { padding: 1rem .9rem 3rem; } h1 { font-size: 1.5rem; } }
@media print { body { font-size: 10pt; } section, figure { break-inside: avoid; } .wide { overflow: visible; } }
"""


def report_html(
    outcome: Outcome,
    book: Book,
    labels: Mapping[str, str],
    pictures: Mapping[str, str],
    thresholds: Sequence[Threshold],
    turned: Sequence[Turned],
    cases: Sequence[Path],
) -> str:
    """The whole page. `pictures` are SVG by name; what is not there is left out."""
    plan = outcome.plan
    body = [
        f"<h1>{escape(plan.title)}</h1>",
        _opening(outcome, book),
        section("In short", _short(outcome)),
        section("The policies compared", _policies(outcome, book)),
        section("What each policy does to the same requests", parts.verdicts(outcome)),
        section("From requests to releases", parts.flow(outcome, pictures)),
        section("Why requests are not allowed", parts.reasons(outcome, labels, pictures)),
        section("Wrong persons and missed persons", parts.errors(outcome, pictures)),
    ]
    if thresholds:
        body.append(section("Another match threshold", parts.thresholds(thresholds, plan.match.close, pictures)))
    if len(outcome.policies) > 1:
        body.append(section("Answers that flip", parts.flips(outcome)))
    if outcome.targets:
        body.append(section("Held against the public figures", parts.targets(outcome)))
    body.append(section("What is sourced and what is a knob", parts.knobs(outcome)))
    if turned:
        body.append(section("What the releases hang on", parts.turned(turned, outcome.policies[0].name, pictures)))
    body += [section("Look at the cases", parts.cases(cases, plan.compare)), section("Words used here", _words())]
    if plan.sources:
        body.append(section("Sources", "<ul>" + "".join(f"<li>{escape(s)}</li>" for s in plan.sources) + "</ul>"))
    body.append(_receipt(outcome))
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(plan.title)}</title><style>{_STYLE}</style></head><body><main>{''.join(body)}"
        "</main></body></html>\n"
    )


def _opening(outcome: Outcome, book: Book) -> str:
    plan = outcome.plan
    gateway = book.rules[plan.gateway]
    cite = f" ({escape(gateway.cite.text)})" if hasattr(gateway, "cite") else ""
    many = len(outcome.policies)
    scaled = ""
    if plan.batch.size != outcome.full_size:
        scaled = (
            f" It was run small: {plan.batch.size:,} requests stand for the {outcome.full_size:,} of the plan, so "
            "chance moves small counts."
        )
    return (
        '<div class="banner">A simulation. Every person, address and number in it is invented; it is evidence of '
        "nothing about real people, it is nobody's decision, and it is not legal advice.</div>"
        + para(
            "<b>What this page is.</b> Tax records are confidential by law. An agency that wants a person's address "
            "from the tax authority must send a request that meets certain conditions, and courts and "
            "agencies do not agree "
            f"on what those conditions mean. Limen, a simulator of disclosure law, invented {plan.registry.people:,} "
            f"people and {plan.batch.size:,} requests, looked each request up among the people, and asked of each, "
            f"under {many} {'policies' if many > 1 else 'policy'}, whether it may be answered under "
            f"<b>{escape(gateway.title)}"
            f"</b>{cite}. Because everything is invented, it is known whom each request means, so that mistakes can be "
            f"counted, which no real file allows.{scaled}"
        )
        + para(f"<b>The story.</b> {escape(plan.story)}")
    )


def _short(outcome: Outcome) -> str:
    first = outcome.policies[0]
    points = [
        f"Under {code(first.name)}, <b>{first.released:,}</b> of {first.requests:,} requests "
        f"({percent(first.released, first.requests)}) end in the release of an address: {first.by_tin:,} because a "
        f"name and a taxpayer number agreed, {first.by_address:,} because a name and an address matched.",
        f"Of those {first.released:,} releases, {first.defective:,} ({percent(first.defective, first.released)}) "
        "answer a "
        f"request without a complete address, and {first.wrong:,} ({percent(first.wrong, first.released)}) tell about "
        "somebody else than the person meant.",
    ]
    if first.asked_held:
        points.append(
            f"{first.asked_held:,} requests are about somebody the registry holds; in {first.missed:,} of them "
            f"({percent(first.missed, first.asked_held)}) cross-reference names nobody."
        )
    some = [one for one in outcome.policies[1:] if one.released]
    none = [one for one in outcome.policies[1:] if not one.released]
    if none:
        points.append(
            f"Of the same {first.requests:,} requests, {listed([code(one.name) for one in none])} release none."
        )
    if some:
        told = [f"{code(one.name)} {one.released:,} ({percent(one.released, one.requests)})" for one in some]
        points.append(f"Others release: {listed(told)}.")
    if outcome.targets:
        met = sum(one.met for one in outcome.targets)
        points.append(
            f"{met} of {len(outcome.targets)} public figures are met. The plan was made to meet them, by turning "
            "numbers that no source gives, so this is no evidence for those numbers."
        )
    assumed = sum(knob.kind == "assumed" for knob in outcome.knobs)
    points.append(
        f"{assumed} of the {len(outcome.knobs)} numbers that go in are {mark('assumed')}: they are knobs. "
        '<a href="#what-is-sourced-and-what-is-a-knob">Which, and why</a>.'
    )
    return "<ul>" + "".join(f"<li>{point}</li>" for point in points) + "</ul>"


def _policies(outcome: Outcome, book: Book) -> str:
    rows: list[Sequence[Content]] = []
    for policy in outcome.plan.compare:
        profile = book.profiles[policy.profile]
        told = escape(policy.title or profile.title)
        if policy.plain:
            what = Raw(f"<b>{told}</b>. {escape(profile.summary)}")
            sources = [f"{escape(cite.text)} {mark(cite.certainty)}" for cite in profile.authorities]
            rows.append([code(policy.name), what, Raw("<br>".join(dict.fromkeys(sources)))])
        else:
            title = f"<b>{told}</b>. " if policy.title else ""
            what = Raw(f"{title}As {code(policy.profile)}, but {quoted(listed(policy.told()))}.")
            rows.append([code(policy.name), what, Raw(f"a question asked here {mark('assumed')}")])
    return para(
        "A policy is a <i>profile</i>, a named choice of one meaning for each contested word of the statute, sometimes "
        "with something changed. The boxes say how sure its source is: its text was <i>read</i>, it is "
        "<i>reported</i> by "
        "others, or it is <i>assumed</i>."
    ) + table("Limen takes no side: it shows what follows from each", ["policy", "what it is", "source"], rows, words=3)


def _words() -> str:
    words = {
        "request": "a row of the batch: a name, an address as the agency has it, sometimes a taxpayer number",
        "registry": "the invented people and the addresses they have, or once had, at the tax authority",
        "cross-reference": "finding the one person of the registry whom a request means, by name and number or by name "
        "and address; where several fit, or none, nobody is named",
        "allow, deny, open": "the address may be released; it may not; a fact is missing, so it is not released either",
        "gateway": "a paragraph of the statute under which a release is permitted when all its elements are met",
        "complete address": "a street with a number and a place; not a placeholder, a bare zip code, or a building's "
        "name",
        "name origin": "the list of names that an invented person's name was drawn from; nothing is known of real "
        "people",
    }
    return "<dl>" + "".join(f"<dt>{escape(word)}</dt><dd>{escape(said)}</dd>" for word, said in words.items()) + "</dl>"


def _receipt(outcome: Outcome) -> str:
    plan = outcome.plan
    return para(
        f"Plan {code(plan.simulation)}, digest {code(outcome.digest)}; rule book {code(outcome.book[:16])}; registry "
        f"seed {plan.registry.seed}, batch seed {plan.batch.seed}. The same plan, seeds, book and version of "
        "Limen give the "
        "same figures.",
        quiet=True,
    )
