"""The pictures of a report: Vega-Lite descriptions and one flow drawn here, as SVG and PNG."""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Sequence
from html import escape
from typing import Any

from limen.simulate.counting import PolicyCount
from limen.simulate.errors import SimulationError
from limen.simulate.sweep import Threshold, Turned

INK, ALLOW, DENY, OPEN, QUIET = "#1f2430", "#2a7f62", "#b5483a", "#c99a2e", "#8a93a3"
WIDTH = 640
_VERDICT = {"allow": ALLOW, "deny": DENY, "open": OPEN}
_ABOUT = {
    "held": "somebody held, at an address of theirs",
    "elsewhere": "somebody held, at another's address",
    "insufficient": "somebody held, no real address",
    "nobody": "nobody held",
}


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


def reasons_spec(policies: Sequence[PolicyCount], labels: dict[str, str]) -> dict[str, Any]:
    """How many requests each policy stops at each element first."""
    rows = [
        {"policy": one.name, "reason": labels.get(why, why or "another gateway"), "requests": count}
        for one in policies
        for why, count in one.reasons.items()
    ]
    order = [one.name for one in policies]
    return _spec(
        rows, "bar", 34 * len(order),
        y={"field": "policy", "type": "nominal", "sort": order, "title": None},
        x={"field": "requests", "type": "quantitative", "title": "requests not allowed, by the first thing in the way"},
        color={
            "field": "reason", "type": "nominal", "title": None, "scale": {"scheme": "tableau10"},
            "legend": {"orient": "bottom", "columns": 1, "labelLimit": 560},
        },
    )  # fmt: skip


def thresholds_spec(found: Sequence[Threshold]) -> dict[str, Any]:
    """Two errors of cross-reference against the threshold, in two panels with scales of their own."""
    rows = [
        {"close": one.close, "error": kind, "share": 100 * value}
        for one in found
        for kind, value in (
            ("missed: nobody named (% of rows about somebody held)", one.missed / one.held if one.held else 0.0),
            ("mistaken: the wrong person (% of those named)", one.mistaken / one.named if one.named else 0.0),
        )
    ]
    spec = _spec(
        rows, {"type": "line", "point": True, "color": INK}, 150,
        x={"field": "close", "type": "quantitative", "scale": {"zero": False},
           "title": "how alike names must be (thousandths)"},
        y={"field": "share", "type": "quantitative", "title": "%"},
    )  # fmt: skip
    spec["width"] = 280
    spec["encoding"]["column"] = {"field": "error", "type": "nominal", "title": None, "header": {"labelLimit": 300}}
    spec["resolve"] = {"scale": {"y": "independent"}}
    return spec


def origins_spec(one: PolicyCount) -> dict[str, Any]:
    """Who is misidentified and who is missed, by name origin; bars end at the share, lines show 95% of chance."""
    rows = []
    for origin in one.origins:
        for kind, hits, total in (
            ("missed (% of rows about them)", origin.missed, origin.asked),
            ("another person's data released (% of releases)", origin.wrong, origin.released),
        ):
            low, high = interval(hits, total)
            share = hits / total if total else 0.0
            rows.append({"origin": origin.group, "error": kind, "share": 100 * share, "low": low, "high": high})
    y = {"field": "origin", "type": "nominal", "title": "name origin"}
    share_of = {"field": "share", "type": "quantitative", "title": "%"}
    bar = {"mark": {"type": "bar", "color": QUIET}, "encoding": {"y": y, "x": share_of}}
    rule = {
        "mark": {"type": "rule", "color": INK},
        "encoding": {"y": y, "x": {"field": "low", "type": "quantitative"}, "x2": {"field": "high"}},
    }
    spec = _spec(rows, "bar", 150)
    for part in ("mark", "encoding", "width", "height"):
        spec.pop(part)
    spec |= {
        "facet": {"column": {"field": "error", "type": "nominal", "title": None, "header": {"labelLimit": 300}}},
        "spec": {"layer": [bar, rule], "width": 280, "height": 150},
        "resolve": {"scale": {"x": "independent"}},
    }
    return spec


def sensitivity_spec(found: Sequence[Turned]) -> dict[str, Any]:
    """Releases when each assumed knob is turned, against the plan as it stands."""
    base = found[0].released
    rows = [
        {"knob": one.knob, "turn": f"{one.value:g}", "released": one.released, "base": base}
        for one in found
        if one.knob
    ]
    y = {"field": "knob", "type": "nominal", "title": None, "axis": {"labelLimit": 260}}
    x = {
        "field": "released",
        "type": "quantitative",
        "title": "releases per 100,000 requests",
        "scale": {"zero": False},
    }
    spec = _spec(rows, "point", 26 * max(1, len({row["knob"] for row in rows})))
    spec.pop("mark")
    spec.pop("encoding")
    spec["layer"] = [
        {
            "mark": {"type": "rule", "color": QUIET},
            "encoding": {"y": y, "x": {"field": "base", "type": "quantitative"}, "x2": {"field": "released"}},
        },
        {"mark": {"type": "point", "filled": True, "size": 60, "color": INK}, "encoding": {"y": y, "x": x}},
        {
            "mark": {"type": "text", "dy": -9, "fontSize": 9, "color": QUIET},
            "encoding": {"y": y, "x": x, "text": {"field": "turn"}},
        },
    ]
    return spec


def interval(hits: int, total: int) -> tuple[float, float]:
    """The 95% interval of a share, in per cent (Wilson, 1927).

    >>> interval(0, 0)
    (0.0, 0.0)
    """
    if not total:
        return 0.0, 0.0
    z, share = 1.96, hits / total
    middle = share + z * z / (2 * total)
    spread = z * (share * (1 - share) / total + z * z / (4 * total * total)) ** 0.5
    whole = 1 + z * z / total
    return 100 * max(0.0, (middle - spread) / whole), 100 * min(1.0, (middle + spread) / whole)


def flow_svg(flow: Sequence[tuple[str, str, str, int]], title: str) -> str:
    """From what the rows are about, through the lane, to the verdict. Bands are drawn by the square root of their
    size, so that a few releases among a million rows can be seen; each has its number."""
    columns = (dict.fromkeys(_ABOUT, 0), dict[str, int](), {"allow": 0, "deny": 0, "open": 0})
    bands: tuple[dict[tuple[str, str], int], ...] = (defaultdict(int), defaultdict(int))
    for about, lane, verdict, count in flow:
        for column, name in zip(columns, (about, lane, verdict), strict=True):
            column[name] = column.get(name, 0) + count
        bands[0][about, lane] += count
        bands[1][lane, verdict] += count
    height, gap, bar = 330.0, 18.0, 12.0
    xs = (230.0, 440.0, 640.0)
    total = max(sum(_size(n) for n in column.values() if n) for column in columns)
    scale = (height - gap * 4) / total
    parts = [f'<title>{escape(title)}</title><rect width="800" height="400" fill="white"/>']
    tops: list[dict[str, float]] = []
    for place, (x, column) in enumerate(zip(xs, columns, strict=True)):
        y, top = 40.0, dict[str, float]()
        for name, count in column.items():
            if not count:
                continue
            tall = max(2.0, _size(count) * scale)
            top[name] = y
            fill = _VERDICT.get(name, INK)
            parts.append(f'<rect x="{x}" y="{y:.1f}" width="{bar}" height="{tall:.1f}" fill="{fill}"/>')
            at, anchor = (x - 8, "end") if place == 0 else (x + bar + 6, "start")
            said = _ABOUT.get(name, name)
            parts.append(
                f'<text x="{at}" y="{y + tall / 2 - 2:.1f}" text-anchor="{anchor}">{escape(said)}</text>'
                f'<text x="{at}" y="{y + tall / 2 + 11:.1f}" text-anchor="{anchor}" font-weight="bold">{count:,}</text>'
            )
            y += tall + gap
        tops.append(top)
    for number, band in enumerate(bands):
        out_of = _offsets(band, columns[number], tops[number], 0, scale)
        into = _offsets(band, columns[number + 1], tops[number + 1], 1, scale)
        left, right = xs[number] + bar, xs[number + 1]
        half = (left + right) / 2
        for pair in band:
            (a, a_tall), (b, b_tall) = out_of[pair], into[pair]
            fill = _VERDICT.get(pair[1], QUIET)
            parts.insert(1, "")
            parts[1] = (
                f'<path d="M{left},{a:.1f} C{half},{a:.1f} {half},{b:.1f} {right},{b:.1f} L{right},{b + b_tall:.1f} '
                f'C{half},{b + b_tall:.1f} {half},{a + a_tall:.1f} {left},{a + a_tall:.1f} Z" fill="{fill}" '
                f'fill-opacity="0.28"/>'
            )
    background = '<rect width="800" height="400" fill="white"/>'
    body = "".join(parts).replace(background, "")
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 400" width="800" height="400" role="img" '
        f'font-family="sans-serif" font-size="11" fill="{INK}">{background}{body}</svg>'
    )


def _size(count: int) -> float:
    return math.sqrt(count)


def _offsets(
    band: dict[tuple[str, str], int], column: dict[str, int], top: dict[str, float], side: int, scale: float
) -> dict[tuple[str, str], tuple[float, float]]:
    """Where each band leaves or meets its bar, and how tall it is there: parts of the bar by their share."""
    at = dict(top)
    found = {}
    for pair in sorted(band, key=lambda pair: [list(top).index(pair[side]), pair]):
        name = pair[side]
        tall = max(2.0, _size(column[name]) * scale) * band[pair] / column[name]
        found[pair] = (at[name], tall)
        at[name] += tall
    return found


def _spec(rows: list[dict[str, Any]], mark: str | dict[str, Any], height: int, **encoding: Any) -> dict[str, Any]:
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "data": {"values": rows},
        "mark": mark,
        "width": WIDTH,
        "height": height,
        "encoding": encoding,
        "background": "white",
        "config": {"view": {"stroke": None}, "axis": {"grid": True, "gridColor": "#e8eaee", "labelLimit": 260}},
    }
