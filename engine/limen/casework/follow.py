"""Follow a case: from its events to its timeline, on durable-rules, with the oracle beside it.

As with a decision, two evaluators must say the same. If they do not, or the worker fails, there is no timeline but a
`CaseworkFault`: a duty that nobody is sure about is not shown as kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from types import TracebackType
from typing import TYPE_CHECKING

from limen.casework.law_book import Aftercare, aftercare
from limen.casework.oracle import judge
from limen.casework.sound import put_in_order, unjudged
from limen.casework.timeline import Entry, Timeline

if TYPE_CHECKING:
    from limen.casework.event import Event
    from limen.casework.network import Network
    from limen.decide.rete import Play
    from limen.decide.second_key import SecondKey


class CaseworkFault(Exception):
    """The network and the oracle differ (`disagreement`), or the worker failed (`crash`, `timeout`, `error`)."""

    def __init__(self, kind: str, detail: str) -> None:
        super().__init__(f"casework cannot say what became of the duties ({kind}): {detail}")
        self.kind = kind
        self.detail = detail

    def __reduce__(self) -> tuple[type[CaseworkFault], tuple[str, str]]:
        return CaseworkFault, (self.kind, self.detail)


class Follower:
    """Follows cases under one law of casework; a context manager, since it has a worker process."""

    def __init__(self, law: Aftercare | None = None, key: SecondKey | None = None) -> None:
        """`key` is the second key whose worker to use; without one, a worker of its own."""
        self.law = law or aftercare()
        self._own = key is None
        self._key = key
        self._network: Network | None = None
        self._play: Play | None = None

    def __enter__(self) -> Follower:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the worker, if it is ours."""
        if self._own and self._key is not None:
            self._key.close()

    def follow(self, arrived: Iterable[Event], until: datetime) -> Timeline:
        """The timeline of a case up to `until`; `arrived` in the order of arrival. Raises `CaseworkFault`."""
        events, notices = put_in_order(arrived, self.law.kinds, until)
        expected = judge(events, self.law.duties, until)
        found = self._ask(events, until)
        if found != expected:
            raise CaseworkFault("disagreement", f"the network and the oracle differ at {_differences(found, expected)}")
        return Timeline(until, expected, tuple(sorted({*notices, *unjudged(events, self.law.duties)})))

    def _ask(self, events: Sequence[Event], until: datetime) -> tuple[Entry, ...]:
        from limen.casework.assemble import assemble
        from limen.casework.network import Network
        from limen.decide.rete_rails import NetworkError
        from limen.decide.second_key import SecondKey
        from limen.decide.worker_process import WorkerFault

        try:
            if self._key is None:
                self._key = SecondKey()
            if self._network is None or self._play is None:
                self._network = Network(self.law.kinds, self.law.duties)
                self._play = self._key.play_with(self._network.rulesets)
            return assemble(self._network, events, until, self._play)
        except WorkerFault as fault:
            raise CaseworkFault(fault.kind, fault.detail) from fault
        except (NetworkError, LookupError, ValueError) as error:
            raise CaseworkFault("error", f"{type(error).__name__}: {error}") from error


def _differences(found: Sequence[Entry], expected: Sequence[Entry]) -> str:
    one, other = ({(entry.duty, entry.key): entry for entry in entries} for entries in (found, expected))
    return ", ".join(
        f"{duty} ({key})"
        for duty, key in sorted(set(one) | set(other))
        if one.get((duty, key)) != other.get((duty, key))
    )
