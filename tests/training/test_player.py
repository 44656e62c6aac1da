"""The player by itself, on a page that is not there: what it says of a paper that is answered. Needs `node`."""

from __future__ import annotations

import json
import shutil
import subprocess

import pytest

from limen.training.offline import PLAYER, digest

NODE = shutil.which("node")
PAGE = """
const acts = [];
const node = () => new Proxy(function () {}, {
  get: (_, name) => name === "addEventListener" ? (kind, act) => { if (kind === "click") acts.push(act); } : node(),
  set: () => true, apply: () => node(),
});
globalThis.document = node();
globalThis.window = node();
globalThis.limenLms = {
  start: (_, ready) => ready({open: false, answers: ["0..."], mastery: MASTERY}),
  finished: (_, sum, passed) => console.log(JSON.stringify([sum.verdict, passed])),
};
"""
"""Elements that swallow all that is done to them, and a learning system where the one question is answered."""


def finished(percent: int, mastery: float | None) -> tuple[int, bool]:
    """Verdict in percent, and whether it is passed, where the only answer brings `percent` of 100 points."""
    known = digest("salt", "q", "item", "release")
    marking = {"verdicts": {known: [percent, "right", []]}, "grounds": [], "bare": [known]}
    whole = [{"when": "", "right": []}]
    asked = {
        "id": "q", "items": [{"id": "item", "name": "Item"}], "grounds": [], "missing": [], "duties": [],
        "marking": {**marking, "missing": whole, "duties": whole},
    }  # fmt: skip
    course = {
        "mode": "assessment", "salt": "salt", "answers": ["release"], "questions": [asked], "rules": [],
        "parts": [[part, part] for part in ("verdict", "ground", "missing", "duties")], "points": {"full": 100},
        "marks": {"verdict": 75, "ground": 50, "missing": 50, "duties": 50, "unlawful_release_fails": True},
    }  # fmt: skip
    script = "\n".join((
        PAGE.replace("MASTERY", "undefined" if mastery is None else str(mastery)),
        (PLAYER / "digest.js").read_text(encoding="utf-8").replace("var limenDigest", "globalThis.limenDigest"),
        f"globalThis.LIMEN_COURSE = {json.dumps(course)};",
        (PLAYER / "player.js").read_text(encoding="utf-8"),
        "acts.at(-1)();",
    ))  # fmt: skip
    said = subprocess.run([str(NODE), "-"], input=script, capture_output=True, text=True, timeout=60, check=True)
    verdict, passed = json.loads(said.stdout)
    return verdict, passed


@pytest.mark.skipif(NODE is None, reason="node is not installed")
@pytest.mark.parametrize(
    ("percent", "mastery", "passed"),
    [(75, None, True), (74, None, False), (55, 0.55, True), (54, 0.55, False), (29, 0.29, True), (28, 0.29, False)],
)
def test_who_reaches_the_mark_exactly_has_passed(percent: int, mastery: float | None, passed: bool) -> None:
    assert finished(percent, mastery) == (percent, passed)
