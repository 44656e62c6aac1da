"""What can be said of a request only by looking at the others it came with."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b

from limen.request.model import Recipient, Request


@dataclass(frozen=True, slots=True)
class BatchContext:
    """How one request stands among the others of its batch; `None` is not known.

    `matters_naming_same_recipient` counts the matters that name the recipient of this request who is named most
    often, and `requests_with_same_reasons` the requests that give its reasons word for word; both count this request.
    `size` is the number of requests in the batch.
    """

    matters_naming_same_recipient: int | None = None
    requests_with_same_reasons: int | None = None
    size: int | None = None


class BatchCounts:
    """Counts over the requests of a batch, in one pass and without keeping anybody's name.

    Names and reasons are held as short hashes. Two requests with the same matter number count as one matter.
    """

    __slots__ = ("_matters", "_reasons", "_recipients", "size")

    def __init__(self, requests: Iterable[Request] = ()) -> None:
        self.size = 0
        self._recipients: Counter[bytes] = Counter()
        self._reasons: Counter[bytes] = Counter()
        self._matters: set[bytes] = set()
        for request in requests:
            self.add(request)

    def add(self, request: Request) -> None:
        """Count one more request."""
        self.size += 1
        number = request.matter.number
        matter = None if number in (None, "unknown") else number
        for recipient in {key for person in request.recipients if (key := recipient_key(person)) is not None}:
            if matter is not None:
                seen = _short(recipient + folded_words(matter).encode())
                if seen in self._matters:
                    continue
                self._matters.add(seen)
            self._recipients[recipient] += 1
        reasons = reasons_key(request)
        if reasons is not None:
            self._reasons[reasons] += 1

    def context(self, request: Request) -> BatchContext:
        """How `request`, one of those counted, stands in the batch."""
        named = [key for person in request.recipients if (key := recipient_key(person)) is not None]
        reasons = reasons_key(request)
        return BatchContext(
            matters_naming_same_recipient=max((self._recipients[key] for key in named), default=None),
            requests_with_same_reasons=None if reasons is None else self._reasons[reasons],
            size=self.size,
        )


def recipient_key(recipient: Recipient) -> bytes | None:
    """The same for the same name at the same agency, however spaced, cased or punctuated; `None` without a name."""
    if recipient.name is None or recipient.name == "unknown":
        return None
    name = " ".join(re.sub(r"[^\w\s]", " ", recipient.name).casefold().split())
    return _short(f"{recipient.agency or ''}\n{name}".encode())


def reasons_key(request: Request) -> bytes | None:
    """The same for reasons that are the same word for word; `None` where none are given."""
    if request.reasons is None or request.reasons == "unknown":
        return None
    return _short(folded_words(request.reasons).encode())


def folded_words(text: str) -> str:
    """The same for texts that are the same word for word, however spaced and cased."""
    return " ".join(text.casefold().split())


def _short(content: bytes) -> bytes:
    return blake2b(content, digest_size=10).digest()
