"""The command names nobody: not on the screen, not in an error, not in what it leaves behind."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
import yaml
from cli_run import Ran
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from canary import assert_silent, canary_subjects, leaks
from limen.cli.main import main
from limen.request import Subject
from sizes import tries

QUICK = "--no-second-key"
FEW = settings(
    max_examples=tries(12),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def request_of(subject: Subject) -> dict[str, Any]:
    return {
        "id": "canary",
        "received": "2025-08-06",
        "holder": {"agency": "irs"},
        "requester": {"agency": "dhs", "office": "agency_head", "in_writing": True},
        "subject": json.loads(subject.model_dump_json(exclude_none=True)),
        "tax_periods": ["2023"],
        "matter": {"kind": "criminal", "statute": "8 U.S.C. 1326(a)", "stage": "investigation"},
        "reasons": f"To find {subject.name.last if subject.name else ''} at {lines(subject)}.",
        "items": [{"id": "address", "kind": "mailing_address"}],
    }


def lines(subject: Subject) -> str:
    return ", ".join(subject.address.lines) if subject.address else ""


class Place:
    """A home and a folder of their own for one example."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._capsys = capsys
        self.said: dict[str, str | bytes] = {}

    def limen(self, *words: str) -> Ran:
        self._capsys.readouterr()
        log = ["--log", str(self.folder / "home" / "log.jsonl")] if words[0] == "decide" else []
        code = main([*words, *log, "--ledger", str(self.folder / "home" / "ledger.sqlite")])
        said = self._capsys.readouterr()
        self.said[f"{len(self.said)}: {words[0]}"] = said.out + said.err
        return Ran(code, said.out, said.err)

    def left(self) -> dict[str, str | bytes]:
        """All that was said, and every file that was left behind."""
        files = [path for path in (self.folder / "home").rglob("*") if path.is_file()]
        assert any(path.name == "ledger.sqlite" for path in files)
        return {**self.said, **{str(path): path.read_bytes() for path in files}}


@pytest.fixture
def place(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """Makes a new place for each example."""
    monkeypatch.setenv("NO_COLOR", "1")
    folders: list[tempfile.TemporaryDirectory[str]] = []

    def make() -> Place:
        folders.append(tempfile.TemporaryDirectory())
        folder = Path(folders[-1].name)
        monkeypatch.setenv("LIMEN_HOME", str(folder / "home"))
        return Place(folder, capsys)

    yield make
    for folder in folders:
        folder.cleanup()


@FEW
@given(subject=canary_subjects(), suffix=st.sampled_from([".yaml", ".json"]))
def test_deciding_explaining_and_showing_name_nobody(place, subject: Subject, suffix: str) -> None:  # type: ignore[no-untyped-def]
    here = place()
    file = here.folder / f"request{suffix}"
    written = request_of(subject)
    file.write_text(json.dumps(written) if suffix == ".json" else yaml.safe_dump(written, allow_unicode=True))
    for audience in ("requester", "auditor"):
        assert here.limen("decide", str(file), "--audience", audience, QUICK).code in (1, 3)
        assert here.limen("decide", str(file), "--audience", audience, "--json", QUICK).code in (1, 3)
        here.limen("explain", "2", "--audience", audience)
    here.limen("ledger", "show")
    here.limen("ledger", "show", "2")
    here.limen("ledger", "verify")
    assert_silent(here.left(), subject)
    logged = [json.loads(line) for line in (here.folder / "home" / "log.jsonl").read_text().splitlines()]
    assert [line["event"] for line in logged] == ["decided"] * 4
    assert logged[0]["request_id"] == "canary"


BREAKS = [
    lambda request, word: request["subject"].update({word: "x"}),
    lambda request, word: request["subject"]["name"].update({"nick": word}),
    lambda request, word: request.update({word: word}),
    lambda request, word: request.update({"received": word}),
    lambda request, word: request["requester"].update({"office": word}),
    lambda request, word: request["subject"].update({"date_of_birth": word}),
    lambda request, word: request.update({"id": f"{word} {word}"}),
    lambda request, word: request["subject"]["address"].update({"lines": [[word]]}),
    lambda request, word: request.update({"facts": {"request.in_writing": word.lower()}}),
    lambda request, word: request["items"].append({"id": "address", "kind": "name"}),
]
"""Ways in which a file can be wrong with somebody's name in the wrong place."""


@FEW
@given(subject=canary_subjects(), number=st.integers(0, len(BREAKS) - 1), suffix=st.sampled_from([".yaml", ".json"]))
def test_an_error_repeats_nothing_of_what_was_written(place, subject: Subject, number: int, suffix: str) -> None:  # type: ignore[no-untyped-def]
    here = place()
    written = request_of(subject)
    assert subject.name is not None
    assert subject.name.last is not None
    BREAKS[number](written, subject.name.last)
    file = here.folder / f"request{suffix}"
    file.write_text(json.dumps(written) if suffix == ".json" else yaml.safe_dump(written, allow_unicode=True))
    ran = here.limen("decide", str(file), QUICK)
    assert ran.code == 2, ran
    assert "Traceback" not in ran.err
    assert_silent(here.left(), subject)


@FEW
@given(subject=canary_subjects())
def test_a_defect_names_nobody_either(place, subject: Subject) -> None:  # type: ignore[no-untyped-def]
    here = place()
    file = here.folder / "request.json"
    file.write_text(json.dumps(request_of(subject)))

    def fail(_self: object, stated: Subject) -> None:
        raise RuntimeError(f"cannot find {stated.name} at {lines(stated)} with {stated.tin}")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("limen.crossref.lazy.LazyRegistry.match", fail)
        ran = here.limen("decide", str(file), QUICK)
    assert ran.code == 5
    assert "nothing was released" in ran.err
    assert_silent(here.left(), subject)
    (report,) = (here.folder / "home" / "faults").iterdir()
    assert "RuntimeError" in report.read_text()
    (logged,) = (here.folder / "home" / "log.jsonl").read_text().splitlines()
    assert (json.loads(logged)["event"], json.loads(logged)["error"]) == ("failed", "RuntimeError")


def test_the_search_would_find_a_name_that_slips_out() -> None:
    subject = Subject.model_validate({"name": {"last": "Qxzabel"}})
    assert leaks('{"last": "QXZABEL"}', subject) == ["Qxzabel"]
