"""`limen ledger replay RECEIPT`: what was handed over, decided again from itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from limen.cli import exits

if TYPE_CHECKING:
    from limen.exports.receipt import Receipt
    from limen.exports.replay import ReplayedReceipt
    from limen.law import Book


def replay_receipt_in(name: str, rules: str | None, *, as_json: bool) -> int:
    """Replay the receipt in the file `name`. Raises a usage error where there is no such file, or no receipt in it."""
    from limen.decide.second_key import SecondKey
    from limen.exports.armour import ReceiptError, read_receipt
    from limen.exports.replay import replay_receipt
    from limen.law import EditionError, FactError

    path = Path(name)
    if not path.is_file():
        raise click.BadParameter(
            f"there is no file `{name}`; name a receipt, or a record and then the request it was made on"
        )
    try:
        receipt = read_receipt(path)
        with SecondKey() as second_key:
            book = _book(receipt, rules)
            found = replay_receipt(receipt, book, second_key)
    except ReceiptError as error:
        raise click.BadParameter(str(error)) from error
    except (FactError, EditionError) as error:
        raise click.BadParameter(f"the rules here cannot take the case of this receipt: {error}") from error
    _show(receipt, found, book, as_json)
    return exits.RELEASED if found.agrees else exits.WITHHELD


def _book(receipt: Receipt, rules: str | None) -> Book:
    from limen.exports.replay import book_of
    from limen.law import BookError
    from limen.law.overlay import OverlayError

    try:
        return book_of(receipt, Path(rules) if rules else None)
    except (OverlayError, BookError) as error:
        if receipt.draft is None:
            raise
        raise click.BadParameter(f"the draft in the receipt does not fit the rules here: {error}") from error


def _show(receipt: Receipt, found: ReplayedReceipt, book: Book, as_json: bool) -> None:
    from limen.cli.screen import Screen

    screen = Screen()
    if as_json:
        differences = [
            {"path": one.path, "recorded": one.recorded, "replayed": one.replayed} for one in found.differences
        ]
        said = {"receipt": found.id, "agrees": found.agrees, "intact": found.intact, "same_book": found.same_book,
                "differences": differences}  # fmt: skip
        screen.line(json.dumps(said, ensure_ascii=False))
        return
    if not found.intact:
        screen.wrapped(f"{screen.icon('bad')} the receipt was changed after it was made: its id does not fit it", 0, 2)
    if found.differences:
        screen.line(f"{screen.icon('bad')} receipt {found.id} is answered differently now")
    else:
        screen.line(f"{screen.icon('good')} receipt {found.id} is answered the same way again")
    profile = receipt.profile or "all profiles"
    screen.wrapped(f"{receipt.title}: {profile}, law of {receipt.as_of}", 2, 4, "quiet")
    if not found.same_book:
        screen.wrapped(
            f"made under {receipt.book_name} {receipt.book_version} ({receipt.book_digest[:16]}), and the rules here "
            f"are {book.version} ({book.digest[:16]})",
            2, 4, "open",
        )  # fmt: skip
    for one in found.differences:
        screen.wrapped(f"{one.path}: recorded {_short(one.recorded)}, now {_short(one.replayed)}", 2, 4)


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:59]}…"
