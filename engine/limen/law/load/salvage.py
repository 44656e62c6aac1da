"""Keeps what is sound of a file that has problems of shape, so that the rest of its problems are found at once.

What has been noted as wrong is cut out: the key, or the smallest entry that cannot stand without it. Everything cut
is remembered as lost, so that nothing is said to be missing that is only broken.
"""

from __future__ import annotations

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

Path = tuple[str | int, ...]


def salvage(file: SourceFile, desk: Desk) -> RuleFile | None:
    """The document that is left of `file` once everything wrong is cut out, or `None` if nothing is."""
    root = file.root
    kind = root.get("kind") if isinstance(root, YamlMap) else None
    if not isinstance(kind, str) or kind not in KINDS:
        desk.blind = True
        return None
    for _ in range(_ROUNDS):
        try:
            return KINDS[kind].model_validate(root)
        except ValidationError as error:
            cuts = {_cut(root, finding["type"], finding["loc"]) for finding in error.errors(include_url=False)}
            if () in cuts:
                break
            for path in sorted(cuts, key=_deepest_last_first):
                _remove(root, path, desk)
    _lose(root, desk)
    return None


def _cut(root: YamlMap, kind: str, loc: tuple[Any, ...]) -> Path:
    """What to cut for one finding: the value at fault, or what it is missing from. `()` is the whole file."""
    return path_in(root, loc[:-1] if kind == "missing" else loc)


def _deepest_last_first(path: Path) -> tuple[Any, ...]:
    """Later entries of a list go before earlier ones, and parts before the whole, so that paths stay true."""
    steps = [(0, -step, "") if isinstance(step, int) else (1, 0, step) for step in path]
    return (*steps, (2, 0, ""))


def _remove(root: YamlMap, path: Path, desk: Desk) -> None:
    holder: Any = root
    for step in path[:-1]:
        holder = holder[step]
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
