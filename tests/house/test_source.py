"""What is true of every file here: sizes, docstrings, nothing of anybody's machine."""

from __future__ import annotations

import ast
import re
import subprocess
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LIMEN = ROOT / "engine" / "limen"
LONGEST = 400
"""Lines in a module. The aim is 300; past this it holds two ideas."""

MODULES = sorted(LIMEN.rglob("*.py"))


@cache
def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


@cache
def texts() -> list[tuple[Path, str]]:
    found = []
    for path in tracked():
        content = path.read_bytes()
        if b"\0" not in content[:8192]:
            found.append((path, content.decode("utf-8")))
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(LIMEN)))
def test_a_module_holds_one_idea(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST


def undocumented(path: Path) -> list[str]:
    """The module, and its public classes and functions, as far as they have no docstring; plain records are excused."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = [] if ast.get_docstring(tree) or not tree.body else ["the module"]
    public = [
        node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
    ]
    return found + [
        node.name
        for node in public
        if ast.get_docstring(node) is None and not is_plain_record(node) and not says_it_when_registered(node)
    ]


def says_it_when_registered(node: ast.FunctionDef | ast.ClassDef) -> bool:
    """A function whose decorator is given its meaning as a sentence."""
    given = [part for decorator in node.decorator_list if isinstance(decorator, ast.Call) for part in decorator.args]
    return any(isinstance(part, ast.Constant) and str(part.value).endswith(".") for part in given)


def is_plain_record(node: ast.FunctionDef | ast.ClassDef) -> bool:
    """A class that only lists fields, whose names say it all."""
    return isinstance(node, ast.ClassDef) and all(isinstance(part, ast.AnnAssign | ast.Assign) for part in node.body)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(LIMEN)))
def test_what_is_public_says_what_it_means(path: Path) -> None:
    assert undocumented(path) == []


# In two parts, so that this file does not find itself.
MACHINE = re.compile(
    "|".join(["/wo" + r"rk/", "/ho" + r"me/[a-z]", "/ro" + r"ot/", "/Use" + r"rs/[A-Za-z]", r"C:\\\\Use" + "rs"])
)
DOWNLOADS = re.compile(
    "|".join(
        re.escape(host)
        for host in (
            "py" + "pi.org", "python" + "hosted.org", "registry.npm" + "js.org", "deb." + "debian.org",
            "repo1.maven" + ".org", "conda." + "anaconda.org",
        )
    )
)  # fmt: skip


def lines_with(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{number}"
        for path, text in texts()
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_file_names_a_place_on_somebodys_machine() -> None:
    assert lines_with(MACHINE) == []


def test_no_file_names_a_host_that_packages_come_from() -> None:
    assert lines_with(DOWNLOADS) == []


def test_nothing_is_left_to_do_without_an_issue() -> None:
    assert lines_with(re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|X" + r"XX)\b(?!\(#\d+\))")) == []


LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)|!\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)


def anchors(markdown: str) -> set[str]:
    """The anchors of a page, as code hosts make them from headings."""
    titles = re.findall(r"^#{1,6}\s+(.*?)\s*#*$", FENCE.sub("", markdown), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.replace("`", "").lower()).replace(" ", "-") for title in titles}


def broken_links(path: Path) -> list[str]:
    text = path.read_text(encoding="utf-8")
    broken = []
    for found in LINK.finditer(FENCE.sub("", text)):
        target = found.group(1) or found.group(2)
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = target.partition("#")
        place = (path.parent / file).resolve() if file else path
        if not place.exists():
            broken.append(f"{path.name}: {target}")
        elif anchor and place.suffix == ".md" and anchor not in anchors(place.read_text(encoding="utf-8")):
            broken.append(f"{path.name}: {target}: no such heading")
    return broken


PAGES = sorted(path for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_in_the_docs_leads_somewhere(page: Path) -> None:
    assert broken_links(page) == []


def test_a_broken_link_is_seen(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# A title\n[good](#a-title) [gone](gone.md) [no](#nowhere) [out](https://example.org)\n")
    assert broken_links(page) == ["page.md: gone.md", "page.md: #nowhere: no such heading"]


def test_every_page_of_the_docs_can_be_reached_from_the_index() -> None:
    docs = ROOT / "docs"
    reached: set[Path] = set()
    waiting = [docs / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in reached or page.suffix != ".md" or not page.is_file():
            continue
        reached.add(page)
        for found in LINK.finditer(page.read_text(encoding="utf-8")):
            target = (found.group(1) or found.group(2)).partition("#")[0]
            if target and not re.match(r"[a-z]+:", target):
                place = (page.parent / target).resolve()
                if place.is_dir():
                    waiting += sorted(place.rglob("*.md"))
                else:
                    waiting.append(place)
    assert sorted(str(page.relative_to(ROOT)) for page in set(docs.rglob("*.md")) - reached) == []


def test_each_file_of_the_tests_has_a_name_of_its_own() -> None:
    """pytest imports them by their bare names: of two with one name the second would be the first."""
    names = Counter(
        path.name
        for path in (ROOT / "tests").rglob("*.py")
        if path.name not in ("conftest.py", "__init__.py", "__main__.py")
    )
    assert [name for name, times in names.items() if times > 1] == []
