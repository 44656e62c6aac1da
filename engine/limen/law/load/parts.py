"""From checked documents to citations, periods, nodes and readings, each with its address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from limen.law.citation import Certainty, Citation
from limen.law.documents import OPERATIONS, AlternativeDoc, Cite, DutyDoc, InForce, Meaning, NodeDoc, ReadingDoc
from limen.law.expression import ExpressionError, parse
from limen.law.load.desk import Desk, place_in_text
from limen.law.load.files import SourceFile
from limen.law.load.yaml_file import YamlMap
from limen.law.node import Node
from limen.law.period import ALWAYS, Period
from limen.law.rules import Alternative, Duty, Reading
from limen.law.scope import Scope
from limen.law.tree import Expr, Literal

UNSEEN = "unseen"
"""The id of the alternative that every redacted reading has: words that nobody outside has read."""


@dataclass(frozen=True, slots=True)
class Parts:
    """Builds the parts of one file. `rule` is the address they hang on, `base` what bare paragraphs are added to."""

    desk: Desk
    file: SourceFile
    scope: Scope
    rule: str
    base: Citation | None

    def citation(self, cite: Cite, certainty: Certainty | None, raw: Any, address: str) -> Citation:
        """A full citation; it or what it stands on has to say how sure it is."""
        sure = cite.certainty or certainty
        if sure is None:
            mark = raw.value_marks.get("cite", raw.mark) if isinstance(raw, YamlMap) else raw
            self.desk.report("missing-key", self.file, mark, "the citation does not say its `certainty`",
                             address=address, mend="add `certainty: read`, `reported` or `assumed`")  # fmt: skip
        return Citation(
            certainty=sure or "assumed",
            title=cite.title,
            code=cite.code,
            section=cite.section,
            paragraph=cite.paragraph,
            document=cite.document,
            dated=cite.dated,
            note=cite.note,
        )

    def cited(
        self, cite: Cite | str | None, certainty: Certainty | None, raw: YamlMap, address: str
    ) -> Citation | None:
        """The citation of a part: its own, or a paragraph added to that of its rule."""
        if cite is None:
            return None
        if isinstance(cite, Cite):
            return self.citation(cite, certainty or (self.base.certainty if self.base else None), raw, address)
        if self.base is None:
            self.desk.report("bad-citation", self.file, raw.value_marks["cite"],
                             f"there is no citation that `{cite}` could be added to", address=address,
                             mend="write title, code and section, or give the file a `cite`")  # fmt: skip
            return None
        if self.base.section is not None and not cite.startswith("("):
            self.desk.report("bad-citation", self.file, raw.value_marks["cite"],
                             f"`{cite}` is not a paragraph of {self.base.text}", address=address,
                             mend="start it with `(`, or write a full citation")  # fmt: skip
        return self.base.under(cite, certainty)

    def period(self, in_force: InForce | None, raw: YamlMap, address: str) -> Period:
        if in_force is None:
            return ALWAYS
        period = Period(in_force.start, in_force.until, in_force.by, in_force.repealed_by)
        if period.start is not None and period.until is not None and period.until <= period.start:
            self.desk.report("empty-period", self.file, raw.value_marks["in_force"], "it ends before it begins",
                             address=address, mend="`until` is the first day no longer in force")  # fmt: skip
        return period

    def test(self, text: str, raw: YamlMap, address: str) -> Expr:
        try:
            return parse(text, self.scope)
        except ExpressionError as error:
            report_faults(self.desk, self.file, raw, address, error)
            return Literal(None)

    def node(self, doc: NodeDoc, raw: YamlMap, address: str) -> Node:
        self.desk.register(address, self.file, raw, raw.mark)
        node = self.meaning(doc, raw, address, doc.id)
        return replace(
            node,
            label=doc.label or "",
            cite=self.cited(doc.cite, doc.certainty, raw, address),
            in_force=self.period(doc.in_force, raw, address),
            if_true=doc.if_true,
            if_false=doc.if_false,
            if_unknown=doc.if_unknown,
            curable=doc.curable,
        )

    def nodes(self, docs: Sequence[NodeDoc], raws: Sequence[YamlMap], prefix: str) -> tuple[Node, ...]:
        return tuple(self.node(doc, raw, f"{prefix}{doc.id}") for doc, raw in zip(docs, raws, strict=True))

    def meaning(self, doc: Meaning, raw: YamlMap, address: str, id: str) -> Node:
        """The bare node at `address`: its operation and what is under it."""
        for op in OPERATIONS:
            value = getattr(doc, op)
            if value is None:
                continue
            if op == "test":
                return Node(address, id, op, test=self.test(value, raw, address))
            if op == "reading":
                return Node(address, id, op, reading=value if "/" in value else f"{self.rule}/{value}")
            return Node(address, id, op, children=self.nodes(value, raw[op], f"{address}/"))
        raise ValueError(f"`{address}` has no operation; its document was not checked")

    def duty(self, doc: DutyDoc, raw: YamlMap) -> Duty:
        address = f"{self.rule}#{doc.id}"
        self.desk.register(address, self.file, raw, raw.mark)
        cite = self.cited(doc.cite, doc.certainty, raw, address)
        return Duty(
            address=address,
            id=doc.id,
            who=doc.who,
            when=doc.when,
            duty=doc.duty,
            cite=cite or Citation("assumed", document=self.rule),
            deadline=doc.deadline,
            within_hours=doc.within_hours,
            breach=doc.breach,
            in_force=self.period(doc.in_force, raw, address),
        )

    def reading(self, doc: ReadingDoc, raw: YamlMap) -> Reading:
        address = f"{self.rule}/{doc.id}"
        self.desk.register(address, self.file, raw, raw.mark)
        alternatives = [
            self.alternative(alternative, raw_alternative, address)
            for alternative, raw_alternative in zip(doc.alternatives, raw["alternatives"], strict=True)
        ]
        if doc.status == "redacted":
            alternatives.append(self._unseen(address, raw))
        return Reading(
            address=address,
            id=doc.id,
            words=doc.words,
            question=doc.question,
            status=doc.status,
            alternatives=tuple(alternatives),
            bounds=doc.bounds,
        )

    def _unseen(self, reading: str, raw: YamlMap) -> Alternative:
        address = f"{reading}:{UNSEEN}"
        self.desk.register(address, self.file, raw, raw.mark)
        label = "the words have not been seen"
        return Alternative(UNSEEN, label, Node(address, UNSEEN, "test", label=label, test=Literal(None)), ())

    def alternative(self, doc: AlternativeDoc, raw: YamlMap, reading: str) -> Alternative:
        address = f"{reading}:{doc.id}"
        self.desk.register(address, self.file, raw, raw.mark)
        authorities = tuple(
            self.citation(cite, None, mark, address)
            for cite, mark in zip(doc.authority, raw["authority"].value_marks, strict=True)
        )
        meaning = replace(
            self.meaning(doc, raw, address, doc.id),
            label=doc.label,
            cite=authorities[0],
            in_force=self.period(doc.in_force, raw, address),
        )
        return Alternative(doc.id, doc.label, meaning, authorities, doc.held_by)

    def readings(self, docs: Sequence[ReadingDoc], root: YamlMap) -> tuple[Reading, ...]:
        return tuple(self.reading(doc, raw) for doc, raw in zip(docs, root.get("readings", ()), strict=True))


def report_faults(desk: Desk, file: SourceFile, raw: YamlMap, address: str | None, error: ExpressionError) -> None:
    """Notes each fault of a test at its own place in the file."""
    start = raw.value_marks["test"].index
    for fault in error.faults:
        if fault.name is not None and desk.is_lost(fault.name):
            continue
        line, column = place_in_text(file.text, start, error.text, fault.column - 1)
        desk.report(
            fault.code,
            file,
            _At(line - 1, column - 1),
            fault.message,
            address=address,
            nearest=fault.nearest,
            mend=fault.mend,
        )


@dataclass(frozen=True, slots=True)
class _At:
    line: int
    column: int
