"""The law of casework is checked whole when it is read, and says the same as the rule book."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from limen.casework.law_book import FOLDER, AftercareError, aftercare, load_aftercare
from limen.casework.span import Span
from limen.law import load_book


def test_each_duty_that_names_a_rule_is_in_the_rule_book() -> None:
    book = load_book()
    addresses = set(book.rules) | {duty.address for rule in book.duty_rules for duty in rule.duties}
    named = {duty.rule for duty in aftercare().duties.values() if duty.rule is not None}
    assert named - addresses == set()
    assert len(named) > 25


@pytest.mark.parametrize(
    ("file", "before", "after", "complaint"),
    [
        ("safeguards.yaml", "event: incident_noticed}", "event: incident_noticd}",
         r"safeguards\.yaml: SG-10/tigta: there is no event `incident_noticd`; did you mean `incident_noticed`\?"),
        ("safeguards.yaml", "to: tigta}", "to: tigtar}",
         r"SG-10/tigta: `to` of `incident_reported` is never `tigtar`; did you mean `tigta`\?"),
        ("safeguards.yaml", "place: open_area}", "plaice: open_area}",
         r"SG-3: `stored` says nothing of `plaice`; did you mean `place`\?"),
        ("safeguards.yaml", "within: 24 hours", "within: a day",
         r"SG-10/tigta: `a day` is no length of time; write `24 hours`"),
        ("safeguards.yaml", "ends_as: kept", "ends_as: forgotten", r"SG-3: `forgotten` is none of lapsed, kept"),
        ("safeguards.yaml", "    kept_by: {event: plan_filed}", "    keptby: {event: plan_filed}",
         r"SG-19/plan: nobody reads `keptby`; did you mean `kept_by`\?"),
        ("safeguards.yaml", "- id: SG-2/request", "- id: SG-1/request",
         r"safeguards\.yaml: `SG-1/request` is there twice"),
        ("use.yaml", "    distinct: matter", "    distinct: mater", r"CNT-2: `requested` says nothing of `mater`"),
        ("use.yaml", "  breach: It was used in another matter.\n", "", r"USE-1: .*lacks \['breach'\]"),
        ("events.yaml", "labelled: truth", "labelled: true_or_not", r"events\.yaml: `true_or_not` is no type of field"),
        ("events.yaml", "makes: order", "makes: ordre", r"events\.yaml: order_issued: there is no `ordre`"),
        ("events.yaml", "matter_opened:", "matter_opened: yes\nx:", r"events\.yaml:10: .*\[not-a-boolean\]"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_an_error_that_says_where(
    tmp_path: Path, file: str, before: str, after: str, complaint: str
) -> None:
    folder = tmp_path / "law"
    shutil.copytree(FOLDER, folder)
    path = folder / file
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after, 1))
    with pytest.raises(AftercareError, match=complaint):
        load_aftercare(folder)


@pytest.mark.parametrize("text", ["24", "0 hours", "24 hour", "-1 days", "1 weeks", "1.5 days", ""])
def test_a_length_of_time_is_a_number_of_hours_days_or_years(text: str) -> None:
    with pytest.raises(ValueError, match="no length of time"):
        Span.read(text)


def test_a_length_of_time_says_itself() -> None:
    assert [str(Span.read(text)) for text in ("45 days", "1 years")] == ["45 days", "1 year"]
