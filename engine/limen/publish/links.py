"""Where each address of a book is on the site."""

from __future__ import annotations

from limen.law.book import Book
from limen.law.rules import Reading

GLOSSARY = "glossary.html"


def page_of(rule: str) -> str:
    """The page of a rule, from the root of the site."""
    return f"provisions/{rule}.html"


def anchor(address: str) -> str:
    """The place of an address on its page: a rule's own parts by their path, readings and alternatives by name."""
    rule, mark, path = address.partition("#")
    if mark:
        return path
    head, slash, name = rule.rpartition("/")
    return f"reading-{name.replace(':', '-')}" if slash else head or name


class Links:
    """Links between pages. `root` is the way up from the page that is being written: `""` or `"../"`."""

    def __init__(self, book: Book) -> None:
        self._rules = set(book.rules)
        self._facts = {*book.vocabulary.facts, *book.vocabulary.definitions, *book.vocabulary.parameters}
        self._profiles = set(book.profiles)
        self._readings = book.readings

    def href(self, address: str, root: str) -> str:
        """The link to `address`; an address that has no page leads to the front page."""
        if address in self._facts:
            return f"{root}{GLOSSARY}#{address}"
        if address in self._profiles:
            return f"{root}profiles.html#{address}"
        rule = address.partition("#")[0]
        if rule in self._rules:
            return f"{root}{page_of(rule)}" + (f"#{anchor(address)}" if "#" in address else "")
        owner = rule.rpartition("/")[0]
        if owner in self._rules:
            return f"{root}{page_of(owner)}#{anchor(address)}"
        if rule.partition(":")[0] in self._readings or owner:
            return f"{root}readings.html#{anchor_of_reading(rule.partition(':')[0])}"
        return f"{root}{GLOSSARY}"


def anchor_of_reading(address: str) -> str:
    """The place of a reading on the page of all readings."""
    return address.replace("/", "--")


def readings_of(rule: str, readings: dict[str, Reading]) -> list[Reading]:
    """The readings whose words stand in a rule."""
    return [reading for address, reading in readings.items() if address.rpartition("/")[0] == rule]
