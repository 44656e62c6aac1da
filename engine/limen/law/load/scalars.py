"""What a plain (unquoted) YAML value means here, and which ones mean different things to different readers."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

_BOOLEAN_WORDS = frozenset(
    spelling
    for word in ("yes", "no", "on", "off", "y", "n", "true", "false")
    for spelling in (word, word.capitalize(), word.upper())
) - {"true", "false"}
_EMPTY_WORDS = frozenset({"", "~", "null", "Null", "NULL"})
_WHOLE_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_OTHER_NUMBER = re.compile(
    r"""[-+]?(?:
        [0-9][0-9_]*                                      # 010, 1_000, +5 (what is plain has matched before)
      | 0[xXoObB][0-9a-fA-F_]+                            # 0x1F, 0o17
      | (?:[0-9][0-9_]*)?\.[0-9_]*(?:[eE][-+]?[0-9]+)?    # 2026.10, .5, 1.0e3
      | [0-9][0-9_]*[eE][-+]?[0-9]+                       # 1e3
      | [0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?       # 12:30, base sixty
      | \.(?:inf|Inf|INF)
    )|\.(?:nan|NaN|NAN)|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt\s].*)?""",
    re.VERBOSE,
)
_STARTS_NUMBER = frozenset("0123456789+-.")


class Refused(NamedTuple):
    """A plain value that is not accepted."""

    code: str
    message: str
    mend: str


def plain_value(text: str) -> str | bool | int | date | Refused:
    """What the plain value `text` means.

    Only `true` and `false` are booleans, only `12` and `-12` are numbers and only `2025-04-07` is a date. Whatever
    YAML 1.1, YAML 1.2 or an editor might read as something else is refused.

    >>> plain_value("true"), plain_value("12"), plain_value("a person")
    (True, 12, 'a person')
    >>> plain_value("010").code
    'ambiguous-value'
    """
    if text == "true":
        return True
    if text == "false":
        return False
    if text in _BOOLEAN_WORDS:
        meant = "true" if text.lower() in ("yes", "on", "y", "true") else "false"
        return Refused(
            "not-a-boolean", f"`{text}` is a boolean to some YAML readers and text to others",
            f"write `{meant}`, or `'{text}'` in quotes if the word is meant",
        )  # fmt: skip
    if text in _EMPTY_WORDS:
        return Refused("empty-value", "there is no value here", "write a value, or leave the key out")
    if text[0] in _STARTS_NUMBER:
        return _number_or_day(text)
    return text


def _number_or_day(text: str) -> str | int | date | Refused:
    if _WHOLE_NUMBER.fullmatch(text):
        return int(text)
    if _DAY.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            return Refused("not-a-date", f"`{text}` is not a day of the calendar", "correct the date")
    if _OTHER_NUMBER.fullmatch(text):
        return Refused(
            "ambiguous-value",
            f"`{text}` is read in different ways by different YAML readers",
            f"put it in quotes if text is meant: `'{text}'`",
        )
    return text
