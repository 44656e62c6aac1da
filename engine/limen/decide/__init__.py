"""From facts to a decision: the evaluators, the two keys, and the decision itself.

    from limen import decide, load_book
    decide(load_book(), request, profile="centro-2026")

The room and its main function have the same name, so the room can be called: `limen.decide(...)` is
`limen.decide.decide(...)`, whichever of the two an import statement finds first.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from limen.decide.decider import Decider, decide
    from limen.decide.decision import Decision
    from limen.decide.second_key import SecondKey

__all__ = ["Decider", "Decision", "SecondKey", "decide"]

_HOME = {
    "Decider": "limen.decide.decider",
    "Decision": "limen.decide.decision",
    "SecondKey": "limen.decide.second_key",
    "decide": "limen.decide.decider",
}


def __getattr__(name: str) -> Any:
    """Import what is asked for when it is asked for: a worker or a page must not pay for all of it."""
    if name in _HOME:
        from importlib import import_module

        return getattr(import_module(_HOME[name]), name)
    raise AttributeError(f"module `limen.decide` has no `{name}`")


class _CallableRoom(ModuleType):
    def __call__(self, *args: Any, **kwargs: Any) -> Decision:
        made: Decision = self.decide(*args, **kwargs)
        return made


sys.modules[__name__].__class__ = _CallableRoom
