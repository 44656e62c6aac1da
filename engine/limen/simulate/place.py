"""The folder of a run: each finished stage kept under a digest of all it was made from, so that it is made once.

A stage that has its name is whole: it is made beside it and renamed. A run with another seed or share finds other
names, and one that was stopped goes on where it stopped.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any


def digest_of(parts: Any) -> str:
    """Sixteen letters that stand for some plain data."""
    text = json.dumps(parts, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@cache
def code_of(*parts: str) -> str:
    """Sixteen letters that stand for the source of some rooms or modules of `limen`, as in `crossref`.

    Part of the name of each stage, so that what another version made otherwise is not taken up.
    """
    import limen

    home = Path(limen.__file__).parent
    found = hashlib.sha256()
    for part in parts:
        place = home / part
        for file in sorted(place.rglob("*.py")) if place.is_dir() else [place.with_suffix(".py")]:
            found.update(file.relative_to(home).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return found.hexdigest()[:16]


class Place:
    """Where stages are kept: `OUT/stages`."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.stages = out / "stages"
        self.stages.mkdir(parents=True, exist_ok=True)

    def stage(self, kind: str, parts: Any) -> Path:
        """The path of the stage `kind` made from `parts`, whether it is there or not."""
        return self.stages / f"{kind}-{digest_of(parts)}"


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A path to write to, which becomes `path` when everything has been written."""
    building = path.with_name(path.name + ".building")
    if building.is_dir():
        shutil.rmtree(building)
    building.parent.mkdir(parents=True, exist_ok=True)
    building.unlink(missing_ok=True)
    yield building
    building.replace(path)
