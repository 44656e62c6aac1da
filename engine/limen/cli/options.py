"""Options that several commands share, and reading what they are given."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from limen.law import Book
    from limen.law.vocabulary import FactValue, Vocabulary

Function = TypeVar("Function", bound=Callable[..., Any])


def to_day(ctx: click.Context, param: click.Parameter, value: str | None) -> date | None:
    """A calendar day, written 2026-02-24; or a usage error."""
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise click.BadParameter(
            f"`{value}` is not a day; write it as year-month-day, for example 2026-02-24", ctx, param
        ) from None


def day_option(name: str, help: str) -> Callable[[Function], Function]:
    """An option that takes a day."""
    return click.option(name, metavar="DATE", callback=to_day, help=help)


def json_option(function: Function) -> Function:
    """`--json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON, one object a line.")(function)


def ledger_option(function: Function) -> Function:
    """`--ledger`."""
    return click.option(
        "--ledger",
        "ledger_at",
        metavar="PATH",
        help="The ledger to use; by default ledger.sqlite in the folder LIMEN_HOME names.",
    )(function)


def rules_option(function: Function) -> Function:
    """`--rules`."""
    return click.option("--rules", metavar="FOLDER", type=click.Path(), help="Another rule book than the shipped one.")(
        function
    )


def book_at(rules: str | None) -> Book:
    """The rule book in a folder, or the shipped one."""
    from pathlib import Path

    from limen.law import load_book

    return load_book(Path(rules)) if rules else load_book()


def check_profile(book: Book, profile: str | None) -> str | None:
    """The profile asked for, `None` for all of them; a usage error for a name the book does not have."""
    if profile is None or profile == "all":
        return None
    if profile not in book.profiles:
        from limen.law.problem import nearest

        near = nearest(profile, book.profiles)
        hint = f"; did you mean `{near}`?" if near else ""
        known = ", ".join(book.profiles)
        raise click.BadParameter(f"there is no profile `{profile}`{hint} (profiles: {known}, or all)")
    return profile


def facts_given(given: tuple[str, ...], vocabulary: Vocabulary) -> dict[str, FactValue]:
    """`name=value` pairs as facts, each value read as the type its fact has. `unknown` says it is not known."""
    facts: dict[str, FactValue] = {}
    for pair in given:
        name, equals, text = pair.partition("=")
        name, text = name.strip(), text.strip()
        if not equals or not name or not text:
            raise click.BadParameter(f"`{pair}` is not a fact; write name=value, for example request.in_writing=true")
        fact = vocabulary.facts.get(name)
        if fact is None:
            from limen.law.problem import nearest

            near = nearest(name, vocabulary.facts)
            hint = f"; did you mean `{near}`?" if near else ""
            raise click.BadParameter(f"there is no fact `{name}`{hint}")
        if fact.per_item:
            raise click.BadParameter(f"`{name}` is asked for each item: state it in the file, under the item's `facts`")
        facts[name] = text if text == "unknown" else _value(name, fact.type, fact.values, text)
    return facts


def _value(name: str, type_: str, values: tuple[str, ...], text: str) -> FactValue:
    """`text` as a value of one fact; a usage error if it is none."""
    if type_ == "bool" and text in ("true", "false"):
        return text == "true"
    if type_ == "int" and text.removeprefix("-").isdecimal():
        return int(text)
    if type_ == "enum" and text in values:
        return text
    if type_ == "date":
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass
    wanted = {
        "bool": "true, false",
        "int": "a whole number",
        "date": "a day such as 2026-02-24",
        "enum": ", ".join(values),
    }[type_]
    raise click.BadParameter(f"`{name}` cannot be `{text}`; it can be {wanted}, or unknown")
