"""The parts of a report that show figures: one function a section, HTML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

from limen.simulate.counting import PolicyCount
from limen.simulate.outcome import CHANCE, Outcome
from limen.simulate.pieces import Cell, Content, Raw, code, listed, mark, para, picture, quoted, table
from limen.simulate.plan import Policy
from limen.simulate.plots import interval, number, percent
from limen.simulate.sweep import Threshold, Turned

MEASURES = {
    "released": "addresses released",
    "released_by_tin": "released by name and number",
    "released_by_address": "released by name and address",
    "released_defective": "released on an address that is not complete",
    "released_updated": "released with another address than the one stated",
}


def verdicts(outcome: Outcome) -> str:
    """Allow, deny, open of each policy."""
    rows: list[list[Content]] = [
        [
            code(one.name),
            *(Cell(one.verdicts[word], one.requests) for word in ("allow", "deny", "open")),
            Cell(one.by_tin, one.released), Cell(one.by_address, one.released),
        ]
        for one in outcome.policies
    ]  # fmt: skip
    return table(
        f"Shares of allow, deny and open are of {outcome.policies[0].requests:,} requests; the last two columns split "
        "the requests allowed, and their shares are of those",
        ["policy", "allow", "deny", "open", "allowed by name and number", "allowed by name and address"],
        rows,
    )


def flow(outcome: Outcome, pictures: Mapping[str, str]) -> str:
    """What becomes of the requests under the first policy."""
    name = outcome.policies[0].name
    return para(
        f"Under {code(name)}: what the requests are about in truth, whom cross-reference names, and what is answered."
    ) + picture(
        pictures, "flow", f"The flow of all requests to their answers under {name}; the tables hold the numbers"
    )


def reasons(outcome: Outcome, labels: Mapping[str, str], pictures: Mapping[str, str]) -> str:
    """What is in the way, counted once by the first reason and again for every reason."""
    found = [why for why in labels if any(why in one.every_reason for one in outcome.policies)]
    elsewhere = any("" in one.reasons for one in outcome.policies)
    head = ["policy", "not allowed", *(labels[why] for why in found), *(["another gateway"] if elsewhere else [])]
    first: list[list[Content]] = [
        [
            code(one.name), Cell(one.requests - one.released, one.requests),
            *(Cell(one.reasons.get(why, 0), one.requests - one.released) for why in found),
            *([Cell(one.reasons.get("", 0), one.requests - one.released)] if elsewhere else []),
        ]
        for one in outcome.policies
    ]  # fmt: skip
    every: list[list[Content]] = [
        [code(one.name), Cell(one.requests - one.released, one.requests), *(_every(one, why) for why in found)]
        for one in outcome.policies
    ]
    unknown = sum(sum(one.not_known.values()) for one in outcome.policies)
    told = "" if unknown else " In this batch every fact is stated, so nothing is open because it is not known."
    strangers = sum(part.requests for part in outcome.flow if part.about == "nobody")
    whole = outcome.policies[0].requests
    about = (
        f"Of the {whole:,} requests {strangers:,} ({percent(strangers, whole)}) are about people the registry does not "
    )
    return (
        para(
            f"A request is allowed only if every element of {code(outcome.plan.gateway)} is met and nothing bars it. A "
            f"request can lack several at once. {about}hold: no name and address of theirs can be those of a taxpayer "
            f"it knows.{told}"
        )
        + picture(pictures, "reasons", "For each policy, how many requests lack each element; the second table below")
        + table(
            "First reason: each request not allowed counts once, under the first element, in the order of the law, "
            "that it lacks. Shares are of the requests not allowed",
            head,
            first,
        )
        + table(
            "Every reason: each request counts under all that it lacks, so rows do not add up. Shares are of the "
            "requests not allowed",
            [*head[:2], *(labels[why] for why in found)],
            every,
        )
    )


def _every(one: PolicyCount, why: str) -> Content:
    missing, unknown = one.every_reason.get(why, 0), one.not_known.get(why, 0)
    if not unknown:
        return Cell(missing, one.requests - one.released)
    share = percent(missing, one.requests - one.released)
    return Raw(f"{missing:,} <small>{escape(share)}</small><br><small>{unknown:,} of them not known</small>")


def errors(outcome: Outcome, pictures: Mapping[str, str]) -> str:
    """Releases about somebody else, and persons nobody found; by policy and by name origin."""
    first = outcome.policies[0]
    rows: list[list[Content]] = [
        [
            code(one.name), Cell(one.released), Cell(one.wrong, one.released),
            Cell(one.wrong_about.get("nobody", 0), one.released), Cell(one.defective, one.released),
            Cell(one.updated, one.released), Cell(one.missed, one.asked_held),
        ]
        for one in outcome.policies
    ]  # fmt: skip
    head = [
        "policy", "released", "about somebody else than meant", "of these, where the person meant is not in the "
        "registry",
        "no complete address stated", "another address than stated goes out", "missed: held, but nobody named",
    ]  # fmt: skip
    origins: list[list[Content]] = []
    for one in first.origins:
        low, high = interval(one.missed, one.asked)
        low_wrong, high_wrong = interval(one.wrong, one.released)
        origins.append(
            [
                one.group, Cell(one.asked), Cell(one.missed, one.asked), f"{low:.1f}-{high:.1f}%",
                Cell(one.mistaken, one.asked), Cell(one.released), Cell(one.wrong, one.released),
                f"{low_wrong:.1f}-{high_wrong:.1f}%",
            ]
        )  # fmt: skip
    return (
        para(
            "Two mistakes are counted: an address released that is not that of the person meant, and a person in the "
            "registry whom nobody found. A wrong release tells an agency where some other person lives."
        )
        + table(
            f"Shares of releases, except the last column: of {first.asked_held:,} requests about somebody held. What "
            "is missed is a matter of cross-reference, so policies that match alike miss alike",
            head,
            rows,
        )
        + picture(pictures, "origins", f"Errors by name origin under {first.name}; the table below holds the numbers")
        + table(
            f"By name origin, under {first.name}. The ranges hold the share with 95% certainty, given so few or so "
            "many requests. Where a range is wide, the numbers are too small to say that one origin fares worse",
            ["name origin", "requests about them", "missed", "range", "taken for another", "released",
             "another's data released", "range"],
            origins,
        )
    )  # fmt: skip


def thresholds(found: Sequence[Threshold], used: int, pictures: Mapping[str, str]) -> str:
    """Errors of cross-reference at other thresholds, with and without confirming the address."""
    rows: list[list[Content]] = [
        [
            f"{one.close}{' (the plan)' if one.close == used else ''}",
            "confirmed" if one.confirm else "not confirmed",
            Cell(one.named, one.rows), Cell(one.mistaken, one.named), Cell(one.missed, one.held),
        ]
        for one in found
    ]  # fmt: skip
    return (
        para(
            "Names are compared letter by letter; 1,000 means that they are the same. A low threshold takes different "
            "people for one; a high one misses people whose name is spelled otherwise. No source says which was used."
        )
        + picture(pictures, "thresholds", "Persons missed and persons mistaken at each threshold; the table below")
        + table(
            f"The first {found[0].rows:,} requests, {found[0].held:,} of them about somebody held. Shares: named, of "
            "all requests; another person named, of those named; missed, of those about somebody held",
            ["threshold", "stated address", "named", "another person named", "missed"],
            rows,
            words=2,
        )
    )


def flips(outcome: Outcome) -> str:
    """How many requests one policy allows and another does not, for each pair; and each twin against its original."""
    whole = outcome.policies[0].requests
    lost: dict[tuple[str, str], int] = {}
    for flip in (*outcome.flips, *(flip.turned for flip in outcome.flips)):
        if flip.verdict_before == "allow":
            lost[flip.before, flip.after] = lost.get((flip.before, flip.after), 0) + flip.requests
    idle = [code(one.name) for one in outcome.policies if not one.released]
    busy = [one.name for one in outcome.policies if one.released]
    told = "" if busy else para(f"No policy allows any of the {whole:,} requests.")
    if busy and idle:
        word = "allow" if len(idle) > 1 else "allows"
        told = para(f"{listed(idle)} {word} none: every request that another policy allows is not allowed there.")
    if len(busy) < 2:
        return _asked(outcome) + told
    rows: list[list[Content]] = []
    for row in busy:
        rows.append([code(row), *("" if row == other else f"{lost.get((row, other), 0):,}" for other in busy)])
    return (
        _asked(outcome)
        + told
        + table(
            f"Requests that the policy of the row allows and the policy of the column does not, of {whole:,}",
            ["allowed under", *(f"not under {name}" for name in busy)],
            rows,
        )
    )


def _asked(outcome: Outcome) -> str:
    """What the questions asked change, where there are any."""
    twins = [policy for policy in outcome.plan.compare if policy.beside]
    if not twins:
        return ""
    changed = {twin.name: outcome.changed_by(twin) for twin in twins}
    told: list[list[Content]] = [
        [
            code(name),
            f"{flip.verdict_before} to {flip.verdict_after}",
            Cell(flip.requests, outcome.policies[0].requests),
        ]
        for name, found in changed.items()
        for flip in found
    ]
    same = [code(name) for name, found in changed.items() if not found]
    asked = dict.fromkeys(listed(twin.told()) for twin in twins)
    parts = [para(f"The question asked: what if {quoted('; or what if '.join(asked))}?")]
    if told:
        parts.append(table("Answers the question changes", ["policy", "from, to", "requests"], told, words=2))
    if same:
        parts.append(para(f"It changes no answer under {listed(same)}: there, something else is in the way too."))
    return "".join(parts)


def targets(outcome: Outcome) -> str:
    """Each public figure, what came out, and whether that meets it."""
    rows: list[list[Content]] = []
    for one in outcome.targets:
        t = one.target
        public = f"under {t.value:,}" if t.compare == "under" else f"{t.value:,}"
        off = "" if one.off is None else f"{one.off:+.2%} (asked: within {t.within:.0%})"
        chance = f" ± {one.chance:,.0f}" if one.chance else ""
        rows.append(
            [
                MEASURES[t.measure],
                t.source,
                mark("met" if one.met else "missed"),
                public,
                f"{one.found:,.0f}{chance}",
                off,
            ]
        )
    size, full = outcome.plan.batch.size, outcome.full_size
    scaled = (
        f", counted on {size:,} requests and scaled to {full:,}; ±: what chance moves it (95%)" if size != full else ""
    )
    return para(
        "The plan was calibrated to these figures by turning knobs that no source gives. Nothing was told to the "
        "rules or to cross-reference."
    ) + table(f"Public figures beside simulated ones{scaled}", ["figure", "source of the public figure", "", "public",
              "simulated", "off by"], rows, words=3)  # fmt: skip


def knobs(outcome: Outcome) -> str:
    """Every number that goes in, and where it comes from."""
    rows: list[list[Content]] = [
        [code(one.name), mark(one.kind), one.because, "none" if one.value is None else _plain(one.value)]
        for one in outcome.knobs
    ]
    return para(
        "Every number that goes into the simulation. A <i>knob</i> is a number that no source gives: it was assumed, "
        "or turned until the public figures came out. Other sets of knobs would meet those figures as well, so meeting "
        "them proves none of these numbers."
    ) + table(
        "Numbers of the registry, the batch and the match",
        ["number", "", "source, or why it is assumed", "value"],
        rows,
        words=3,
    )


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:,}" if isinstance(value, int) and value >= 10_000 else str(value)


def turned(found: Sequence[Turned], name: str, pictures: Mapping[str, str]) -> str:
    """What each assumed knob does when it is turned."""
    base = found[0]
    rows: list[list[Content]] = [
        [
            code(one.knob) if one.knob else Raw("<b>the plan as it stands</b>"),
            f"{number(one.base)} to {number(one.value)}" if one.knob else "",
            *(
                f"{figure:,.0f}"
                for figure in (one.released, one.by_tin, one.by_address, one.defective, one.wrong, one.missed)
            ),
            f"{one.released / base.released - 1:+.1%}" if one.knob and base.released else "",
        ]
        for one in found
    ]
    chance = CHANCE * (base.released * 100_000 / base.rows) ** 0.5
    return (
        para(
            "Each assumed knob was turned down and up, with all else and the seeds as they are. Where the releases "
            "move much, the public figures tell little about the knob by itself: another knob could be "
            "turned to make up "
            "for it."
        )
        + picture(pictures, "sensitivity", "Releases when each knob is turned; the table below holds the numbers")
        + table(
            f"Under {name}, per 100,000 requests, from {base.rows:,} requests for each turn. Another draw would move "
            f"{base.released:,.0f} releases by about {chance:,.0f}; all turns share one draw, so what differs is "
            "mostly the knob",
            ["knob turned", "from, to", "released", "by number", "by address", "no complete address", "wrong person",
             "missed", "releases change by"],
            rows,
            words=2,
        )
    )  # fmt: skip


def cases(files: Sequence[Path], policies: Sequence[Policy]) -> str:
    """How to look at single rows: for each policy how many, and the words that open one."""
    by_policy = {policy.name: [file for file in files if file.parent.name == policy.name] for policy in policies}
    rows: list[list[Content]] = []
    for policy in policies:
        if found := by_policy[policy.name]:
            first = next((file for file in found if file.name.startswith("allow")), found[0])
            opened = f"limen decide cases/{policy.name}/{first.name} --profile {policy.profile}"
            rows.append([code(policy.name), code(opened), f"{len(found):,}"])
    return para(
        f"{len(files):,} rows, some for each policy, answer and first reason, are in the folder <code>cases</code> "
        "beside this page. Each is a whole request that can be decided again by itself, from the folder of this page. "
        "The last lines then name the record in the ledger (the first decision in a new ledger is record 2), and "
        "<code>limen explain 2</code> explains it element by element."
    ) + table("For each policy one of its cases, how to open it, and how many there are", ["policy", "to open one",
              "cases"], rows, words=2)  # fmt: skip
