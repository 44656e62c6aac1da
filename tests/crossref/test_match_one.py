"""One request against the shipped registry: who is named, who is not, and what formatting must not change."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from limen.crossref import Registry, Settings, open_registry
from limen.request.subject import Address, PersonName, Subject

PEOPLE = 20_000
people = st.integers(0, PEOPLE - 1)
Filed = Callable[[int], Subject]


def restated(
    subject: Subject, *, first: str | None = None, last: str | None = None, lines: tuple[str, ...] | None = None
) -> Subject:
    name, address = subject.name, subject.address
    assert name is not None
    assert address is not None
    return Subject(
        name=PersonName(first=first or name.first, middle=name.middle, last=last or name.last, suffix=name.suffix),
        address=Address(lines=lines or address.lines),
        tin=subject.tin,
    )


@given(people)
def test_somebody_stated_as_filed_is_found_exactly_or_is_one_of_several(
    registry: Registry, as_filed: Filed, person: int
) -> None:
    match = registry.match(as_filed(person))
    assert match.grade in {"exact", "ambiguous"}
    if match.grade == "exact":
        assert match.person == f"P{person:09d}"
        assert match.address_held == "current"
    else:
        assert match.person is None
        assert match.candidates > 1


def test_most_people_stated_as_filed_are_found_exactly(registry: Registry, as_filed: Filed) -> None:
    grades = [registry.match(as_filed(person)).grade for person in range(0, PEOPLE, 40)]
    assert grades.count("exact") > 0.97 * len(grades)


ACCENTS = str.maketrans("AEIOUN", "ÁÉÍÓÚÑ")
VARIANTS: dict[str, Callable[[Subject], Subject]] = {
    "lower case": lambda s: restated(
        s, first=s.name.first.lower(), last=s.name.last.lower(), lines=tuple(x.lower() for x in s.address.lines)
    ),
    "accents": lambda s: restated(s, first=s.name.first.translate(ACCENTS), last=s.name.last.translate(ACCENTS)),
    "two surnames with a space": lambda s: restated(s, last=s.name.last.replace("-", " ")),
    "apostrophe": lambda s: restated(s, last=s.name.last[:1] + "’" + s.name.last[1:]) if "-" not in s.name.last else s,
    "names in one box": lambda s: Subject(
        name=PersonName(last=f"{s.name.last}, {s.name.first}", middle=s.name.middle, suffix=s.name.suffix),
        address=s.address,
    ),
    "swapped names": lambda s: restated(s, first=s.name.last, last=s.name.first) if "-" not in s.name.last else s,
    "one line": lambda s: restated(s, lines=(", ".join(s.address.lines),)),
    "unit as #4-B": lambda s: restated(
        s, lines=(re.sub(r" APT (\d+)([A-Z]?)$", r" #\1-\2", s.address.lines[0]).rstrip("-"), *s.address.lines[1:])
    ),
    "unit on its own line": lambda s: restated(
        s, lines=(*re.sub(r" APT ", "\nUnit ", s.address.lines[0]).split("\n"), *s.address.lines[1:])
    ),
    "street type in full": lambda s: restated(
        s,
        lines=(
            s.address.lines[0].replace(" ST", " STREET").replace(" AVE", " AVENUE")
            if "PO BOX" not in s.address.lines[0]
            and not re.search(r" (ST|AVE)\w| (ST|AVE) [A-Z]+ ", s.address.lines[0])
            else s.address.lines[0],
            *s.address.lines[1:],
        ),
    ),
    "full ZIP code": lambda s: restated(s, lines=(s.address.lines[0], s.address.lines[1] + "-0001")),
    "title": lambda s: restated(s, first=f"Mr. {s.name.first}"),
}


@pytest.mark.parametrize("variant", VARIANTS)
@example(person=7036)  # a first name and a surname that are both short forms
@given(person=people)
def test_formatting_never_changes_the_grade(registry: Registry, as_filed: Filed, variant: str, person: int) -> None:
    plain = as_filed(person)
    changed = VARIANTS[variant](plain)
    expected, found = registry.match(plain), registry.match(changed)
    assert (found.grade, found.person) == (expected.grade, expected.person)


@given(
    people,
    st.sampled_from(
        ["Failed to Provide", "Unknown Address 62704", "NA NA", "00000", "Don't Care 12345", "County Jail", ""]
    ),
)
def test_what_is_no_address_never_gives_a_match_by_address(
    registry: Registry, as_filed: Filed, person: int, text: str
) -> None:
    match = registry.match(restated(as_filed(person), lines=(text or " ",)))
    assert (match.grade, match.lane, match.person) == ("none", "none", None)


@given(people)
def test_number_and_name_lead_whatever_the_address_says(registry: Registry, as_filed: Filed, person: int) -> None:
    tin = registry.person(f"P{person:09d}").tin
    subject = as_filed(person).model_copy(
        update={"tin": f"{tin[:3]}-{tin[3:5]}-{tin[5:]}", "address": Address(lines=("Failed to Provide 62704",))}
    )
    match = registry.match(subject)
    assert (match.grade, match.lane, match.person) == ("exact", "tin", f"P{person:09d}")
    assert (match.tin_agrees, match.name_agrees, match.address_held) == (True, True, None)


@given(people)
def test_where_the_address_must_be_confirmed_number_and_name_alone_name_nobody(
    registry: Registry, as_filed: Filed, person: int
) -> None:
    strict = open_registry(settings=Settings(confirm_address=True))
    tin = registry.person(f"P{person:09d}").tin
    filed = as_filed(person).model_copy(update={"tin": tin})
    assert strict.match(filed).person == f"P{person:09d}"
    elsewhere = strict.match(
        filed.model_copy(update={"address": Address(lines=("1 Nowhere Close Ln", "Nome AK 99762"))})
    )
    assert (elsewhere.grade, elsewhere.person, elsewhere.address_held) == ("weak", None, "never")
    strict.close()


@given(people, people)
def test_a_number_that_belongs_to_somebody_else_names_nobody(
    registry: Registry, as_filed: Filed, person: int, other: int
) -> None:
    mine, theirs = (registry.person(f"P{one:09d}") for one in (person, other))
    if mine.name.split()[0] == theirs.name.split()[0] or mine.tin == theirs.tin:
        return
    match = registry.match(as_filed(person).model_copy(update={"tin": theirs.tin}))
    assert match.person != f"P{other:09d}"
    assert match.person is None or match.tin_agrees
    assert match.grade in {"weak", "ambiguous", "none"}


@given(people)
def test_evidence_tells_why_without_saying_who_or_where(registry: Registry, as_filed: Filed, person: int) -> None:
    subject = as_filed(person)
    said = " ".join(registry.match(subject).evidence).upper()
    assert said
    words = re.findall(r"[A-Z]{3,}|\d+", " ".join((subject.name.first, subject.name.last, *subject.address.lines)))
    ordinary = set(re.findall(r"[A-Z]+", ORDINARY.upper()))
    assert [
        word
        for word in words
        if word not in ordinary and re.search(rf"\b{word}\b", said) and word != str(registry.match(subject).candidates)
    ] == []


ORDINARY = (
    "first name and surname agree exactly, in swapped order closely; the middle initial generation suffix number "
    "street ZIP code city unit is given on one side only registry holds it as current former address persons about "
    "equally well so nobody named"
)


@given(people)
def test_the_same_question_gets_the_same_answer(registry: Registry, as_filed: Filed, person: int) -> None:
    assert registry.match(as_filed(person)) == registry.match(as_filed(person))


def test_another_house_number_is_never_taken_for_the_address_held(registry: Registry, as_filed: Filed) -> None:
    grades: Counter[str] = Counter()
    for person in range(300):
        subject = as_filed(person)
        number, _, street = subject.address.lines[0].partition(" ")
        if not number.isdigit():
            continue
        match = registry.match(restated(subject, lines=(f"{int(number) + 3} {street}", subject.address.lines[1])))
        assert match.grade != "exact"
        assert match.address_held in {"never", None}
        if match.grade in {"weak", "ambiguous", "none"}:
            assert match.person is None
        else:
            assert match.person == f"P{person:09d}"
            assert "few people bear this name" in match.evidence[-1]
        grades[match.grade] += 1
    assert grades["weak"] > 10
    assert grades["strong"] > 100


def test_a_former_address_is_told_from_the_current_one(registry: Registry) -> None:
    rows = [
        row
        for person in range(200)
        for row in registry.rows_of_tin(registry.person(f"P{person:09d}").tin)
        if not row.current
    ]
    assert len(rows) > 30
    former = 0
    for row in rows:
        a = row.address
        lines = (
            " ".join(filter(None, (a.number, a.direction, a.street, a.suffix, a.unit and f"APT {a.unit}"))),
            f"{a.city} {a.state} {a.zip}",
        )
        if a.street == "PO BOX" or a.street.startswith("RR "):
            continue
        match = registry.match(
            Subject(
                name=PersonName(
                    first=row.name.first,
                    middle=row.name.middle,
                    last=f"{row.name.last} {row.name.last2}",
                    suffix=row.name.suffix,
                ),
                address=Address(lines=lines),
            )
        )
        if match.person is not None:
            former += match.address_held == "former"
            assert match.person == f"P{row.person:09d}"
    assert former > 20


def test_settings_that_would_name_anybody_are_refused() -> None:
    with pytest.raises(ValueError, match="`close` is 500"):
        Settings(close=500)
    assert replace(Settings(), close=950).close == 950
