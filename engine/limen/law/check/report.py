"""How a check says what it found."""

from __future__ import annotations

from typing import Protocol


class Report(Protocol):
    """Notes a problem at an address. `key` names the value there that is at fault, `within` the mapping it is in."""

    def __call__(
        self,
        code: str,
        address: str,
        message: str,
        *,
        key: str | None = None,
        of_key: bool = False,
        within: str | None = None,
        nearest: str | None = None,
        mend: str | None = None,
    ) -> None: ...
