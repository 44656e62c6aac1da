"""`if_false` says what is missing, and for what the requester can mend, what would cure it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from limen.law.lint.finding import Context, Finding

NAME = "says-the-cure"

_CURE = re.compile(
    r"\b(?:can|may|ask|send|add|state|name|give|show|put|obtain|confirm|sign|need|requires?)\b", re.IGNORECASE
)
"""Words by which a cure is said. Crude on purpose: it only has to notice that there is none."""


def find(context: Context) -> Iterator[Finding]:
    """Every element without `if_false` or `if_unknown`, and every curable one that does not say the cure."""
    for gateway in context.book.gateways:
        for element in gateway.elements:
            if element.if_false is None:
                yield context.finding(NAME, element.address, "nothing is said about what is missing when it is not met",
                                      "add `if_false`: what is missing, and what would cure it")  # fmt: skip
            elif element.curable and not _CURE.search(element.if_false):
                yield context.finding(NAME, element.address, "it is curable, and `if_false` does not say how",
                                      "add a sentence on what the requester can do")  # fmt: skip
            if element.if_unknown is None:
                yield context.finding(NAME, element.address, "nothing is said about what to find out when not known",
                                      "add `if_unknown`: what to look at, or whom to ask")  # fmt: skip
