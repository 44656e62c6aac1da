"""Cross-reference at scale: time, memory, precision and recall, beside Splink and beside what the machine could do
at best.

    python -m benchmarks.crossref                                                   # 128,000 requests, a million people
    python -m benchmarks.crossref --people 10000000 --requests 1280000              # a whole batch, ten million people
    python -m benchmarks.crossref --full --keep FOLDER                              # the whole batch, 160 million people

Each step runs in a process of its own, one after another, on the same two threads, so that seconds compare and peak
memory is its own. The limit is the least any such program must do: read the key columns once and make one hash join
of all requests with all rows. Splink is given the same folded columns, blocks of the same kind, plain comparisons,
and its training time is not counted. People and requests are invented by this project, so what is measured on them
flatters the ladder: see `crossref_quality` for data made by others.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from benchmarks.crossref_oracle import REQUEST_SEED, SEED, oracle
from benchmarks.crossref_splink import splink, splink_quality
from benchmarks.figures import keep, timed

ROOT = Path(__file__).resolve().parents[1]
REQUESTS_AT_ONCE = 20_000
LEAST_PRECISION = 0.998
SMALLEST = 100_000
"""People of a registry below which nothing smaller is tried: where Splink fails there too, it is not for its size."""
GRADES = {"exact": ("exact",), "exact + strong": ("exact", "strong"), "with weak": ("exact", "strong", "weak")}


# --- steps, each in its own process


def make(folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    """The registry, the requests and their truth, made once for a folder."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    from limen.crossref.columns import REQUEST_KEYS, REQUESTS
    from limen.crossref.generate.parquet import write_parquet
    from limen.crossref.ingest import arrow_schema

    report: dict[str, Any] = {}
    about = folder / "registry/about.json"
    if not about.is_file():
        made_registry = timed(lambda: write_parquet(options.people, SEED, folder / "registry", None, options.threads))
        report["make_registry_seconds"] = made_registry.seconds
    report |= json.loads(about.read_text(encoding="utf-8"))
    if report["people"] != options.people:
        raise SystemExit(f"`{folder}` holds a registry of {report['people']:,} people: name another folder")
    report["registry_megabytes"] = sum(p.stat().st_size for p in (folder / "registry").glob("*.parquet")) // 1_000_000
    files = {name: folder / f"{name}.parquet" for name in ("requests", "keys", "truth")}
    if not all(file.is_file() for file in files.values()):
        stretches = [
            (options.people, options.requests, start) for start in range(0, options.requests, REQUESTS_AT_ONCE)
        ]
        with ProcessPoolExecutor(options.threads, mp_context=get_context("spawn")) as pool:
            ready = timed(lambda: list(pool.map(make_stretch_of_requests, *zip(*stretches, strict=True))))
        report["make_requests_seconds"] = ready.seconds
        schemas = {"requests": arrow_schema(REQUESTS), "keys": arrow_schema(REQUEST_KEYS), "truth": None}
        for part, (name, schema) in enumerate(schemas.items()):
            table = pa.concat_tables([made[part] for made in ready.result])
            pq.write_table(table.cast(schema) if schema else table, files[name])
    report["asked"] = pq.read_metadata(files["requests"]).num_rows
    return report


def make_stretch_of_requests(people: int, count: int, start: int) -> tuple[Any, Any, Any]:
    """Some of `count` requests, their keys and their truth, as Arrow tables."""
    import numpy as np
    import pyarrow as pa

    from limen.crossref.generate.people import make_world
    from limen.crossref.generate.requests import make_requests
    from limen.crossref.ingest import ingest

    ids = np.arange(start, min(count, start + REQUESTS_AT_ONCE), dtype=np.int64)
    made = list(make_requests(make_world(people, SEED), count, REQUEST_SEED, only=ids))
    truth = zip(*((t.request, t.about, t.person, t.group, t.current) for _, t in made), strict=True)
    names = ("request", "about", "person", "group", "current")
    requests, keys = ingest([one for one, _ in made])
    return requests, keys, pa.table(dict(zip(names, map(list, truth), strict=True)))


def ladder(folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Grades for every request, from columns at rest to the table of matches."""
    import pyarrow.parquet as pq

    from limen.crossref.engines import in_duckdb

    requests, keys = (pq.read_table(folder / f"{name}.parquet") for name in ("requests", "keys"))
    engine = in_duckdb(folder / "registry", requests, keys, memory=options.memory, threads=options.threads)
    steps: dict[str, float] = {}
    took = timed(lambda: engine.match(watch=steps.__setitem__))
    engine.run(f"copy limen_matches to '{folder}/matches.parquet' (format parquet)")
    pairs = engine.run("select count(*) from limen_pairs").fetchone()[0]
    return {"seconds": took.seconds, "processor": took.processor, "pairs": pairs, "steps": steps}


def limit(folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Read the key columns once; join all requests with all rows once."""
    import duckdb

    from limen.crossref.columns import KEYS

    db = duckdb.connect(config={"threads": options.threads, "memory_limit": options.memory})
    rows = f"'{folder}/registry/part-*.parquet'"
    sums = ", ".join(f"sum({key} & 255)" for key in (*KEYS, "spell", "sounds"))
    db.execute(f"create temp table asked as select * from '{folder}/keys.parquet' where block = 0")
    scan = timed(lambda: db.execute(f"select {sums} from {rows}").fetchall())
    join = timed(
        lambda: db.execute(f"select count(*) from {rows} r join asked a on r.by_zip_number = a.key").fetchall()
    )
    return {
        "scan_seconds": scan.seconds,
        "join_seconds": join.seconds,
        "seconds": round(scan.seconds + join.seconds, 3),
        "processor": round(scan.processor + join.processor, 3),
    }


STEPS = {step.__name__: step for step in (make, ladder, limit, splink, oracle)}


# --- quality


def quality(folder: Path) -> dict[str, Any]:
    """Precision and recall of each grade against the truth, and errors by name origin."""
    import duckdb

    db = duckdb.connect()
    rows = db.execute(
        f"select t.about, t.person, t.\"group\", m.grade, m.person from '{folder}/truth.parquet' t"
        f" join '{folder}/matches.parquet' m using (request)"
    ).fetchall()
    held = sum(about == "held" for about, *_ in rows)
    report: dict[str, Any] = {"held": held, "grades": {}, "outcomes": {}, "origins": {}}
    for label, grades in GRADES.items():
        named = [
            (about, person, found) for about, person, _, grade, found in rows if grade in grades and found is not None
        ]
        right = sum(person == found for _, person, found in named)
        found_held = sum(person == found for about, person, found in named if about == "held")
        report["grades"][label] = {
            "named": len(named), "wrong": len(named) - right, "precision": right / len(named), "recall": found_held / held,
        }  # fmt: skip
    del report["grades"]["with weak"]  # a weak match names nobody
    report["outcomes"] = {
        f"{about}, {grade}": n for (about, grade), n in sorted(Counter((r[0], r[3]) for r in rows).items())
    }
    for group in sorted({row[2] for row in rows}):
        of = [row for row in rows if row[2] == group]
        named = [row for row in of if row[4] is not None]
        real = [row for row in of if row[0] == "held"]
        report["origins"][group] = {
            "requests": len(of),
            "wrong_person_per_million": round(1e6 * sum(row[1] != row[4] for row in named) / len(of)),
            "missed": round(sum(row[4] != row[1] for row in real) / len(real), 4),
            "ambiguous": round(sum(row[3] == "ambiguous" for row in real) / len(real), 4),
        }
    return report


def run(step: str, folder: Path, options: argparse.Namespace, limit: float | None = None) -> dict[str, Any]:
    """One step in a process of its own, with its peak memory; stopped after `limit` seconds."""
    command = [sys.executable, "-m", "benchmarks.crossref", "--step", step, "--keep", str(folder)]
    for name in ("people", "requests", "memory", "threads"):
        command += [f"--{name}", str(getattr(options, name))]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True, timeout=limit)
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))


def run_splink(folder: Path, options: argparse.Namespace, recall: float) -> dict[str, Any]:
    """Splink's step, or why it gave nothing: it took longer than it was given, or the machine has too little for it."""
    try:
        took = run("splink", folder, options, 60 * options.splink_minutes)
    except subprocess.TimeoutExpired:
        return {"unfinished": f"stopped after {options.splink_minutes} minutes"}
    except subprocess.CalledProcessError as failed:
        return {"unfinished": f"failed with exit code {failed.returncode}"}
    return took | splink_quality(folder, recall)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--requests", type=int, default=128_000)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--memory", default="3GB", help="what DuckDB may use before it goes to disk")
    parser.add_argument("--no-splink", action="store_true")
    parser.add_argument("--splink-minutes", type=float, default=25, help="when Splink is stopped")
    parser.add_argument(
        "--full", action="store_true", help="1,280,000 requests, 160 million people, without Splink; 13 GB of disk"
    )
    parser.add_argument(
        "--keep", type=Path, help="folder for the registry and the tables; made again only when missing"
    )
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks/out/crossref.json")
    parser.add_argument("--step", choices=STEPS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.step:
        report = STEPS[options.step](options.keep, options)
        report["peak_gigabytes"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6, 2)
        print(json.dumps(report))
        return
    if options.full:
        options.people, options.requests, options.no_splink = 160_000_000, 1_280_000, True
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        report = measure(folder, options)
    keep(report, options.out)
    show(report)
    precision = report["quality"]["grades"]["exact + strong"]["precision"]
    if report["oracle"]["different"] or precision < LEAST_PRECISION:
        raise SystemExit(f"wrong: {report['oracle']['different']} matches differ, precision {precision:.5f}")


def measure(folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Every step in turn, and what follows from them."""
    report = {step: run(step, folder, options) for step in ("make", "limit", "ladder")}
    report["quality"] = quality(folder)
    report["oracle"] = run("oracle", folder, options)
    report["ratios"] = _ratios("ladder / limit", report["ladder"], report["limit"])
    if not options.no_splink:
        report["splink"] = run_splink(folder, options, report["quality"]["grades"]["exact + strong"]["recall"])
        if "unfinished" not in report["splink"]:
            report["ratios"] |= _ratios("splink / ladder", report["splink"], report["ladder"])
        elif options.people >= SMALLEST:
            report["smaller"] = measure_smaller(folder, options)
    return report


def measure_smaller(folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    """The same at a quarter of the size, where Splink did not end."""
    smaller = argparse.Namespace(**vars(options))
    smaller.people, smaller.requests = options.people // 4, options.requests // 4
    return measure(folder / f"{smaller.people}", smaller)


def _ratios(name: str, one: dict[str, Any], other: dict[str, Any]) -> dict[str, float]:
    return {
        f"{name}, time": round(one["seconds"] / other["seconds"], 2),
        f"{name}, processor": round(one["processor"] / other["processor"], 2),
    }


def _show_cost(name: str, of: dict[str, Any]) -> None:
    told = f"{of['pairs']:,} pairs" if "pairs" in of else f"scan {of['scan_seconds']} + join {of['join_seconds']}"
    spent = f"{of['processor']:8.1f} s of processor, {of['seconds']:.1f} s by the clock"
    print(f"  {name:15}{spent}; {told}, peak {of['peak_gigabytes']} GB")


def show(report: dict[str, Any]) -> None:
    """The report, for a person."""
    made, of, least = report["make"], report["ladder"], report["limit"]
    size = f"{made['spells']:,} addresses ({made['registry_megabytes']:,} MB)"
    print(f"{made['asked']:,} requests, {made['people']:,} people, {size}")
    _show_cost("physical limit", least)
    _show_cost("ladder", of)
    for label, grade in report["quality"]["grades"].items():
        rates = f"precision {grade['precision']:.5f}  recall {grade['recall']:.4f}"
        print(f"    {label:15} {rates}  wrong {grade['wrong']} of {grade['named']:,}")
    if "unfinished" in report.get("splink", {}):
        below = "; beside it at a quarter of the size below" if "smaller" in report else ""
        print(f"  Splink               {report['splink']['unfinished']}{below}")
    elif "splink" in report:
        of = report["splink"]
        _show_cost("Splink", of)
        print(f"    {'best candidate':15} precision {of['precision']:.5f}  recall {of['recall']:.4f}")
        print(f"    (its training, {of['training_processor']} s of processor, is not counted)")
    of = report["oracle"]
    print(f"  asked one by one: {of['asked_one_by_one']}, of them with another match: {of['different']}")
    print("  by name origin: requests, wrong person per million, missed, ambiguous")
    for group, of in report["quality"]["origins"].items():
        wrong = of["wrong_person_per_million"]
        print(f"    {group:10} {of['requests']:9,} {wrong:6} {of['missed']:.4f} {of['ambiguous']:.4f}")
    print("  " + ", ".join(f"{name}: {value}" for name, value in report["ratios"].items()))
    if "smaller" in report:
        show(report["smaller"])


if __name__ == "__main__":
    main()
