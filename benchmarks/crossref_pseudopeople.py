"""How good cross-reference is on a simulated United States that others made, with its dirt.

    python -m venv out/others && out/others/bin/pip install pseudopeople
    PYTHONPATH=engine:. out/others/bin/python -m benchmarks.crossref_pseudopeople [--year 2030]

`pseudopeople` (Institute for Health Metrics and Evaluation, 2023 to 2026) ships a sample of some ten thousand simulated
people in households, with the errors of real collections: nicknames, phonetic, keyboard and scanning errors, names left
out, wrong house numbers, copied household members. Its requirements clash with this project's pins, hence the
environment of its own.

Registry: who filed a tax return (form 1040), at every address they filed from, as simulated, without errors. Requests:
every record of a decennial census, with the package's own errors. Whoever never filed, children above all, is not in the
registry: naming anybody for them is wrong. The sample puts everybody in one invented town with the ZIP code 00000, which
is here a ZIP code that exists; so place says nothing, which makes the task harder. Taxpayer numbers are not used.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from limen.crossref import Settings, open_registry
from limen.crossref.make import write_registry
from limen.crossref.matching import person_number
from limen.crossref.normalise import NameKey, address_key, name_key_of
from limen.request.address import judge_address
from limen.request.subject import Address, PersonName, Subject

PLACE, TOWN, ZIP = "Anytown", "Seattle", "98101"


def text(value: Any) -> str:
    """A cell as text; empty where there is nothing."""
    return "" if value is None or value != value else str(value).removesuffix(".0")


def lines(row: dict[str, Any], prefix: str) -> tuple[str, ...]:
    """The address lines of a record, in the place that stands for the invented town."""
    box = text(row.get(f"{prefix}po_box"))
    parts = [text(row[f"{prefix}{name}"]) for name in ("street_number", "street_name")]
    road = f"PO Box {box}" if box else " ".join(filter(None, parts))
    unit = text(row[f"{prefix}unit_number"])
    city = text(row[f"{prefix}city"]).replace(PLACE, TOWN)
    zip5 = text(row[f"{prefix}zipcode"])
    if len(zip5) == len(ZIP):  # a wrong digit stays wrong
        zip5 = "".join(plain if digit == "0" else digit for plain, digit in zip(ZIP, zip5, strict=True))
    where = " ".join(filter(None, (city, text(row[f"{prefix}state"]), zip5)))
    return tuple(filter(None, (" ".join(filter(None, (road, unit))), where)))


def filers(folder: Path) -> Iterator[tuple[str, NameKey, int, tuple[str, ...]]]:
    """Person, name, tax year and address lines of everybody on a tax return."""
    import pyarrow.parquet as pq

    for row in pq.read_table(folder / "taxes_1040/taxes_1040.parquet").to_pylist():
        for prefix in ("", "spouse_"):
            if row[f"{prefix}simulant_id"] is None:
                continue
            name = name_key_of(
                *(text(row[f"{prefix}{part}"]) for part in ("first_name", "middle_initial", "last_name")), ""
            )
            if name:
                yield row[f"{prefix}simulant_id"], name, int(row["tax_year"]), lines(row, f"{prefix}mailing_address_")


def make(folder: Path, year: int, path: Path) -> dict[str, int]:
    """A registry of who filed up to a year, and the number each simulated person has in it."""
    numbers: dict[str, int] = {}
    names: dict[int, NameKey] = {}
    held: dict[int, dict[tuple[str, ...], int]] = defaultdict(dict)
    for person, name, filed, address in filers(folder):
        if filed <= year:
            number = numbers.setdefault(person, len(numbers))
            names.setdefault(number, name)
            held[number][address] = max(filed, held[number].get(address, 0))
    spells = []
    for number, addresses in held.items():
        latest = max(addresses.values())
        for address, filed in sorted(addresses.items(), key=lambda one: one[1]):
            quality = judge_address(address)
            if quality.kind == "complete":
                spells.append((number, 0, None if filed == latest else filed, address_key(quality.parsed)))
    with_address = {spell[0] for spell in spells}
    persons = [(number, names[number], "") for number in range(len(numbers)) if number in with_address]
    write_registry(path, persons, sorted(spells, key=lambda spell: spell[0]), "pseudopeople, filers of form 1040")
    return {person: number for person, number in numbers.items() if number in with_address}


def measure(year: int, settings: Settings) -> dict[str, Any]:
    """Precision and recall of every grade, and errors by race and ethnicity as the simulation has them."""
    import pseudopeople

    folder = Path(pseudopeople.__file__).parent / "data/sample_datasets"
    records = pseudopeople.generate_decennial_census(year=year, seed=1).to_dict("records")
    with tempfile.TemporaryDirectory() as scratch:
        numbers = make(folder, year, Path(scratch) / "filers.sqlite")
        registry = open_registry(Path(scratch) / "filers.sqlite", settings)
        outcomes: Counter[tuple[str, str]] = Counter()
        groups: dict[str, Counter[str]] = defaultdict(Counter)
        for row in records:
            subject = Subject(
                name=PersonName(
                    first=text(row["first_name"]) or None, middle=text(row["middle_initial"]) or None,
                    last=text(row["last_name"]) or None,
                ),
                address=Address(lines=lines(row, "")),
            )  # fmt: skip
            match = registry.match(subject)
            true = numbers.get(row["simulant_id"])
            named = None if match.person is None else person_number(match.person)
            right = "none named" if named is None else "right" if named == true else "wrong"
            outcomes[match.grade, right] += 1
            groups[text(row["race_ethnicity"])].update(("requests", right, *(("held",) if true is not None else ())))
        info = registry.info()
        registry.close()
    report: dict[str, Any] = {"requests": len(records), "held": sum(of["held"] for of in groups.values())}
    report |= {"people": info.people, "spells": info.spells}
    for label, grades in (("exact", ("exact",)), ("exact + strong", ("exact", "strong"))):
        right, wrong = (sum(outcomes[grade, how] for grade in grades) for how in ("right", "wrong"))
        report[label] = {
            "right": right,
            "wrong": wrong,
            "precision": right / (right + wrong),
            "recall": right / report["held"],
        }
    report["grades"] = {f"{grade}, {how}": count for (grade, how), count in sorted(outcomes.items())}
    report["groups"] = {
        group: {"requests": of["requests"], "wrong": of["wrong"], "recall": round(of["right"] / max(1, of["held"]), 3)}
        for group, of in sorted(groups.items())
    }
    return report


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--year", type=int, default=2030, help="2020, 2030 or 2040: the census asked about")
    print(json.dumps(measure(parser.parse_args().year, Settings()), indent=2))
