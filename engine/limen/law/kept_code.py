"""What was compiled once is not compiled again in the next run.

Making classes is compiling, much of it: `dataclasses` writes each method of a value as source and compiles it, and an
annotation that is a string is compiled when somebody looks at it. So is making regular expressions, and a generated
evaluator. The texts are the same in every run. Here each is compiled once and kept, under its whole text, for the
Python that compiled it; a text that is not there is compiled as ever. What is kept is as much, and as little, to be
trusted as the `.pyc` files beside the sources.
"""

from __future__ import annotations

import builtins
import hashlib
import marshal
import re
import sys
from types import CodeType, ModuleType
from typing import Any

from limen.law.kept import keep, read_kept

MAX_BYTES = 3_000_000
"""Kept in all: reading more would cost what it saves. When there would be more, only what this run used anew stays."""

_Key = tuple[str, str, str] | tuple[str, int]


class KeptCode:
    """The code of earlier runs, and of this one."""

    def __init__(self) -> None:
        version = f"{sys.implementation.cache_tag} {sys.version}".encode()
        self._name = f"code-{hashlib.sha256(version).hexdigest()[:32]}"
        self._kept = self._read()
        self._new: dict[_Key, Any] = {}

    def compile(self, source: str, name: str, mode: str) -> CodeType:
        """What `compile` gives for `source`. Raises `SyntaxError`."""
        key = (source, name, mode)
        code: CodeType | None = self._kept.get(key) or self._new.get(key)
        if code is None:
            code = self._new[key] = compile(source, name, mode, dont_inherit=True)
        return code

    def keep(self) -> None:
        """Keep what was compiled in this run beside what was kept before it."""
        if self._new:
            keep(self._name, self._body, at_most=4)

    def _body(self) -> bytes | None:
        """What is worth reading in the next run."""
        for codes in ({**self._kept, **self._new}, self._new):
            body = marshal.dumps(codes)
            if len(body) <= MAX_BYTES:
                return body
        return None

    def serve(self, module: ModuleType) -> None:
        """Let the calls of `exec` and `compile` in `module` that give a plain text find it here."""

        def compile_(source: Any, filename: Any, mode: Any, *rest: Any, **more: Any) -> Any:
            if rest or more or not isinstance(source, str) or not isinstance(filename, str):
                return builtins.compile(source, filename, mode, *rest, **more)
            return self.compile(source, filename, mode)

        def exec_(source: Any, *scopes: Any, **more: Any) -> None:
            builtins.exec(
                self.compile(source, "<string>", "exec") if isinstance(source, str) else source, *scopes, **more
            )

        module.__dict__.update(compile=compile_, exec=exec_)

    def serve_patterns(self) -> None:
        """Let every `re.compile` of a text in this process find its pattern here.

        A Python that makes its patterns in another way than 3.11 to 3.14 makes them as ever.
        """
        inner: Any = getattr(re, "_compiler", None)
        if not all(hasattr(inner, name) for name in ("compile", "_parser", "_code", "_sre")):
            return
        plainly = inner.compile

        def compile_(source: Any, flags: Any = 0) -> Any:
            if not isinstance(source, str) or flags & re.DEBUG:
                return plainly(source, flags)
            key = (source, int(flags))
            told = self._kept.get(key) or self._new.get(key)
            if told is None:
                parsed = inner._parser.parse(source, flags)
                names = dict(parsed.state.groupdict)
                order: list[str | None] = [None] * parsed.state.groups
                for name, index in names.items():
                    order[index] = name
                code = [int(word) for word in inner._code(parsed, flags)]
                told = int(flags | parsed.state.flags), code, parsed.state.groups - 1, names, tuple(order)
                self._new[key] = told
            return inner._sre.compile(source, *told)

        inner.compile = compile_

    def _read(self) -> dict[_Key, Any]:
        body = read_kept(self._name)
        if body is None:
            return {}
        try:
            found = marshal.loads(body)
        except (ValueError, EOFError, TypeError):
            return {}
        return found if isinstance(found, dict) else {}
