"""A command group that imports a subcommand only when it is called, so that `limen --help` stays quick."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any, NamedTuple

import click


class Lazy(NamedTuple):
    """Where a subcommand lives (`module:attribute`), and the line that lists it."""

    target: str
    short_help: str


class LazyGroup(click.Group):
    """A group whose members are loaded by name. `members` keeps the order in which help lists them."""

    def __init__(self, *args: Any, members: Mapping[str, Lazy], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members = members

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order of the design and not of the alphabet."""
        return list(self.members)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command called `cmd_name`, imported now."""
        member = self.members.get(cmd_name)
        if member is None:
            return None
        module, _, attribute = member.target.partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Like click's own, with the nearest name for a name nobody knows."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from difflib import get_close_matches

            near = get_close_matches(args[0], list(self.members), n=1)
            hint = f"; did you mean `{near[0]}`?" if near else f"; there are {', '.join(self.members)}"
            raise click.UsageError(f"no such command `{args[0]}`{hint}", ctx) from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of subcommands, without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, member.short_help) for name, member in self.members.items()])
