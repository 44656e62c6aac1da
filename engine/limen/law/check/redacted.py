"""Words nobody outside has read: what they could do at most, and whether they stand where that is true."""

from __future__ import annotations

from limen.law.book import Book
from limen.law.check.positions import Positions
from limen.law.check.report import Report


def check_redacted(book: Book, positions: Positions, report: Report) -> None:
    """Notes a redacted reading without bounds, bounds on words that are not redacted, and bounds that do not fit.

    `narrows`: at their most generous the hidden words are as if some part of the rule they stand in were not there.
    `widens`: at their strictest they are. `unknown` promises nothing and stands anywhere.
    """
    for reading in book.readings.values():
        if reading.status == "redacted" and reading.bounds is None:
            report("redacted-bounds", reading.address, "words that are redacted need `bounds`", key="status",
                   mend="say what they could do at most: `narrows`, `widens` or `unknown`")  # fmt: skip
        if reading.status != "redacted" and reading.bounds is not None:
            report("redacted-bounds", reading.address, f"`{reading.status}` words have no bounds", key="bounds",
                   mend="remove `bounds`, or make the status `redacted`")  # fmt: skip
    for place in positions.nodes:
        if place.node.reading is None:
            continue
        reading = book.readings[place.node.reading]
        can = {"narrows": place.stand.can_narrow, "widens": place.stand.can_widen}
        if reading.bounds in can and not can[reading.bounds]:
            could = "widen" if reading.bounds == "narrows" else "narrow"
            message = f"`{reading.address}` is bounded as one that {reading.bounds}, and here it could {could} release"
            mend = "move the node, or give the reading the bounds `unknown`"
            report("redacted-bounds", place.node.address, message, key="reading", mend=mend)
