"""What can go wrong with a ledger. None of these messages ever carries a value from a record."""

from __future__ import annotations


class LedgerUnavailable(Exception):
    """The ledger cannot be written or read, so nothing may be decided.

    `what` says what failed, `where` names the store (never its password), `mend` says what to do about it.
    """

    code = "ledger-unavailable"

    def __init__(self, what: str, where: str, mend: str) -> None:
        super().__init__(what, where, mend)
        self.what = what
        self.where = where
        self.mend = mend

    def __str__(self) -> str:
        return f"{self.what} (`{self.where}`): {self.mend}"


class RecordRefused(LedgerUnavailable):
    """What was to be recorded is not something a ledger can hold. Nothing was written."""

    code = "record-refused"


class NoSuchRecord(LedgerUnavailable):
    """No record has the number or id asked for."""

    code = "no-such-record"
