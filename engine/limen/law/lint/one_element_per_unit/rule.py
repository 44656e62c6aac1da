"""One element per legal unit: two conditions in one test can only fail together, and neither can be cited."""

from __future__ import annotations

from collections.abc import Iterator

from limen.law.lint.finding import Context, Finding
from limen.law.tree import All

NAME = "one-element-per-unit"


def find(context: Context) -> Iterator[Finding]:
    """Every element whose test joins conditions with `and`."""
    for gateway in context.book.gateways:
        for element in gateway.elements:
            if isinstance(element.test, All):
                count = len(element.test.parts)
                yield context.finding(
                    NAME,
                    element.address,
                    f"the element joins {count} conditions with `and`, so a reason cannot say which one failed",
                    "make each an element of its own, or a node of an `all` with its own `id`, `label` and `cite`",
                )
