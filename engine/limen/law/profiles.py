"""Which profiles could be used on a day."""

from __future__ import annotations

from datetime import date

from limen.law.book import Book
from limen.law.rules import Profile


def usable_profiles(book: Book, known_at: date | None) -> tuple[Profile, ...]:
    """The profiles that existed on `known_at`, in the order of the book; all of them if it is `None`.

    A profile existed once it was held and every alternative it chooses was.
    """
    return tuple(profile for profile in book.profiles.values() if known_at is None or existed(book, profile, known_at))


def existed(book: Book, profile: Profile, known_at: date) -> bool:
    """Whether `profile`, and every alternative it chooses, was held on `known_at`."""
    if profile.since is not None and profile.since > known_at:
        return False
    starts = (
        book.readings[address].alternative(choice).meaning.in_force.start for address, choice in profile.chooses.items()
    )
    return all(start is None or start <= known_at for start in starts)
