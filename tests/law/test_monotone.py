"""Information settles and never flips: stating one more fact cannot turn true into false, or back."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.strategies import SMALL_BOOK, as_raw_files, editions, expression_texts, fact_values

from limen.decide.reference import find, truth
from limen.law.edition import Edition
from limen.law.expression import parse
from limen.law.facts import CaseFacts, ItemFacts
from limen.law.load.loader import load_files
from limen.law.scope import scope_of
from sizes import tries

VOCABULARY = load_files(as_raw_files(SMALL_BOOK)).vocabulary
SCOPE = scope_of(VOCABULARY)


def stated(names: list[str], data: st.DataObject) -> dict[str, object]:
    return {name: data.draw(fact_values(VOCABULARY.facts[name])) for name in names}


@settings(max_examples=tries(200), deadline=None)
@given(st.data(), expression_texts(items=True, names=()))
def test_one_more_fact_never_flips_a_test(data: st.DataObject, text: str) -> None:
    expr = parse(text.replace("param.clock", "90").replace("param.start_day", "date('2025-04-07')"), SCOPE)
    names = data.draw(st.lists(st.sampled_from(sorted(VOCABULARY.facts)), unique=True, min_size=1))
    more = stated(names, data)
    for name in names:
        less = {other: value for other, value in more.items() if other != name}
        before, after = truth(expr, less), truth(expr, more)
        assert before is None or before is after


@settings(max_examples=tries(60), deadline=None)
@given(st.data(), editions(max_gateways=2))
def test_one_more_fact_never_flips_a_verdict(data: st.DataObject, edition: Edition) -> None:
    case = {n: data.draw(fact_values(f)) for n, f in edition.facts.items() if not f.per_item}
    item = {n: data.draw(fact_values(f)) for n, f in edition.facts.items() if f.per_item}
    everything = {**case, **item}
    kept = set(data.draw(st.lists(st.sampled_from(sorted(everything)), unique=True)))
    kept_more = kept | {data.draw(st.sampled_from(sorted(everything)))}

    def verdict(names: set[str]) -> str:
        facts = CaseFacts(
            {n: v for n, v in case.items() if n in names},
            (ItemFacts("a", {n: v for n, v in item.items() if n in names}),),
        )
        return find(edition, facts).items[0].verdict

    before, after = verdict(kept), verdict(kept_more)
    assert before == "open" or before == after
