"""Who somebody is to the server, and what names, passwords and roles may be: what a sign-in is held to.

Nothing here looks at the accounts; see `limen.web.accounts`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

Role = Literal["trainer", "trainee", "analyst", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)

SHORTEST_PASSWORD, LONGEST_PASSWORD = 12, 200
FAILURES, WINDOW_SECONDS = 5, 15 * 60
"""So many failed sign-ins to one name within so many seconds, and the name is locked for the rest of them."""
_NAME = re.compile(r"[^\s\x00-\x1f\x7f](?:[^\x00-\x1f\x7f]{0,62}[^\s\x00-\x1f\x7f])?")


class AccountsError(Exception):
    """An account, code or password that cannot be made or used as asked."""


class SignInRefused(AccountsError):
    """Nobody is signed in. The message is the same whatever was wrong, so that it tells nothing of who exists."""

    def __init__(self) -> None:
        super().__init__(
            "the name and the password (or the code) do not belong together, or there were too many attempts; "
            f"after {FAILURES} wrong attempts, wait {WINDOW_SECONDS // 60} minutes"
        )


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who uses the server, and as what. `course` is the one a course code led to."""

    name: str
    roles: frozenset[Role]
    course: str | None = None
    local: bool = False

    def has(self, *roles: Role) -> bool:
        """Whether this user is at least one of `roles`."""
        return not self.roles.isdisjoint(roles)


LOCAL = User("you", frozenset(ROLES), local=True)
"""Who uses a server without sign-in, on this machine: the one person at it, who may do everything."""


def checked_name(name: str) -> str:
    """A name as it can be kept: 1 to 64 characters, none of them a control character."""
    name = name.strip()
    if not _NAME.fullmatch(name):
        raise AccountsError("a name has 1 to 64 characters, and no control characters")
    return name


def checked_password(password: str) -> str:
    """A password long enough to be kept."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise AccountsError(f"a password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters")
    return password


def checked_roles(roles: Iterable[str]) -> frozenset[Role]:
    """At least one role, each of them one there is."""
    chosen = frozenset(roles)
    if not chosen or not chosen <= set(ROLES):
        raise AccountsError(f"roles are {', '.join(ROLES)}, and an account has at least one")
    return chosen  # type: ignore[return-value]
