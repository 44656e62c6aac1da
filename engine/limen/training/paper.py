"""A paper: which questions of a course are put, and in what order. The same seed gives the same paper."""

from __future__ import annotations

import random
import re
import secrets
from typing import Final, Literal

from limen.training.course import Course

Mode = Literal["practice", "assessment"]
MODES: Final[tuple[Mode, ...]] = ("practice", "assessment")
_SEED: Final = re.compile(r"[A-Za-z0-9_-]{1,40}")


class SeedError(Exception):
    """A seed that cannot be used."""


def new_seed() -> str:
    """A short seed that can be read out."""
    return secrets.token_hex(3)


def check_seed(seed: str) -> str:
    """`seed` as it is. Raises `SeedError` unless it is 1 to 40 letters, digits, `_` or `-`."""
    if not _SEED.fullmatch(seed):
        raise SeedError("a seed has 1 to 40 letters, digits, `_` or `-`")
    return seed


def paper(course: Course, mode: Mode, seed: str) -> tuple[str, ...]:
    """The ids of the questions on a paper. Practice keeps the order of the course; an assessment is shuffled."""
    ids = [question.id for question in course.questions]
    dice = random.Random(f"{course.course}/{course.version}/{seed}")
    if course.draw is not None:
        drawn = set(dice.sample(ids, course.draw))
        ids = [id for id in ids if id in drawn]
    if mode == "assessment":
        dice.shuffle(ids)
    return tuple(ids)
