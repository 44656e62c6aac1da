"""Some cases of each cell of the table, written as files that `limen decide` opens and `limen explain` explains.

A file is a scenario: the request as the row states it, what cross-reference found, how the row stands in the batch,
and the answer it got. Deciding it by itself must give that answer again. What is true of the row stands in the notes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import yaml

from limen.simulate.counting import open_outcomes
from limen.simulate.deciding import OFFICER, Terms, batch_figures, shared_rows, terms_of
from limen.simulate.making import BLOCK, Block
from limen.simulate.plan import Plan, Policy

DISPOSITION = {"allow": "release", "deny": "withhold", "open": "more_needed"}


def write_samples(plan: Plan, blocks: Sequence[Block], outcomes: Sequence[Path], folder: Path) -> list[Path]:
    """Write up to `plan.samples` cases for each policy, verdict and first reason; gives their files.

    The same plan gives the same cases.
    """
    written: list[Path] = []
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*/*.yaml"):
        old.unlink()
    db = open_outcomes(outcomes)
    for number, policy in enumerate(plan.compare):
        n = number
        chosen = db.execute(
            f"""select * exclude (place) from (select row, about, person, v{n}, r{n}, g{n}, l{n}, m{n}, h{n},
            c{n}, t{n}, n{n}, row_number() over (partition by v{n}, r{n}, m{n} is distinct from person
            order by (row * 2654435761) % 4294967296) place from outcome) where place <= {plan.samples} order by row"""
        ).fetchall()
        terms = terms_of(plan, policy)
        shared = shared_rows(plan, terms)
        for row in chosen:
            block = blocks[row[0] // BLOCK]
            figures = batch_figures(plan, terms, block, shared)
            at = row[0] - block.first
            counts = (figures.same_reasons[at].as_py(), figures.same_recipient[at].as_py())
            case = _case(plan, policy, terms, block, row, counts)
            verdict, why = row[3], (row[4] or "").rpartition("#")[2]
            name = "-".join(filter(None, (verdict, why, str(row[0]))))
            path = folder / policy.name / f"{re.sub(r'[^a-z0-9_.-]', '-', name)}.yaml"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(
                yaml.dump(case, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=110), encoding="utf-8"
            )
            written.append(path)
    db.close()
    return written


class _Plain(yaml.SafeDumper):
    """Puts a text that some reader could take for a number, an answer or nothing into quotes."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    doubtful = not text[:1].isalpha() or text.casefold() in {
        "y",
        "n",
        "yes",
        "no",
        "on",
        "off",
        "true",
        "false",
        "null",
    }
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="'" if doubtful else None)


_Plain.add_representer(str, _text)


def _case(
    plan: Plan, policy: Policy, terms: Terms, block: Block, row: tuple[Any, ...], counts: tuple[int, int]
) -> dict[str, Any]:
    number, about, person, verdict, why, grade, lane, matched, held, candidates, tin, name = row
    request = request_of_row(plan, policy, terms, block, number, own_reasons=counts[0] == 1)
    true = "in truth about nobody the registry holds" if person < 0 else f"in truth about a person it holds ({about})"
    right = "" if matched is None else "; the right person was named" if matched == person else "; ANOTHER was named"
    return {
        "scenario": f"{plan.simulation}-{policy.name}-{number}"[:80],
        "title": f"Row {number} of {plan.simulation}, under {policy.name}",
        "story": f"An invented row of the simulated batch. Cross-reference found: {grade}, by {lane}.",
        "teaches": f"How one row of the cell `{verdict}` ({why or 'nothing in the way'}) is decided.",
        "provisions": [plan.gateway],
        "match": _stated(
            grade=grade, lane=lane, candidates=candidates, address_held=held, tin_agrees=tin, name_agrees=name
        ),
        "batch": {
            "matters_naming_same_recipient": counts[1],
            "requests_with_same_reasons": counts[0],
            "size": plan.batch.size,
        },
        "as_of": terms.as_of,
        "request": request,
        "expect": {policy.profile: {"disposition": DISPOSITION[verdict]}},
        "notes": f"This row is {true}{right}.",
    }


def request_of_row(
    plan: Plan, policy: Policy, terms: Terms, block: Block, number: int, own_reasons: bool
) -> dict[str, Any]:
    """The whole request that one row of the batch is, as plain data."""
    row = pq.read_table(block.path("rows")).slice(number - block.first, 1).to_pylist()[0]
    request: dict[str, Any] = deepcopy(plan.request)
    name = _stated(first=row["first"], middle=row["middle"], last=row["last"], suffix=row["suffix"])
    subject = _stated(name=name or None, address={"lines": row["lines"]} if row["lines"] else None, tin=row["tin"])
    request["subject"] = subject
    request["reasons"] = f"{plan.reasons} Row {number}." if own_reasons else plan.reasons
    for said, value in terms.says:
        _put(request, said, value)
    matter = request.setdefault("matter", {})
    matter["number"] = f"{plan.simulation}-{number}"
    if row["without_order"]:
        matter["removal_order"] = False
        matter.pop("removal_order_final", None)
    for recipient in request.get("recipients", [])[:1]:
        recipient["name"] = OFFICER.format(number=terms.officer_of(number) + 1)
    return request


def _put(request: dict[str, Any], name: str, value: Any) -> None:
    """Let a request say something else at a dotted name."""
    *parts, last = name.split(".")
    place: Any = request
    for part in parts:
        place = place[int(part)] if part.isdigit() else place.setdefault(part, {})
    place[last] = value


def _stated(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
