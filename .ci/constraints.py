"""Print `name==version` for everything that limen and its extras need, as installed in this environment."""

from __future__ import annotations

import re
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def main() -> int:
    project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    waiting = [
        Requirement(line) for line in [*project["dependencies"], *(one for group in extras.values() for one in group)]
    ]
    asked: set[tuple[str, frozenset[str]]] = set()
    found: dict[str, str] = {}
    while waiting:
        wanted = waiting.pop()
        key = (canonical(wanted.name), frozenset(wanted.extras))
        if key in asked or key[0] == "limen":
            continue
        asked.add(key)
        try:
            installed = distribution(wanted.name)
        except PackageNotFoundError:
            print(f"`{wanted.name}` is declared but not installed here: left out", file=sys.stderr)
            continue
        found[key[0]] = installed.version
        for line in installed.requires or ():
            requirement = Requirement(line)
            marker = requirement.marker
            if marker is None or any(marker.evaluate({"extra": extra}) for extra in ("", *wanted.extras)):
                waiting.append(requirement)
    for line in sorted(f"{name}=={version}" for name, version in found.items()):
        print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
