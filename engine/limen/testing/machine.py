"""A state machine that puts somebody's casework to the test: events come in one by one, and the duties must stand as
the law of casework says, whatever has happened so far.

    from limen.testing import casework_machine

    TestOurCasework = casework_machine(our_states).TestCase
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from limen.casework.event import Event
from limen.casework.law_book import aftercare
from limen.testing.made_timelines import START, STEPS, MadeTimeline, events, patterns_of

States = Callable[[Sequence[Mapping[str, Any]], datetime], Mapping[tuple[str, str], str]]
"""A system's casework: from events and a moment to the state of each duty towards each thing."""


class CaseworkDisagreement(AssertionError):
    """A system that says something else of a duty than the law of casework does."""


def casework_machine(states: States, duties: Sequence[str] = ()) -> type[RuleBasedStateMachine]:
    """A state machine for `states`: after each event and each passing of time it compares every duty.

    `states(events, until)` gets the events so far, in the order of arrival, as `{"id", "at", "kind", "fields"}`, and
    says by `(duty, key)` how each duty stands: `open`, `kept`, `lapsed`, `breached` or `raised`. `duties` (ids) are
    those that the system follows; all by default. Raises `KeyError` for a duty that the law does not have.
    """
    law = aftercare()
    followed = {id: law.duties[id] for id in duties} if duties else dict(law.duties)
    wanted = [pattern for duty in followed.values() for pattern in patterns_of(duty)]

    class Casework(RuleBasedStateMachine):
        """The case so far."""

        def __init__(self) -> None:
            super().__init__()
            self.events: list[Event] = []
            self.now = START

        @rule(data=st.data(), pattern=st.sampled_from(wanted))
        def something_happens(self, data: st.DataObject, pattern: Any) -> None:
            """An event that some duty looks at."""
            self.events.append(data.draw(events(pattern, f"event-{len(self.events)}", self.now, law)))

        @rule(minutes=st.sampled_from([step for step in STEPS if step]))
        def time_passes(self, minutes: int) -> None:
            """Time passes, often exactly to a deadline."""
            self.now += timedelta(minutes=minutes)

        @rule(data=st.data())
        def told_again(self, data: st.DataObject) -> None:
            """Something is reported a second time."""
            if self.events:
                self.events.append(data.draw(st.sampled_from(self.events)))

        @invariant()
        def the_duties_stand_as_the_law_says(self) -> None:
            """Every duty followed stands as the sentences of the law say."""
            judged = MadeTimeline(tuple(self.events), self.now).judged(law)
            expected = {(one.duty, one.key): str(one.state) for one in judged if one.duty in followed}
            told = [{"id": one.id, "at": one.at, "kind": one.kind, "fields": dict(one.fields)} for one in self.events]
            found = {tuple(key): str(state) for key, state in states(told, self.now).items()}
            for duty, key in sorted(set(expected) | set(found)):
                said, wants = found.get((duty, key), "nothing"), expected.get((duty, key), "nothing")
                if said != wants:
                    cite = followed[duty].cite.text if duty in followed else "no such duty"
                    raise CaseworkDisagreement(
                        f"{duty} towards `{key}` ({cite}): the law says `{wants}`, the system `{said}`, "
                        f"at {self.now} after {len(self.events)} events"
                    )

    return Casework
