"""Keeps what is sound of a file that has problems of shape, so that the rest of its problems are found at once.

What has been noted as wrong is cut out, and a key that has to be there gets a stand-in where one will do; only then
does the smallest entry that cannot stand without it go too. Everything cut is remembered as lost, so that nothing is
said to be missing that is only broken. A book with a stand-in is never built: its problems have been noted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from pydantic import ValidationError

from limen.law.documents import KINDS, RuleFile
from limen.law.load.desk import Desk
from limen.law.load.files import SourceFile
from limen.law.load.shape import address_of, path_in
from limen.law.load.yaml_file import YamlList, YamlMap

_ROUNDS = 12
"""Cutting one part can leave the part around it incomplete; this is deeper than a rule is nested in practice."""

_TEXT = "-"
_CITE = {"document": _TEXT, "certainty": "assumed"}
_STAND_INS: dict[str, Any] = {
    **dict.fromkeys(
        ("title", "version", "says", "summary", "withheld_because", "held_by", "if_true", "if_unknown", "label", "ask",
         "words", "question", "who", "duty"), _TEXT,
    ),
    "cite": _CITE,
    "authority": [_CITE],
    "effect": "must",
    "status": "vague",
    "when": "on_release",
    "certainty": "assumed",
}  # fmt: skip
"""What may stand in for a key that is missing or wrong while the rest of its file is checked."""

_TOP_NAME = re.compile(r"^(?:rule|vocabulary|profile):[ \t]*([A-Za-z0-9_.-]+)", re.MULTILINE)
_KEY = re.compile(r"^[ \t]*([a-z][a-z0-9_.]*):", re.MULTILINE)

Path = tuple[str | int, ...]


def salvage(file: SourceFile, desk: Desk) -> RuleFile | None:
    """The document that is left of `file` once everything wrong is cut out, or `None` if nothing is."""
    root = file.root
    kind = root.get("kind") if isinstance(root, YamlMap) else None
    if not isinstance(kind, str) or kind not in KINDS:
        lose_unread(file.text, desk)
        return None
    for _ in range(_ROUNDS):
        try:
            return KINDS[kind].model_validate(root)
        except ValidationError as error:
            cuts = {
                path
                for finding in error.errors(include_url=False)
                if (path := _cut(root, finding["type"], finding["loc"])) is not None
            }
            if () in cuts:
                break
            for path in sorted(cuts, key=_deepest_last_first):
                _remove(root, path, desk)
    _lose(root, desk)
    return None


def lose_unread(text: str, desk: Desk) -> None:
    """Notes what a file that is not even YAML would have given, as far as its lines show it."""
    desk.lost.update(_TOP_NAME.findall(text), _KEY.findall(text))


def _cut(root: YamlMap, kind: str, loc: tuple[Any, ...]) -> Path | None:
    """What to cut for one finding: the value at fault, or what it is missing from. `()` is the whole file.

    `None` if a stand-in has been put there instead.
    """
    path = path_in(root, loc[:-1] if kind == "missing" else loc)
    key = loc[-1] if loc else ""
    if kind == "missing":
        holder = _at(root, path)
    elif path and path[-1] == key:
        holder = _at(root, path[:-1])
    else:
        return path
    if kind != "extra_forbidden" and key in _STAND_INS and isinstance(holder, YamlMap):
        holder[key] = _marked(_STAND_INS[key], holder.mark)
        holder.key_marks.setdefault(key, holder.mark)
        holder.value_marks.setdefault(key, holder.mark)
        return None
    return path


def _marked(value: Any, mark: Any) -> Any:
    """A stand-in as if it had been read from the file, at `mark`."""
    if isinstance(value, dict):
        filled = YamlMap(mark)
        filled.update(value)
        filled.key_marks = dict.fromkeys(value, mark)
        filled.value_marks = dict.fromkeys(value, mark)
        return filled
    if isinstance(value, list):
        entries = YamlList(mark)
        entries.extend(_marked(entry, mark) for entry in value)
        entries.value_marks = [mark] * len(value)
        return entries
    return value


def _at(root: Any, path: Path) -> Any:
    for step in path:
        root = root[step]
    return root


def _deepest_last_first(path: Path) -> tuple[Any, ...]:
    """Later entries of a list go before earlier ones, and parts before the whole, so that paths stay true."""
    steps = [(0, -step, "") if isinstance(step, int) else (1, 0, step) for step in path]
    return (*steps, (2, 0, ""))


def _remove(root: YamlMap, path: Path, desk: Desk) -> None:
    holder: Any = _at(root, path[:-1])
    last = path[-1]
    address = address_of(root, path)
    if isinstance(holder, YamlList) and isinstance(last, int) and last < len(holder):
        if address is not None:
            desk.lost.add(address)
        del holder[last], holder.value_marks[last]
    elif isinstance(holder, YamlMap) and isinstance(last, str) and last in holder:
        if isinstance(holder[last], (YamlMap, YamlList)) and address is not None:
            desk.lost.update(_names_under(address, last, holder[last]))
        del holder[last]


def _names_under(address: str, key: str, removed: Any) -> Iterable[str]:
    """What goes with a mapping or list that is cut out: itself, and the names it would have given."""
    yield address
    yield address.rpartition("#")[2]
    yield key
    if isinstance(removed, YamlMap):
        yield from removed


def _lose(root: YamlMap, desk: Desk) -> None:
    """Notes everything that a file would have given as lost."""
    for key in ("rule", "vocabulary", "profile"):
        if isinstance(root.get(key), str):
            desk.lost.add(root[key])
    for key in ("facts", "item_facts", "definitions", "parameters"):
        if isinstance(root.get(key), YamlMap):
            desk.lost.update(root[key].value_marks)
