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
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.figures import keep

ROOT = Path(__file__).resolve().parents[1]
SEED, REQUEST_SEED = 6103, 5
REQUESTS_AT_ONCE = 20_000
ONE_BY_ONE = 500
LEAST_PRECISION = 0.998
GRADES = {"exact": ("exact",), "exact + strong": ("exact", "strong"), "with weak": ("exact", "strong", "weak")}


class Timed(NamedTuple):
    """Seconds that passed, and seconds of processor time (which other programs on the machine disturb less)."""

    seconds: float
    processor: float
    result: Any


def timed(work: Callable[[], Any]) -> Timed:
    """Do some work and say what it cost."""
    start, used = time.perf_counter(), time.process_time()
    result = work()
    return Timed(round(time.perf_counter() - start, 3), round(time.process_time() - used, 3), result)


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


def splink(folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Splink on the same columns; the best candidate of each request with its weight."""
    import duckdb
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    db = duckdb.connect(config={"threads": options.threads, "memory_limit": "6GB"})
    columns = "first, last, number, street, nullif(unit, '') as unit, state, nullif(zip, '') as zip"
    asked, held = f"'{folder}/requests.parquet'", f"'{folder}/registry/part-*.parquet'"
    db.execute(
        f"create table asked_plain as select request as unique_id, {columns} from {asked} where kind = 'complete' and has_name"
    )
    db.execute(f"create table held_plain as select spell as unique_id, {columns} from {held}")
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=[
            cl.JaroWinklerAtThresholds("first", [0.92, 0.8]),
            cl.JaroWinklerAtThresholds("last", [0.92, 0.85]),
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
        linker.training.estimate_u_using_random_sampling(max_pairs=2_000_000, seed=1)
        linker.training.estimate_parameters_using_expectation_maximisation(
            block_on("zip", "number"), record_sample_proportion=1.0
        )
        linker.training.estimate_parameters_using_expectation_maximisation(
            block_on("last", "first", "zip"), record_sample_proportion=1.0
        )

    training = timed(train)
    took = timed(lambda: linker.inference.predict(threshold_match_probability=0.05))
    name = took.result.physical_name
    pairs = db.execute(f"select count(*) from {name}").fetchone()[0]
    db.execute(
        f"copy (select unique_id_l as request, arg_max(unique_id_r, match_weight) as spell, max(match_weight) as weight"
        f" from {name} group by 1) to '{folder}/splink.parquet' (format parquet)"
    )
    return {"seconds": took.seconds, "processor": took.processor, "training_seconds": training.seconds, "pairs": pairs}


def oracle(folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Some of the requests asked one by one, in plain Python, of the rows that share a key: are the matches the same?"""
    import duckdb
    import numpy as np

    from limen.crossref.asked import asked_keys, make_asked
    from limen.crossref.generate.people import make_world
    from limen.crossref.generate.requests import make_requests
    from limen.crossref.matching import match_subject, person_text
    from limen.crossref.settings import Settings
    from limen.request.subject import Address, PersonName, Subject

    ids = np.linspace(0, options.requests - 1, min(options.requests, ONE_BY_ONE), dtype=np.int64)
    subjects = {
        one.request: Subject(
            name=PersonName(first=one.first, middle=one.middle, last=one.last, suffix=one.suffix),
            address=Address(lines=one.lines),
            tin=one.tin,
        )
        for one, _ in make_requests(make_world(options.people, SEED), options.requests, REQUEST_SEED, only=ids)
    }
    asked = {number: make_asked(subject) for number, subject in subjects.items()}
    keys = {key for one in asked.values() if one.name and one.address for key in asked_keys(one.name, one.address)}
    db = duckdb.connect(config={"threads": options.threads, "memory_limit": options.memory})
    held = FetchedRows(
        db, f"{folder}/registry/part-*.parquet", keys, {int(one.tin) for one in asked.values() if one.tin}
    )
    columns = "grade, lane, person, candidates, score, address_held, tin_agrees, name_agrees"
    listed = ", ".join(map(str, subjects))
    rows = db.execute(
        f"select request, {columns} from '{folder}/matches.parquet' where request in ({listed})"
    ).fetchall()
    different = 0
    for number, grade, lane, person, candidates, score, *agrees in rows:
        match = match_subject(subjects[number], held, Settings())
        alone = (match.grade, match.lane, match.person, match.candidates, round(match.score, 4))
        together = (grade, lane, None if person is None else person_text(person), candidates, round(score / 1e6, 4))
        different += alone != together or [match.address_held, match.tin_agrees, match.name_agrees] != agrees
    return {"asked_one_by_one": len(rows), "different": different + len(subjects) - len(rows)}


class FetchedRows:
    """The registry rows under some keys and numbers, read in one pass, as a source for one request after another."""

    def __init__(self, db: Any, parts: str, keys: set[int], tins: set[int]) -> None:
        from limen.crossref.columns import ADDRESS, KEYS, NAME
        from limen.crossref.ladder import Row
        from limen.crossref.normalise import AddressKey, NameKey

        for name, values in (("wanted", keys), ("numbers", tins)):
            db.execute(f"create temp table {name} (key bigint)")
            db.execute(f"insert into {name} select unnest(?::bigint[])", [list(values)])
        words = ", ".join(f'"{name}"' for name in (*NAME, *ADDRESS))
        where = " or ".join(f"{column} in (from wanted)" for column in KEYS)
        found = db.execute(
            f"select {', '.join(KEYS)}, spell, person, tin, current, distinctive, {words} from '{parts}'"
            f" where {where} or tin in (from numbers)"
        ).fetchall()
        self._by_key: dict[int, dict[int, Row]] = defaultdict(dict)
        self._by_tin: dict[str, list[Row]] = defaultdict(list)
        for row in sorted(found, key=lambda row: int(row[len(KEYS)])):
            keys_of_row, about, parts_of_row = row[: len(KEYS)], row[len(KEYS) : len(KEYS) + 5], row[len(KEYS) + 5 :]
            spell, person, number, current, distinctive = about
            tin = f"{number:09d}" if number >= 0 else ""
            one = Row(
                spell, person, NameKey(*parts_of_row[:6]), AddressKey(*parts_of_row[6:]), tin, current, distinctive
            )
            self._by_tin[tin].append(one)
            for key in keys_of_row:
                if key is not None:
                    self._by_key[key][spell] = one

    def rows_in_blocks(self, keys: Sequence[int]) -> list[Any]:
        return list({spell: row for key in keys for spell, row in self._by_key.get(key, {}).items()}.values())

    def rows_of_tin(self, tin: str) -> list[Any]:
        return self._by_tin.get(tin, [])


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


def run(step: str, folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    """One step in a process of its own, with its peak memory."""
    command = [sys.executable, "-m", "benchmarks.crossref", "--step", step, "--keep", str(folder)]
    for name in ("people", "requests", "memory", "threads"):
        command += [f"--{name}", str(getattr(options, name))]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--requests", type=int, default=128_000)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--memory", default="3GB", help="what DuckDB may use before it goes to disk")
    parser.add_argument("--no-splink", action="store_true")
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
        report["splink"] = run("splink", folder, options)
        report["splink"] |= splink_quality(folder, report["quality"]["grades"]["exact + strong"]["recall"])
        report["ratios"] |= _ratios("splink / ladder", report["splink"], report["ladder"])
    return report


def _ratios(name: str, one: dict[str, Any], other: dict[str, Any]) -> dict[str, float]:
    return {
        f"{name}, time": round(one["seconds"] / other["seconds"], 2),
        f"{name}, processor": round(one["processor"] / other["processor"], 2),
    }


def show(report: dict[str, Any]) -> None:
    """The report, for a person."""
    made, of, least = report["make"], report["ladder"], report["limit"]
    size = f"{made['spells']:,} addresses ({made['registry_megabytes']:,} MB)"
    print(f"{made['asked']:,} requests, {made['people']:,} people, {size}")
    print(
        f"  physical limit       {least['seconds']:8.1f} s   scan {least['scan_seconds']} + join {least['join_seconds']}"
    )
    print(f"  ladder               {of['seconds']:8.1f} s   {of['pairs']:,} pairs, peak {of['peak_gigabytes']} GB")
    for label, grade in report["quality"]["grades"].items():
        rates = f"precision {grade['precision']:.5f}  recall {grade['recall']:.4f}"
        print(f"    {label:15} {rates}  wrong {grade['wrong']} of {grade['named']:,}")
    if "splink" in report:
        of = report["splink"]
        print(f"  Splink               {of['seconds']:8.1f} s   {of['pairs']:,} pairs, peak {of['peak_gigabytes']} GB")
        print(f"    {'best candidate':15} precision {of['precision']:.5f}  recall {of['recall']:.4f}")
        print(f"    (its training, {of['training_seconds']} s, is not counted)")
    of = report["oracle"]
    print(f"  asked one by one: {of['asked_one_by_one']}, of them with another match: {of['different']}")
    print("  by name origin: requests, wrong person per million, missed, ambiguous")
    for group, of in report["quality"]["origins"].items():
        wrong = of["wrong_person_per_million"]
        print(f"    {group:10} {of['requests']:9,} {wrong:6} {of['missed']:.4f} {of['ambiguous']:.4f}")
    print("  " + ", ".join(f"{name}: {value}" for name, value in report["ratios"].items()))


if __name__ == "__main__":
    main()
