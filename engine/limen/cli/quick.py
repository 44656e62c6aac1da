"""What makes a short command short.

Looking for pydantic plugins costs half as much as `import pydantic` itself: it reads the metadata of every package that
is installed, and finds none that this command wants. Classes of values, ours and pydantic's, and patterns are compiled
from the same texts in every run; here the first run compiles them (`limen.law.kept_code`). Collecting garbage gives
nothing back in so short a life; on the way out alone it costs as much again.
"""

from __future__ import annotations

import dataclasses
import gc
import sys
import typing
from types import ModuleType

from limen.law.kept_code import KeptCode

_LOADER = "pydantic.plugin._loader"


def be_quick() -> KeptCode:
    """Prepare this process for a short life. Call before pydantic makes its first model."""
    gc.set_threshold(100_000, 20, 20)
    no_plugins()
    code = KeptCode()
    code.serve(dataclasses)
    code.serve(typing)
    code.serve_patterns()
    return code


def leave_quickly(code: KeptCode) -> None:
    """Keep what was compiled, and leave all that was made to the end of the process, instead of looking through it.

    Not where DuckDB is loaded: it counts what was not given back, and would tell the user of a hundred leaks.
    """
    code.keep()
    if "duckdb" not in sys.modules:
        gc.freeze()


def no_plugins() -> None:
    """Keep pydantic from looking for plugins in this process.

    `PYDANTIC_DISABLE_PLUGINS` would leave out the search, but not the import of what searches, which is most of it. If
    pydantic ever keeps its loader elsewhere, this does nothing.
    """
    if _LOADER not in sys.modules:
        loader = ModuleType(_LOADER)
        loader.get_plugins = tuple  # type: ignore[attr-defined]
        sys.modules[_LOADER] = loader
