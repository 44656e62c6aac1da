"""Helpers shared by the tests of every room live beside this file (`canary.py`, `strategies.py`).

Property tests run a size that keeps `make test` quick; `HYPOTHESIS_PROFILE=thorough` runs ten times as many.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

_ALL = [HealthCheck.too_slow, HealthCheck.data_too_large]
settings.register_profile("quick", max_examples=60, deadline=None, suppress_health_check=_ALL)
settings.register_profile("thorough", max_examples=600, deadline=None, suppress_health_check=_ALL)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))
