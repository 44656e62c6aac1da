"""The report on an error nobody expected: what rose and where in the code, and nothing of the case."""

from __future__ import annotations

from pathlib import Path

from limen.home import faults


def write_report(error: BaseException, what: str) -> Path | None:
    """Write a report into the folder of faults; `None` if it could not be written. `what` says what was being done."""
    from datetime import UTC, datetime
    from platform import platform, python_version
    from secrets import token_hex

    from limen import __version__

    folder = faults()
    lines = [
        f"limen {__version__}, Python {python_version()}, {platform()}",
        what,
        *_chain(error),
    ]
    path = folder / f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{token_hex(3)}.txt"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    except OSError:
        return None
    return path


def _chain(error: BaseException) -> list[str]:
    """Kind and place of `error` and of what caused it, without messages or values."""
    from limen.ledger.log import describe_error

    lines: list[str] = []
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        described = describe_error(current)
        lines += [described["error"], *(f"  {place}" for place in described["places"])]
        current = current.__cause__ or current.__context__
    return lines
