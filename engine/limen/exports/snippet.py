"""A few lines of Python that decide the case again with the library, the receipt underneath."""

from __future__ import annotations

from pprint import pformat

from limen.exports.armour import armoured
from limen.exports.receipt import Receipt, facts_of
from limen.law.vocabulary import Vocabulary


def snippet(receipt: Receipt, vocabulary: Vocabulary) -> str:
    """A script that prints the disposition and each verdict, and stops if they are not those of the receipt."""
    facts = facts_of(receipt, vocabulary)
    items = {item.id: dict(item.facts) for item in facts.items}
    verdicts = {item.item: str(item.verdict) for item in receipt.decision.items}
    known = f", known_at={_code(receipt.known_at)}" if receipt.known_at else ""
    lines = [
        f"# {_one_line(receipt.title)}",
        f"# {receipt.engine}, book {receipt.book_name} {receipt.book_version}, receipt {receipt.id}",
        "# A simulation with invented people. Not legal advice.",
        "from datetime import date",
        "",
        *([] if receipt.draft else ["from limen import load_book"]),
        "from limen.decide.decider import Decider",
        "from limen.law import check_facts",
        *(["from limen.law.overlay import overlaid"] if receipt.draft else []),
        "",
        *_book(receipt),
        f'assert book.digest == "{receipt.book_digest}", "another book than the receipt was made under"',
        "",
        f"case = {_code(dict(facts.facts))}",
        f"items = {_code(items)}",
        "facts = check_facts(book.vocabulary, case, items)",
        f"decider = Decider(book, profile={receipt.profile!r}{known})",
        f"decision = decider.decide(facts, {_code(receipt.as_of)})",
        "",
        "print(decision.disposition)",
        "for item in decision.items:",
        "    print(item.item, item.verdict)",
        f'assert decision.disposition == "{receipt.decision.disposition}"',
        f"assert {{item.item: item.verdict for item in decision.items}} == {_code(verdicts)}",
        "",
        *(f"# {line}" for line in armoured(receipt)),
        "",
    ]
    return "\n".join(lines)


def _book(receipt: Receipt) -> list[str]:
    if receipt.draft is None:
        return ["book = load_book()"]
    return [f"DRAFT = {receipt.draft!r}", 'book = overlaid(DRAFT.encode("utf-8"), "draft.yaml")']


def _code(value: object) -> str:
    return pformat(value, width=110, sort_dicts=False).replace("datetime.date(", "date(")


def _one_line(text: str) -> str:
    return " ".join(text.split())
