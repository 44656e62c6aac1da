"""From the text of a test to Python's syntax tree, and no further."""

from __future__ import annotations

import ast
import threading

from limen.law.expression.fault import ExpressionError, Fault
from limen.law.expression.reader import SUBSET

MAX_LENGTH = 4_000
"""Characters in one test. The longest shipped test has a tenth of this."""

_ONE_AT_A_TIME = threading.Lock()
"""Python up to 3.12 counts how deep it is in a tree for all threads together, and fails when two meet there."""


def syntax(text: str) -> ast.expr:
    """The syntax tree of `text`; raises `ExpressionError` if Python's grammar has no place for it.

    Line breaks count as spaces, so that a column means the same in a folded and in a plain YAML value.
    """

    def refuse(column: int, message: str, mend: str | None = None) -> ExpressionError:
        return ExpressionError(text, [Fault("test-syntax", column, message, mend=mend)])

    if len(text) > MAX_LENGTH:
        raise refuse(1, f"the test has {len(text)} characters, more than {MAX_LENGTH}", "split it into nodes")
    if not text.strip():
        raise refuse(1, "the test is empty", "write a test, for example `request.in_writing`")
    for column, char in enumerate(text, start=1):
        if char in "#\\;" or not (char.isascii() and (char.isprintable() or char in "\n\r\t")):
            mend = "a comment belongs in the YAML file, outside the test" if char == "#" else SUBSET
            raise refuse(column, f"`{char}` has no place in a test", mend)
    line = "".join(" " if char.isspace() else char for char in text)
    lead = len(line) - len(line.lstrip())
    try:
        with _ONE_AT_A_TIME:
            body = ast.parse(line.strip(), mode="eval").body
    except SyntaxError as error:
        column = max(1, min(error.offset or len(text), len(text))) + lead
        raise refuse(column, f"the test cannot be read: {error.msg}", SUBSET) from None
    except (ValueError, RecursionError, MemoryError):
        raise refuse(1, "the test is too deeply nested", "split it into nodes") from None
    if lead:
        for node in ast.walk(body):
            if isinstance(node, ast.expr):
                node.col_offset += lead
    return body
