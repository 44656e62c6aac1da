"""Reading course files: everything wrong with one is reported at once, each with its line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ValidationError

from limen.law.load.yaml_file import YamlList, YamlMap, read_yaml
from limen.law.places import shipped_scenarios
from limen.law.problem import Problem, in_order, nearest
from limen.training.course import Course, PassMarks, Question, Twin, Wording, WrittenCase

MAX_BYTES: Final = 1_000_000
"""Size of one course file."""

ANSWERS: Final = frozenset({"answer", "answers", "expect", "key", "correct", "verdict", "solution", "score", "points"})
"""Keys that would say what is right. Nothing may: the key follows from facts, profile and book."""

_PARTS: dict[str, type[BaseModel]] = {
    "questions": Question, "wording": Wording, "case": WrittenCase, "twin": Twin, "pass_marks": PassMarks,
}  # fmt: skip


class CourseError(Exception):
    """A course that cannot be used. `problems` are sorted by file and line."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = in_order(problems)
        count = len(self.problems)
        head = "the course cannot be used" if count == 1 else f"the course has {count} problems"
        super().__init__("\n".join([head, *map(str, self.problems)]))

    def __reduce__(self) -> tuple[type[CourseError], tuple[tuple[Problem, ...]]]:
        return (CourseError, (self.problems,))


def one_problem(file: str, message: str, mend: str | None = None, near: str | None = None) -> CourseError:
    """An error about a course as a whole, or about something in it that has no line of its own."""
    return CourseError([Problem(file, 0, 0, "course", message, nearest=near, mend=mend)])


def courses_folder() -> Path:
    """The folder of the shipped courses."""
    return shipped_scenarios() / "courses"


def shipped_courses() -> list[Path]:
    """The files of the shipped courses, by name."""
    return sorted(courses_folder().glob("*.yaml"))


def find_course(name: str) -> Path:
    """The file `name`, or the shipped course of that name. Raises `CourseError` with the nearest name there is."""
    path = Path(name)
    if path.is_file():
        return path
    names = {file.stem: file for file in shipped_courses()}
    if name in names:
        return names[name]
    mend = f"the shipped courses are {', '.join(f'`{one}`' for one in names) or 'none'}; or give the path of a file"
    raise one_problem(name, "there is no such file, and no shipped course of that name", mend, nearest(name, names))


def load_course(path: Path) -> Course:
    """The course in a file. Raises `CourseError` with everything that is wrong, and `OSError`."""
    if path.stat().st_size > MAX_BYTES:
        raise one_problem(path.name, f"the file is larger than {MAX_BYTES:,} bytes")
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise one_problem(path.name, "the file is not UTF-8 text") from None
    return read_course(text, path.name)


def read_course(text: str, name: str = "course") -> Course:
    """The course that `text` tells, its file called `name` in errors. Raises `CourseError`."""
    problems: list[Problem] = []

    def report(code: str, mark: Any, message: str, mend: str | None = None) -> None:
        problems.append(Problem(name, mark.line + 1, mark.column + 1, code, message, mend=mend))

    data = read_yaml(text, report)
    if problems:
        raise CourseError(problems)
    if not isinstance(data, YamlMap):
        raise one_problem(name, "a course is a mapping of keys to values", "start the file with `course: its-name`")
    try:
        return Course.model_validate(data)
    except ValidationError as error:
        raise CourseError(_problems(error, data, name)) from None


def write_course(course: Course) -> str:
    """The course as YAML text, which reads back as the same course."""
    import yaml

    content = course.model_dump(mode="python", exclude_defaults=True, exclude_none=True)
    content = {"course": course.course, "title": course.title, "version": course.version, **content}
    return yaml.safe_dump(_plain(content), sort_keys=False, allow_unicode=True, width=110)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, str | bool | int | date):
        return value
    raise TypeError(f"a course cannot hold a {type(value).__name__}")


def _problems(error: ValidationError, data: YamlMap, name: str) -> Iterator[Problem]:
    """Pydantic's findings as problems: each place once, with the nearest name for a name nobody knows."""
    seen: set[tuple[int, int, str]] = set()
    for finding in error.errors(include_url=False, include_input=False):
        path, mark = _place(data, finding["loc"])
        message, mend, near = _message(finding, path)
        key = (mark[0], mark[1], message)
        if key not in seen:
            seen.add(key)
            yield Problem(name, *mark, "course", message, nearest=near, mend=mend)


def _message(finding: Any, path: str) -> tuple[str, str | None, str | None]:
    where = f"`{path}`" if path else "the course"
    kind, words = finding["type"], finding["msg"]
    last = str(finding["loc"][-1]) if finding["loc"] else ""
    if kind == "extra_forbidden" and last in ANSWERS:
        mend = "take it away; to change an answer, change the facts of the case or the profile of the course"
        return (
            f"{where} would say what is right, and a course cannot: the key follows from facts and profile",
            mend,
            None,
        )
    if kind == "extra_forbidden":
        return f"{where} is not a key that belongs here", None, nearest(last, _names(finding["loc"][:-1]))
    if kind == "missing":
        return f"{where} is missing", None, None
    if kind == "value_error":
        return words.removeprefix("Value error, "), None, None
    return f"{where}: {words[:1].lower()}{words[1:]}", None, None


def _place(data: Any, location: Iterable[str | int]) -> tuple[str, tuple[int, int]]:
    """The dotted path of `location` as far as the file has it, and its line and column."""
    mark, here, path = data.mark, data, ""
    for step in location:
        if isinstance(here, YamlMap) and isinstance(step, str):
            path = f"{path}.{step}" if path else step
            if step not in here:
                break
            mark = here.key_marks.get(step, mark)
            here = here[step]
        elif isinstance(here, YamlList) and isinstance(step, int) and step < len(here):
            mark = here.value_marks[step]
            path = f"{path}[{step}]"
            here = here[step]
    return path, (mark.line + 1, mark.column + 1)


def _names(location: tuple[str | int, ...]) -> list[str]:
    """The keys that may stand where a wrong one was found."""
    named = [str(step) for step in location if isinstance(step, str)]
    part = _PARTS.get(named[-1]) if named else Course
    return sorted(part.model_fields) if part is not None else []
