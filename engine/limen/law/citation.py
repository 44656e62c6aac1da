"""Where a rule comes from, and how sure we are of its text."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

Certainty = Literal["read", "reported", "assumed"]
"""`read`: the text was read. `reported`: others quote or summarise it. `assumed`: ours, by inference."""

_MONTHS = ("Jan.", "Feb.", "Mar.", "Apr.", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec.")


@dataclass(frozen=True, slots=True)
class Citation:
    """One authority.

    A statute or regulation has `title`, `code` (`U.S.C.`, `C.F.R.`), `section` and `paragraph`; anything else is
    a `document` (an opinion, the agreement, an agency page) with a date where one is known.
    """

    certainty: Certainty
    title: int | None = None
    code: str | None = None
    section: str | None = None
    paragraph: str | None = None
    document: str | None = None
    dated: date | None = None
    note: str | None = None

    @property
    def text(self) -> str:
        """As a lawyer writes it.

        >>> Citation("read", title=26, code="U.S.C.", section="6103", paragraph="(i)(2)(B)(i)").text
        '26 U.S.C. § 6103(i)(2)(B)(i)'
        """
        if self.section is not None:
            return f"{self.title} {self.code} § {self.section}{self.paragraph or ''}"
        pin = f", {self.paragraph}" if self.paragraph else ""
        dated = f" ({_MONTHS[self.dated.month - 1]} {self.dated.day}, {self.dated.year})" if self.dated else ""
        return f"{self.document}{pin}{dated}"

    def under(self, pin: str, certainty: Certainty | None = None) -> Citation:
        """The unit `pin` of this authority: a paragraph inside it, or a place in the document.

        >>> Citation("read", title=26, code="U.S.C.", section="6103", paragraph="(i)(2)").under("(B)(i)").text
        '26 U.S.C. § 6103(i)(2)(B)(i)'
        """
        if self.section is not None:
            pin = f"{self.paragraph or ''}{pin}"
        elif self.paragraph:
            pin = f"{self.paragraph}, {pin}"
        return replace(self, paragraph=pin, certainty=certainty or self.certainty, note=None)
