"""The flow from requests to releases, drawn as SVG: what the rows are about, who was named, what was answered."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from html import escape

from limen.simulate.counting import FlowPart

INK, ALLOW, DENY, OPEN, QUIET, WRONG = "#1f2430", "#2a7f62", "#b5483a", "#c99a2e", "#8a93a3", "#7b3f9e"

ABOUT = {
    "held": "a person held, at an address of theirs",
    "elsewhere": "a person held, at another's address",
    "insufficient": "a person held, no real address",
    "nobody": "nobody the registry holds",
}
LANES = {"tin": "named by name and number", "address": "named by name and address", "nobody": "nobody named"}
ENDS = {
    "right": ("released: the person meant", ALLOW),
    "wrong": ("released: somebody else", WRONG),
    "open": ("open: a fact is missing", OPEN),
    "deny": ("denied", DENY),
}

_WIDTH, _HEIGHT, _TOP, _GAP, _BAR, _LEAST = 900, 470, 70.0, 26.0, 12.0, 2.0
_XS = (250.0, 470.0, 680.0)
_HEADS = ("what the request is about", "who cross-reference names", "what is answered")

_ORDER = {
    name: place for place, name in enumerate(("held", "elsewhere", "insufficient", "tin", "address", "nobody", *ENDS))
}
"""Bands leave and meet a bar in this order, so that few cross; `nobody` is last in its column, left and middle."""

Band = tuple[str, str]


def flow_svg(flow: Sequence[FlowPart], title: str) -> str:
    """The picture. Widths grow with the square root of the number, so that a few releases among a million requests can
    be seen; each bar has its number and its share of all."""
    columns = (dict.fromkeys(ABOUT, 0), dict.fromkeys(LANES, 0), dict.fromkeys(ENDS, 0))
    bands: tuple[dict[Band, int], dict[Band, int]] = (defaultdict(int), defaultdict(int))
    for part in flow:
        end = ("right" if part.right else "wrong") if part.verdict == "allow" else part.verdict
        for column, name in zip(columns, (part.about, part.lane, end), strict=True):
            column[name] += part.requests
        bands[0][part.about, part.lane] += part.requests
        bands[1][part.lane, end] += part.requests
    total = sum(columns[0].values())
    scale = min(
        (_HEIGHT - _TOP - 50 - _GAP * sum(map(bool, column.values()))) / sum(math.sqrt(n) for n in column.values())
        for column in columns
    )
    tops = [_tops(column, scale) for column in columns]
    drawn = [*_bands(bands, columns, tops, scale), *_bars(columns, tops, scale, total)]
    heads = "".join(
        f'<text x="{x + (0 if n == 0 else _BAR)}" y="52" text-anchor="{"end" if n == 0 else "start"}" fill="#4c5566">'
        f"{head}</text>"
        for n, (x, head) in enumerate(zip((_XS[0] + _BAR, _XS[1] - _BAR, _XS[2] - _BAR), _HEADS, strict=True))
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" '
        f'height="{_HEIGHT}" role="img" font-family="sans-serif" font-size="12" fill="{INK}">'
        f'<title>{escape(title)}</title><rect width="{_WIDTH}" height="{_HEIGHT}" fill="white"/>'
        f'<text x="16" y="24" font-size="15" font-weight="bold">{escape(title)}</text>{heads}{"".join(drawn)}'
        f'<text x="16" y="{_HEIGHT - 12}" fill="#4c5566">Of {total:,} requests. Widths grow with the square root of '
        "the number.</text></svg>"
    )


def _tall(count: int, scale: float) -> float:
    return max(_LEAST, math.sqrt(count) * scale)


def _tops(column: dict[str, int], scale: float) -> dict[str, float]:
    """Where each bar begins; what has no request has no bar."""
    y, found = _TOP, {}
    for name, count in column.items():
        if count:
            found[name] = y
            y += _tall(count, scale) + _GAP
    return found


def _bars(
    columns: Iterable[dict[str, int]], tops: Sequence[dict[str, float]], scale: float, total: int
) -> Iterable[str]:
    for place, column in enumerate(columns):
        x = _XS[place]
        at, anchor = (x - 8, "end") if place == 0 else (x + _BAR + 7, "start")
        for name, y in tops[place].items():
            tall = _tall(column[name], scale)
            words, fill = ENDS[name] if place == 2 else ((ABOUT, LANES)[place][name], INK)
            middle = y + tall / 2
            yield f'<rect x="{x}" y="{y:.1f}" width="{_BAR}" height="{tall:.1f}" fill="{fill}"/>'
            for text, down, weight in ((words, -2, "normal"), (_counted(column[name], total), 12, "bold")):
                # a white edge keeps words readable where a band passes behind them
                yield (
                    f'<text x="{at}" y="{middle + down:.1f}" text-anchor="{anchor}" font-weight="{weight}" '
                    f'stroke="white" stroke-width="3" paint-order="stroke">{escape(text)}</text>'
                )


def _counted(count: int, total: int) -> str:
    return f"{count:,} ({count / total:.2%})"


def _bands(
    bands: Iterable[dict[Band, int]],
    columns: Sequence[dict[str, int]],
    tops: Sequence[dict[str, float]],
    scale: float,
) -> Iterable[str]:
    for number, band in enumerate(bands):
        out_of = _parts(band, columns[number], tops[number], 0, scale)
        into = _parts(band, columns[number + 1], tops[number + 1], 1, scale)
        left, right = _XS[number] + _BAR, _XS[number + 1]
        half = (left + right) / 2
        for pair in band:
            (a, a_tall), (b, b_tall) = out_of[pair], into[pair]
            fill = ENDS[pair[1]][1] if number == 1 else QUIET
            yield (
                f'<path d="M{left},{a:.1f} C{half},{a:.1f} {half},{b:.1f} {right},{b:.1f} L{right},{b + b_tall:.1f} '
                f'C{half},{b + b_tall:.1f} {half},{a + a_tall:.1f} {left},{a + a_tall:.1f} Z" fill="{fill}" '
                'fill-opacity="0.28"/>'
            )


def _parts(
    band: dict[Band, int], column: dict[str, int], top: dict[str, float], side: int, scale: float
) -> dict[Band, tuple[float, float]]:
    """Where each band leaves or meets its bar, and how tall it is there: parts of the bar by their share."""
    at, found = dict(top), {}
    for pair in sorted(band, key=lambda pair: (_ORDER[pair[side]], _ORDER[pair[1 - side]])):
        name = pair[side]
        tall = _tall(column[name], scale) * band[pair] / column[name]
        found[pair] = (at[name], tall)
        at[name] += tall
    return found
