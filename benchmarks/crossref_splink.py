"""The step of `benchmarks.crossref` that is Splink: the same folded columns, blocks of the same kind, comparisons as its
documentation has them for names and addresses (rare names count more), trained on samples as it says."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from benchmarks.figures import Timed, timed

MEMORY = "6GB"


def splink(folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Splink on the same columns; the best candidate of each request with its weight."""
    import duckdb
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    stored = folder / "splink.duckdb"
    stored.unlink(missing_ok=True)  # on disk, so that what does not fit in memory has somewhere to go
    db = duckdb.connect(str(stored), config={"threads": options.threads, "memory_limit": MEMORY})
    columns = "first, last, number, street, nullif(unit, '') as unit, state, nullif(zip, '') as zip"
    asked, held = f"'{folder}/requests.parquet'", f"'{folder}/registry/part-*.parquet'"
    db.execute(
        f"create table asked_plain as select request as unique_id, {columns} from {asked} where kind = 'complete' and has_name"
    )
    db.execute(f"create table held_plain as select spell as unique_id, {columns} from {held}")
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=[
            cl.JaroWinklerAtThresholds("first", [0.92, 0.8]).configure(term_frequency_adjustments=True),
            cl.JaroWinklerAtThresholds("last", [0.92, 0.85]).configure(term_frequency_adjustments=True),
            cl.JaroWinklerAtThresholds("street", [0.9]),
            cl.ExactMatch("number"),
            cl.ExactMatch("zip"),
            cl.ExactMatch("unit"),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("zip", "number"),
            block_on("last", "first", "zip"),
            block_on("last", "substr(first, 1, 1)", "number", "state"),
        ],
        retain_matching_columns=False,
        retain_intermediate_calculation_columns=False,
    )
    api = DuckDBAPI(connection=db)
    frames = [api.register(f"{name}_plain", dataset_display_name=name) for name in ("asked", "held")]
    linker = Linker(frames, settings, log_level=None)

    def train() -> None:
        linker.training.estimate_probability_two_random_records_match(
            [block_on("last", "first", "zip", "number")], recall=0.6
        )
        linker.training.estimate_u_using_random_sampling(max_pairs=10_000_000, seed=1)
        for rule in (
            block_on("zip", "number"),
            block_on("last", "first", "number"),
            block_on("last", "first", "zip"),
        ):
            linker.training.estimate_parameters_using_expectation_maximisation(rule, max_pairs=1_000_000)

    training = timed(train)
    tell("training", training)
    took = timed(lambda: linker.inference.predict(threshold_match_probability=0.05))
    tell("prediction", took)
    name = took.result.physical_name
    pairs = db.execute(f"select count(*) from {name}").fetchone()[0]
    db.execute(
        f"copy (select unique_id_l as request, arg_max(unique_id_r, match_weight) as spell, max(match_weight) as weight"
        f" from {name} group by 1) to '{folder}/splink.parquet' (format parquet)"
    )
    db.close()
    stored.unlink()
    return {
        "seconds": took.seconds,
        "processor": took.processor,
        "training_seconds": training.seconds,
        "training_processor": training.processor,
        "pairs": pairs,
    }


def tell(step: str, took: Timed) -> None:
    """Say on standard error that a step is over: what takes long is watched."""
    print(f"  {step}: {took.seconds:.0f} s, {took.processor:.0f} s of processor", file=sys.stderr, flush=True)


def splink_quality(folder: Path, recall: float) -> dict[str, Any]:
    """Splink's precision at the ladder's recall, or at the most it reaches."""
    import duckdb

    db = duckdb.connect()
    rows = db.execute(
        f"select t.about, t.person, r.person, s.weight from '{folder}/splink.parquet' s join '{folder}/truth.parquet' t using (request)"
        f" join '{folder}/registry/part-*.parquet' r on r.spell = s.spell order by s.weight desc"
    ).fetchall()
    held = db.execute(f"select count(*) from '{folder}/truth.parquet' where about = 'held'").fetchone()[0]
    right = found = named = 0
    for about, person, linked, _ in rows:
        named += 1
        right += person == linked
        found += person == linked and about == "held"
        if found >= recall * held:
            break
    return {"recall": found / held, "precision": right / named, "named": named}
