"""The words of addresses, read once from the tables in `data/`, each of which states its source."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from limen.request.fold import fold_text

_DATA = Path(__file__).parent / "data"


def _rows(name: str) -> Iterator[list[str]]:
    for line in (_DATA / name).read_text(encoding="ascii").splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")


@dataclass(frozen=True, slots=True)
class AddressWords:
    """Written form to standard form: street suffixes, unit designators, directions, numbers, states."""

    suffix: Mapping[str, str]
    spanish: Mapping[str, str]
    unit: Mapping[str, str]
    direction: Mapping[str, str]
    number: Mapping[str, str]
    ordinal: Mapping[str, str]
    state: Mapping[str, str]
    zip3_states: Mapping[str, frozenset[str]]


@cache
def address_words() -> AddressWords:
    """The tables of `street_words.tsv` and `zip3_states.tsv`."""
    tables: dict[str, dict[str, str]] = {
        kind: {} for kind in ("suffix", "spanish", "unit", "direction", "number", "ordinal", "state")
    }
    for kind, standard, *forms in _rows("street_words.tsv"):
        table = tables[kind]
        table[standard] = standard
        for form in (forms[0] if forms else "").split():
            table[form.replace("_", " ")] = standard
    zip3: dict[str, set[str]] = {}
    for state, spans in _rows("zip3_states.tsv"):
        for span in spans.split():
            low, _, high = span.partition("-")
            for prefix in range(int(low), int(high or low) + 1):
                zip3.setdefault(f"{prefix:03d}", set()).add(state)
    return AddressWords(zip3_states={prefix: frozenset(states) for prefix, states in zip3.items()}, **tables)


@cache
def placeholder_patterns() -> tuple[re.Pattern[str], frozenset[str], frozenset[str]]:
    """Texts that never belong to an address; texts that are none as a whole part; and the careless ones among
    these."""
    texts: dict[str, list[str]] = {"anywhere": [], "segment": [], "filler": []}
    for scope, text, _source in _rows("placeholders.tsv"):
        texts[scope].append(fold_text(text))
    anywhere = re.compile(r"\b(?:" + "|".join(map(re.escape, texts["anywhere"])) + r")\b")
    return anywhere, frozenset(texts["segment"]) | frozenset(texts["filler"]), frozenset(texts["filler"])


@cache
def facility_pattern() -> re.Pattern[str]:
    """Names of places where people are held."""
    return re.compile(r"\b(?:" + "|".join(re.escape(text) for text, _source in _rows("facilities.tsv")) + r")\b")
