"""`python -m tests.golden`: say whether the golden answers are what the book answers, or write them anew.

python -m tests.golden                          what differs; 1 if something does
python -m tests.golden --write                  write what is new and what is only worded otherwise
python -m tests.golden --write --star "WORDS"   also write answers that changed, as the line with WORDS says
"""

from __future__ import annotations

import argparse
import sys

from tests.golden.making import kept, made, unaccounted, write


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.golden", description="Compare or rewrite golden answers.")
    parser.add_argument("--write", action="store_true", help="write the answers of today")
    parser.add_argument(
        "--star", metavar="WORDS", help="words of the starred changelog line that says why they changed"
    )
    asked = parser.parse_args()
    now, before = made(), kept()
    differing = sorted(name for name in {*now.files, *before.files} if now.files.get(name) != before.files.get(name))
    if not asked.write:
        problems = [*(f"{name}: differs" for name in differing), *unaccounted(now)]
        sys.stdout.write("".join(f"{problem}\n" for problem in problems) or "the golden answers are those of today\n")
        return 1 if problems else 0
    try:
        changed = write(now, asked.star)
    except ValueError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{len(differing)} files written, {len(changed)} answers changed\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
