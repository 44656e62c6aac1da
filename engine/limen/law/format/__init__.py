"""The canonical print of rule files: one way to write each file, with every comment kept.

Printing and reading are inverse: a formatted file says what it said before, and formatting it again changes nothing.
"""

from __future__ import annotations

from pathlib import Path

from limen.law.format.printer import printed
from limen.law.format.tree import tree_of
from limen.law.load.files import RawFile, decoded, find_files
from limen.law.load.yaml_file import read_yaml
from limen.law.problem import BookError, Problem


def format_text(text: str, name: str = "rule.yaml") -> str:
    """The rule file `text` in its canonical form. Raises `BookError` if it is not a YAML file that could be a rule."""
    problems: list[Problem] = []

    def report(code: str, mark: object, message: str, mend: str | None = None) -> None:
        line, column = getattr(mark, "line", 0) + 1, getattr(mark, "column", 0) + 1
        problems.append(Problem(name, line, column, code, message, mend=mend))

    read_yaml(text, report)
    if problems:
        raise BookError(problems)
    return printed(tree_of(text))


def format_folder(folder: Path, write: bool = True) -> list[str]:
    """Formats every rule file in `folder`; the names of those that were not in canonical form.

    With `write=False` nothing is changed. Nothing is written either if any file cannot be read, in which case
    `BookError` lists every such problem.
    """
    files, problems = find_files(folder)
    formatted: dict[str, str] = {}
    for raw in files:
        try:
            text = _text(raw)
            if (canonical := format_text(text, raw.name)) != text:
                formatted[raw.name] = canonical
        except BookError as error:
            problems.extend(error.problems)
    if problems:
        raise BookError(problems)
    if write:
        for name, canonical in formatted.items():
            (folder / name).write_text(canonical, encoding="utf-8", newline="\n")
    return sorted(formatted)


def _text(raw: RawFile) -> str:
    problems: list[Problem] = []

    def report(code: str, line: int, column: int, message: str, mend: str | None = None) -> None:
        problems.append(Problem(raw.name, line, column, code, message, mend=mend))

    text = decoded(raw, report)
    if text is None:
        raise BookError(problems)
    return text
