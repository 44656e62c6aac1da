"""The law of casework as data: kinds of event and duties, read from the files in `law/` and checked whole.

Every name a duty uses must be there: a kind, one of its fields, one of that field's words. A file that does not fit
is an `AftercareError` that says where.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast

from limen.casework.duty import ALL, Act, Count, Duty, Every, Form, Need, Once, Owed, Pattern, Patterns, While
from limen.casework.kind import DERIVED, NO, YES, Field, FieldType, Kind, Link
from limen.casework.span import Span
from limen.law.citation import Citation
from limen.law.problem import nearest

FOLDER = Path(__file__).with_name("law")
DUTY_FILES = ("safeguards.yaml", "use.yaml")
_TRUTH = Field("truth", (YES, NO))
_PLAIN: Mapping[str, Field] = {"name": Field("name"), "text": Field("text"), "truth": _TRUTH}


class AftercareError(Exception):
    """The files of casework's law do not fit together."""


@dataclass(frozen=True, slots=True)
class Aftercare:
    """Kinds of event by name, in their order, and duties by id, in the order of the files."""

    kinds: Mapping[str, Kind]
    duties: Mapping[str, Duty]


@cache
def aftercare() -> Aftercare:
    """The shipped law of casework. Raises `AftercareError`."""
    return load_aftercare(FOLDER)


def load_aftercare(folder: Path) -> Aftercare:
    """The law of casework in `folder`. Raises `AftercareError`."""
    kinds = _kinds(_read(folder / "events.yaml"))
    duties: dict[str, Duty] = {}
    for file in DUTY_FILES:
        for raw in _read(folder / file):
            duty = _Reader(kinds, f"{file}: {raw.get('id', 'a duty without an id')}").duty(raw)
            if duty.id in duties:
                raise AftercareError(f"{file}: `{duty.id}` is there twice")
            duties[duty.id] = duty
    return Aftercare(kinds, duties)


def _read(path: Path) -> Any:
    from limen.law.load.yaml_file import read_yaml

    problems: list[str] = []

    def report(code: str, mark: Any, message: str, mend: str | None = None) -> None:
        problems.append(f"{path.name}:{mark.line + 1}: {message} [{code}]")

    data = read_yaml(path.read_text(encoding="utf-8"), report)
    if problems:
        raise AftercareError("\n".join(problems))
    return data


def _kinds(raw: Mapping[str, Any]) -> dict[str, Kind]:
    kinds: dict[str, Kind] = {}
    for rank, (name, body) in enumerate(raw.items()):
        fields = {field: _field(kind) for field, kind in body.get("fields", {}).items()}
        kinds[name] = Kind(
            name=name,
            rank=rank,
            says=body["says"],
            fields=fields,
            must=tuple(body.get("must", ())),
            makes=body.get("makes"),
            after=tuple(_link(one) for one in body.get("after", ())),
            not_after=tuple(_link(one) for one in body.get("not_after", ())),
        )
    for kind in kinds.values():
        named = {
            *kind.must,
            *(link.ours for link in (*kind.after, *kind.not_after)),
            *([kind.makes] if kind.makes else []),
        }
        strange = named - set(kind.fields)
        strange |= {other for link in (*kind.after, *kind.not_after) for other in link.kinds if other not in kinds}
        if strange:
            raise AftercareError(f"events.yaml: {kind.name}: there is no `{min(strange)}`")
    return kinds


def _field(raw: Any) -> Field:
    if isinstance(raw, list):
        return Field("words", tuple(raw))
    if raw not in _PLAIN:
        raise AftercareError(f"events.yaml: `{raw}` is no type of field")
    return _PLAIN[cast(FieldType, raw)]


def _link(raw: Mapping[str, Any]) -> Link:
    kinds = raw["event"] if isinstance(raw["event"], list) else [raw["event"]]
    same = raw["same"]
    theirs, ours = next(iter(same.items())) if isinstance(same, Mapping) else (same, same)
    return Link(tuple(kinds), theirs, ours)


class _Reader:
    """Reads the duties of one file; `where` is said in front of every error."""

    def __init__(self, kinds: Mapping[str, Kind], where: str) -> None:
        self._kinds = kinds
        self._where = where

    def _fail(self, words: str) -> AftercareError:
        return AftercareError(f"{self._where}: {words}")

    def duty(self, raw: Mapping[str, Any]) -> Duty:
        forms = [name for name in ("owed", "act", "every", "count") if name in raw]
        strange = set(raw) - {"id", "title", "who", "duty", "breach", "cite", "rule", *forms}
        missing = {"id", "title", "who", "duty", "breach", "cite"} - set(raw)
        if len(forms) != 1 or strange or missing:
            raise self._fail(f"has the forms {forms}, {sorted(strange)} that nobody reads, and lacks {sorted(missing)}")
        body = raw[forms[0]]
        form: Form
        match forms[0]:
            case "owed":
                form = self._owed(body)
            case "act":
                form = self._act(body)
            case "every":
                form = self._every(body)
            case _:
                form = self._count(body)
        texts = {name: raw[name].strip() for name in ("id", "title", "who", "duty", "breach")}
        return Duty(**texts, cite=Citation(**raw["cite"]), form=form, rule=raw.get("rule"))

    def _owed(self, raw: Mapping[str, Any]) -> Owed:
        self._only(raw, "key", "opens", "kept_by", "broken_by", "once", "within", "at_deadline", "ends", "ends_as")
        key = raw["key"]
        opens = self._patterns(raw["opens"], key)
        once = None
        if "once" in raw:
            ours, theirs = next(iter(raw["once"]["by"].items()))
            pattern = self._pattern(
                {name: one for name, one in raw["once"].items() if name not in ("by", "unless")}, theirs
            )
            for one in opens:
                self._field_of(one.kind, ours)
            once = Once(pattern, ours, self._patterns(raw["once"].get("unless", []), key))
        return Owed(
            opens=opens,
            kept_by=self._patterns(raw.get("kept_by", []), key),
            broken_by=self._patterns(raw.get("broken_by", []), key),
            once=once,
            within=self._span(raw.get("within")),
            at_deadline=self._one_of(raw.get("at_deadline", "breached"), "breached", "kept"),
            ends=self._patterns(raw.get("ends", []), key),
            ends_as=self._one_of(raw.get("ends_as", "lapsed"), "lapsed", "kept"),
        )

    def _act(self, raw: Mapping[str, Any]) -> Act:
        self._only(raw, "key", "doing", "needs", "while")
        key = raw["key"]
        needs = []
        for one in _listed(raw.get("needs", [])):
            spans = {name: self._span(one.get(name)) for name in ("ahead", "valid")}
            needs.append(Need(self._pattern({k: v for k, v in one.items() if k not in spans}, key), **spans))
        during = None
        if "while" in raw:
            self._only(raw["while"], "since", "until", "by")
            since, by = self._patterns(raw["while"]["since"], key), raw["while"]["by"]
            until = self._patterns(raw["while"].get("until", []), by)
            for pattern in since:
                self._field_of(pattern.kind, by)
            during = While(since, until, by)
        return Act(self._patterns(raw["doing"], key), tuple(needs), during)

    def _every(self, raw: Mapping[str, Any]) -> Every:
        self._only(raw, "key", "opens", "kept_by", "every", "ends")
        every = self._span(raw["every"])
        if every is None:
            raise self._fail("has no period")
        key = raw["key"]
        ends = self._patterns(raw.get("ends", []), key)
        return Every(self._patterns(raw["opens"], key), self._patterns(raw["kept_by"], key), every, ends)

    def _count(self, raw: Mapping[str, Any]) -> Count:
        self._only(raw, "of", "each", "distinct", "at_least")
        pattern = self._pattern(raw["of"], raw["each"])
        self._field_of(pattern.kind, raw["distinct"])
        return Count(pattern, raw["distinct"], int(raw["at_least"]))

    def _patterns(self, raw: Any, key: str) -> Patterns:
        return tuple(self._pattern(one, key) for one in _listed(raw))

    def _pattern(self, raw: Mapping[str, Any], key: str) -> Pattern:
        words: dict[str, tuple[str, ...]] = {}
        key = raw.get("key", key)
        for name, value in raw.items():
            if name in ("event", "key"):
                continue
            field = self._field_of(raw["event"], name)
            meant = tuple(_word(one) for one in _listed(value))
            for word in meant:
                if word not in field.words:
                    raise self._fail(
                        f"`{name}` of `{raw['event']}` is never `{word}`; {_did_you_mean(word, field.words)}"
                    )
            words[name] = meant
        if raw["event"] not in self._kinds:
            raise self._fail(f"there is no event `{raw['event']}`; {_did_you_mean(raw['event'], self._kinds)}")
        if key != ALL:
            self._field_of(raw["event"], key)
        return Pattern(raw["event"], words, None if key == ALL else key)

    def _field_of(self, kind: str, name: str) -> Field:
        if kind not in self._kinds:
            raise self._fail(f"there is no event `{kind}`; {_did_you_mean(kind, self._kinds)}")
        fields = {**DERIVED, **self._kinds[kind].fields}
        if name not in fields:
            raise self._fail(f"`{kind}` says nothing of `{name}`; {_did_you_mean(name, fields)}")
        return fields[name]

    def _span(self, raw: str | None) -> Span | None:
        try:
            return None if raw is None else Span.read(raw)
        except ValueError as error:
            raise self._fail(str(error)) from error

    def _one_of(self, value: str, *allowed: str) -> Any:
        if value not in allowed:
            raise self._fail(f"`{value}` is none of {', '.join(allowed)}")
        return value

    def _only(self, raw: Mapping[str, Any], *names: str) -> None:
        strange = sorted(set(raw) - set(names))
        if strange:
            raise self._fail(f"nobody reads `{strange[0]}`; {_did_you_mean(strange[0], names)}")


def _listed(raw: Any) -> Sequence[Any]:
    return raw if isinstance(raw, list) else [raw]


def _word(raw: Any) -> str:
    return (YES if raw else NO) if isinstance(raw, bool) else str(raw)


def _did_you_mean(name: str, valid: Any) -> str:
    near = nearest(name, list(valid))
    return f"did you mean `{near}`?" if near else f"there is {', '.join(f'`{one}`' for one in valid)}"
