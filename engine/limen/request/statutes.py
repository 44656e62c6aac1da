"""Which law a request cites, and what that designates: a crime, a tax crime, a civil matter.

The list is data, `data/statutes.json`, with a mark of certainty on each entry. A citation that is not on
it designates nothing that we know of; it is never a crime by default.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

DESIGNATIONS = (
    "usc_8_1253_a_1", "usc_8_1253_b", "usc_8_1306", "usc_8_1324", "usc_8_1325", "usc_8_1326", "other_federal_crime",
    "federal_tax_crime", "usc_8_1324d", "unlawful_presence", "other_civil", "none",
)  # fmt: skip

_NUMBER = r"\d+[A-Za-z]?(?:-\d+)?"
_PARAGRAPH = r"(?:\s?\([A-Za-z0-9]{1,5}\))*"
_SECTION = rf"(?P<section>{_NUMBER})(?P<paragraph>{_PARAGRAPH})"
_MARK = r"(?:§{1,2}|[Ss]ections?|[Ss]ecs?\.)?\s*"
_CODE = (
    re.compile(rf"(?P<title>\d+)\s*U\.?\s?S\.?\s?C\.?(?:ode)?\s*{_MARK}{_SECTION}"),
    re.compile(rf"[Ss]ection\s+{_SECTION}\s+of\s+[Tt]itle\s+(?P<title>\d+)"),
    re.compile(rf"[Tt]itle\s+(?P<title>\d+),?\s*(?:U\.?\s?S\.?\s?C\.?|United States Code)?,?\s*{_MARK}{_SECTION}"),
)
_ACT = re.compile(rf"(?:INA|I\.N\.A\.|Immigration and Nationality Act),?\s*{_MARK}{_SECTION}")
_ONE_MORE = re.compile(rf"\s*(?:,|;|&|,?\s*(?:and|or))\s*§?\s*{_SECTION}(?!\s*(?:U\.?\s?S\.?\s?C|[A-Za-z0-9]))")

_LONGEST_NOTHING = 40
_DIGITS = "0123456789"
_IMMIGRATION = re.compile(
    r"\b(?:INA|I\.N\.A|immigration|unlawful presence|overstay|title 8|8\s*U\.?\s?S\.?\s?C)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Provision:
    """A provision as cited: title of the U.S. Code, section, paragraph path (`""` for the whole section)."""

    title: int
    section: str
    paragraph: str


@dataclass(frozen=True, slots=True)
class _Lists:
    provisions: tuple[tuple[Provision, frozenset[str]], ...]
    ranges: tuple[tuple[int, int, int, frozenset[str]], ...]
    act: dict[str, str]
    phrases: tuple[tuple[str, frozenset[str]], ...]
    bodies_of_law: frozenset[str]
    says_nothing: frozenset[str]


@cache
def _lists() -> _Lists:
    content: dict[str, Any] = json.loads((Path(__file__).parent / "data" / "statutes.json").read_text(encoding="utf-8"))
    provisions = [
        (Provision(e["title"], e["section"], e.get("paragraph", "")), frozenset(e["designates"]))
        for e in content["provisions"]
    ]
    return _Lists(
        provisions=tuple(sorted(provisions, key=lambda entry: -len(entry[0].paragraph))),
        ranges=tuple((e["title"], e["from"], e["to"], frozenset(e["designates"])) for e in content["ranges"]),
        act={k.lower(): v for k, v in content["sections_of_the_immigration_and_nationality_act"].items()},
        phrases=tuple((e["words"], frozenset(e["designates"])) for e in content["phrases"]),
        bodies_of_law=frozenset(content["bodies_of_law"]),
        says_nothing=frozenset(content["says_nothing"]),
    )


def says_nothing(text: str) -> bool:
    """Whether `text` only fills a box (`n/a`, `see file`): the same, in law, as leaving it blank."""
    return len(text) <= _LONGEST_NOTHING and _folded(text) in _lists().says_nothing


def says(text: str) -> bool | None:
    """Whether `text` says something and does not only fill a box; `None` where what it says is `unknown`."""
    # No text that only fills a box is long or ends in a digit.
    if len(text) > _LONGEST_NOTHING or text[-1:] in _DIGITS:
        return True
    folded = _folded(text)
    return None if folded == "unknown" else folded not in _lists().says_nothing


@lru_cache(maxsize=4096)
def provisions_cited(text: str) -> tuple[Provision, ...] | None:
    """Every provision of the U.S. Code that `text` cites, each once, in the order of the code.

    `None` if it cites a section of the Immigration and Nationality Act whose place in the code is not listed.

    >>> provisions_cited("INA § 243(a)(1); 8 USC 1326 (a)")
    (Provision(title=8, section='1253', paragraph='(a)(1)'), Provision(title=8, section='1326', paragraph='(a)'))
    """
    found: set[Provision] = set()
    for pattern in _CODE:
        for cited in pattern.finditer(text):
            title = int(cited["title"])
            found.update(Provision(title, section, paragraph) for section, paragraph in _run(text, cited))
    for cited in _ACT.finditer(text):
        for section, paragraph in _run(text, cited):
            if section not in _lists().act:
                return None
            found.add(Provision(8, _lists().act[section], paragraph))
    return tuple(sorted(found, key=lambda p: (p.title, p.section, p.paragraph)))


@lru_cache(maxsize=4096)
def designations(text: str) -> frozenset[str] | None:
    """What `text` may designate: the words of `DESIGNATIONS` that fit each law it cites; `None` where not known.

    A body of law named without a provision designates `none` in particular.

    >>> sorted(designations("8 U.S.C. 1253")), sorted(designations("8 U.S.C. 1324d")), sorted(designations("INA"))
    (['usc_8_1253_a_1', 'usc_8_1253_b'], ['usc_8_1324d'], ['none'])
    """
    cited = provisions_cited(text)
    if cited is None:
        return None
    found: set[str] = set()
    for provision in cited:
        meaning = _designated_by(provision)
        if meaning is None:
            return None
        found |= meaning
    folded = _folded(text)
    for words, meaning in _lists().phrases:
        if words in folded:
            found |= meaning
    if found:
        return frozenset(found)
    return (
        frozenset({"none"})
        if folded.rstrip(".") in _lists().bodies_of_law or folded in _lists().bodies_of_law
        else None
    )


@lru_cache(maxsize=4096)
def is_immigration_law(text: str) -> bool:
    """Whether `text` cites, or names, the law on aliens and nationality: title 8 of the U.S. Code, or the Act.

    >>> is_immigration_law("8 U.S.C. 1231"), is_immigration_law("INA"), is_immigration_law("18 U.S.C. 1001")
    (True, True, False)
    """
    return _IMMIGRATION.search(text) is not None


def _designated_by(cited: Provision) -> frozenset[str] | None:
    for listed, meaning in _lists().provisions:
        same = (listed.title, listed.section) == (cited.title, cited.section)
        if same and cited.paragraph.startswith(listed.paragraph):
            return meaning
    if cited.section.isdigit():
        for title, first, last, meaning in _lists().ranges:
            if cited.title == title and first <= int(cited.section) <= last:
                return meaning
    return None


def _run(text: str, cited: re.Match[str]) -> Iterator[tuple[str, str]]:
    """The section cited and those that follow it in the same breath, as in `8 U.S.C. 1325(a), 1326`."""
    more: re.Match[str] | None = cited
    while more is not None:
        yield more["section"].lower(), re.sub(r"\s", "", more["paragraph"])
        more = _ONE_MORE.match(text, more.end("paragraph"))


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
