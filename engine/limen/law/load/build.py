"""From checked documents to the rules of a book."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from limen.law.book import Book, Rule
from limen.law.documents import (
    BarDoc,
    BookDoc,
    DutyRuleDoc,
    GatewayDoc,
    LimbDoc,
    ProfileDoc,
    ProhibitionDoc,
    RuleFile,
    VocabularyDoc,
)
from limen.law.load.desk import Desk
from limen.law.load.files import SourceFile
from limen.law.load.parts import Parts
from limen.law.load.vocabulary import build_facts, build_parameters, scope_of_documents
from limen.law.load.yaml_file import YamlMap
from limen.law.node import Node
from limen.law.rules import Bar, DutyRule, Gateway, Profile, Prohibition, Reading
from limen.law.scope import Scope
from limen.law.vocabulary import Definition, Vocabulary

RuleDocs = ProhibitionDoc | GatewayDoc | BarDoc | DutyRuleDoc


@dataclass(slots=True)
class Draft:
    """A book as it is being put together."""

    rules: dict[str, Rule]
    readings: dict[str, Reading]
    profiles: dict[str, Profile]


def build(documents: Sequence[tuple[SourceFile, RuleFile]], desk: Desk) -> Book:
    """The book that `documents` make. Problems go to `desk`; the book is worth something only if there are none."""
    vocabularies = [(file, doc) for file, doc in documents if isinstance(doc, VocabularyDoc)]
    facts = build_facts(vocabularies, desk)
    parameters = build_parameters(vocabularies, desk)
    scope = scope_of_documents(facts, parameters, vocabularies)
    draft = Draft({}, {}, {})
    definitions: dict[str, Definition] = {}
    head: BookDoc | None = None
    for file, doc in documents:
        match doc:
            case BookDoc():
                head = _head(doc, head, file, desk)
            case VocabularyDoc():
                _definitions(file, doc, facts, scope, desk, draft, definitions)
            case ProfileDoc():
                _profile(file, doc, scope, desk, draft)
            case _:
                _rule(file, doc, scope, desk, draft)
    vocabulary = Vocabulary(facts, definitions, parameters)
    return Book(
        name=head.book if head else "",
        version=head.version if head else "",
        title=head.title if head else "",
        digest="",
        vocabulary=vocabulary,
        rules=draft.rules,
        readings=draft.readings,
        profiles=draft.profiles,
        locations={a: (site.file.name, site.mark.line + 1) for a, site in desk.sites.items()},
    )


def _head(doc: BookDoc, earlier: BookDoc | None, file: SourceFile, desk: Desk) -> BookDoc:
    if earlier is not None:
        desk.report("duplicate-address", file, file.root.mark, "the book already has a name and version",
                    mend="keep one file of kind `book`")  # fmt: skip
        return earlier
    return doc


def _definitions(
    file: SourceFile,
    doc: VocabularyDoc,
    facts: Any,
    scope: Scope,
    desk: Desk,
    draft: Draft,
    definitions: dict[str, Definition],
) -> None:
    base = _base(doc, file, desk)
    parts = Parts(desk, file, scope, doc.vocabulary, base)
    raws = file.root.get("definitions")
    for name, definition in doc.definitions.items():
        address = f"{doc.vocabulary}#{name}"
        raw, mark = raws[name], raws.key_marks[name]
        if name in definitions or name in facts:
            desk.report("duplicate-address", file, mark, f"`{name}` is already in the vocabulary", address=address,
                        mend="keep one of the two, or rename one")  # fmt: skip
            continue
        if not desk.register(address, file, raw, mark):
            continue
        meaning = replace(
            parts.meaning(definition, raw, address, name),
            label=definition.label or "",
            cite=parts.cited(definition.cite, definition.certainty, raw, address),
        )
        definitions[name] = Definition(name, meaning, per_item=False)
    _add_readings(parts.readings(doc.readings, file.root), draft)


def _base(doc: VocabularyDoc, file: SourceFile, desk: Desk) -> Any:
    if doc.cite is None:
        return None
    return Parts(desk, file, Scope({}, frozenset(), {}), doc.vocabulary, None).citation(
        doc.cite, None, file.root, doc.vocabulary
    )


def _profile(file: SourceFile, doc: ProfileDoc, scope: Scope, desk: Desk, draft: Draft) -> None:
    address = f"profile:{doc.profile}"
    if not desk.register(address, file, file.root, file.root.value_marks["profile"]):
        return
    parts = Parts(desk, file, scope, address, None)
    draft.profiles[doc.profile] = Profile(
        id=doc.profile,
        title=doc.title,
        held_by=doc.held_by,
        since=doc.start,
        chooses=dict(doc.chooses),
        authorities=tuple(
            parts.citation(cite, None, mark, address)
            for cite, mark in zip(doc.authority, file.root["authority"].value_marks, strict=True)
        ),
        summary=doc.summary,
    )


def _rule(file: SourceFile, doc: RuleDocs, scope: Scope, desk: Desk, draft: Draft) -> None:
    root: YamlMap = file.root
    if not desk.register(doc.rule, file, root, root.value_marks["rule"]):
        return
    cite = Parts(desk, file, scope, doc.rule, None).citation(doc.cite, None, root, doc.rule)
    parts = Parts(desk, file, scope, doc.rule, cite)
    in_force = parts.period(doc.in_force, root, doc.rule)
    prefix = f"{doc.rule}#"
    rule: Rule
    match doc:
        case ProhibitionDoc():
            applies, forbids = (_limb(parts, getattr(doc, key), key) for key in ("applies_when", "forbids"))
            rule = Prohibition(doc.rule, doc.title, cite, in_force, applies, forbids, doc.says)
        case GatewayDoc():
            rule = Gateway(
                doc.rule,
                doc.title,
                cite,
                in_force,
                doc.effect,
                elements=parts.nodes(doc.elements, root["elements"], prefix),
                releases=parts.nodes(doc.releases, root["releases"], prefix),
                withheld_because=doc.withheld_because,
                duties=_duties(parts, doc),
                summary=doc.summary or "",
            )
        case BarDoc():
            rule = Bar(
                doc.rule,
                doc.title,
                cite,
                in_force,
                overrides=tuple(doc.overrides),
                conditions=parts.nodes(doc.any, root["any"], prefix),
                if_true=doc.if_true,
                if_unknown=doc.if_unknown,
                confidential=doc.confidential,
                summary=doc.summary or "",
            )
        case DutyRuleDoc():
            rule = DutyRule(doc.rule, doc.title, cite, in_force, tuple(doc.attaches_to), _duties(parts, doc))
    draft.rules[doc.rule] = rule
    if not isinstance(doc, DutyRuleDoc):
        _add_readings(parts.readings(doc.readings, root), draft)


def _duties(parts: Parts, doc: GatewayDoc | DutyRuleDoc) -> Any:
    raws = parts.file.root.get("duties", ())
    return tuple(parts.duty(duty, raw) for duty, raw in zip(doc.duties, raws, strict=True))


def _limb(parts: Parts, doc: LimbDoc, key: str) -> Node:
    """One side of a prohibition, addressed by its place."""
    root = parts.file.root
    address = f"{parts.rule}#{key}"
    parts.desk.register(address, parts.file, root[key], root.key_marks[key])
    return replace(
        parts.meaning(doc, root[key], address, key),
        label=doc.label or "",
        cite=parts.cited(doc.cite, doc.certainty, root[key], address),
        if_true=doc.if_true,
        if_false=doc.if_false,
        if_unknown=doc.if_unknown,
    )


def _add_readings(readings: Sequence[Reading], draft: Draft) -> None:
    for reading in readings:
        draft.readings.setdefault(reading.address, reading)
