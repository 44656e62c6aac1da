"""Rule files as data, with the place of everything in them.

YAML's own surprises are refused here, each with its place: duplicate keys, words that some readers take for
booleans, numbers and dates in odd spellings, a comma in `{label: a, b}` that makes a key of `b`, anchors, tags,
deep nesting, several documents in a file. What comes out is plain: text, `true`/`false`, whole numbers, days, lists
and mappings with text keys.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

import yaml

from limen.law.load.scalars import Refused, plain_value

MAX_BYTES = 1_000_000
"""Size of one rule file. The longest shipped file has a twentieth of this."""

MAX_DEPTH = 40
"""Levels of lists and mappings in one rule file."""

Loader: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Report = Callable[..., None]
"""`report(code, mark, message, mend=None)`, where `mark` has `line` and `column` from 0."""


class YamlMap(dict[str, Any]):
    """A mapping that knows where it is, and where each key and value is."""

    __slots__ = ("key_marks", "mark", "value_marks")

    def __init__(self, mark: Any) -> None:
        super().__init__()
        self.mark = mark
        self.key_marks: dict[str, Any] = {}
        self.value_marks: dict[str, Any] = {}


class YamlList(list[Any]):
    """A list that knows where it is, and where each entry is."""

    __slots__ = ("mark", "value_marks")

    def __init__(self, mark: Any) -> None:
        super().__init__()
        self.mark = mark
        self.value_marks: list[Any] = []


class Stop(Exception):
    """Reading cannot go on; the reason has been reported."""


def read_yaml(text: str, report: Report) -> Any:
    """The one document in `text`, or `None` after a problem that leaves nothing to work with."""
    composer = _Composer(report)
    try:
        for event in yaml.parse(text, Loader=Loader):
            composer.take(event)
    except Stop:
        return None
    except yaml.reader.ReaderError as error:
        before = text[: error.position].splitlines() or [""]
        mark = _Place(len(before) - 1, len(before[-1]))
        report("yaml-syntax", mark, "the file holds a control character", "remove it")
        return None
    except yaml.MarkedYAMLError as error:
        _report_syntax(error, text, report)
        return None
    if composer.root is None and not composer.reported:
        report("empty-file", _Place(0, 0), "the file is empty", "write a rule, or remove the file")
    return composer.root


class _Place:
    __slots__ = ("column", "index", "line")

    def __init__(self, line: int, column: int) -> None:
        self.index = 0
        self.line = line
        self.column = column


def _report_syntax(error: yaml.MarkedYAMLError, text: str, report: Report) -> None:
    mark = error.problem_mark or error.context_mark or _Place(0, 0)
    words = error.problem or "not YAML"
    if text[mark.index : mark.index + 1] == "\t":
        report("tab", mark, "a tab cannot indent", "indent with spaces")
        return
    mend = {
        "mapping values are not allowed": "put text that holds a colon and a space in quotes",
        "did not find expected key": "check the indentation, and put text that starts with a quote in quotes",
        "found unexpected end": "close the quote",
    }
    hint = next((advice for start, advice in mend.items() if words.startswith(start)), None)
    context = f" {error.context}" if error.context else ""
    report("yaml-syntax", mark, f"this is not YAML: {words}{context}", hint)


class _Composer:
    """Builds the data from the parser's events, without recursion."""

    def __init__(self, report: Report) -> None:
        self.root: Any = None
        self.reported = False
        self._report = report
        self._stack: list[tuple[YamlMap | YamlList, bool]] = []
        self._key: tuple[str, Any] | None = None
        self._documents = 0

    def take(self, event: Any) -> None:
        kind = type(event)
        if kind is yaml.ScalarEvent:
            self._scalar(event)
        elif kind is yaml.MappingStartEvent:
            self._open(event, YamlMap(event.start_mark))
        elif kind is yaml.SequenceStartEvent:
            self._open(event, YamlList(event.start_mark))
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            self._stack.pop()
            self._key = None
        elif kind is yaml.AliasEvent:
            self._refuse("anchor", event.start_mark, f"`*{event.anchor}` repeats something written elsewhere",
                         "write it out; rule files have no anchors and aliases")  # fmt: skip
            self._place(None, event, keep=False)
        elif kind is yaml.DocumentStartEvent:
            self._documents += 1
            if self._documents > 1:
                self._refuse("several-documents", event.start_mark, "a second document starts here",
                             "one rule per file: move it to a file of its own")  # fmt: skip
                raise Stop

    def _refuse(self, code: str, mark: Any, message: str, mend: str) -> None:
        self.reported = True
        self._report(code, mark, message, mend)

    def _open(self, event: Any, container: YamlMap | YamlList) -> None:
        if len(self._stack) >= MAX_DEPTH:
            self._refuse("too-deep", event.start_mark, f"more than {MAX_DEPTH} levels of lists and mappings",
                         "split the rule")  # fmt: skip
            raise Stop
        self._properties(event)
        in_map = bool(self._stack) and isinstance(self._stack[-1][0], YamlMap)
        if in_map and self._key is None:
            self._refuse("not-a-key", event.start_mark, "a key has to be plain text", "write one word, then a colon")
            raise Stop
        self._place(container, event)
        self._stack.append((container, bool(event.flow_style)))

    def _properties(self, event: Any) -> None:
        if event.anchor is not None:
            self._refuse("anchor", event.start_mark, f"`&{event.anchor}` names this to repeat it elsewhere",
                         "remove it; rule files have no anchors and aliases")  # fmt: skip
        if event.tag is not None:
            self._refuse("tag", event.start_mark, f"`{event.tag}` is a YAML tag", "remove it; rule files have no tags")

    def _scalar(self, event: Any) -> None:
        if event.anchor is not None or event.tag is not None:
            self._properties(event)
        if self._stack and self._key is None:
            container = self._stack[-1][0]
            if isinstance(container, YamlMap):
                self._start_pair(event, container)
                return
        text: str = event.value
        value: Any = plain_value(text) if event.style is None or event.style == "" or event.implicit[0] else text
        if type(value) is Refused:
            self._refused_scalar(value, event)
            self._place(None, event, keep=False)
        else:
            self._place(value, event)

    def _refused_scalar(self, refused: Refused, event: Any) -> None:
        in_flow_map = bool(self._stack) and self._stack[-1][1] and isinstance(self._stack[-1][0], YamlMap)
        if refused.code == "empty-value" and event.value == "" and in_flow_map and self._key is not None:
            key, mark = self._key
            self._refuse("flow-comma", mark, f"the comma before `{key}` makes a key of it",
                         "put the whole text in quotes, or write one key to a line")  # fmt: skip
            return
        mark = event.start_mark
        if event.value == "" and self._key is not None:
            mark = self._key[1]
        self._refuse(refused.code, mark, refused.message, refused.mend)

    def _start_pair(self, event: Any, container: YamlMap) -> None:
        key: str = event.value
        if event.implicit[0]:
            refused = plain_value(key)
            if key == "<<":
                self._refuse("anchor", event.start_mark, "`<<` merges another mapping into this one",
                             "write the keys out; rule files have no merging")  # fmt: skip
            elif type(refused) is Refused and refused.code == "not-a-boolean":
                self._refuse(refused.code, event.start_mark, refused.message, f"put the key in quotes: `'{key}'`")
        self._key = (key, event.start_mark)

    def _place(self, value: Any, event: Any, keep: bool = True) -> None:
        """Puts a finished or just opened value where it belongs."""
        if not self._stack:
            self.root = value
            return
        container, _ = self._stack[-1]
        if isinstance(container, YamlList):
            if keep:
                container.append(value)
                container.value_marks.append(event.start_mark)
            return
        if self._key is None:
            self._refuse("not-a-key", event.start_mark, "a key has to be plain text", "write one word, then a colon")
            raise Stop
        (key, mark), self._key = self._key, None
        if key in container.key_marks:
            first = container.key_marks[key].line + 1
            self._refuse("duplicate-key", mark, f"the key `{key}` is already on line {first}",
                         "keep one of the two, or rename one")  # fmt: skip
            return
        container.key_marks[key] = mark
        container.value_marks[key] = event.start_mark
        if keep:
            container[key] = value


def marks_under(root: Any, path: Iterable[str | int]) -> tuple[Any, Any]:
    """The marks (key, value) of what `path` leads to, or of the last part of it that is there."""
    here = root
    key_mark = value_mark = root.mark
    for step in path:
        if isinstance(here, YamlMap) and step in here.value_marks:
            key_mark, value_mark = here.key_marks[str(step)], here.value_marks[str(step)]
            here = here.get(str(step))
        elif isinstance(here, YamlList) and isinstance(step, int) and step < len(here):
            key_mark = value_mark = here.value_marks[step]
            here = here[step]
    return key_mark, value_mark


Value = str | bool | int | date | YamlMap | YamlList
