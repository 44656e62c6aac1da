"""A book small enough to know by heart: one gateway with three elements, one bar, one reading, two profiles."""

from __future__ import annotations

from pathlib import Path

from limen.law import Book, load_book

FILES = {
    "book.yaml": "kind: book\nbook: small\nversion: '1'\ntitle: A small book\n",
    "vocabulary.yaml": """\
kind: vocabulary
vocabulary: small.words
facts:
  ask.written: {type: bool, ask: Is it in writing?}
  ask.office: {type: enum, of: [head, deputy, clerk], ask: Who signed?}
  ask.days: {type: int, min: 0, max: 1000, ask: How many days have passed?}
  ask.harm: {type: bool, ask: Would it do harm?, authority_side: true}
item_facts:
  item.kind: {type: enum, of: [mailing_address, filed_return], ask: What is asked for?}
parameters:
  days: [{value: 30, from: 2020-01-01, cite: {document: The act, certainty: assumed}}]
""",
    "general.yaml": """\
kind: prohibition
rule: small.general
title: Nothing is told
cite: {document: The act, certainty: assumed}
in_force: {from: 2020-01-01, by: The act}
applies_when: {test: "true"}
forbids: {test: "true"}
says: Nothing is told.
""",
    "gate.yaml": """\
kind: gateway
rule: small.gate
title: On a written request
cite: {document: The act, paragraph: "2", certainty: assumed}
in_force: {from: 2020-01-01, by: The act}
effect: may
elements:
  - {id: written, label: a request in writing, test: ask.written, curable: true}
  - {id: office, label: a signer of rank, reading: office, curable: true}
  - {id: late, label: a request in time, test: ask.days <= param.days}
releases:
  - {id: address, label: an address, test: "item.kind == 'mailing_address'"}
withheld_because: It is no address.
duties:
  - {id: keep, who: they, when: after_release, duty: Keep it safe., cite: "3"}
readings:
  - id: office
    words: an officer of rank
    question: Is a deputy an officer of rank?
    status: contested
    alternatives:
      - id: head
        label: the head alone
        test: "ask.office == 'head'"
        authority: [{document: The act, certainty: assumed}]
      - id: deputy
        label: a deputy too
        test: "ask.office in ['head', 'deputy']"
        authority: [{document: A court, certainty: reported}]
""",
    "bar.yaml": """\
kind: bar
rule: small.bar
title: Harm
cite: {document: The act, paragraph: "4", certainty: assumed}
in_force: {from: 2020-01-01, by: The act}
overrides: [small.gate]
any:
  - {id: harm, label: harm, test: ask.harm}
if_true: It would do harm.
if_unknown: Ask whether it would do harm.
""",
    **{
        f"{name}.yaml": f"""\
kind: profile
profile: {name}
title: {name}
held_by: somebody
from: 2020-01-01
summary: One way to read it.
authority: [{{document: The act, certainty: assumed}}]
chooses: {{small.gate/office: {choice}}}
"""
        for name, choice in (("narrow", "head"), ("wide", "deputy"))
    },
}  # fmt: skip


def write_book(folder: Path, **changed: str) -> Path:
    """The files of the small book in `folder`; keyword arguments replace files by their stem."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in FILES.items():
        (folder / name).write_text(changed.get(name.removesuffix(".yaml"), text), encoding="utf-8")
    return folder


def small_book(folder: Path, **changed: str) -> Book:
    """The small book, loaded."""
    return load_book(write_book(folder, **changed))
