"""`python -m limen.law [FOLDER]`: loads a rule book and says what is wrong with it."""

from __future__ import annotations

import sys
from pathlib import Path

from limen.law.load.loader import load_folder
from limen.law.places import shipped_rules
from limen.law.problem import BookError


def main() -> int:
    """0 if the book in the folder given (default: the shipped one) can be used, else 1."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else shipped_rules()
    try:
        book = load_folder(folder)
    except BookError as error:
        sys.stdout.write(f"{error}\n")
        return 1
    count = sum(1 for _ in book.nodes())
    sys.stdout.write(
        f"{book.name} {book.version}: {len(book.rules)} rules, {count} nodes, {len(book.vocabulary.facts)} facts, "
        f"{len(book.readings)} readings, {len(book.profiles)} profiles\n"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
