"""What is made in one pass, or remembered from one record to the next, is what is made with care for each alone."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from told import decision, request

from limen.canonical import encode
from limen.decide.decision import EngineFault
from limen.ledger import Entry, Ledger, open_ledger
from limen.ledger.account import account_text, request_account
from limen.ledger.entry import body_text
from limen.ledger.keys import Key
from limen.ledger.masking import MASK, Personal
from limen.ledger.shared import Written
from limen.ledger.subject import Pseudonym, plain, stated_number
from limen.ledger.written import QuickWriter
from limen.request.model import Item, Matter, Recipient, Request
from limen.request.subject import Address, PersonName, Subject
from sizes import tries
from stated import requests

SALT = Pseudonym("s-1", b"s" * 32)
KEY = Key("k1", "2025-01-01T00:00:00+00:00", b"k" * 32)
WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=8) | st.sampled_from(
    ("Ana", "MARÍA", "ﬁ", "ß", "İ", "ΑΣ", "Σ", "a\u0301", "\u0301", "12 B", "Apt 4", "of the", "O'Neil-Ruiz", '"', "\\")
)


@st.composite
def subjects(draw: st.DrawFn) -> Subject:
    """Anybody, with anything left out."""
    part = st.none() | WORDS
    name = PersonName(first=draw(part), middle=draw(part), last=draw(part), suffix=draw(part))
    address = Address(lines=tuple(draw(st.lists(WORDS, max_size=4))))
    return Subject(
        name=draw(st.sampled_from((None, name))),
        address=draw(st.sampled_from((None, address))),
        tin=draw(st.none() | st.sampled_from(("900-70-1234", "900701234", "12", "x-1", "٣٤٥")) | WORDS),
        date_of_birth=draw(st.none() | st.dates(date(1900, 1, 1), date(2020, 1, 1))),
    )


@pytest.fixture(scope="module")
def ledger() -> Iterator[Ledger]:
    with tempfile.TemporaryDirectory() as name, open_ledger(Path(name) / "l.db", Path(name) / "keys") as opened:
        yield opened


@settings(max_examples=tries(300), deadline=None)
@given(subjects())
def test_the_parts_are_what_was_stated_made_plain(who: Subject) -> None:
    said = who.name and " ".join(filter(None, (who.name.first, who.name.middle, who.name.last, who.name.suffix)))
    parts = {
        "name": plain(said) if said else None,
        "address": plain("\n".join(who.address.lines)) if who.address is not None and who.address.lines else None,
        "tin": stated_number(who.tin) if who.tin else None,
        "date_of_birth": who.date_of_birth and str(who.date_of_birth),
    }
    assert list(Personal(who).parts.items()) == [(name, part) for name, part in parts.items() if part is not None]


@settings(max_examples=tries(300), deadline=None)
@given(subjects(), WORDS, WORDS)
def test_no_text_that_holds_a_value_goes_unseen(who: Subject, before: str, behind: str) -> None:
    """`in_json` is the quick look: where it says no, the careful one finds nothing."""
    personal = Personal(who)
    values = personal.values
    for value in (*values.strong, *values.weak, *values.numbers, plain("x")):
        text = f"{before} {value} {behind}"
        for written in (text, text.upper()):
            if not personal.in_json(encode(written)):
                assert not personal.in_text(written)


def test_an_initial_masks_nothing_by_itself(ledger: Ledger) -> None:
    who = Subject(name=PersonName(first="Zvqana", middle="C.", last="Qxzorrel"))
    personal = Personal(who)
    assert not personal.in_text("18 U.S.C. 1341") and not personal.in_json('"18 U.S.C. 1341"')
    assert personal.in_text("asked by zvqana c. qxzorrel") and personal.in_text("Qxzorrel")
    asked = request(subject=who, matter=Matter(statute="18 U.S.C. 1341"))
    slip = {"decision": decision(asked), "note": "seen with Qxzorrel under 18 U.S.C. 1341"}
    for body in ({"decision": decision(asked)}, slip):
        writer = QuickWriter(ledger.writer.texts)
        text = body_text(Entry("decision", body, request=asked), personal, SALT, KEY, writer, "here")
        assert '"statute":"18 U.S.C. 1341"' in text and "qxzorrel" not in text.casefold()


def test_a_name_of_single_letters_is_seen_turned_round() -> None:
    personal = Personal(Subject(name=PersonName(first="J", last="Q")))
    assert personal.in_json('"Q, J"') and personal.in_text("Q, J") and not personal.in_text("a question of j")


def words_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for child in value.values():
            yield from words_in(child)
    elif isinstance(value, list):
        for child in value:
            yield from words_in(child)


def same_account(asked: Request) -> None:
    personal = Personal(asked.subject)
    for _ in range(2):
        text, own = account_text(asked, SALT, KEY, personal)
        account = request_account(asked, SALT, KEY, personal)
        assert text == encode(account)
    pseudonyms = [account.pop(name) for name in ("signed_by", "matter_number", "reasons") if name in account]
    pseudonyms += [name for one in account.get("recipients", ()) if (name := one.pop("name"))]
    assert all(one not in own for one in pseudonyms)
    assert all(encode(said) in own for said in words_in(account))
    assert len(own) <= len(text) - sum(map(len, pseudonyms))


@settings(max_examples=tries(200), deadline=None)
@given(requests(), subjects(), st.lists(WORDS, max_size=3), WORDS)
def test_the_account_written_straight_is_the_account(
    asked: Request, who: Subject, periods: list[str], said: str
) -> None:
    same_account(asked)
    changes: dict[str, Any] = {
        "subject": who, "tax_periods": tuple(periods), "batch": said, "id": said or "r",
        "matter": asked.matter.model_copy(update={"statute": said, "number": said}),
        "requester": asked.requester.model_copy(update={"signed_by": said, "in_writing": "unknown"}),
        "items": (*asked.items, Item(id="one-more", kind="name", period=said)),
        "recipients": (*asked.recipients, Recipient(name=said), Recipient()),
        "dated": "unknown", "purposes": ("criminal_investigation", "tax_administration"),
    }  # fmt: skip
    same_account(asked.model_copy(update=changes))
    same_account(request().model_copy(update={"subject": who, "reasons": f"{said} {who.tin} {asked.id}"}))


STEADY: dict[str, tuple[Any, ...]] = {
    "schema_version": (1, 2, True, 1.0),
    "effect": ("allow", "deny"),
    "disposition": ("release", "withhold", "more_needed"),
    "profile": (None, "text-strict", "None", ""),
    "basis": ("text-strict", 'with "quotes"', "é"),
    "book_name": ("us-6103", "null"),
    "book_version": ("1", "2"),
    "book_digest": ("ab" * 32, "cd" * 32, "draft"),
    "engine": ("limen 0", "limen 1"),
    "second_key": ("agrees", "not_asked"),
    "caveat": ("None given.", "Another.", 1),
    "as_of": (date(2025, 8, 6), date(2025, 8, 7), datetime(2025, 8, 6)),
    "known_at": (None, date(2025, 8, 6)),
    "fault": (None, EngineFault(kind="crash", detail="x")),
}


@pytest.fixture(scope="module")
def quick(ledger: Ledger) -> QuickWriter:
    """One that goes on writing from example to example."""
    writer = QuickWriter(ledger.writer.texts)
    writer._asked = 1000
    return writer


@settings(max_examples=tries(200), deadline=None)
@given(st.lists(st.fixed_dictionaries({name: st.sampled_from(said) for name, said in STEADY.items()}), max_size=4))
def test_what_was_remembered_of_one_decision_is_never_said_of_another(
    ledger: Ledger, quick: QuickWriter, several: list[dict[str, Any]]
) -> None:
    asked = request()
    careful = QuickWriter(ledger.writer.texts)
    careful._asked = -1_000_000
    for changes in several:
        made = decision(asked).model_copy(update=changes)
        entry, personal = Entry("decision", {"decision": made}, request=asked), Personal(asked.subject)
        expected = body_text(entry, personal, SALT, KEY, careful, "here")
        assert body_text(entry, personal, SALT, KEY, quick, "here") == expected


@pytest.mark.parametrize("changed", [name for name in STEADY if name not in ("as_of", "known_at", "fault")])
def test_each_field_makes_its_own_difference(ledger: Ledger, quick: QuickWriter, changed: str) -> None:
    asked, texts = request(), []
    for said in STEADY[changed][:2]:
        entry = Entry("decision", {"decision": decision(asked).model_copy(update={changed: said})}, request=asked)
        for _ in range(2):
            texts.append(body_text(entry, Personal(asked.subject), SALT, KEY, quick, "here"))
    assert texts[0] == texts[1] != texts[2] == texts[3]
    steady = ledger.writer.texts.fresh[json.loads(texts[3])["decision"]["="]]
    assert json.loads(steady)[changed] == STEADY[changed][1]


def test_a_value_of_the_subject_is_not_remembered(ledger: Ledger) -> None:
    """A name that slipped into a steady field is masked, and nothing is kept that has it."""
    writer = QuickWriter(ledger.writer.texts)
    writer._asked = 1000
    who = Subject(name=PersonName(first="Zvqana", last="Qxzorrel"))
    asked = request(subject=who)
    slip = Entry("decision", {"decision": decision(asked, profile="Zvqana Qxzorrel")}, request=asked)
    clean = Entry("decision", {"decision": decision(asked)}, request=asked)
    for entry in (slip, clean, slip):
        text = body_text(entry, Personal(who), SALT, KEY, writer, "here")
        assert "qxzorrel" not in text.casefold()
        assert "qxzorrel" not in repr((writer.texts._parts, writer.texts.fresh)).casefold()


NAME = "Qxzorrel"
PLACES: dict[str, Any] = {
    "a fact": lambda made, asked: ({"decision": made, "facts": Written(f'"{NAME}"', f'"{NAME}"')}, asked),
    "the id of an item": lambda made, asked: (
        {"decision": made.model_copy(update={"items": (made.items[0].model_copy(update={"item": NAME}),)})},
        asked,
    ),
    "what may be released": lambda made, asked: ({"decision": made.model_copy(update={"releasable": (NAME,)})}, asked),
    "the id of the decision": lambda made, asked: ({"decision": made.model_copy(update={"id": NAME})}, asked),
    "the engine": lambda made, asked: ({"decision": made.model_copy(update={"engine": f"Zvqana {NAME}"})}, asked),
    "the id of the request": lambda made, asked: ({"decision": made}, asked.model_copy(update={"id": NAME})),
    "the batch": lambda made, asked: ({"decision": made}, asked.model_copy(update={"batch": NAME})),
    "an item asked for": lambda made, asked: (
        {"decision": made},
        asked.model_copy(update={"items": (Item(id=NAME, kind="name"),)}),
    ),
    "the name of a value": lambda made, asked: ({NAME: made}, asked),
}


@pytest.mark.parametrize("place", PLACES)
def test_a_name_is_masked_wherever_it_slips_in(ledger: Ledger, quick: QuickWriter, place: str) -> None:
    who = Subject(name=PersonName(first="Zvqana", last=NAME))
    asked = request(subject=who)
    body, asked = PLACES[place](decision(asked), asked)
    for _ in range(2):
        text = body_text(Entry("decision", body, request=asked), Personal(who), SALT, KEY, quick, "here")
        assert NAME.casefold() not in text.casefold() and MASK[:7] in text
