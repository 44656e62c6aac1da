"""Three truth values, with the strong tables of Kleene.

`True` and `False` mean what they say; `None` means *not known*. The tables keep one promise on which
the whole product stands: putting a value where there was `None` can turn a `None` result into `True` or
`False`, but never `True` into `False` or back. Information may settle a question; it never flips one.

Source: S. C. Kleene, *Introduction to Metamathematics* (1952), section 64.
"""

from __future__ import annotations

from collections.abc import Iterable

Truth = bool | None


def negation(value: Truth) -> Truth:
    """Not `value`; what is not known stays not known.

    >>> negation(True), negation(False), negation(None)
    (False, True, None)
    """
    return None if value is None else not value


def conjunction(values: Iterable[Truth]) -> Truth:
    """All of `values`: one `False` decides, otherwise one `None` leaves it open.

    >>> conjunction([True, None]), conjunction([False, None]), conjunction([])
    (None, False, True)
    """
    result: Truth = True
    for value in values:
        if value is False:
            return False
        if value is None:
            result = None
    return result


def disjunction(values: Iterable[Truth]) -> Truth:
    """Any of `values`: one `True` decides, otherwise one `None` leaves it open.

    >>> disjunction([False, None]), disjunction([True, None]), disjunction([])
    (None, True, False)
    """
    result: Truth = False
    for value in values:
        if value is True:
            return True
        if value is None:
            result = None
    return result
