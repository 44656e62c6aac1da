"""Columns of text looked at as one run of bytes: is every text of a column beyond doubt?

A column in doubt is looked at again, text by text, so these may say no to a text that is sound, and never yes to one
that is not.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_PRINTABLE = bytes(range(0x20, 0x7F))
_INK = _PRINTABLE[1:]
_WORD = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_IN_ID = _WORD + b"._:/#-"


def all_printed(column: pa.Array, longest: int) -> bool:
    """Whether every text of `column` is printable ASCII, neither blank nor padded, nor over `longest` long."""
    return _all_of(column, _PRINTABLE, _INK, _INK, longest)


def all_single_spaced(column: pa.Array) -> bool:
    """Whether every text is ASCII words with one space between two of them."""
    return _all_of(column, _PRINTABLE, _INK, _INK, 1 << 31) and not pc.any(pc.match_substring(column, "  ")).as_py()


def all_ids(column: pa.Array, longest: int) -> bool:
    """Whether every text is letters, digits and `._:/#-`, the first of them a letter or a digit."""
    return _all_of(column, _IN_ID, _WORD, _IN_ID, longest)


def _all_of(column: pa.Array, anywhere: bytes, first: bytes, last: bytes, longest: int) -> bool:
    if not pa.types.is_string(column.type):
        return False
    stated = column.drop_null() if column.null_count else column
    if not len(stated):
        return True
    _, ends, letters = stated.buffers()
    bounds = np.frombuffer(ends, np.int32)[stated.offset : stated.offset + len(stated) + 1]
    lengths = np.diff(bounds)
    if lengths.min() < 1 or lengths.max() > longest:
        return False
    data = np.frombuffer(letters, np.uint8)
    return not (
        data[bounds[0] : bounds[-1]].tobytes().translate(None, anywhere)
        or data[bounds[:-1]].tobytes().translate(None, first)
        or data[bounds[1:] - 1].tobytes().translate(None, last)
    )
