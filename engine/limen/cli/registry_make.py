"""`limen registry`: make, read and describe registries of invented people."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from limen.cli import exits
from limen.cli.group import Lazy, LazyGroup
from limen.cli.options import json_option

if TYPE_CHECKING:
    from collections.abc import Callable

    from limen.cli.screen import Screen
    from limen.crossref import RegistryInfo


@click.group(
    cls=LazyGroup,
    members={
        "make": Lazy("limen.cli.registry_make:make", "Invent people and write their registry."),
        "read": Lazy("limen.cli.registry_make:read", "Make a registry from a CSV or Parquet file."),
        "show": Lazy("limen.cli.registry_make:show", "What a registry holds and how it was made."),
    },
)
def registry() -> None:
    """Make, read and describe registries. They hold invented people only."""


@click.command(
    epilog="""\b
Examples:
  limen registry make --people 20000 --out people.sqlite
  limen registry make --people 10000000 --seed 7 --out national

A path that ends in .sqlite is one file, for requests one by one; any other is a folder of Parquet, of any size,
for tables."""
)
@click.option("--people", type=click.IntRange(min=12), required=True, metavar="N", help="How many people to invent.")
@click.option("--seed", type=int, default=6103, show_default=True, metavar="S", help="The same seed, the same people.")
@click.option("--out", required=True, metavar="PATH", help="Where to write it; what is there is replaced.")
@json_option
def make(people: int, seed: int, out: str, as_json: bool) -> int:
    """Invent people with names, addresses and numbers that were never issued."""
    from limen.crossref import make_registry

    with _progress(people, "people", quiet=as_json) as told:
        made = make_registry(people, seed, out, told)
    return _tell(made, as_json)


@click.command(
    epilog="""\b
Examples:
  limen registry read people.csv --out people.sqlite

One row a person and address, with columns person, first, middle, last, suffix, tin, from_year, to_year, address.
Rows that cannot be taken are left out and told by number and reason, never by content."""
)
@click.argument("source", metavar="FILE")
@click.option("--out", required=True, metavar="PATH", help="The registry file to write (.sqlite).")
@json_option
def read(source: str, out: str, as_json: bool) -> int:
    """Make a registry from somebody's CSV or Parquet file of invented people."""
    from limen.cli.screen import Screen
    from limen.crossref.read import read_registry

    report = read_registry(source, out)
    screen = Screen()
    if as_json:
        screen.line(json.dumps({**asdict(report), "first": [asdict(row) for row in report.first]}))
        return exits.WITHHELD if report.reasons else exits.RELEASED
    screen.line(f"{screen.paint(f'{report.taken:,} of {report.rows:,} rows taken', 'strong')} from {source}")
    for why, count in report.reasons.items():
        screen.wrapped(f"{count:,} left out: {why}", 2, 4, "bad")
    for row in report.first:
        screen.wrapped(str(row), 4, 6, "quiet")
    _show(report.registry, screen)
    return exits.WITHHELD if report.reasons else exits.RELEASED


@click.command(
    epilog="""\b
Examples:
  limen registry show
  limen registry show national --json"""
)
@click.argument("path", required=False, metavar="[PATH]")
@json_option
def show(path: str | None, as_json: bool) -> int:
    """Describe a registry; without a path the one that is shipped."""
    from limen.crossref.make import registry_info
    from limen.law.places import shipped_registry

    return _tell(registry_info(Path(path) if path else shipped_registry() / "registry.sqlite"), as_json)


def _tell(info: RegistryInfo, as_json: bool) -> int:
    from limen.cli.screen import Screen

    screen = Screen()
    if as_json:
        screen.line(json.dumps(asdict(info)))
    else:
        _show(info, screen)
    return exits.RELEASED


def _show(info: RegistryInfo, screen: Screen) -> None:
    screen.line(screen.paint(info.path, "strong"))
    screen.wrapped(f"{info.people:,} invented people at {info.spells:,} addresses, held and former", 2)
    screen.wrapped(f"{info.origin}", 2)
    if info.digest:
        screen.wrapped(f"content {info.digest}", 2, tone="quiet")


@contextmanager
def _progress(total: int, label: str, quiet: bool) -> Iterator[Callable[[int], None] | None]:
    """A bar on standard error, where somebody watches."""
    stream = sys.stderr
    if quiet or not stream.isatty():
        yield None
        return
    told = 0

    def tell(made: int) -> None:
        nonlocal told
        bar.update(made - told)
        told = made

    with click.progressbar(length=total, label=label, file=stream) as bar:
        yield tell
