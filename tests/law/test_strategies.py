"""The strategies give what they promise: books that load, cases that fit, and statements that do not."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.strategies import case_facts, editions, ill_typed_facts

from limen.decide.reference import find
from limen.law.edition import Edition
from limen.law.facts import FactError, check_facts
from limen.law.vocabulary import Vocabulary
from sizes import tries

few = settings(max_examples=tries(40), deadline=None, suppress_health_check=[HealthCheck.too_slow])


@few
@given(st.data(), editions())
def test_every_edition_decides_every_case(data: st.DataObject, edition: Edition) -> None:
    facts = data.draw(case_facts(edition))
    checked = check_facts(Vocabulary(edition.facts, {}, {}), facts.facts, {item.id: item.facts for item in facts.items})
    assert checked == facts
    findings = find(edition, facts)
    assert [item.verdict in ("allow", "deny", "open", "not_covered") for item in findings.items]


@few
@given(st.data(), editions())
def test_ill_typed_statements_are_refused(data: st.DataObject, edition: Edition) -> None:
    case, items = data.draw(ill_typed_facts(edition))
    with pytest.raises(FactError):
        check_facts(Vocabulary(edition.facts, {}, {}), case, items)
