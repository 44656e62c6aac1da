"""A receipt inside what is handed over, and finding it there again: in a memo, a table, a script or a Word file."""

from __future__ import annotations

import base64
import binascii
import json
import re
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from limen.exports.receipt import Receipt

BEGIN, END = "-----BEGIN LIMEN RECEIPT-----", "-----END LIMEN RECEIPT-----"
PART = "limen/receipt.json"
"""Where the receipt lies in a Word file, which is a zip archive."""

MAX_FILE, MAX_RECEIPT = 20_000_000, 8_000_000
"""Bytes of a file that is looked into, and of the receipt in it."""

_BETWEEN = re.compile(re.escape(BEGIN) + r"(.*?)" + re.escape(END), re.DOTALL)
_LINE = 76


class ReceiptError(Exception):
    """No receipt that can be used: where, what, how to mend it."""

    def __init__(self, where: str, message: str, mend: str) -> None:
        self.where, self.message, self.mend = where, message, mend
        super().__init__(f"{where}: {message}; {mend}")

    def __reduce__(self) -> tuple[type[ReceiptError], tuple[str, str, str]]:
        return (ReceiptError, (self.where, self.message, self.mend))


def armoured(receipt: Receipt) -> list[str]:
    """The receipt as lines of letters and digits, for the end of a text."""
    packed = base64.b64encode(zlib.compress(_compact(receipt), 9)).decode("ascii")
    return [BEGIN, *(packed[at : at + _LINE] for at in range(0, len(packed), _LINE)), END]


def read_receipt(path: Path) -> Receipt:
    """The receipt in a file: the receipt itself (JSON), or anything that was exported with one.

    Raises `ReceiptError` if there is none, or it is damaged, and `OSError`.
    """
    if path.stat().st_size > MAX_FILE:
        raise ReceiptError(path.name, "the file is too large to hold a receipt", "name a file that was exported")
    return receipt_in(path.read_bytes(), path.name)


def receipt_in(content: bytes, name: str) -> Receipt:
    """The receipt in `content`, called `name` in errors. Raises `ReceiptError`."""
    from pydantic import ValidationError

    from limen.exports.receipt import Receipt

    found = _from_word(content, name) if content[:4] == b"PK\x03\x04" else _from_text(content, name)
    try:
        return Receipt.model_validate_json(found)
    except ValidationError as error:
        place = ".".join(map(str, error.errors(include_input=False, include_url=False)[0]["loc"])) or "the whole"
        raise ReceiptError(name, f"the receipt does not fit its form at `{place}`", "export the case again") from None


def holds_receipt(path: Path) -> bool:
    """Whether a file looks like one that was exported with a receipt."""
    try:
        if not path.is_file() or path.stat().st_size > MAX_FILE:
            return False
        content = path.read_bytes()
    except OSError:
        return False
    return content[:4] == b"PK\x03\x04" or BEGIN.encode() in content or b'"receipt_version"' in content[:200]


def _compact(receipt: Receipt) -> bytes:
    return json.dumps(receipt.model_dump(mode="json"), ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def _from_word(content: bytes, name: str) -> bytes:
    import io
    import zipfile

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if archive.getinfo(PART).file_size > MAX_RECEIPT:
                raise ReceiptError(name, "the receipt in it is too large", "name a file that was exported")
            return archive.read(PART)
    except KeyError:
        raise ReceiptError(name, "there is no receipt in this file", "name a file that Limen exported") from None
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
        raise ReceiptError(name, "the file is damaged", "export the case again") from None


def _from_text(content: bytes, name: str) -> bytes:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ReceiptError(name, "this is not UTF-8 text", "name a file that Limen exported") from None
    found = _BETWEEN.search(text)
    if found is None:
        if text.lstrip().startswith("{"):
            return content.removeprefix(b"\xef\xbb\xbf")
        raise ReceiptError(name, "there is no receipt in this file", "name a file that Limen exported")
    packed = re.sub(r"[^A-Za-z0-9+/=]", "", found[1])
    try:
        unpacking = zlib.decompressobj()
        plain = unpacking.decompress(base64.b64decode(packed, validate=True), MAX_RECEIPT)
        if unpacking.unconsumed_tail or not unpacking.eof:
            raise zlib.error("cut or too large")
    except (binascii.Error, zlib.error):
        raise ReceiptError(name, "the receipt in it is damaged", "export the case again") from None
    return plain
