"""The list of shipped scenarios for `docs/scenarios.md`: `python -m limen.scenario.listing docs/scenarios.md`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from limen.law.places import shipped_scenarios
from limen.scenario.load import find_scenarios
from limen.scenario.model import Scenario

START = "<!-- The list from here on is written by `python -m limen.scenario.listing docs/scenarios.md`. -->"
"""What stands before the list on the page; everything after it is replaced."""

FOLDERS = {
    "training": "Fifteen to begin with",
    "gateways": "Each gateway, opened and closed at each of its elements",
    "bars": "Each bar",
    "orders": "Orders of courts, before and after their day",
    "readings": "Each reading that can change a release",
    "offences": "Immigration offences as designated statutes",
    "clocks": "Clocks, on the day and beside it",
    "definitions": "Definitions that decide",
    "episode": "The public episode of 2025, at small size",
    "requests": "Letters as they come in",
    "demo": "The dozen of `limen demo`",
}
"""The folders of `scenarios/` in the order of the page, each with its heading."""


def listing(scenarios: Iterable[tuple[Path, Scenario]], folder: Path) -> str:
    """The list as Markdown: a table per folder, a line per scenario, with its provisions and its variants.

    Raises ValueError for a scenario in a folder that has no heading.
    """
    return "\n".join(_lines(list(scenarios), folder)) + "\n"


def on_page(page: str, written: str) -> str:
    """`page` with what follows `START` replaced. Raises ValueError if the page has no such line."""
    before, mark, _ = page.partition(START)
    if not mark:
        raise ValueError(f"the page has no line `{START}`")
    return f"{before}{mark}\n\n{written}"


def _lines(scenarios: list[tuple[Path, Scenario]], folder: Path) -> Iterator[str]:
    by_folder: dict[str, list[tuple[Path, Scenario]]] = {name: [] for name in FOLDERS}
    for path, scenario in scenarios:
        name = path.relative_to(folder).parts[0]
        if name not in by_folder:
            raise ValueError(f"the folder `{name}` has no heading in `limen.scenario.listing`")
        by_folder[name].append((path, scenario))
    told = sum(scenario.scenario == scenario.family for _, scenario in scenarios)
    yield f"There are {told} scenarios, and with their variants {len(scenarios)} cases."
    for name, heading in FOLDERS.items():
        yield from ("", f"## {heading}", "", "| Scenario | Title | Provisions | Variants |", "|---|---|---|---|")
        for path, scenario in by_folder[name]:
            if scenario.scenario == scenario.family:
                file = path.relative_to(folder).as_posix()
                link = f"[`{scenario.scenario}`](../scenarios/{file})"
                provisions = "<br>".join(f"`{one}`" for one in scenario.provisions)
                yield f"| {link} | {scenario.title} | {provisions} | {len(scenario.variants) or ''} |"


def main(arguments: list[str]) -> int:
    """Prints the list, or writes it into the page named."""
    folder = shipped_scenarios()
    written = listing(find_scenarios([folder]), folder)
    if not arguments:
        sys.stdout.write(written)
        return 0
    page = Path(arguments[0])
    page.write_text(on_page(page.read_text(encoding="utf-8"), written), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
