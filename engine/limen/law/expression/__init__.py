"""The test language: a small typed subset of Python's expression syntax.

A test is parsed by `ast` and translated into the tree of `limen.law.tree`; Python never evaluates it. Anything
outside the subset is an error with its place in the test, and every name and value is checked against the
vocabulary, so a test that parses can be evaluated without surprises.

    bool fact or definition         order.granted, matter.qualifies
    enum                            request.address == 'complete', matter.stage not in ['none', 'civil']
    int or date fact, days between  matter.days >= 90, days_between(order.final_on, request.made_on) > param.clock
    a fixed date                    request.made_on < date('2025-04-07')
    somebody has said               known(order.court)
    combined                        and, or, not, ( ), true, false
"""

from __future__ import annotations

from limen.law.expression.fault import ExpressionError, Fault
from limen.law.expression.printer import text_of
from limen.law.scope import Scope
from limen.law.tree import Expr

__all__ = ["ExpressionError", "Fault", "parse", "text_of"]


def parse(text: str, scope: Scope) -> Expr:
    """The tree of the test `text`, every name and type checked against `scope`.

    Raises `ExpressionError` with every fault found.
    """
    from limen.law.expression.reader import Reader  # a book from the cache needs no reader
    from limen.law.expression.syntax import syntax

    return Reader(scope, syntax(text)).read(text)
