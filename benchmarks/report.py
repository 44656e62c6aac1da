"""The summary, the table and the picture of a run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from benchmarks.peer_engines import BATCH

Summary = dict[str, float | bool | str | None]


def summarise(found: dict[str, Any], rules: int) -> Summary:
    """The run as one flat object: ratios, rates, and for each peer its ratio and whether all its answers were right.

    What could not be measured is null, and `absent_...` says why.
    """
    us = found["single"]["us"]
    single = us[f"answer {rules}"]
    decided = found["decide"]["us"]
    told = found["logged"]["us"]
    summary: Summary = {
        "single_over_floor": single / us["floor"],
        "single_us": single,
        "rules_500_over_50": us["answer 500"] / single,
        "rules_2000_over_50": us["answer 2000"] / single,
        "decide_over_single": decided["decide request"] / decided["answer"],
        "decide_and_digest_over_single": decided["decide request and digest"] / decided["answer"],
        "read_over_single": decided["read"] / decided["answer"],
        "decide_facts_over_single": decided["decide facts"] / decided["answer"],
        "logged_over_decide": told["together"] / told["decide"],
        "logged_each_over_decide": told["each"] / told["decide"],
        "shipped_logged_over_decide": told["shipped together"] / told["shipped decide"],
        "bare_commit_over_decide": told["bare"] / told["decide"],
        "ledger_agrees": found["logged"]["verified"],
        "single_agrees": not any(sum(found["single"][size]["wrong"].values()) for size in ("50", "500", "2000")),
        "decide_agrees": not found["decide"]["wrong"],
    }
    book = found["decide"]["shipped"]["us"]
    summary["shipped_decide_over_single"] = book["decide request"] / book["answer"]
    summary["shipped_decide_facts_over_single"] = book["decide facts"] / book["answer"]
    for part, name in (("columns", "columns_item_verdicts_per_s"), ("batch", "batch_requests_per_s")):
        measured = found[part]
        summary[name] = None
        if isinstance(measured, str):
            summary[f"absent_{part}"] = measured
        else:
            summary.update(measured)
    cold = found["cold"]
    summary["cold_cli_over_pydantic_import"] = cold["without the second key"]["processor"]
    summary["cold_cli_with_second_key_over_pydantic_import"] = cold["with the second key"]["processor"]
    best: float | None = None
    for name, peer in rivals(found).items():
        key = name.replace("-", "_")
        summary[f"peer_{key}_over_single"] = summary[f"peer_{key}_agrees"] = None
        if "absent" in peer:
            summary[f"absent_peer_{key}"] = peer["absent"]
            continue
        if "unfinished" in peer:
            summary[f"unfinished_peer_{key}"] = f"after {list(peer['sizes'])[-1]} rules: {peer['unfinished']}"
        at = peer["sizes"][str(rules)]
        ratio = at["over_floor"] / (single / us["floor"])
        summary[f"peer_{key}_over_single"] = ratio
        summary[f"peer_{key}_agrees"] = not any(
            size["wrong"] + size.get("wrong_bare", 0) for size in peer["sizes"].values()
        )
        # A run without the peers has no best one, and casbin gives no reasons.
        one_by_one = "p50_us" in at and name != "casbin" and bool(found["peers"])
        if one_by_one and (best is None or ratio < best):
            best, summary["best_peer"] = ratio, name
    summary["best_peer_over_single"] = best
    return summary


def rivals(found: dict[str, Any]) -> dict[str, Any]:
    """The peers of a run, the network of the second key among them."""
    return {**found["peers"], "durable_rules": found["network"]}


def table(found: dict[str, Any], summary: Summary, rules: int) -> str:
    """The run for people, in Markdown."""
    us = found["single"]["us"]
    floor = us["floor"]
    lines = [
        "| engine | times the floor | p50 / p99 us | load ms at 50 / 500 / 2,000 rules | times its 50 rules at 500 / 2,000 | verdict only, times the floor | answers as the oracle |",
        "|---|---|---|---|---|---|---|",
    ]
    flo = found["single"]["floor"]
    lines.append(
        f"| hand-written Python (the floor) | 1.0 | {flo['p50_us']:.1f} / {flo['p99_us']:.1f} | - | - | - | {_agrees(summary['single_agrees'])} |"
    )
    ours = found["single"]
    loads = " / ".join(f"{ours[size]['load_ms']:.0f}" for size in ("50", "500", "2000"))
    lines.append(
        f"| **Limen, generated** | {us[f'answer {rules}'] / floor:.2f} | {ours['50']['p50_us']:.1f} / {ours['50']['p99_us']:.1f} "
        f"| {loads} | {_number(summary['rules_500_over_50'])} / {_number(summary['rules_2000_over_50'])} | - | {_agrees(summary['single_agrees'])} |"
    )
    for name, peer in sorted(rivals(found).items(), key=lambda one: _rank(one[1], rules)):
        if "absent" in peer:
            lines.append(f"| {name} | absent: {peer['absent'][:80]} | | | | | |")
            continue
        sizes = peer["sizes"]
        at = sizes[str(rules)]
        laps = f"{at['p50_us']:.0f} / {at['p99_us']:.0f}" if "p50_us" in at else "all at once"
        loads = " / ".join(f"{size['load_ms']:.0f}" for size in sizes.values())
        growth = " / ".join(f"{size['us'] / at['us']:.1f}" for key, size in sizes.items() if key != str(rules)) or "-"
        if "unfinished" in peer:
            growth = f"{growth}, then {peer['unfinished'][:80]}" if len(sizes) > 1 else peer["unfinished"][:80]
        bare = f"{at['bare']['over_floor']:.1f}" if "bare" in at else "-"
        right = _agrees(summary[f"peer_{name.replace('-', '_')}_agrees"])
        lines.append(
            f"| {name} {peer['version']} | {at['over_floor']:.1f} | {laps} | {loads} | {growth} | {bare} | {right}, {at['asked']} asked |"
        )
    lines += ["", "| what | |", "|---|---|"]
    for name, value in summary.items():
        if not name.startswith(("peer_", "absent_peer_", "unfinished_peer_")):
            lines.append(f"| `{name}` | {value if isinstance(value, str | bool) else _number(value)} |")
    parts, shipped, logged = found["decide"]["us"], found["decide"]["shipped"]["us"], found["logged"]
    lines += [
        "",
        f"A decision of the 50-rule policy, in evaluators: {_of(parts, 'decide request')} in one go. The long way: reading "
        f"the request into facts {_of(parts, 'facts')}, the decision itself {_of(parts, 'decide facts')}. Before that the "
        f"request is validated, {_of(parts, 'read')}, of which its digest takes {_of(parts, 'digest')}. "
        f"p50 / p99 {found['decide']['p50_us']:.0f} / {found['decide']['p99_us']:.0f} us.",
        f"Of the shipped book: reading {_of(shipped, 'facts')}, of which one address judged {_of(shipped, 'address')}; "
        f"digest {_of(shipped, 'digest')}, decision {_of(shipped, 'decide facts')}.",
        f"Logged one at a time, each through to the disk: p50 / p99 {logged['each_p50_us']:.0f} / {logged['each_p99_us']:.0f} us; "
        f"a bare commit of as many bytes {logged['bare_p50_us']:.0f} / {logged['bare_p99_us']:.0f} us. "
        f"A record's body has {logged['record_bytes']} bytes.",
        f"The run took {found['seconds']:.0f} s{', at small size' if found['quick'] else ''}.",
    ]
    return "\n".join(lines)


def _of(parts: dict[str, float], name: str) -> str:
    return f"{parts[name] / parts['answer']:.1f}"


def _rank(peer: dict[str, Any], rules: int) -> float:
    return float("inf") if "absent" in peer else peer["sizes"][str(rules)]["over_floor"]


def _agrees(right: object) -> str:
    return "-" if right is None else "all" if right else "NOT ALL"


def _number(value: object) -> str:
    if not isinstance(value, int | float):
        return "-"
    return f"{value:,.0f}" if value >= 1000 else f"{value:.2f}"


def picture(summary: Summary, folder: Path) -> None:
    """Each engine's time for one decision with reasons, in times of hand-written Python, as SVG and PNG."""
    try:
        import vl_convert
    except ModuleNotFoundError:
        print("no picture: the `plots` extra is not installed")
        return
    rows = [{"engine": "Limen", "times": summary["single_over_floor"], "kind": "Limen"}]
    base = summary["single_over_floor"]
    for name, value in summary.items():
        if (
            name.startswith("peer_")
            and name.endswith("_over_single")
            and isinstance(value, float)
            and isinstance(base, float)
        ):
            engine = name.removeprefix("peer_").removesuffix("_over_single").replace("_", "-")
            alone = engine not in BATCH
            rows.append({"engine": engine, "times": value * base, "kind": "one at a time" if alone else "all at once"})
    chart = {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "title": {
            "text": "One decision with reasons, 50 rules",
            "subtitle": "times hand-written Python, measured in turns; shorter is better",
            "anchor": "start",
        },
        "data": {"values": rows},
        "height": {"step": 22},
        "width": 460,
        "encoding": {
            "y": {"field": "engine", "type": "nominal", "sort": {"field": "times"}, "title": None},
            "x": {"field": "times", "type": "quantitative", "scale": {"type": "log", "domainMin": 0.2}, "title": None,
                  "axis": {"format": "~s"}},
        },
        "layer": [
            {"mark": {"type": "point", "filled": True, "size": 90},
             "encoding": {"color": {"field": "kind", "type": "nominal", "title": None,
                                    "scale": {"domain": ["Limen", "one at a time", "all at once"],
                                              "range": ["#0b6e4f", "#4c566a", "#b48ead"]}}}},
            {"mark": {"type": "text", "align": "left", "dx": 9}, "encoding": {"text": {"field": "times", "format": ",.1f"}}},
            {"mark": {"type": "rule", "strokeDash": [4, 3]}, "encoding": {"x": {"datum": 1}, "y": None}},
        ],
        "config": {"view": {"stroke": None}, "font": "sans-serif", "axis": {"grid": False}},
    }  # fmt: skip
    text = json.dumps(chart)
    (folder / "peers.svg").write_text(vl_convert.vegalite_to_svg(text), encoding="utf-8")
    (folder / "peers.png").write_bytes(vl_convert.vegalite_to_png(text, scale=2))
