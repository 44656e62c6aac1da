"""The log: JSON lines beside the ledger, where a mask that fails hides everything.

A line may hold only fields that are declared here, each with the shape its value must have. An undeclared field, a
value of another shape, or an error while looking, and the line says only that it was masked. What came from a request
is shown only while it is known whose request it is (`about`), so that it can be compared with what was stated of the
subject. Of an error the class and the places in the code are kept, never the message or a local variable.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, TextIO

from limen.ledger.masking import MASK, Personal

if TYPE_CHECKING:
    from limen.request.subject import Subject

_scope: ContextVar[Personal | None] = ContextVar("limen_log_subject", default=None)

EVENTS = frozenset({"recorded", "refused", "decided", "verified", "forgotten", "exported", "checkpoint", "failed"})
"""The only words a line may have as its event."""


def _text(pattern: str) -> Callable[[object], bool]:
    shape = re.compile(pattern)
    return lambda value: isinstance(value, str) and shape.fullmatch(value) is not None


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_NAME = _text(r"[a-z][a-z0-9_]{0,39}")
_HEX = _text(r"[0-9a-f]{8,64}")
_ADDRESS = _text(r"[a-z0-9._/#:-]{1,200}")
_ID = _text(r"[0-9A-Za-z._:-]{1,80}")
_TIME = _text(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:.]+(Z|[+-][0-9]{2}:[0-9]{2})?)?")

TOOL: Mapping[str, Callable[[object], bool]] = {
    "event": lambda value: value in EVENTS,
    "level": _NAME,
    "timestamp": _TIME,
    "at": _TIME,
    "as_of": _TIME,
    "kind": _NAME,
    "effect": _NAME,
    "disposition": _NAME,
    "second_key": _NAME,
    "engine": _NAME,
    "code": _text(r"[a-z][a-z-]{0,39}"),
    "profile": _text(r"[a-z0-9-]{1,60}"),
    "sequence": _number,
    "count": _number,
    "microseconds": _number,
    "hash": _HEX,
    "book_digest": _HEX,
    "provision": _ADDRESS,
    "error": _text(r"[A-Za-z_][A-Za-z0-9_]{0,79}"),
    "places": lambda value: isinstance(value, list) and all(_text(r"[\w./<>:-]{1,200}")(place) for place in value),
}
"""Fields the tool fills from its own words, numbers and hashes."""

REQUEST: Mapping[str, Callable[[object], bool]] = {"id": _ID, "request_id": _ID}
"""Fields that hold what somebody else chose. Shown only inside `about`."""


@contextmanager
def about(subject: Subject | None) -> Iterator[None]:
    """While this lasts, lines are about `subject` (`None`: about nobody), and nothing stated of it is shown."""
    token = _scope.set(Personal(subject))
    try:
        yield
    finally:
        _scope.reset(token)


def mask_event(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The masking processor. It never raises, and never lets a line through that it could not look at."""
    try:
        return _masked(event)
    except Exception:
        return {"event": MASK}


def _masked(event: MutableMapping[str, Any]) -> dict[str, Any]:
    personal = _scope.get()
    shown: dict[str, Any] = {}
    for name, value in event.items():
        shape = TOOL.get(name)
        if shape is None and (shape := REQUEST.get(name)) is None:
            return {"event": MASK}
        if not shape(value):
            return {"event": MASK}
        shown[name] = MASK if _hidden(value, personal, ours=name in TOOL) else value
    return shown


def _hidden(value: object, personal: Personal | None, *, ours: bool) -> bool:
    if personal is None:
        return not ours
    return personal.in_text(str(value), tool_words=ours and not isinstance(value, list))


def reduce_error(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replace an exception by its class and the places it passed through: no message, no source, no locals."""
    given = event.pop("exc_info", None)
    for unwanted in ("exception", "stack", "stack_info"):
        event.pop(unwanted, None)
    error = sys.exc_info()[1] if given is True else given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        event.update(describe_error(error))
    return event


def describe_error(error: BaseException) -> dict[str, Any]:
    """What may be shown of an error: its class and, innermost last, file, line and function of each frame."""
    return {"error": type(error).__name__, "places": list(_places(error.__traceback__))}


def _places(trace: TracebackType | None) -> Iterator[str]:
    while trace is not None:
        code = trace.tb_frame.f_code
        yield f"{Path(code.co_filename).name}:{trace.tb_lineno}:{code.co_name}"
        trace = trace.tb_next


def open_log(file: TextIO) -> Any:
    """A structlog logger that writes one masked JSON line per event to `file`, at once."""
    import structlog

    return structlog.wrap_logger(
        structlog.WriteLogger(file),
        processors=[
            reduce_error,
            mask_event,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(sort_keys=True),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(0),
        context_class=dict,
        cache_logger_on_first_use=True,
    )
