"""A system under test: somebody's decision function, or the address of their service, asked one case at a time."""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import ProxyHandler, Request, build_opener

from limen.testing.case import ITEM

Decide = Callable[[Any], Any]

ALLOWS = frozenset({"allow", "allowed", "release", "permit", "yes"})
REFUSES = frozenset({"deny", "denied", "withhold", "refuse", "no", "open", "more_needed", "not_covered", "unknown"})
TIMEOUT = 10.0
"""Seconds to wait for one answer of a service."""


class NoAnswer(Exception):
    """The system failed, or said something that is neither allow nor deny."""


class SystemAddressError(Exception):
    """An address that a test must not send cases to."""


def system_of(decide: Decide | str) -> Decide:
    """A function to ask: `decide` itself, or one that posts each case as JSON to the address `decide`.

    Only addresses of this machine are asked. Raises `SystemAddressError`.
    """
    return _service(decide) if isinstance(decide, str) else decide


def ask(decide: Decide, case: Mapping[str, Any], item: str = ITEM) -> tuple[bool | None, str]:
    """Whether the system allows an item of `case`, and its answer in words; `None` if it gave no answer."""
    try:
        answer = decide(case)
        return understood(answer, item), _short(answer)
    except NoAnswer as error:
        return None, str(error)
    except Exception as error:  # whatever a system under test raises is its answer
        return None, _short(f"{type(error).__name__}: {error}")


def understood(answer: object, item: str = ITEM) -> bool:
    """Whether an answer allows the item: a truth value, a word, or a mapping with one of these for the item.

    A mapping may have the items at the top, or under `items`; one word is the answer for all of them. Raises
    `NoAnswer`.
    """
    if isinstance(answer, Mapping):
        items = answer.get("items", answer)
        if not isinstance(items, Mapping) or item not in items:
            raise NoAnswer(f"no answer for `{item}` in {_short(answer)}")
        answer = items[item]
    if isinstance(answer, bool):
        return answer
    word = str(answer).strip().lower()
    if word in ALLOWS or word in REFUSES:
        return word in ALLOWS
    raise NoAnswer(f"neither allow nor deny: {_short(answer)}")


def _short(answer: object) -> str:
    text = str(answer)
    return text if len(text) <= 200 else f"{text[:200]}..."


def _service(url: str) -> Decide:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not _is_here(parts.hostname or ""):
        raise SystemAddressError(
            f"`{url}` is not an address of this machine; cases are sent to `http://127.0.0.1` only"
        )
    opener = build_opener(ProxyHandler({}))

    def post(case: Mapping[str, Any]) -> Any:
        body = json.dumps(case, default=_plain).encode()
        request = Request(url, body, {"Content-Type": "application/json"}, method="POST")
        try:
            with opener.open(request, timeout=TIMEOUT) as response:
                return json.loads(response.read())
        except (URLError, OSError, ValueError) as error:
            raise NoAnswer(f"the service failed: {error}") from error

    return post


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _plain(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"`{type(value).__name__}` has no place in a case")
