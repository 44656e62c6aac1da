"""What can be said of the recipients of a request together, remembered by what kind of recipients they are."""

from __future__ import annotations

from typing import Any

from limen.request.model import Request
from limen.request.plan import Notes, Plan, keep, kind_of_recipient

MAX_KINDS = 4096
"""Kinds of recipients remembered at a time; a batch has a handful."""


class Recipients:
    """The facts about recipients by one plan. Thread safe; it keeps nothing that says who anybody is."""

    def __init__(self, case: Plan) -> None:
        self._facts = case.recipients
        self.remembered: dict[tuple[Any, ...], Notes] = {}
        """By the agency that asks and the kind of each recipient."""

    def look(self, request: Request) -> Notes:
        """What can be said of the recipients of `request`."""
        kinds = (request.requester.agency, *[kind_of_recipient(one.__dict__) for one in request.recipients])
        return self.remembered.get(kinds) or self.of(kinds, request)

    def of(self, kinds: tuple[Any, ...], request: Request) -> Notes:
        """The same where recipients of these `kinds` were not seen before; it is remembered."""
        found: Notes = ({}, {})
        for fact, read in self._facts:
            keep(fact, read(request.recipients, kinds[0]), *found)
        if len(self.remembered) >= MAX_KINDS:
            self.remembered.clear()
        self.remembered[kinds] = found
        return found
