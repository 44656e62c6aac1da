"""An opinion: what one profile answers for one case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from limen.decide.decision import Disposition, Effect
from limen.decide.findings import Findings, Verdict


@dataclass(frozen=True, slots=True)
class Opinion:
    """The findings under one profile and what follows from them for the request as a whole.

    `choices` maps each reading to the alternative chosen.
    """

    profile: str
    choices: Mapping[str, str]
    findings: Findings

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """One verdict per item, in the order of the request."""
        return tuple(item.verdict for item in self.findings.items)

    @property
    def effect(self) -> Effect:
        """Allow only if there are items and every one is allowed."""
        verdicts = self.verdicts
        return "allow" if verdicts and all(verdict == "allow" for verdict in verdicts) else "deny"

    @property
    def disposition(self) -> Disposition:
        """Release all, or say whether more facts could still change an item, or withhold."""
        if self.effect == "allow":
            return "release"
        return "more_needed" if "open" in self.verdicts else "withhold"
