"""Canaries: invented subjects whose every word would be recognised anywhere, and the search for them in any output.

Used by the tests of every room that writes something: give `assert_silent` all that was written (texts or bytes) and
the subject that was asked about. It looks for each word of a name or street and each number, in the forms in which
values slip out: other case, escaped for JSON, HTML or a URL, base64, hexadecimal, and as a plain hash, which anyone
could guess.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
import urllib.parse
from collections.abc import Iterable, Mapping
from datetime import date

from hypothesis import strategies as st

from limen.request.subject import Address, PersonName, Subject

_STARTS = ("Qxz", "Zvq", "Jxq", "Wqx", "Ñxq", "Żqx", "Жщъ")


def _word(tail: str, start: str) -> str:
    return start + tail


_words = st.builds(_word, st.text("abcdefghijklmnopqrstuvwxyzéüł", min_size=3, max_size=9), st.sampled_from(_STARTS))
_house_numbers = st.text("23456789", min_size=8, max_size=8)
_streets = st.builds(lambda number, word, kind: f"{number} {word} {kind}", _house_numbers, _words,
                     st.sampled_from(("Street", "Ave.", "Calle", "Blvd")))  # fmt: skip
_towns = st.builds(lambda word: f"{word}, ZZ", _words)


@st.composite
def canary_subjects(draw: st.DrawFn) -> Subject:
    """A subject with a name, an address and a number, all unmistakable."""
    last = draw(st.one_of(_words, st.builds("O'{}".format, _words), st.builds("{}-{}".format, _words, _words)))
    number = draw(st.integers(900_700_000, 900_709_999))
    digits = str(number)
    return Subject(
        name=PersonName(first=draw(_words), middle=draw(st.none() | _words), last=last),
        address=Address(lines=(draw(_streets), draw(_towns))),
        tin=draw(st.sampled_from((digits, f"{digits[:3]}-{digits[3:5]}-{digits[5:]}"))),
        date_of_birth=draw(st.dates(date(1921, 1, 1), date(1931, 12, 31))),
    )


def canary_words(subject: Subject) -> set[str]:
    """Every word and number that must not be seen, as it was stated."""
    words: set[str] = set()
    if subject.name is not None:
        for part in (subject.name.first, subject.name.middle, subject.name.last):
            words.update(re.findall(r"[^\W_]{4,}", part or ""))
    if subject.address is not None:
        for line in subject.address.lines:
            words.update(word for word in re.findall(r"[^\W_]{4,}", line) if word not in {"Street", "Calle", "Blvd"})
    if subject.tin:
        words.update((subject.tin, "".join(c for c in subject.tin if c.isdigit())))
    if subject.date_of_birth is not None:
        words.add(subject.date_of_birth.isoformat())
    return words


def _forms(word: str) -> Iterable[bytes]:
    for variant in {word, word.lower(), word.upper(), word.casefold()}:
        raw = variant.encode()
        yield raw
        yield json.dumps(variant)[1:-1].encode()
        yield html.escape(variant).encode()
        yield urllib.parse.quote(variant).encode()
        yield base64.b64encode(raw).rstrip(b"=")
        yield raw.hex().encode()
        for algorithm in ("md5", "sha1", "sha256"):
            yield hashlib.new(algorithm, raw).hexdigest().encode()


def leaks(output: str | bytes, subject: Subject) -> list[str]:
    """The words of the subject that can be found in `output`, in any form."""
    raw = output.encode() if isinstance(output, str) else output
    folded = raw.lower()
    return sorted(
        word for word in canary_words(subject) if any(form in raw or form.lower() in folded for form in _forms(word))
    )


def assert_silent(outputs: Mapping[str, str | bytes], subject: Subject) -> None:
    """No output shows anything of the subject. The failure names the output and the words."""
    found = {name: words for name, output in outputs.items() if (words := leaks(output, subject))}
    assert not found, f"personal values were written: {found}"
