"""The charts of a report: Vega-Lite descriptions, as SVG and PNG. Each can stand alone: it has a title and says of how
many its shares are."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from textwrap import wrap
from typing import Any

from limen.simulate.counting import PolicyCount
from limen.simulate.errors import SimulationError
from limen.simulate.flow import DENY, INK, QUIET, WRONG
from limen.simulate.outcome import CHANCE
from limen.simulate.sweep import Threshold, Turned

WIDTH = 640


def svg_of(spec: dict[str, Any]) -> str:
    """A Vega-Lite description as SVG. Raises `SimulationError` where the `plots` extra is missing."""
    return str(_converter().vegalite_to_svg(json.dumps(spec)))


def png_of(svg: str) -> bytes:
    """An SVG as PNG, twice the size for sharp screens."""
    return bytes(_converter().svg_to_png(svg, scale=2))


def can_draw() -> bool:
    """Whether the library for pictures is here."""
    try:
        _converter()
    except SimulationError:
        return False
    return True


def _converter() -> Any:
    try:
        import vl_convert
    except ModuleNotFoundError:
        raise SimulationError("pictures need `vl-convert-python`: install `limen[plots]`") from None
    return vl_convert


def reasons_spec(policies: Sequence[PolicyCount], labels: Mapping[str, str]) -> dict[str, Any]:
    """For each policy, in how many requests each element is not met, not known or barred, whatever else is."""
    requests = policies[0].requests
    order = [why for why in labels if any(why in one.every_reason for one in policies)]
    names = {why: "|".join(wrap(labels[why], 17)) for why in order}
    rows = [
        {"policy": one.name, "reason": names[why], "share": many / requests, "text": percent(many, requests)}
        for one in policies
        for why in order
        for many in [one.every_reason.get(why, 0)]
    ]
    y = {"field": "policy", "type": "nominal", "sort": [one.name for one in policies], "title": None}
    x = {
        "field": "reason", "type": "nominal", "sort": list(names.values()), "title": None,
        "axis": {"orient": "bottom", "labelAngle": 0, "labelPadding": 6, "labelLimit": 400,
                 "labelExpr": "split(datum.label, '|')", "grid": False, "ticks": False, "domain": False},
    }  # fmt: skip
    colour = {
        "field": "share", "type": "quantitative", "legend": None,
        "scale": {"domain": [0, 1], "range": ["#f6f2ee", "#e7b7a8", DENY]},
    }  # fmt: skip
    ink = {"condition": {"test": "datum.share > 0.7", "value": "white"}, "value": INK}
    return _chart(
        "What is in the way",
        f"Share of {requests:,} requests in which it is missing; one request can lack several",
        {"values": rows},
        layer=[
            {"mark": {"type": "rect", "stroke": "white", "strokeWidth": 2},
             "encoding": {"x": x, "y": y, "color": colour}},
            {"mark": {"type": "text", "fontSize": 12},
             "encoding": {"x": x, "y": y, "text": {"field": "text"}, "color": ink}},
        ],
        width={"step": 112},
        height={"step": 30},
    )  # fmt: skip


def thresholds_spec(found: Sequence[Threshold], used: int) -> dict[str, Any]:
    """Two errors of cross-reference against the threshold, in two panels with scales of their own."""
    held, rows = found[0].held, found[0].rows
    missed = f"missed: nobody named (of {held:,} about a person held)"
    mistaken = "mistaken: another person named (of all named)"
    ways = {False: "name and number are enough", True: "the stated address is confirmed"}
    values = [
        {"close": one.close, "error": kind, "share": share, "way": ways[one.confirm]}
        for one in found
        for kind, share in (
            (missed, one.missed / one.held if one.held else 0.0),
            (mistaken, one.mistaken / one.named if one.named else 0.0),
        )
    ]
    x = {
        "field": "close", "type": "quantitative", "scale": {"zero": False},
        "title": "how alike two names must be (thousandths)",
    }  # fmt: skip
    y = {"field": "share", "type": "quantitative", "title": None, "axis": {"format": ".1%"}, "scale": {"zero": True}}
    colour = {
        "field": "way", "type": "nominal", "title": None, "legend": {"orient": "bottom"},
        "scale": {"domain": list(ways.values()), "range": [DENY, "#3b6ea5"]},
    }  # fmt: skip
    lines = {"mark": {"type": "line", "point": True}, "encoding": {"x": x, "y": y, "color": colour}}
    rule = {"mark": {"type": "rule", "color": QUIET, "strokeDash": [4, 3]}, "encoding": {"x": {"datum": used}}}
    return _chart(
        "Error against the match threshold",
        f"First {rows:,} requests. The dashed line is the threshold of the plan ({used})",
        {"values": values},
        facet={"column": {"field": "error", "type": "nominal", "title": None, "sort": [missed, mistaken],
                          "header": {"labelLimit": 400, "labelFontSize": 11}}},
        spec={"layer": [lines, rule], "width": 310, "height": 190},
        resolve={"scale": {"y": "independent"}},
    )  # fmt: skip


def origins_spec(one: PolicyCount) -> dict[str, Any]:
    """Who is misidentified and who is missed, by name origin; bars end at the share, lines show 95% of chance."""
    missed, mistaken, wrong = "nobody found (of requests about them)", "taken for another (of requests about them)", (
        "another's data released (of releases)")  # fmt: skip
    rows = []
    for origin in one.origins:
        for kind, hits, total in (
            (missed, origin.missed, origin.asked),
            (mistaken, origin.mistaken, origin.asked),
            (wrong, origin.wrong, origin.released),
        ):
            low, high = interval(hits, total)
            share = hits / total if total else 0.0
            told = f"{hits:,} of {total:,}"
            rows.append({"origin": origin.group, "error": kind, "share": share, "low": low / 100, "high": high / 100,
                         "text": told})  # fmt: skip
    order = [origin.group for origin in sorted(one.origins, key=lambda origin: -origin.asked)]
    y = {"field": "origin", "type": "nominal", "title": None, "sort": order}
    end = {"field": "share", "type": "quantitative", "title": None, "axis": {"format": "~%", "tickCount": 4}}
    colour = {
        "field": "error", "type": "nominal", "legend": None,
        "scale": {"domain": [missed, mistaken, wrong], "range": [QUIET, "#c99a2e", WRONG]},
    }  # fmt: skip
    bar = {"mark": {"type": "bar", "height": 14}, "encoding": {"y": y, "x": end, "color": colour}}
    rule = {
        "mark": {"type": "rule", "color": INK, "strokeWidth": 1.5},
        "encoding": {"y": y, "x": {"field": "low", "type": "quantitative"}, "x2": {"field": "high"}},
    }
    text = {
        "mark": {"type": "text", "align": "left", "dx": 5, "fontSize": 10, "color": "#4c5566"},
        "encoding": {"y": y, "x": {"field": "high", "type": "quantitative"}, "text": {"field": "text"}},
    }
    return _chart(
        f"Who is missed and who is misidentified, by name origin, under {one.name}",
        "Bars: the share; black lines: what chance allows (95%). Scales differ from panel to panel",
        {"values": rows},
        facet={"column": {"field": "error", "type": "nominal", "title": None, "sort": [missed, mistaken, wrong],
                          "header": {"labelFontSize": 11, "labelLimit": 300}}},
        spec={"layer": [bar, rule, text], "width": 215, "height": 150},
        resolve={"scale": {"x": "independent"}},
    )  # fmt: skip


def sensitivity_spec(found: Sequence[Turned]) -> dict[str, Any]:
    """Releases when each assumed knob is turned, against the plan as it stands, the strongest knob on top."""
    base = found[0].released
    rows = [
        {"knob": f"{one.knob} (now {number(one.base)})", "turn": number(one.value), "released": one.released,
         "base": base, "down": one.value < one.base}
        for one in found
        if one.knob
    ]  # fmt: skip
    spans: dict[str, float] = {}
    for row, one in zip(rows, (one for one in found if one.knob), strict=True):
        knob = str(row["knob"])
        spans[knob] = max(spans.get(knob, 0.0), abs(one.released - base))
    y = {
        "field": "knob", "type": "nominal", "title": None, "axis": {"labelLimit": 320},
        "sort": sorted(spans, key=lambda knob: (-spans[knob], knob)),
    }  # fmt: skip
    x = {
        "field": "released",
        "type": "quantitative",
        "title": "releases per 100,000 requests",
        "scale": {"zero": False},
    }
    start = {"field": "base", "type": "quantitative"}
    return _chart(
        "What the releases hang on",
        f"Each assumed knob turned down (label below) and up (label above), {found[0].rows:,} requests each",
        {"values": rows},
        layer=[
            {"mark": {"type": "rule", "color": QUIET, "strokeDash": [4, 3]}, "encoding": {"x": {"datum": base}}},
            {"mark": {"type": "rule", "color": QUIET, "strokeWidth": 5},
             "encoding": {"y": y, "x": start, "x2": {"field": "released"}}},
            {"mark": {"type": "point", "filled": True, "size": 70, "color": INK, "opacity": 1},
             "encoding": {"y": y, "x": x}},
            *(
                {"transform": [{"filter": f"datum.down == {str(down).lower()}"}],
                 "mark": {"type": "text", "dy": 13 if down else -11, "fontSize": 10, "color": "#4c5566"},
                 "encoding": {"y": y, "x": x, "text": {"field": "turn"}}}
                for down in (True, False)
            ),
        ],
        width=WIDTH - 120,
        height={"step": 44},
    )  # fmt: skip


def percent(part: int, whole: int) -> str:
    """A share in words that do not round something to nothing or nearly all to all.

    >>> percent(0, 7), percent(7, 7), percent(1, 8), percent(1, 1_000_000), percent(999_999, 1_000_000)
    ('0%', '100%', '12.5%', '<0.1%', '>99.9%')
    """
    if not whole:
        return "none"
    share = part / whole
    if part and share < 0.001:
        return "<0.1%"
    if part < whole and share > 0.999:
        return ">99.9%"
    return f"{share:.1%}".replace(".0%", "%")


def number(value: float) -> str:
    """A number as a reader writes it.

    >>> number(1_000_000.0), number(0.005), number(920)
    ('1,000,000', '0.005', '920')
    """
    return f"{value:,.0f}" if value >= 1000 else f"{value:g}"


def interval(hits: int, total: int) -> tuple[float, float]:
    """The 95% interval of a share, in per cent (Wilson, 1927).

    >>> interval(0, 0)
    (0.0, 0.0)
    """
    if not total:
        return 0.0, 0.0
    z, share = CHANCE, hits / total
    middle = share + z * z / (2 * total)
    spread = z * (share * (1 - share) / total + z * z / (4 * total * total)) ** 0.5
    whole = 1 + z * z / total
    return 100 * max(0.0, (middle - spread) / whole), 100 * min(1.0, (middle + spread) / whole)


def _chart(title: str, subtitle: str, data: dict[str, Any], **parts: Any) -> dict[str, Any]:
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "title": {"text": title, "subtitle": subtitle, "anchor": "start", "fontSize": 15, "subtitleColor": "#4c5566",
                  "subtitleFontSize": 12, "offset": 14, "frame": "bounds"},
        "data": data,
        **parts,
        "background": "white",
        "padding": 12,
        "config": {"view": {"stroke": None}, "font": "sans-serif",
                   "axis": {"gridColor": "#e8eaee", "labelLimit": 260, "labelFontSize": 11, "titleFontWeight": "normal",
                            "labelColor": INK, "titleColor": "#4c5566", "domainColor": "#c4c9d2",
                            "tickColor": "#c4c9d2"}},
    }  # fmt: skip
