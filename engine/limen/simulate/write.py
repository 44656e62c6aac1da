"""A run with all it leaves behind: figures as JSON, the report, pictures, and cases to look at."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from limen.law import load_book
from limen.law.book import Book
from limen.simulate import plots
from limen.simulate.deciding import PolicyDecider
from limen.simulate.flow import flow_svg
from limen.simulate.outcome import Outcome
from limen.simulate.place import Place, whole
from limen.simulate.plan import Plan
from limen.simulate.report import report_html
from limen.simulate.run import Kept, Progress, run_plan
from limen.simulate.samples import write_samples
from limen.simulate.sweep import Threshold, Turned, sensitivity, sweep_thresholds


@dataclass(frozen=True, slots=True)
class Written:
    """Where everything is. `pictures` is empty without the `plots` extra."""

    outcome: Outcome
    kept: Kept
    data: Path
    report: Path
    cases: Path
    samples: int
    pictures: tuple[Path, ...]


def simulate_into(
    plan: Plan,
    out: Path,
    workers: int,
    progress: Progress,
    full_size: int | None = None,
    sweeps: bool = True,
    book: Path | None = None,
) -> Written:
    """Run `plan` in the folder `out` and write its report there. Raises `SimulationError`."""
    law = load_book(book)
    outcome, kept = run_plan(plan, out, workers, progress, full_size, book)
    thresholds = sweep_thresholds(plan, Place(out), kept.registry, kept.blocks, progress) if sweeps else []
    turned = sensitivity(plan, out, progress, workers, book) if sweeps and plan.knobs else []
    cases = write_samples(plan, kept.blocks, kept.outcomes, out / "cases")
    labels = reason_labels(plan, law)
    pictures = draw(outcome, labels, thresholds, turned) if plots.can_draw() else {}
    drawn = []
    for name, svg in pictures.items():
        path = out / "pictures" / f"{name}.png"
        with whole(path) as building:
            building.write_bytes(plots.png_of(svg))
        drawn.append(path)
    page = report_html(outcome, law, labels, pictures, thresholds, turned, cases)
    with whole(out / "report.html") as building:
        building.write_text(page, encoding="utf-8")
    with whole(out / "figures.json") as building:
        building.write_text(figures_json(outcome, thresholds, turned) + "\n", encoding="utf-8")
    return Written(outcome, kept, out / "figures.json", out / "report.html", out / "cases", len(cases), tuple(drawn))


def draw(outcome: Outcome, labels: dict[str, str], thresholds: list[Threshold], turned: list[Turned]) -> dict[str, str]:
    """Every picture there are figures for, as SVG by name."""
    plan, first = outcome.plan, outcome.policies[0]
    specs: dict[str, dict[str, Any]] = {
        "reasons": plots.reasons_spec(outcome.policies, labels),
        "origins": plots.origins_spec(first),
    }
    if thresholds:
        specs["thresholds"] = plots.thresholds_spec(thresholds, plan.match.close)
    if len(turned) > 1:
        specs["sensitivity"] = plots.sensitivity_spec(turned)
    flow = flow_svg(outcome.flow, f"From requests to releases under {first.name}")
    return {"flow": flow, **{name: plots.svg_of(spec) for name, spec in specs.items()}}


def reason_labels(plan: Plan, law: Book) -> dict[str, str]:
    """What each obstacle of the gateway is called, by address; the label of its point in the book."""
    decider = PolicyDecider(plan, law)
    labels: dict[str, str] = {}
    for edition in decider.editions:
        for point in (*edition.case_points, *edition.item_points):
            labels.setdefault(point.address, point.node.label)
        for bar in edition.bars:
            labels.setdefault(bar.rule.address, bar.rule.title)
    wanted = {address for each in decider.obstacles for address in each}
    return {address: label for address, label in labels.items() if address in wanted}


def figures_json(outcome: Outcome, thresholds: list[Threshold], turned: list[Turned]) -> str:
    """All figures, with what each knob is and where it comes from."""
    data = {
        "simulation": outcome.plan.simulation,
        "digest": outcome.digest,
        "book": outcome.book,
        "size": outcome.plan.batch.size,
        "full_size": outcome.full_size,
        "people": outcome.plan.registry.people,
        "policies": [
            {**asdict(one), "profile": policy.profile, "changed": policy.told(), "beside": policy.beside}
            for one, policy in zip(outcome.policies, outcome.plan.compare, strict=True)
        ],
        "flips": [one._asdict() for one in outcome.flips],
        "flow": [one._asdict() for one in outcome.flow],
        "targets": [
            {**one.target.model_dump(mode="json"), "found": one.found, "chance": one.chance, "met": one.met}
            for one in outcome.targets
        ],
        "thresholds": [asdict(one) for one in thresholds],
        "sensitivity": [asdict(one) for one in turned],
        "knobs": [one._asdict() for one in outcome.knobs],
    }
    return json.dumps(data, indent=1, default=str)
