"""The shipped vocabulary, alone: these tests need no rule."""

from __future__ import annotations

import pytest

from limen.law.load.files import find_files
from limen.law.load.loader import load_files
from limen.law.places import shipped_rules
from limen.law.vocabulary import Vocabulary
from limen.request.characterise import Characteriser


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    files, problems = find_files(shipped_rules())
    chosen = [file for file in files if file.name == "book.yaml" or b"kind: vocabulary" in file.content[:4000]]
    return load_files(chosen, problems).vocabulary


@pytest.fixture(scope="session")
def characteriser(vocabulary: Vocabulary) -> Characteriser:
    return Characteriser(vocabulary)
