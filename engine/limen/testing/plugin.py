"""The pytest plugin: options, fixtures and the collection of scenario files. It loads nothing until it is used.

- `--limen-coverage` prints, after the tests, which provisions they found met, not met and not known.
- `*.limen.yaml` files, and with `limen_scenarios = true` in the configuration every YAML file that says it is a
  scenario, are tests: the case is decided, and every expectation has to be met.
- `limen_book` and `limen_registry` are the shipped book and registry, or those that the configuration names.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from limen.crossref import Registry
    from limen.law.book import Book
    from limen.testing.plugin_scenarios import ScenarioFile

SUFFIXES = (".limen.yaml", ".limen.yml")


def pytest_addoption(parser: pytest.Parser) -> None:
    """The option and the settings."""
    group = parser.getgroup("limen", "limen: the law as an oracle")
    group.addoption(
        "--limen-coverage", action="store_true", help="report which provisions the tests found met, not met, not known"
    )
    group.addoption("--limen-profile", default=None, help="the profile whose provisions the coverage report lists")
    parser.addini("limen_book", "folder of the rule book, relative to the configuration (default: the shipped one)")
    parser.addini("limen_registry", "file of the registry, relative to the configuration (default: the shipped one)")
    parser.addini("limen_scenarios", "collect every YAML file that says it is a scenario", type="bool", default=False)


def pytest_configure(config: pytest.Config) -> None:
    """Begin to note what is decided, if somebody wants the report, and put out what tracers leave on."""
    if (3, 12) <= sys.version_info < (3, 14):
        from limen.testing import plugin_tracing

        config.pluginmanager.register(plugin_tracing, "limen-tracing")
    if config.getoption("--limen-coverage", default=False):
        from limen.testing.plugin_coverage import Coverage

        config.pluginmanager.register(Coverage(config), "limen-coverage")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> ScenarioFile | None:
    """A scenario file as a collector of its scenario and its variants."""
    if not _is_scenario(file_path, parent.config):
        return None
    from limen.testing.plugin_scenarios import ScenarioFile

    made: ScenarioFile = ScenarioFile.from_parent(parent, path=file_path)
    return made


def _is_scenario(path: Path, config: pytest.Config) -> bool:
    if path.name.endswith(SUFFIXES):
        return True
    if path.suffix not in (".yaml", ".yml") or not config.getini("limen_scenarios"):
        return False
    from limen.scenario.sniff import is_scenario

    return is_scenario(path)


def named(config: pytest.Config, setting: str) -> Path | None:
    """The path that a setting names, from the folder of the configuration; `None` if it names none."""
    said = str(config.getini(setting) or "")
    if not said:
        return None
    return (config.inipath.parent if config.inipath is not None else config.rootpath) / said


_BOOK: pytest.StashKey[Any] = pytest.StashKey()


def book_of(config: pytest.Config) -> Book:
    """The rule book of a test run, read once."""
    if _BOOK not in config.stash:
        from limen.law import load_book

        config.stash[_BOOK] = load_book(named(config, "limen_book"))
    book: Book = config.stash[_BOOK]
    return book


@pytest.fixture(scope="session")
def limen_book(pytestconfig: pytest.Config) -> Book:
    """The rule book: the shipped one, or the folder that `limen_book` names in the configuration."""
    return book_of(pytestconfig)


@pytest.fixture(scope="session")
def limen_registry(pytestconfig: pytest.Config) -> Iterator[Registry]:
    """The registry of invented people: the shipped one, or the file that `limen_registry` names."""
    from limen.crossref import Registry
    from limen.law.places import shipped_registry

    registry = Registry(named(pytestconfig, "limen_registry") or shipped_registry() / "registry.sqlite")
    yield registry
    registry.close()
