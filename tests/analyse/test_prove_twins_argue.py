"""Promises are proved of every case or broken by one that runs; twins flip; arguments lead where they say."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("z3")

from tests.analyse.small_book import small_book
from tests.book_cases import ADDRESS, COMPLETE_REQUEST, SPRING_2026, case
from tests.book_cases import book as shipped

from limen.analyse.argue import argue
from limen.analyse.bench import put
from limen.analyse.hinges import Hinges
from limen.analyse.properties import Property, PropertyError, read_properties
from limen.analyse.prove import SOUND, prove
from limen.analyse.twins import twins
from limen.cli.far import Far
from limen.decide.reference import find
from limen.law import Book, check_facts, make_edition

DAY = date(2025, 6, 1)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Book:
    return small_book(tmp_path_factory.mktemp("small"))


def test_the_four_promises_hold_of_the_shipped_book_under_every_profile() -> None:
    proofs = prove(shipped(), days=[SPRING_2026], seconds=120)
    assert [(proof.promise, proof.holds, proof.editions) for proof in proofs] == [(name, True, 6) for name in SOUND]


def with_silence(book: Book, name: str, silence: Any) -> Book:
    facts = {**book.vocabulary.facts, name: replace(book.vocabulary.facts[name], silence=silence)}
    return replace(book, vocabulary=replace(book.vocabulary, facts=facts))


def test_a_silence_that_would_release_is_found_with_the_case(small: Book) -> None:
    (proof,) = prove(with_silence(small, "ask.harm", False), ["no_silent_release"], days=[DAY])
    assert not proof.holds
    for broken in proof.broken:
        assert broken.facts.facts["ask.harm"] is False and broken.verdict == "allow" and broken.more is not None
        edition = make_edition(small, broken.profile, DAY)
        assert find(edition, broken.more).items[0].verdict != "allow"


def test_a_silence_that_only_withholds_is_no_breach(small: Book) -> None:
    (proof,) = prove(with_silence(small, "ask.written", False), ["no_silent_release"], days=[DAY])
    assert proof.holds


def test_a_book_that_releases_without_a_word_is_found(tmp_path: Path) -> None:
    from tests.analyse.small_book import FILES

    gate = FILES["gate.yaml"]
    gate = gate[: gate.index("elements:")] + (
        "elements:\n  - {id: any, label: anything, test: \"true\"}\nreleases:\n"
        "  - {id: all, label: anything, test: \"true\"}\nwithheld_because: It is.\n"
        "readings:\n" + gate[gate.index("  - id: office") :]
    )  # fmt: skip
    free = small_book(tmp_path, gate=gate)
    free = replace(free, rules={address: rule for address, rule in free.rules.items() if address != "small.bar"})
    (proof,) = prove(free, ["no_silent_release"], days=[DAY])
    assert proof.broken and proof.broken[0].facts.facts == {}


def test_a_duty_that_does_not_follow_is_found(small: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("limen.analyse.prove.duties_attached", lambda edition, items: ())
    (proof,) = prove(small, ["duties_follow"], days=[DAY])
    assert [broken.detail for broken in proof.broken] == ["released through `small.gate` without small.gate#keep"] * 2


def test_properties_in_the_rule_language_hold_or_are_broken_by_the_shortest_case(small: Book) -> None:
    late = Property("late", "nobody late gets anything", "ask.days > 30", ("allow",))
    deputy = Property("deputy", "a deputy gets nothing", "ask.office == 'deputy'", ("allow",), through="small.gate")
    told = Property("told", "the late are refused", "ask.days > 30", ("deny",), never=False)
    proofs = {proof.promise: proof for proof in prove(small, [], [late, deputy, told], [DAY])}
    assert proofs["late"].holds and proofs["told"].holds
    (broken,) = proofs["deputy"].broken
    assert broken.profile == "wide" and broken.verdict == "allow" and broken.facts.facts["ask.office"] == "deputy"
    assert len(broken.facts.facts) == 4 and broken.facts.items[0].facts == {"item.kind": "mailing_address"}


def test_out_of_time_nothing_is_proved(small: Book) -> None:
    assert not any(proof.holds for proof in prove(small, days=[DAY], seconds=0.0))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("property: x\n", "is a list"),
        ("- {property: x, says: so, where: z}\n", "one of `never` and `always`"),
        ("- {property: x, says: so, where: z, never: maybe}\n", "`maybe` is no verdict"),
    ],
)
def test_a_file_of_properties_says_what_is_wrong_with_it(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(PropertyError, match=said):
        read_properties(file)


def test_a_broken_promise_is_written_as_a_request_that_shows_it(limen: Any, tmp_path: Path) -> None:
    file, folder = tmp_path / "mine.yaml", tmp_path / "broken"
    file.write_text(
        "- property: no_delegate\n  says: no address for a designated contact\n"
        "  where: recipient.engagement == 'designated_point_of_contact' and matter.kind == 'criminal'\n"
        "  never: allow\n  through: usc.26.6103.i.2\n",
        encoding="utf-8",
    )
    ran = limen("prove", "--only", "none", "--properties", file, "--as-of", "2026-01-15", "--profile", "irs-2025-08",
                "--write", folder)  # fmt: skip
    assert ran.code == 1 and "broken: no address for a designated contact" in ran.out
    (request,) = folder.glob("*.yaml")
    decided = limen("decide", request, "--profile", "irs-2025-08", "--no-second-key", "--as-of", "2026-01-15", "--json")
    assert decided.code == 0, "the request that breaks the promise is released"
    assert json.loads(decided.out)["decision"]["items"][0]["gateway"] == "usc.26.6103.i.2"


def test_every_provision_of_the_small_book_has_twins_one_fact_apart(small: Book) -> None:
    found = twins(small, DAY, seconds=60)
    told = {pair.address for pair in found.twins}
    assert {"small.gate#written", "small.gate#office", "small.gate#late", "small.gate#address", "small.bar#harm",
            "small.gate/office"} <= told  # fmt: skip
    assert set(found.none) == {"small.general#applies_when", "small.general#forbids"} and found.unasked == ()


def test_twins_on_the_shipped_book_differ_in_one_fact_and_in_the_verdict() -> None:
    found = twins(shipped(), SPRING_2026, ["text-strict"], "usc.26.6103.i.2#", seconds=60)
    assert len(found.twins) > 15 and found.unasked == ()
    edition = make_edition(shipped(), "text-strict", SPRING_2026)
    for pair in found.twins:
        first = {**pair.first.facts, **pair.first.items[0].facts}
        second = {**pair.second.facts, **pair.second.items[0].facts}
        assert [n for n in {**first, **second} if first.get(n) != second.get(n)] == [pair.fact]
        verdicts = tuple(find(edition, facts).items[0].verdict for facts in (pair.first, pair.second))
        assert verdicts == (pair.verdict, pair.other) and pair.verdict != pair.other


def test_out_of_time_twins_are_said_not_to_be_looked_for() -> None:
    found = twins(shipped(), SPRING_2026, ["text-strict"], "usc.26.6103.i.2#", seconds=0.0)
    assert found.twins == () and found.none == () and found.unasked


def test_each_side_of_an_argument_leads_where_it_says_whatever_the_other_readings_say() -> None:
    changes = {"request__address_quality": "partial", "secretary__finds_informant_risk": None}
    facts = check_facts(shipped().vocabulary, case(COMPLETE_REQUEST, **changes), {"it": ADDRESS})
    law = Hinges(shipped(), SPRING_2026)
    release, withhold = argue(shipped(), SPRING_2026, facts, seconds=20)
    assert release.possible and withhold.possible and release.needs == (("secretary.finds_informant_risk", False),)
    for side, verdict in ((release, "allow"), (withhold, "deny")):
        shown = put(facts, {(name, None): value for name, value in side.needs})
        for profile in shipped().profiles.values():
            choices = {**profile.chooses, **{p.reading: p.alternative for p in side.positions}}
            assert law.verdict(shown, choices) == verdict
        assert side.proved
        for position in side.positions:
            ranks = [["read", "reported", "assumed"].index(a.certainty) for a in position.authorities]
            assert ranks == sorted(ranks)


def test_a_side_with_nothing_to_say_for_itself_is_proved_to_have_none() -> None:
    facts = check_facts(
        shipped().vocabulary, case(COMPLETE_REQUEST, requester__office="other_official"), {"it": ADDRESS}
    )
    release, withhold = argue(shipped(), SPRING_2026, facts, seconds=20)
    assert not release.possible and withhold.possible and withhold.positions == ()


def test_the_commands(limen: Any, tmp_path: Path) -> None:
    ran = limen("prove", "--only", "no_bar_bypassed", "--profile", "text-strict", "--as-of", "2026-03-15")
    assert ran.code == 0 and "proved: nothing is released past a bar" in ran.out
    folder = tmp_path / "twins"
    ran = limen("twins", "usc.26.6103.i.2#in_writing", "--profile", "text-strict", "--as-of", "2026-03-15",
                "--write", folder, "--seconds", 20)  # fmt: skip
    assert ran.code == 0 and "request.in_writing: yes → no" in ran.out
    assert limen("scenario", "run", folder).code == 0 and len(list(folder.glob("*.yaml"))) == 2
    answer = json.loads(limen("argue", "demo-number-no-address", "--json").out)
    assert [one["side"] for one in answer["arguments"]] == ["release", "withhold"]


def test_a_solver_that_gives_no_answer_proves_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """`unknown` is neither a case nor the proof that there is none."""
    import z3

    book = small_book(tmp_path)
    monkeypatch.setattr(z3.Solver, "check", lambda self, *assumed: z3.unknown)
    proofs = prove(book, days=[DAY], seconds=30)
    unknown = {proof.promise for proof in proofs if not proof.holds}
    assert unknown >= {"information_never_flips", "duties_follow"}, "what the formulas themselves show needs no solver"
    assert not any(proof.broken or proof.complete for proof in proofs if proof.promise in unknown)
    found = twins(book, DAY, seconds=30)
    assert found.twins == ()
    assert set(found.none) == {"small.general#applies_when", "small.general#forbids"}, "these are always met"


def test_how_far_a_long_question_has_got_is_said_after_a_second(capsys: pytest.CaptureFixture[str]) -> None:
    far = Far("editions asked")
    far(1, 6)
    assert capsys.readouterr().err == ""
    far._begun -= 2
    far(2, 6)
    far(3, 6)
    assert capsys.readouterr().err == "got this far after 2 s: 2 of 6 editions asked\n"
