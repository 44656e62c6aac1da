"""A file of invented requests as columns, as many as wanted: the batch of August 2025 in shape.

Nearly every row has a name and an address of its own; what an agency says of every case alike (who signs, the statute,
the recipients) takes few values, and the reasons some thousands. One address in fourteen is no address or a form of its
own: text of a placeholder, a ZIP code alone, a box, a jail.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from limen.crossref.generate.words import first_names, places, streets, surnames

GROUP = 1 << 17
"""Requests of one row group."""
ODD = 0.07
OFFICERS, REASONS = 400, 3_000
ITEMS = ("mailing_address", "name", "filed_return")


def write_requests(path: Path, rows: int, seed: int = 6103) -> None:
    """Write `rows` requests to a Parquet file of dotted columns."""
    writer: pq.ParquetWriter | None = None
    for first in range(0, rows, GROUP):
        table = request_table(first, min(GROUP, rows - first), seed)
        writer = writer or pq.ParquetWriter(path, table.schema, compression="zstd", compression_level=1)
        writer.write_table(table)
    if writer is not None:
        writer.close()


def request_table(first: int, rows: int, seed: int) -> pa.Table:
    """Requests `first` to `first + rows`."""
    draw = np.random.default_rng([seed, first])

    def one_of(words: Sequence[Any], kind: pa.DataType | None = None, odds: Sequence[float] | None = None) -> pa.Array:
        return pa.array(words, kind).take(pa.array(draw.choice(len(words), rows, p=odds)))

    def often(share: float, silent: float = 0.02) -> pa.Array:
        return pa.array(draw.random(rows) < share, mask=draw.random(rows) < silent)

    numbers = pa.array(range(first, first + rows)).cast(pa.string())
    received = date(2025, 6, 1)
    days = [received + timedelta(days=n) for n in range(60)]
    return pa.table(
        {
            "id": _joined(pa.scalar("R-"), numbers),
            "received": one_of(days, pa.date32()),
            "holder.agency": one_of(["irs"]),
            "requester.agency": one_of(["dhs", "department_of_justice"], odds=[0.95, 0.05]),
            "requester.office": one_of(["agency_head", "component_head"], odds=[0.8, 0.2]),
            "requester.in_writing": often(0.99),
            "subject.name.first": one_of(_title(first_names(True).words[:3000])),
            "subject.name.last": one_of([*_title(surnames().words[:20_000]), None]),
            "subject.address.lines": _addresses(rows, draw),
            "tax_periods": one_of([["2022"], ["2022", "2023"], None], pa.list_(pa.string())),
            "matter.kind": one_of(["criminal", "civil"], odds=[0.97, 0.03]),
            "matter.statute": one_of(["8 U.S.C. 1326(a)", "8 U.S.C. 1253(a)(1)", "8 U.S.C. 1325", "18 U.S.C. 1001"]),
            "matter.authority_cited": one_of(["26 U.S.C. 6103(i)(2)", None]),
            "matter.stage": one_of(["investigation", "proceeding"]),
            "matter.number": _joined(
                pa.scalar("HSI-25-"), pa.array(draw.integers(0, 4 * rows, rows)).cast(pa.string())
            ),
            "matter.us_is_or_may_be_party": often(0.98),
            "matter.tax_administration": often(0.01),
            "matter.specific_investigation": often(0.9),
            "matter.conduct": one_of(["re_entered", "failed_to_depart", None]),
            "reasons": one_of([*(f"found in case {n} after removal" for n in range(REASONS)), "see attached", None]),
            "recipients.0.name": one_of([f"Officer {n}" for n in range(OFFICERS)]),
            "recipients.0.agency": one_of(["dhs", "department_of_justice"], odds=[0.95, 0.05]),
            "recipients.0.employment": one_of(["officer_or_employee", "contractor"], odds=[0.97, 0.03]),
            "recipients.0.engagement": one_of(["works_the_matter", None], odds=[0.9, 0.1]),
            "items.0.id": one_of(["item-0"]),
            "items.0.kind": one_of(ITEMS, odds=[0.9, 0.05, 0.05]),
            "items.0.came_from": one_of(["taxpayer", None], odds=[0.9, 0.1]),
            "purposes": one_of([["criminal_investigation"], None], pa.list_(pa.string()), [0.95, 0.05]),
            "use.solely_this_matter": often(0.95),
            "use.also_civil": often(0.03),
            "agreement.relied_on": often(0.2),
            "authority.informant_risk": often(0.01),
            "authority.tax_case_harm": often(0.01),
            "authority.safeguards_refused": often(0.0),
            "nothing_else": often(0.9),
        }
    )


def _addresses(rows: int, draw: np.random.Generator) -> pa.Array:
    """Two lines each; one in fourteen odd."""
    street, place = streets(), places()
    plain = [word for word in street.words if not word.startswith(("CALLE", "AVE ", "PASEO", "CAMINO"))]
    pick = lambda words: pa.array(words).take(pa.array(draw.integers(0, len(words), rows)))  # noqa: E731
    where = pa.array(draw.integers(0, len(place.zips), rows))
    number = pa.array(draw.integers(1, 9_999, rows)).cast(pa.string())
    unit = pa.array([f" Apt {n}" for n in range(1, 60)]).take(pa.array(draw.integers(0, 59, rows)))
    unit = pc.if_else(pa.array(draw.random(rows) < 0.25), unit, pa.scalar(""))
    suffixes = _title([word for word in street.suffixes if len(word) < 5])
    first = pc.binary_join_element_wise(
        number, pa.scalar(" "), pick(_title(plain)), pa.scalar(" "), pick(suffixes), unit, ""
    )
    second = pc.binary_join_element_wise(
        pa.array(_title(place.cities)).take(where), pa.scalar(" "), pa.array(place.states).take(where), pa.scalar(" "),
        pa.array(place.zips).take(where), "",
    )  # fmt: skip
    zips = pa.array(place.zips).take(where)
    odd = pa.array(draw.integers(0, 5, rows))
    forms: list[tuple[pa.Array, pa.Array]] = [
        (_repeat("Unknown Address", rows), zips),
        (_repeat("Failed to Provide", rows), second),
        (_joined(pa.scalar("PO Box "), number), second),
        (_repeat("County Jail", rows), second),
        (_joined(pa.scalar("RR 2 Box "), number), second),
    ]
    odd = pc.if_else(pa.array(draw.random(rows) < ODD), odd, None)
    for kind, (one, other) in enumerate(forms):
        here = pc.fill_null(pc.equal(odd, kind), False)
        first, second = pc.if_else(here, one, first), pc.if_else(here, other, second)
    both = pc.binary_join_element_wise(first, second, "\x1f")
    return pc.split_pattern(both, "\x1f")


def _title(words: Sequence[str]) -> list[str]:
    return [word.title() for word in words]


def _repeat(word: str, rows: int) -> pa.Array:
    return pa.repeat(pa.scalar(word), rows)


def _joined(start: pa.Scalar, end: pa.Array) -> pa.Array:
    return pc.binary_join_element_wise(start, end, "")
