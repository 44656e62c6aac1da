"""Named misconceptions: what an answer shows to have been misunderstood, found by rule and never by hand.

Each rule looks at the key, at what was answered, and at the point on which the case turns. A rule that cannot tell says
nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from limen.training.cases import TrainingCase
from limen.training.key import Answer, ItemKey, Key
from limen.training.response import Response


@dataclass(frozen=True, slots=True)
class Misconception:
    """A misunderstanding with a name. `says` is the thought behind it, `instead` what is so."""

    id: str
    title: str
    says: str
    instead: str


@dataclass(frozen=True, slots=True)
class _Seen:
    """One item answered: what is right, what was said, what was marked."""

    key: Key
    item: ItemKey
    answer: Answer
    marked: frozenset[str]
    case: TrainingCase

    @property
    def unlawful(self) -> bool:
        return self.answer == "release" and self.item.verdict != "release" and not self.supported

    @property
    def supported(self) -> bool:
        return bool(self.key.supporters(self.item.item, self.answer))

    def turns_on(self, *parts: str) -> bool:
        """Whether one of these ids or addresses is what stands in the way at the gateway that answers."""
        grounds = {one.address for one in self.item.reasons if one.outcome in ("not_met", "barred")}
        return any(address == part or address.endswith(f"#{part}") for address in grounds for part in parts)


_Rule = Callable[[_Seen], bool]

_RULES: Final[Mapping[str, tuple[Misconception, _Rule]]] = {}


def _named(id: str, title: str, says: str, instead: str) -> Callable[[_Rule], _Rule]:
    def keep(rule: _Rule) -> _Rule:
        _RULES[id] = (Misconception(id, title, says, instead), rule)  # type: ignore[index]
        return rule

    return keep


@_named(
    "not-known-as-not-met", "Taking “not known” for “not met”",
    "Nobody has told us, so the answer is no.",
    "A fact that is not known yet can still turn out either way. Ask for it. Nothing is released meanwhile, but the "
    "request is not refused either.",
)  # fmt: skip
def _unknown_refused(seen: _Seen) -> bool:
    return seen.answer == "withhold" and seen.item.verdict == "more_needed" and not seen.supported


@_named(
    "silence-as-yes", "Taking silence for yes",
    "The file does not say otherwise, so it will be in order.",
    "Silence never releases. What the law asks for has to be there; when the file does not say it, ask.",
)  # fmt: skip
def _silence_released(seen: _Seen) -> bool:
    return seen.unlawful and seen.item.verdict == "more_needed"


@_named(
    "asking-on-when-settled", "Asking on when it is settled",
    "There are still questions, so the case is open.",
    "One requirement that is not met settles it, whatever else is open. More facts cannot change the answer.",
)  # fmt: skip
def _settled_open(seen: _Seen) -> bool:
    return seen.answer == "more_needed" and seen.item.verdict in ("withhold", "release") and not seen.supported


@_named(
    "number-for-an-address", "Taking a number for an address",
    "The taxpayer number says who it is, so the address does not matter.",
    "The paragraph asks for a statement of the name and the address. To be sure who somebody is does not replace what "
    "the request has to say; and a zip code is not an address.",
)  # fmt: skip
def _number(seen: _Seen) -> bool:
    quality = seen.case.facts.facts.get("request.address_quality")
    poor = quality in ("placeholder", "zip_only", "facility_only", "partial", "none")
    rests = seen.item.verdict == "readings_differ" and any(
        address.endswith(("#states_address", "/address_stated")) for address in seen.item.grounds
    )
    return seen.answer == "release" and seen.item.verdict != "release" and poor and (
        rests or seen.turns_on("states_address")
    )  # fmt: skip


@_named(
    "anybody-may-sign", "Thinking that anybody in the agency may sign",
    "It comes from the right agency, so the signature will do.",
    "Each paragraph lists who may ask. Where it does not mention delegates, a delegate may not.",
)  # fmt: skip
def _signer(seen: _Seen) -> bool:
    return seen.unlawful and seen.turns_on("requester", "authorised", "authorised_by", "us.mou-2025-04-07.asker")


@_named(
    "one-officer-for-all", "Letting one officer stand for all",
    "A named officer is in charge, and that is enough.",
    "Those who see the information have to be personally and directly engaged in this matter.",
)  # fmt: skip
def _officer(seen: _Seen) -> bool:
    return seen.unlawful and seen.turns_on("personally_engaged", "agency_staff")


@_named(
    "label-for-the-use", "Trusting the label and not the use",
    "It is called a criminal matter, so the use will be one.",
    "What counts is the use. Information for a criminal matter is for that matter alone. A civil "
    "removal is not one.",
)  # fmt: skip
def _label(seen: _Seen) -> bool:
    return seen.unlawful and seen.turns_on("criminal_statute", "genuine_matter", "sole_use", "stage")


@_named(
    "content-not-source", "Looking at what it is and not at where it came from",
    "It is only a wage figure; anybody could have it.",
    "What the taxpayer filed is protected more than the same figure reported by somebody else. Look at the source.",
)  # fmt: skip
def _source(seen: _Seen) -> bool:
    return seen.unlawful and seen.turns_on("not_from_taxpayer", "identity")


@_named(
    "a-bar-forgotten", "Forgetting that a bar wins",
    "Every requirement is met, so it goes out.",
    "A bar overrides an open gateway. Look for an order of a court, a determination of the Secretary, or a condition "
    "of safeguards before anything goes out.",
)  # fmt: skip
def _bar(seen: _Seen) -> bool:
    return seen.unlawful and any(reason.outcome == "barred" for reason in seen.item.reasons)


@_named(
    "somebody-who-may-be-another", "Releasing about somebody who may be another person",
    "One of them will be the right one.",
    "Nothing is released about somebody who may be another person.",
)  # fmt: skip
def _another(seen: _Seen) -> bool:
    return seen.unlawful and seen.turns_on("one_taxpayer", "identifies_taxpayer")


@_named(
    "refusing-to-be-safe", "Refusing to be on the safe side",
    "Nobody was ever blamed for saying no.",
    "Where every requirement is met and no bar stands, disclosure may be a duty. A needless refusal is a mistake too, "
    "though a smaller one.",
)  # fmt: skip
def _safe(seen: _Seen) -> bool:
    return seen.answer == "withhold" and seen.item.verdict == "release" and not seen.supported


@_named(
    "one-reading-only", "Seeing one reading where there are several",
    "The words can only mean this.",
    "Where accepted readings give different answers, say so, and say on which words it turns.",
)  # fmt: skip
def _one_reading(seen: _Seen) -> bool:
    return seen.item.verdict == "readings_differ" and seen.answer in ("release", "withhold", "more_needed")


@_named(
    "readings-where-the-text-is-plain", "Seeing a dispute where there is none",
    "Lawyers will disagree about this.",
    "Here all accepted readings give the same answer.",
)  # fmt: skip
def _no_dispute(seen: _Seen) -> bool:
    return seen.answer == "readings_differ" and seen.item.verdict != "readings_differ" and not any(
        seen.key.views[name].verdicts[seen.item.item] != seen.item.verdict for name in seen.key.accepts
    )  # fmt: skip


DUTIES_FORGOTTEN: Final = Misconception(
    "duties-forgotten", "Thinking that it ends with the release",
    "It is out; the rest is their business.",
    "Duties come with a release: on its use, on who may see it, on how it is kept, and on the record of it.",
)  # fmt: skip
ONE_ANSWER_FOR_ALL: Final = Misconception(
    "one-answer-for-all-items", "Giving one answer for all items",
    "The request is in order, so all of it goes out; or it is not, so nothing does.",
    "Each item is decided by itself.",
)  # fmt: skip

MISCONCEPTIONS: Final[Mapping[str, Misconception]] = {
    **{id: misconception for id, (misconception, _) in _RULES.items()},
    DUTIES_FORGOTTEN.id: DUTIES_FORGOTTEN,
    ONE_ANSWER_FOR_ALL.id: ONE_ANSWER_FOR_ALL,
}
"""All of them, by id."""


def misconceptions(case: TrainingCase, key: Key, response: Response) -> tuple[str, ...]:
    """The ids of the misconceptions that a checked response shows, each once."""
    return tuple(dict.fromkeys(_shown(case, key, response)))


def _shown(case: TrainingCase, key: Key, response: Response) -> Iterator[str]:
    for item in key.items:
        marked = frozenset(response.grounds.get(item.item, ()))
        seen = _Seen(key, item, response.verdicts[item.item], marked, case)
        yield from (id for id, (_, rule) in _RULES.items() if rule(seen))
    right = {item.verdict for item in key.items}
    said = set(response.verdicts.values())
    if len(right) > 1 and len(said) == 1 and any(response.verdicts[i.item] != i.verdict for i in key.items):
        yield ONE_ANSWER_FOR_ALL.id
    released = any(
        answer == "release" and key.item(item).verdict == "release" for item, answer in response.verdicts.items()
    )  # fmt: skip
    if released and key.duties and not response.duties:
        yield DUTIES_FORGOTTEN.id
