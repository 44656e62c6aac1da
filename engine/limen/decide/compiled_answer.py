"""`answer` for a whole edition: the index decides which generated leaf is run.

A leaf is written when the first request reaches it, so an edition of thousands of rules costs nothing for programmes
nobody asks about. Threads that reach a new leaf together each write it; the functions are equal and one is kept.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from limen.decide.answer import Answer
from limen.decide.compiled_index import Leaf, Split, build_index
from limen.decide.compiled_leaf import LeafWriter
from limen.law.edition import Edition
from limen.law.facts import CaseFacts

AnswerFunction = Callable[[CaseFacts], list[Answer]]
Branches = dict[object, AnswerFunction]


def make_answer(edition: Edition) -> AnswerFunction:
    """The function that answers cases under `edition`."""
    index = build_index(edition)
    return _write(edition, index) if isinstance(index, Leaf) else _split(edition, index)


def write_answer(edition: Edition) -> str:
    """The source of every leaf, each under the values that lead to it; for people and for tests."""
    texts = []

    def visit(node: Leaf | Split, path: str) -> None:
        if isinstance(node, Leaf):
            texts.append(f"# {path or 'every case'}\n{LeafWriter(edition).write(node.gateways)}")
            return
        for value, branch in node.branches.items():
            visit(branch, f"{path}{node.fact} == {value!r} ")
        visit(node.otherwise, f"{path}{node.fact} not known ")

    visit(build_index(edition), "")
    return "\n".join(texts)


def _grow(edition: Edition, node: Leaf | Split, into: Branches, key: object) -> None:
    """Put the function of `node` into `into` under `key`."""
    into[key] = _split(edition, node) if isinstance(node, Split) else _unwritten(edition, node, into, key)


def _split(edition: Edition, node: Split) -> AnswerFunction:
    branches: Branches = {}
    for value, branch in node.branches.items():
        _grow(edition, branch, branches, value)
    _grow(edition, node.otherwise, branches, None)
    fact = node.fact

    def split(facts: CaseFacts) -> list[Answer]:
        return (branches.get(facts.facts.get(fact)) or branches[None])(facts)

    return split


def _unwritten(edition: Edition, leaf: Leaf, into: Branches, key: object) -> AnswerFunction:
    """Stands in for a leaf until its first request."""

    def first_use(facts: CaseFacts) -> list[Answer]:
        if into[key] is first_use:
            into[key] = _write(edition, leaf)
        return into[key](facts)

    return first_use


def _write(edition: Edition, leaf: Leaf) -> AnswerFunction:
    writer = LeafWriter(edition)
    name = f"<answer: {edition.book_name} {edition.profile} {edition.as_of} gateways {leaf.gateways[:3]}>"
    exec(compile(writer.write(leaf.gateways), name, "exec"), writer.namespace)
    return cast(AnswerFunction, writer.namespace["answer"])
