"""What `make bench` measures is one question for everybody: the floor, the requests and the peers agree on it."""

from __future__ import annotations

import pytest
from benchmarks import floor
from benchmarks.cases import make_cases
from benchmarks.dialects import Python, conditions, programs
from benchmarks.peers import names, statuses, whole
from benchmarks.policy import RULES, policy_book, policy_edition, programmes
from benchmarks.requests import make_requests

from limen.decide import reference
from limen.decide.answer import answers_of
from limen.law.facts import CaseFacts


@pytest.fixture(scope="module")
def cases() -> list[CaseFacts]:
    return make_cases(policy_edition(), programmes(RULES), 300)


def test_the_hand_written_floor_answers_as_the_interpreter(cases: list[CaseFacts]) -> None:
    edition = policy_edition()
    for case in cases:
        (right,) = answers_of(edition, reference.find(edition, case))
        verdict, gateway, obstacles = floor.decide(dict(case.facts), dict(case.items[0].facts))
        assert (verdict, gateway, sorted(obstacles)) == (
            right.verdict,
            right.gateway,
            sorted(map(tuple, right.obstacles)),
        )


def test_every_verdict_is_asked_for(cases: list[CaseFacts]) -> None:
    edition = policy_edition()
    found = {reference.find(edition, case).items[0].verdict for case in cases}
    assert found == {"allow", "deny", "open", "not_covered"}


def test_a_request_comes_to_the_facts_of_its_case(cases: list[CaseFacts]) -> None:
    # `make_requests` raises for one that does not.
    assert len(make_requests(cases[:60], policy_book().vocabulary)) == 60


def test_the_conditions_handed_to_peers_mean_what_the_tree_means(cases: list[CaseFacts]) -> None:
    edition = policy_edition()
    pairs = [
        (compile(met, "met", "eval"), compile(not_met, "not met", "eval"))
        for met, not_met in conditions(edition, Python())
    ]
    for case in cases[:150]:
        stated = whole(edition, case)
        found = [1 if eval(met, {}, stated) else 0 if eval(not_met, {}, stated) else -1 for met, not_met in pairs]
        assert found == statuses(edition, case)


def test_every_peer_is_handed_its_rules() -> None:
    assert set(names()) == set(programs(policy_edition()))
