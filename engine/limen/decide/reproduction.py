"""A fault, kept so that somebody else can see it again.

When the two keys differ, or one fails, the decision is deny and a reproduction file is written: one JSON file with the
edition they were asked about, the facts they were shown, what each of them said and which versions said it. It needs
no book, no registry and no request to run again. It holds no personal data: facts are words from the vocabulary,
numbers and dates, only those the rules read, and items are numbered, not named.
"""

from __future__ import annotations

import json
import os
import platform
import secrets
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any, Literal, Protocol

from limen.decide.compare import differences
from limen.decide.findings import Findings
from limen.decide.reproduction_form import FormError, from_json, to_json
from limen.law.edition import Edition
from limen.law.facts import CaseFacts, ItemFacts
from limen.law.tree import facts_in

FORMAT = 1

FaultKind = Literal["disagreement", "crash", "timeout", "error"]
Which = Literal["first", "second"]
KINDS: tuple[FaultKind, ...] = ("disagreement", "crash", "timeout", "error")


class ReproductionError(Exception):
    """A file that cannot be run again: not there, not ours, or from a version with another form."""


class _Evaluator(Protocol):
    def find(self, facts: CaseFacts) -> Findings: ...


class _Key(Protocol):
    def find(self, edition: Edition, facts: CaseFacts) -> Findings: ...


MakeEvaluator = Callable[[Edition], _Evaluator]


@dataclass(frozen=True, slots=True)
class Recorded:
    """What the file says happened. A key that failed has no findings."""

    kind: FaultKind
    detail: str
    first: Findings | None
    second: Findings | None
    versions: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Reproduction:
    """The fault as recorded, and what happens now.

    `kind` is what goes wrong now (`None`: nothing does). `wrong` says which keys, now, do not say what the reference
    interpreter says.
    """

    recorded: Recorded
    kind: FaultKind | None
    detail: str
    first: Findings | None
    second: Findings | None
    wrong: tuple[Which, ...]

    @property
    def still_happens(self) -> bool:
        """Whether it goes wrong now in the way it did then."""
        return self.kind == self.recorded.kind


def versions() -> dict[str, str]:
    """What the answers depend on besides the law and the facts."""
    try:
        library = metadata.version("durable-rules")
    except metadata.PackageNotFoundError:
        library = "not installed"
    from limen import __version__

    return {"limen": __version__, "durable-rules": library, "python": platform.python_version()}


@dataclass(frozen=True, slots=True)
class FaultFolder:
    """A folder of reproduction files; called to write one. The folder is made when the first is written."""

    folder: Path

    def __call__(
        self,
        edition: Edition,
        facts: CaseFacts,
        first: Findings | None,
        second: Findings | None,
        kind: FaultKind,
        detail: str,
    ) -> str:
        """Write a reproduction file whole or not at all, and return its path.

        `detail` is kept only where a key failed; where the keys differ, the file says at which points, without names.
        Raises `OSError` when it cannot be written, and `FormError` when the facts are not facts.
        """
        nameless = without_names(edition, facts)
        if first is not None and second is not None:
            detail = f"the keys differ at {', '.join(differences(edition, nameless, first, second)) or 'their shape'}"
        content = {
            "format": FORMAT,
            "what": "an engine fault of limen; run `limen reproduce` on this file to see it again",
            "kind": kind,
            "detail": detail,
            "versions": versions(),
            "edition": to_json(edition),
            "facts": to_json(nameless),
            "first": to_json(first),
            "second": to_json(second),
        }
        text = json.dumps(content, indent=1, ensure_ascii=False)
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        target = self.folder / f"fault-{edition.as_of}-{kind}-{secrets.token_hex(6)}.json"
        write_whole(target, text)
        return str(target)


def without_names(edition: Edition, facts: CaseFacts) -> CaseFacts:
    """`facts` as far as the edition reads them, the items numbered."""
    read = {name for point in (*edition.case_points, *edition.item_points) for name in facts_in(point.expr)}
    return CaseFacts(
        {name: value for name, value in facts.facts.items() if name in read},
        tuple(
            ItemFacts(f"item_{number}", {name: value for name, value in item.facts.items() if name in read})
            for number, item in enumerate(facts.items, start=1)
        ),
    )


def write_whole(target: Path, text: str) -> None:
    """Write `text` so that a reader sees all of it or nothing, even if we die meanwhile. Readable by its owner only."""
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(target)
    except BaseException:
        with suppress(FileNotFoundError):
            Path(name).unlink()
        raise


def read_reproduction(path: Path) -> tuple[Recorded, Edition, CaseFacts]:
    """The content of a reproduction file. Raises `ReproductionError`."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ReproductionError(f"`{path}` cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise ReproductionError(f"`{path}` is no JSON file") from error
    if not isinstance(content, dict) or content.get("format") != FORMAT or content.get("kind") not in KINDS:
        raise ReproductionError(f"`{path}` is no reproduction file of this version (format {FORMAT})")
    try:
        edition, facts = from_json(content["edition"]), from_json(content["facts"])
        first, second = from_json(content["first"]), from_json(content["second"])
    except (FormError, KeyError) as error:
        raise ReproductionError(f"`{path}` was written by a version with another form: {error}") from error
    if not isinstance(edition, Edition) or not isinstance(facts, CaseFacts):
        raise ReproductionError(f"`{path}` holds no edition and facts")
    recorded = Recorded(content["kind"], str(content.get("detail")), first, second, content.get("versions") or {})
    return recorded, edition, facts


def reproduce(path: Path, *, first: MakeEvaluator | None = None, second: _Key | None = None) -> Reproduction:
    """Ask both keys again, each in turn, and the reference interpreter who is right.

    Without `first` and `second` these are the generated evaluator and a second key of its own. Raises
    `ReproductionError`; whatever the keys do is part of the answer.
    """
    from limen.decide import reference
    from limen.decide.compiled import compile_edition
    from limen.decide.second_key import SecondKey

    recorded, edition, facts = read_reproduction(path)
    one = _attempt("first key", lambda: (first or compile_edition)(edition).find(facts))
    if second is not None:
        other = _attempt("second key", lambda: second.find(edition, facts))
    else:
        with SecondKey() as own:
            other = _attempt("second key", lambda: own.find(edition, facts))
    right = reference.find(edition, facts)
    said: tuple[tuple[Which, Findings | None], ...] = (("first", one.findings), ("second", other.findings))
    wrong = tuple(which for which, findings in said if findings != right)
    kind, detail = _compare(one, other)
    return Reproduction(recorded, kind, detail, one.findings, other.findings, wrong)


@dataclass(frozen=True, slots=True)
class _Attempt:
    """What a key said when asked again, or how it failed."""

    findings: Findings | None
    kind: FaultKind | None = None
    detail: str = ""


def _attempt(who: str, find: Callable[[], Any]) -> _Attempt:
    try:
        return _Attempt(find())
    except Exception as error:
        kind: FaultKind = getattr(error, "kind", "error")
        return _Attempt(None, kind, f"{who}: {getattr(error, 'detail', type(error).__name__)}")


def _compare(one: _Attempt, other: _Attempt) -> tuple[FaultKind | None, str]:
    for attempt in (one, other):
        if attempt.kind is not None:
            return attempt.kind, attempt.detail
    if one.findings != other.findings:
        return "disagreement", "the keys differ"
    return None, "both keys say the same"
