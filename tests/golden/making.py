"""Golden answers: what the shipped book answers to chosen scenarios, kept to be compared with what it answers now.

What would change with every run or every edit of the book (ids, times, digests, versions) is left out. A reason is
kept as its address and outcome, and its words once in `wording.json`: a sentence can be improved in one place, and an
answer that changes shows in the file of its scenario. Beside the decisions stand the lines of the log and what the
ledger records of each request.

`manifest.json` remembers the digest of each answer. When an answer changes, the new digest names the starred line of
the changelog that says so; a digest is never taken back.
"""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from limen.desk import Desk
from limen.law import load_book
from limen.law.places import shipped_scenarios
from limen.ledger import open_ledger
from limen.scenario import Scenario, find_scenarios
from limen.scenario.load import read_case
from limen.scenario.run import given_batch, given_match

HERE = Path(__file__).parent
CHANGELOG = HERE.parents[1] / "CHANGELOG.md"

OTHERS = (
    "bars/informant.yaml",
    "bars/agreement-items.yaml",
    "definitions/a-flag-is-a-disclosure.yaml",
    "definitions/totals-point-to-nobody.yaml",
    "episode/august-2025.yaml",
    "offences/failure-to-depart.yaml",
    "orders/injunction-of-5-february-2026.yaml",
    "orders/stay-of-21-november-2025.yaml",
    "requests/a-letter-that-says-nothing.yaml",
    "requests/four-things-missing.yaml",
)
"""Chosen beside the training scenarios and those that open a gateway: bars, orders, doubt, what is not covered."""

VOLATILE = ("id", "decided_at", "book_version", "book_digest", "engine")
WORDS = frozenset({"request_digest", "caveat", "words", "ask", "kind"})
"""What may change in a decision without the answer being another."""
MASK = "*"


@dataclass(frozen=True)
class Golden:
    """Everything that is kept: file name below `tests/golden/` to its text."""

    files: dict[str, str]

    @property
    def answers(self) -> dict[str, str]:
        """Scenario to the digest of its answer: of what was decided and why, not of the words or the request."""
        return {
            Path(name).stem: hashlib.sha256(_json(_without_words(json.loads(text))).encode()).hexdigest()[:16]
            for name, text in self.files.items()
            if name.startswith("decisions/")
        }


def chosen() -> list[Scenario]:
    """The scenarios that have a golden answer."""
    folder = shipped_scenarios()
    places = [folder / "training", folder / "gateways", *(folder / other for other in OTHERS)]
    return [scenario for _, scenario in find_scenarios(places) if scenario.scenario == scenario.family]


def made() -> Golden:
    """Golden answers as the book gives them today."""
    words: dict[str, dict[str, Any]] = {"reasons": {}, "duties": {}}
    files: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as place:
        log = Path(place) / "log.jsonl"
        with open_ledger(Path(place) / "ledger.sqlite", Path(place) / "keys", log) as ledger:
            desk = Desk(load_book(), ledger=ledger)
            for scenario in chosen():
                request = read_case(scenario)
                if request is None:
                    raise ValueError(f"`{scenario.scenario}` states bare facts, and the log is of requests")
                match = given_match(scenario.match) if scenario.match is not None else None
                decision = desk.handle(
                    request, match=match, batch=given_batch(scenario), as_of=scenario.as_of, known_at=scenario.known_at
                ).decision
                answer = _short(decision.model_dump(mode="json"), words)
                files[f"decisions/{scenario.scenario}.json"] = json.dumps(answer, indent=1, ensure_ascii=False) + "\n"
            records = [record.body for record in ledger.records() if record.kind == "decision"]
        lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    files["wording.json"] = json.dumps(words, indent=1, ensure_ascii=False) + "\n"
    files["log.jsonl"] = "".join(_json(_steady_line(line)) + "\n" for line in lines)
    files["records.jsonl"] = "".join(_json(_steady_record(record)) + "\n" for record in records)
    return Golden(files)


def kept(folder: Path = HERE) -> Golden:
    """Golden answers as they are kept in `folder`."""
    names = [*sorted(folder.glob("decisions/*.json")), *folder.glob("wording.json"), *sorted(folder.glob("*.jsonl"))]
    return Golden({str(path.relative_to(folder)): path.read_text(encoding="utf-8") for path in names})


def manifest(folder: Path = HERE) -> dict[str, list[dict[str, str]]]:
    """Scenario to the digests its answer has had, oldest first, each but the first with its starred line."""
    path = folder / "manifest.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def starred(changelog: Path = CHANGELOG) -> list[str]:
    """The entries of the changelog that say that a decision has changed, each as one line."""
    entries = re.split(r"\n(?=- |\n|#)", changelog.read_text(encoding="utf-8"))
    return [" ".join(entry.split()) for entry in entries if entry.lstrip("\n").startswith("- ★")]


def unaccounted(golden: Golden, folder: Path = HERE, changelog: Path = CHANGELOG) -> Iterator[str]:
    """Each way in which an answer is not accounted for: not in the manifest, or changed without a starred line."""
    entries, history = starred(changelog), manifest(folder)
    for name, digest in golden.answers.items():
        past = history.get(name, [])
        if not past or past[-1]["digest"] != digest:
            yield f"{name}: its answer has changed; run `python -m tests.golden --write --star WORDS`"
        for later in past[1:]:
            if not any(later.get("star", "") and later["star"] in entry for entry in entries):
                yield f"{name}: no starred line of the changelog has the words `{later.get('star', '')}`"
    for name in sorted(set(history) - set(golden.answers)):
        yield f"{name}: it is in the manifest and has no golden answer"


def write(golden: Golden, star: str | None, folder: Path = HERE, changelog: Path = CHANGELOG) -> list[str]:
    """Keep `golden` in `folder`; the names of the answers that changed.

    Raises ValueError if an answer changed and `star` is not the words of exactly one starred line of the changelog.
    """
    history = manifest(folder)
    changed = [
        name
        for name, digest in golden.answers.items()
        if history.get(name, [{"digest": digest}])[-1]["digest"] != digest
    ]
    if changed:
        with_words = [entry for entry in starred(changelog) if star and star in entry]
        if len(with_words) != 1:
            raise ValueError(
                f"the answers of {', '.join(changed)} change: write a line that starts with `- ★` into CHANGELOG.md "
                f"and give words of it with `--star`; {len(with_words)} starred lines have the words given"
            )
    for name, digest in golden.answers.items():
        past = history.setdefault(name, [])
        if not past:
            past.append({"digest": digest})
        elif past[-1]["digest"] != digest:
            past.append({"digest": digest, "star": star or ""})
    for old in kept(folder).files.keys() - golden.files.keys():
        (folder / old).unlink()
    for name, text in golden.files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (folder / "manifest.json").write_text(json.dumps(history, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return changed


def _short(decision: dict[str, Any], words: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """A decision without what is volatile, its reasons and duties by address; their words go into `words`."""
    for name in VOLATILE:
        del decision[name]
    for item in decision["items"]:
        for part in ("reasons", "elsewhere"):
            item[part] = [_kept_once(words["reasons"], f"{r['address']} {r['outcome']}", r) for r in item[part]]
    for duty in decision["duties"]:
        duty["duty"] = _kept_once(words["duties"], duty["address"], {k: v for k, v in duty.items() if k != "items"})
    decision["duties"] = [{"duty": duty["duty"], "items": duty["items"]} for duty in decision["duties"]]
    return decision


def _kept_once(words: dict[str, Any], key: str, whole: dict[str, Any]) -> str:
    """The key under which `whole` is kept: `key`, or `key (2)` and so on where other words are kept under it."""
    number, name = 1, key
    while words.setdefault(name, whole) != whole:
        number += 1
        name = f"{key} ({number})"
    return name


def _without_words(value: Any) -> Any:
    """An answer as it is digested: without the parts that only say it."""
    if isinstance(value, dict):
        return {name: _without_words(part) for name, part in value.items() if name not in WORDS}
    return [_without_words(part) for part in value] if isinstance(value, list) else value


def _steady_line(line: dict[str, Any]) -> dict[str, Any]:
    return {name: MASK if name in ("id", "hash", "timestamp", "book_digest") else value for name, value in line.items()}


def _steady_record(record: dict[str, Any]) -> dict[str, Any]:
    """What a record says of the request: facts, their origin, the account; with pseudonyms masked."""
    said = {name: value for name, value in record.items() if name != "decision"}
    return json.loads(re.sub(r'"(?:[a-z]-)?[0-9a-f]{24,64}"', f'"{MASK}"', _json(said)))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
