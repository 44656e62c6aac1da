"""How many examples a property test tries: some by `make test`, all by `make test-properties`, or ten times all.

`HYPOTHESIS_PROFILE` is `quick` (the default), `full` or `thorough`.
"""

from __future__ import annotations

import os

PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "quick")
_SHARE = {"quick": 1 / 3, "full": 1.0, "thorough": 10.0}
FEWEST = 10
DEFAULT = 60


def tries(examples: int) -> int:
    """So many examples under the profile `full`, and their share of it under the others."""
    return max(min(FEWEST, examples), round(examples * _SHARE[PROFILE]))
