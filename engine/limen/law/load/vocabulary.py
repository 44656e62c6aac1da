"""From vocabulary documents to facts and parameters, and the scope that tests are checked against."""

from __future__ import annotations

import keyword
from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from limen.law.citation import Citation
from limen.law.documents import FactDoc, SourceDoc, VocabularyDoc
from limen.law.load.desk import Desk
from limen.law.load.files import SourceFile
from limen.law.load.parts import Parts
from limen.law.load.yaml_file import YamlMap
from limen.law.period import Period
from limen.law.problem import nearest
from limen.law.scope import ParameterType, Scope
from limen.law.vocabulary import Aggregate, Fact, FactValue, ParameterValue, Source

RESERVED = frozenset({*keyword.kwlist, "true", "false", "unknown", "param", "known", "date", "days_between"})
"""Words that the test language needs for itself, so no part of a name may be one of them at its start."""

_AGGREGATES: dict[str, Aggregate] = {
    "path": "value",
    "every": "every",
    "any": "any",
    "worst_of": "worst_of",
    "count": "count",
}

Source_ = tuple[SourceFile, VocabularyDoc]


def build_facts(sources: Sequence[Source_], desk: Desk) -> dict[str, Fact]:
    """Every fact of every vocabulary file, by name."""
    facts: dict[str, Fact] = {}
    for file, doc in sources:
        parts = _parts(desk, file, doc)
        for key, per_item, group in (("facts", False, doc.facts), ("item_facts", True, doc.item_facts)):
            for name, fact in group.items():
                raw = file.root[key][name]
                address = f"{doc.vocabulary}#{name}"
                if _named(name, facts, address, file, file.root[key], desk):
                    desk.register(address, file, raw, file.root[key].key_marks[name])
                    facts[name] = _fact(name, fact, per_item, raw, address, parts)
    return facts


def build_parameters(sources: Sequence[Source_], desk: Desk) -> dict[str, tuple[ParameterValue, ...]]:
    """Every parameter of every vocabulary file, by name, each with its values in order of time."""
    parameters: dict[str, tuple[ParameterValue, ...]] = {}
    for file, doc in sources:
        parts = _parts(desk, file, doc)
        for name, docs in doc.parameters.items():
            address = f"{doc.vocabulary}#param.{name}"
            raws = file.root["parameters"]
            if not _named(name, parameters, address, file, raws, desk):
                continue
            desk.register(address, file, raws[name], raws.key_marks[name])
            values = []
            for value, raw in zip(docs, raws[name], strict=True):
                cite = parts.cited(value.cite, value.certainty, raw, address)
                period = Period(value.start, value.until, value.by, value.repealed_by)
                values.append(ParameterValue(value.value, period, cite or Citation("assumed", document=address)))
            _check_values(values, raws[name].value_marks, address, file, desk)
            parameters[name] = tuple(sorted(values, key=lambda value: value.in_force.start or date.min))
    return parameters


def scope_of_documents(
    facts: dict[str, Fact], parameters: dict[str, tuple[ParameterValue, ...]], sources: Sequence[Source_]
) -> Scope:
    """What every test of the book is checked against. Definitions count by name before their meaning is built."""
    types: dict[str, ParameterType] = {
        name: "date" if isinstance(values[0].value, date) else "int" for name, values in parameters.items()
    }
    return Scope(facts, frozenset(name for _, doc in sources for name in doc.definitions), types)


def _parts(desk: Desk, file: SourceFile, doc: VocabularyDoc) -> Parts:
    empty = Scope({}, frozenset(), {})
    base = Parts(desk, file, empty, doc.vocabulary, None)
    cite = base.citation(doc.cite, None, file.root, doc.vocabulary) if doc.cite is not None else None
    return Parts(desk, file, empty, doc.vocabulary, cite)


def _named(name: str, taken: dict[str, object] | dict[str, Fact] | dict[str, tuple[ParameterValue, ...]], address: str,
           file: SourceFile, raw: YamlMap, desk: Desk) -> bool:  # fmt: skip
    """Whether `name` may be used: not taken, and not a word of the test language."""
    mark = raw.key_marks[name]
    if name in taken:
        desk.report("duplicate-address", file, mark, f"`{name}` is already in the vocabulary", address=address,
                    mend="keep one of the two, or rename one")  # fmt: skip
        return False
    segments = name.split(".")
    reserved = [part for part in segments if keyword.iskeyword(part)] or [p for p in segments[:1] if p in RESERVED]
    if reserved or "__" in name:
        what = f"`{reserved[0]}` is a word of the test language" if reserved else "two underscores stand for the dot"
        desk.report("bad-name", file, mark, f"`{name}` cannot be a name: {what}", address=address, mend="rename it")
        return False
    return True


def _fact(name: str, doc: FactDoc, per_item: bool, raw: YamlMap, address: str, parts: Parts) -> Fact:
    desk = parts.desk
    if (doc.type == "enum") != bool(doc.of):
        message = (
            "an enum fact needs its values" if doc.type == "enum" else f"a fact of type `{doc.type}` has no values"
        )
        mend = "list them: `of: [first, second]`" if doc.type == "enum" else "remove `of`, or make it `type: enum`"
        desk.report_at("bad-fact", address, message, key="of", mend=mend)
    if len(set(doc.of)) != len(doc.of):
        desk.report_at("bad-fact", address, "a value is listed twice", key="of", mend="list each value once")
    if doc.type != "int" and (doc.min is not None or doc.max is not None):
        key = "min" if doc.min is not None else "max"
        desk.report_at("bad-fact", address, f"a fact of type `{doc.type}` has no `{key}`", key=key, mend="remove it")
    for label in doc.labels or ():
        if label not in doc.of:
            mend = "label only values that `of` lists"
            desk.report_at("unknown-value", address, f"`{name}` never has the value `{label}`", within="labels",
                           key=label, of_key=True, nearest=nearest(label, doc.of), mend=mend)  # fmt: skip
    return Fact(
        name=name,
        type=doc.type,
        ask=doc.ask,
        source=_source(doc.source),
        values=tuple(doc.of),
        silence=_silence(doc, name, address, desk),
        per_item=per_item,
        sensitive=doc.sensitive,
        authority_side=doc.authority_side,
        minimum=doc.min,
        maximum=doc.max,
        cite=parts.cited(doc.cite, doc.certainty, raw, address),
        labels=doc.labels,
        says=doc.says,
    )


def _source(doc: SourceDoc | str | None) -> Source | None:
    if doc is None:
        return None
    if isinstance(doc, str):
        return Source("value", path=doc)
    for key, aggregate in _AGGREGATES.items():
        path = getattr(doc, key)
        if path is not None:
            return Source(aggregate, path=path, order=tuple(doc.order), equals=doc.equals)
    return Source("value", derive=doc.derive)


def _silence(doc: FactDoc, name: str, address: str, desk: Desk) -> FactValue | None:
    """What silence of the document means: `None` for unknown, else a value of the fact."""
    said = doc.silence
    if said == "unknown":
        return None
    if doc.type == "bool":
        if said == "absent":
            return False
        if isinstance(said, bool):
            return said
        valid = ["unknown", "absent", "true", "false"]
    elif doc.type == "enum":
        if said in doc.of and isinstance(said, str):
            return said
        valid = ["unknown", *doc.of]
    elif doc.type == "int":
        if isinstance(said, int) and not isinstance(said, bool):
            return said
        valid = ["unknown", "0"]
    else:
        valid = ["unknown"]
    desk.report_at("bad-silence", address, f"silence cannot mean `{said}` for `{name}`", key="silence",
                   nearest=nearest(str(said), valid), mend=f"one of {', '.join(f'`{v}`' for v in valid)}")  # fmt: skip
    return None


def _check_values(
    values: list[ParameterValue], marks: list[object], address: str, file: SourceFile, desk: Desk
) -> None:
    """One type, and no two values on one day."""
    if len({isinstance(value.value, date) for value in values}) > 1:
        desk.report_at("bad-parameter", address, "some values are numbers and some are dates", mend="keep to one type")
    spans = sorted(zip(values, marks, strict=True), key=lambda pair: pair[0].in_force.start or date.min)
    for (earlier, _), (later, mark) in pairwise(spans):
        if earlier.in_force.until is None or earlier.in_force.until > (later.in_force.start or date.min):
            desk.report("bad-parameter", file, mark, "this value begins before the one before it has ended",
                        address=address, mend="give the earlier value an `until`")  # fmt: skip
