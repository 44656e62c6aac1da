"""`limen serve user`: accounts, roles and tokens of a shared server."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from limen.cli.serve import needs_web

if TYPE_CHECKING:
    from limen.web.accounts import Accounts

ROLES = click.Choice(["trainer", "trainee", "analyst", "admin"])


@click.group(
    epilog="""\b
Examples:
  limen serve user add maria --role trainer --role analyst
  limen serve user list
  limen serve user close maria
  limen serve user token maria
  limen serve user codes my-course --revoke"""
)
def user() -> None:
    """Accounts, roles and tokens of a shared server. `limen serve --store FILE user ...` names another store."""


def _accounts(ctx: click.Context) -> Accounts:
    """The accounts in the store; `with` closes it."""
    needs_web()
    from limen.web.accounts import Accounts

    return Accounts(ctx.obj)


def _password() -> str:
    """A password typed twice at a terminal, or one line of standard input."""
    if sys.stdin.isatty():
        return str(click.prompt("password", hide_input=True, confirmation_prompt=True, err=True))
    return sys.stdin.readline().rstrip("\n")


@user.command("add", epilog="\b\nExamples:\n  limen serve user add maria --role trainer --role analyst")
@click.argument("name")
@click.option("--role", "roles", type=ROLES, multiple=True, required=True, help="What the account may do; repeatable.")
@click.pass_context
def add(ctx: click.Context, name: str, roles: tuple[str, ...]) -> int:
    """Make an account. The password is asked for, or read from the first line of standard input."""
    with _accounts(ctx) as accounts:
        made = accounts.add(name, roles, _password())  # type: ignore[arg-type]
    click.echo(f"made {made.name}: {', '.join(sorted(made.roles))}")
    return 0


@user.command("list", epilog="\b\nExamples:\n  limen serve user list")
@click.pass_context
def list_(ctx: click.Context) -> int:
    """Every account, one a line."""
    with _accounts(ctx) as accounts:
        for one, open_ in accounts.users():
            course = f" · course {one.course}" if one.course else ""
            click.echo(f"{one.name}: {', '.join(sorted(one.roles))}{course}{'' if open_ else ' · closed'}")
    return 0


@user.command("password", epilog="\b\nExamples:\n  limen serve user password maria")
@click.argument("name")
@click.pass_context
def password(ctx: click.Context, name: str) -> int:
    """Give an account another password; its sessions end."""
    with _accounts(ctx) as accounts:
        accounts.set_password(name, _password())
    click.echo(f"{name} has another password")
    return 0


@user.command("roles", epilog="\b\nExamples:\n  limen serve user roles maria trainer analyst")
@click.argument("name")
@click.argument("roles", nargs=-1, required=True, type=ROLES)
@click.pass_context
def roles(ctx: click.Context, name: str, roles: tuple[str, ...]) -> int:
    """Give an account other roles; its sessions end."""
    with _accounts(ctx) as accounts:
        accounts.set_roles(name, roles)  # type: ignore[arg-type]
    click.echo(f"{name}: {', '.join(sorted(roles))}")
    return 0


@user.command("close", epilog="\b\nExamples:\n  limen serve user close maria")
@click.argument("name")
@click.pass_context
def close(ctx: click.Context, name: str) -> int:
    """Close an account; its sessions and tokens end at once."""
    with _accounts(ctx) as accounts:
        accounts.set_open(name, False)
    click.echo(f"{name} is closed")
    return 0


@user.command("open", epilog="\b\nExamples:\n  limen serve user open maria")
@click.argument("name")
@click.pass_context
def open_(ctx: click.Context, name: str) -> int:
    """Open a closed account again."""
    with _accounts(ctx) as accounts:
        accounts.set_open(name, True)
    click.echo(f"{name} is open")
    return 0


@user.command("token", epilog="\b\nExamples:\n  limen serve user token maria")
@click.argument("name")
@click.pass_context
def token(ctx: click.Context, name: str) -> int:
    """Make a token with which a program acts for an account. It is shown once, and ends after a year."""
    with _accounts(ctx) as accounts:
        click.echo(accounts.make_token(name))
    return 0


@user.command("codes", epilog="\b\nExamples:\n  limen serve user codes my-course --revoke")
@click.argument("course")
@click.option("--revoke", is_flag=True, help="Take back every code that nobody has used yet.")
@click.pass_context
def codes(ctx: click.Context, course: str, revoke: bool) -> int:
    """The one-time codes given out for a course, or taken back. Making them is for trainers, on the course's page."""
    from datetime import UTC, datetime

    with _accounts(ctx) as accounts:
        for kept in (f"{course}/practice", f"{course}/assessment"):
            if revoke:
                click.echo(f"{kept}: {accounts.revoke_codes(kept)} revoked")
                continue
            for one in accounts.codes_of(kept):
                made = datetime.fromtimestamp(one.made, UTC)
                click.echo(f"{kept}: {one.count} of {made:%Y-%m-%d} by {one.made_by}, {one.used} used, {one.left} good")
    return 0
