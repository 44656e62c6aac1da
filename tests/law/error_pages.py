"""The examples of the error pages under `docs/errors/`, as folders that can be loaded."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from limen.law.load.loader import load_folder
from limen.law.problem import BookError

PAGES = Path(__file__).parents[2] / "docs" / "errors"
SMALL_BOOK = PAGES / "small-book"

_BLOCK = re.compile(r"^```(?:yaml|text) (file|remove|link)=(\S+)(?: (\w+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FINDING = re.compile(r"^```text finding\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Example(NamedTuple):
    """One block of a page: a file to write (`file`), to leave out (`remove`) or to link to nowhere (`link`)."""

    what: str
    name: str
    content: str
    info: str = ""


def examples(page: str) -> list[Example]:
    """The blocks of a page."""
    return [Example(what, name, content, info or "") for what, name, info, content in _BLOCK.findall(page)]


def promised(page: str) -> str:
    """The finding that a page shows."""
    (finding,) = _FINDING.findall(page)
    return str(finding).rstrip("\n")


def build(blocks: Iterable[Example], folder: Path) -> Path:
    """The small book with the blocks of a page put into it."""
    shutil.copytree(SMALL_BOOK, folder)
    for block in blocks:
        path = folder / block.name
        match block.what:
            case "remove":
                path.unlink()
            case "link":
                path.symlink_to(block.content.strip())
            case _ if block.info == "escapes":
                path.write_bytes(block.content.encode("ascii").decode("unicode_escape").encode("latin-1"))
            case _:
                path.write_text(block.content, encoding="utf-8")
    return folder


def findings(folder: Path) -> str:
    """Every problem of the book in `folder`, as a person sees them."""
    try:
        load_folder(folder)
    except BookError as error:
        return "\n".join(map(str, error.problems))
    return ""
