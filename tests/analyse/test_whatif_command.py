"""`limen whatif` on the demo: what it prints is what the function finds."""

from __future__ import annotations

import json
from typing import Any

import pytest

pytest.importorskip("z3")


def test_the_sets_in_hand_stand_apart_and_the_search_says_that_it_is_whole(limen: Any) -> None:
    ran = limen("whatif", "demo-number-no-address", "--profile", "text-strict", "--seconds", 20)
    assert ran.code == 0
    assert "profile text-strict" in ran.out
    assert "request.address_quality: placeholder → complete (can be mended)" in ran.out
    assert "match.address_held: not stated → current (only the authority knows it)" in ran.out
    assert ran.out.count("these are all there are") == 2


def test_json_has_the_same_sets_and_pins_are_kept(limen: Any) -> None:
    ran = limen("whatif", "demo-number-no-address", "--profile", "text-strict", "--json", "--seconds", 20,
                "--pin", "request.address_quality")  # fmt: skip
    answer = json.loads(ran.out)
    sets = answer["items"][0]["in_hand"] + answer["items"][0]["others"]
    assert sets
    assert not any(change["fact"] == "request.address_quality" for one in sets for change in one["changes"])
    assert answer["pinned"] == ["request.address_quality"]


def test_an_unknown_fact_is_named_with_the_nearest(limen: Any) -> None:
    ran = limen("whatif", "demo-number-no-address", "--pin", "request.adress_quality")
    assert ran.code == 2
    assert "did you mean `request.address_quality`?" in ran.err


def test_an_unknown_case_is_a_plain_error(limen: Any) -> None:
    ran = limen("whatif", "no-such-case")
    assert ran.code == 2
    assert "no shipped scenario of that name" in ran.err
