"""Whether a file has the shape of a rule: from pydantic's findings to problems an author can mend."""

from __future__ import annotations

from collections.abc import Iterable
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from limen.law.documents import KINDS, RuleFile
from limen.law.load.desk import Desk
from limen.law.load.files import SourceFile
from limen.law.load.yaml_file import YamlList, YamlMap, marks_under
from limen.law.problem import nearest

_EXPECTED = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "bool_type": "`true` or `false`",
    "date_type": "a date such as 2025-04-07",
    "list_type": "a list",
    "dict_type": "keys and values",
    "model_type": "keys and values",
    "model_attributes_type": "keys and values",
}
_WHOLE = {
    "one-operation": ("one-operation", "keep one, and make any other a node of a group"),
    "citation": ("bad-citation", "complete the one or the other"),
    "source": ("bad-source", "keep one of them"),
}
"""Problems of a whole mapping, by the name its model gives them: code, and how to mend it."""

_FIRST_KEYS = ("kind", "rule", "id", "title", "label")
_NAMES_MEND = "use lower-case letters, digits and `_`, starting with a letter"


def shaped(file: SourceFile, desk: Desk) -> RuleFile | None:
    """The document in `file`, or `None` after its problems have been noted."""
    root = file.root
    if not isinstance(root, YamlMap):
        message = "a rule file holds keys and values"
        desk.report("wrong-type", file, getattr(root, "mark", _TOP), message, mend="start it with `kind:`")
        return None
    kind = root.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        close = nearest(str(kind), KINDS) if kind is not None else None
        what = f"`{kind}` is not a kind of rule file" if kind is not None else "the file does not say its `kind`"
        mark = root.value_marks.get("kind", root.mark)
        desk.report("unknown-kind", file, mark, what, nearest=close, mend=f"one of {_listed(KINDS)}")
        return None
    model = KINDS[kind]
    try:
        return model.model_validate(root)
    except ValidationError as error:
        for finding in error.errors(include_url=False, include_input=True):
            _note(finding, model, file, desk)
        return None


class _Top:
    line = 0
    column = 0


_TOP = _Top()


def _note(finding: Any, model: type[BaseModel], file: SourceFile, desk: Desk) -> None:
    kind: str = finding["type"]
    path = path_in(file.root, finding["loc"])
    key_mark, value_mark = marks_under(file.root, path)
    address = address_of(file.root, path)
    last = _named(path)
    context = finding.get("ctx") or {}
    match kind:
        case "extra_forbidden":
            valid = _keys_at(model, finding["loc"][:-1])
            close = nearest(str(finding["loc"][-1]), valid)
            desk.report("unknown-key", file, key_mark, f"{last} is not a key here", address=address,
                        nearest=close, mend=f"the keys here are {_listed(valid)}")  # fmt: skip
        case "missing" if _was_refused(file.root, path, finding["loc"][-1]):
            pass  # the key is there; what was wrong with its value has been noted
        case "missing":
            message = f"the key `{finding['loc'][-1]}` is missing"
            desk.report("missing-key", file, value_mark, message, address=address, mend="add it")
        case "literal_error":
            valid = [word.strip("'") for word in str(context.get("expected", "")).replace(" or ", ", ").split(", ")]
            given = str(finding["input"])
            message = f"`{_brief(given)}` is not a value of {last}"
            desk.report("not-one-of", file, value_mark, message, address=address,
                        nearest=nearest(given, valid), mend=f"one of {_listed(valid)}")  # fmt: skip
        case "string_pattern_mismatch":
            message = f"`{_brief(str(finding['input']))}` cannot be a name"
            desk.report("bad-name", file, value_mark if "[key]" not in finding["loc"] else key_mark, message,
                        address=address, mend=_NAMES_MEND)  # fmt: skip
        case "too_short":
            desk.report("empty-list", file, value_mark, f"{last} is empty", address=address, mend="list at least one")
        case "string_too_short":
            desk.report("empty-value", file, value_mark, f"{last} is empty", address=address, mend="write the text")
        case "string_too_long":
            most = context.get("max_length")
            desk.report("too-large", file, value_mark, f"{last} has more than {most} characters", address=address,
                        mend="shorten it")  # fmt: skip
        case "greater_than":
            desk.report(
                "wrong-type", file, value_mark, f"{last} has to be more than {context.get('gt')}", address=address
            )
        case "one-operation" | "citation" | "source":
            code, mend = _WHOLE[kind]
            desk.report(code, file, value_mark, str(finding["msg"]), address=address, mend=mend)
        case _:
            wanted = _EXPECTED.get(kind, "something else")
            given = type(finding["input"]).__name__
            _wrong_type(file, desk, value_mark, last, wanted, finding["input"], given, address)


def _named(path: tuple[str | int, ...]) -> str:
    """What a path leads to, in words."""
    if not path:
        return "the file"
    last = path[-1]
    if isinstance(last, str):
        return f"`{last}`"
    return f"entry {last + 1} of {_named(path[:-1])}"


def _was_refused(root: Any, path: tuple[str | int, ...], key: str | int) -> bool:
    here = root
    for step in path:
        here = here[step]
    return isinstance(here, YamlMap) and key in here.value_marks


_PLAIN = ("int", "date", "bool")


def _wrong_type(
    file: SourceFile, desk: Desk, mark: Any, key: str, wanted: str, value: Any, given: str, address: str | None
) -> None:
    found = {"str": "text", "int": "a number", "bool": "`true` or `false`", "date": "a date", "YamlList": "a list"}
    mend = f'put it in quotes: `"{value}"`' if wanted == "text" and given in ("int", "date", "bool") else None
    message = f"{key} has to be {wanted}, and this is {found.get(given, 'keys and values')}"
    desk.report("wrong-type", file, mark, message, address=address, mend=mend)


def path_in(root: Any, loc: Iterable[Any]) -> tuple[str | int, ...]:
    """The part of pydantic's `loc` that is in the file (unions add names of their own)."""
    path: list[str | int] = []
    here = root
    for step in loc:
        in_list = isinstance(here, YamlList) and isinstance(step, int) and step < len(here)
        if in_list or (isinstance(here, YamlMap) and step in here):
            path.append(step)
            here = here[step]
    return tuple(path)


def address_of(root: YamlMap, path: tuple[str | int, ...]) -> str | None:
    """The address nearest to what `path` leads to, as far as the file gives ids."""
    rule = root.get("rule") or root.get("vocabulary")
    if not isinstance(rule, str):
        return None
    ids: list[str] = []
    here: Any = root
    for step in path:
        here = here.get(step) if isinstance(here, dict) else here[step]
        if isinstance(here, dict) and isinstance(here.get("id"), str):
            ids.append(here["id"])
        elif isinstance(step, str) and "." in step:
            ids.append(step)
    if not ids:
        return rule
    if path[0] == "readings":
        reading = f"{rule}/{ids[0]}" + (f":{ids[1]}" if len(ids) > 1 else "")
        return "/".join([reading, *ids[2:]])
    return f"{rule}#{'/'.join(ids)}"


def _keys_at(model: Any, loc: Iterable[Any]) -> list[str]:
    """The keys that the model allows at the place `loc`."""
    here: list[Any] = [model]
    for step in loc:
        here = [inner for part in here for inner in _inside(part, step)] or here
    keys: list[str] = []
    for part in here:
        if isinstance(part, type) and issubclass(part, BaseModel):
            keys += [field.alias or name for name, field in part.model_fields.items()]
    return sorted(dict.fromkeys(keys), key=lambda key: (key not in _FIRST_KEYS, keys.index(key)))


def _inside(part: Any, step: Any) -> list[Any]:
    """The types found under `step` of the type `part`."""
    found: list[Any] = []
    if isinstance(part, type) and issubclass(part, BaseModel):
        for name, field in part.model_fields.items():
            if step in (name, field.alias):
                found += _unwrapped(field.annotation)
    return found


def _unwrapped(annotation: Any) -> list[Any]:
    origin = get_origin(annotation)
    if origin in (Union, UnionType, list):
        return [inner for part in get_args(annotation) for inner in _unwrapped(part)]
    if origin is Annotated:
        return _unwrapped(get_args(annotation)[0])
    if origin is dict:
        return _unwrapped(get_args(annotation)[1])
    return [annotation]


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _brief(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:37]}..."
