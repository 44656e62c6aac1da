"""An opinion: what one profile answers for one case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from limen.decide.decision import Disposition, Effect
from limen.decide.findings import Findings, Verdict


class Opinion:
    """The findings under one profile and what follows from them for the request as a whole. Not to be changed.

    `choices` maps each reading to the alternative chosen. `verdicts` has one per item, in the order of the request.
    `effect` is allow only if there are items and every one is allowed; `disposition` says release, or whether more
    facts could still change an item, or withhold.
    """

    __slots__ = ("choices", "disposition", "effect", "findings", "profile", "verdicts")

    def __init__(self, profile: str, choices: Mapping[str, str], findings: Findings) -> None:
        verdicts: tuple[Verdict, ...] = tuple([item.verdict for item in findings.items])
        self.profile = profile
        self.choices = choices
        self.findings = findings
        self.verdicts = verdicts
        self.effect, self.disposition = outcome_of(verdicts)


def outcome_of(verdicts: Sequence[str]) -> tuple[Effect, Disposition]:
    """What the verdicts on the items come to for the request: allow only if there are items and all are allowed."""
    if verdicts and verdicts.count("allow") == len(verdicts):
        return "allow", "release"
    return "deny", "more_needed" if "open" in verdicts else "withhold"
