"""A checkpoint says what there was. Nobody can make one without the key, and no ledger can contradict one unseen."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest
from store_tools import open_at, tamper

from limen.ledger import Entry, Ledger, Verification
from limen.ledger.checkpoint import Checkpoint, public_key_of, read_checkpoint
from limen.ledger.ledger import CHECKPOINT_EVERY


def copies(folder: Path) -> Path:
    return next((folder / "keys").glob("*.checkpoints"))


def codes(found: Verification) -> set[str]:
    return {problem.code for problem in found.problems}


@pytest.fixture
def kept(place: Path) -> Checkpoint:
    """A ledger of five records, a checkpoint and two more records."""
    with open_at(place) as opened:
        opened.append_many(Entry("decision", {"number": n}) for n in range(4))
        checkpoint = opened.checkpoint()
        opened.append("case_event", {})
        opened.append("decision", {})
    return checkpoint


def test_a_checkpoint_counts_what_there_is_and_is_signed(place: Path, kept: Checkpoint) -> None:
    with open_at(place) as opened:
        assert kept.counts == {"opened": 1, "decision": 4} and kept.records == 5
        assert kept.head == opened.show(5).hash
        assert kept.is_signed_by(public_key_of(opened.keys.current))
        again = opened.checkpoint()
        assert again.counts == {"opened": 1, "decision": 5, "checkpoint": 1, "case_event": 1}
        found = opened.verify()
        assert found.ok and found.notes == ()


@pytest.mark.parametrize(
    "change", [{"records": 4}, {"head": "0" * 64}, {"counts": {"decision": 5}}, {"at": "2020-01-01"}, {"ledger": "x"}]
)
def test_a_checkpoint_that_was_changed_is_not_signed(kept: Checkpoint, change: dict[str, object]) -> None:
    assert not dataclasses.replace(kept, **change).is_signed_by(kept.public_key)


def test_a_copy_that_was_changed_is_found(place: Path, kept: Checkpoint) -> None:
    copies(place).write_text(json.dumps({**kept.as_json(), "records": 4}) + "\n")
    with open_at(place) as opened:
        assert codes(opened.verify()) == {"checkpoint-replaced"}
    copies(place).write_text("nonsense\n")
    with open_at(place) as opened:
        assert codes(opened.verify()) == {"checkpoint-replaced"}


def test_a_copy_from_another_ledger_is_found(
    place: Path, kept: Checkpoint, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with open_at(tmp_path_factory.mktemp("other")) as other:
        foreign = other.checkpoint()
    copies(place).write_text(json.dumps(foreign.as_json()) + "\n")
    with open_at(place) as opened:
        assert codes(opened.verify()) == {"checkpoint-replaced"}


def test_a_recorded_checkpoint_that_was_replaced_is_found(place: Path, kept: Checkpoint) -> None:
    tamper(
        place, f"UPDATE limen_records SET body = replace(body, '{kept.head}', '{'0' * 64}') WHERE kind = 'checkpoint'"
    )
    with open_at(place) as opened:
        assert codes(opened.verify()) == {"record-changed", "checkpoint-wrong"}


def test_a_tail_cut_before_a_checkpoint_is_found_even_without_the_mark(place: Path, kept: Checkpoint) -> None:
    next((place / "keys").glob("*.mark")).unlink()
    tamper(place, "DELETE FROM limen_records WHERE sequence > 4")
    with open_at(place) as opened:
        found = opened.verify()
    assert (found.integrity, found.completeness) == ("intact", "incomplete")


def test_a_ledger_rewritten_with_its_own_keys_still_contradicts_a_copy_that_was_given_away(
    place: Path, kept: Checkpoint
) -> None:
    with open_at(place) as opened:
        ledger = opened.show(1).body_text
        for name in ("mark", "checkpoints"):
            next((place / "keys").glob(f"*.{name}")).unlink()
        tamper(place, "DELETE FROM limen_records WHERE sequence > 1")
    with open_at(place) as opened:
        opened.append_many(Entry("decision", {"number": n, "tidied": True}) for n in range(6))
        assert opened.show(1).body_text == ledger
        assert opened.verify().integrity == "intact"
        assert "chain-rewritten" in codes(opened.verify([kept]))


def test_a_checkpoint_is_made_by_itself_every_thousand_records(sqlite_ledger: Ledger) -> None:
    sqlite_ledger.append_many(Entry("decision", {}) for _ in range(CHECKPOINT_EVERY - 2))
    assert sqlite_ledger.show(CHECKPOINT_EVERY - 1).kind == "decision"
    sqlite_ledger.append("decision", {})
    assert read_checkpoint(sqlite_ledger.show(CHECKPOINT_EVERY + 1).body).records == CHECKPOINT_EVERY
    assert sqlite_ledger.verify().ok


@pytest.mark.parametrize("value", [None, [], {}, {"ledger": "x"}, 3])
def test_what_is_no_checkpoint_is_not_read_as_one(value: object) -> None:
    with pytest.raises(ValueError, match="not a checkpoint"):
        read_checkpoint(value)
