"""What is to be recorded, and how it becomes the text that is hashed: committed, masked, canonical."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from limen.canonical import encode
from limen.ledger.account import account_text, request_account
from limen.ledger.errors import RecordRefused
from limen.ledger.keys import Key
from limen.ledger.masking import Personal, mask_body
from limen.ledger.shared import DIGEST_IN_JSON, Written
from limen.ledger.subject import Pseudonym
from limen.ledger.written import QuickWriter

if TYPE_CHECKING:
    from limen.request.model import Request
    from limen.request.subject import Subject

_KIND = re.compile(r"[a-z][a-z_]{0,39}")


@dataclass(frozen=True, slots=True)
class Entry:
    """What is to be recorded.

    `body` is a JSON object as a mapping, or the text of one; values of the mapping may be pydantic models or `Written`.
    `subject` is whom it is about, as stated (by default the subject of `request`), and `person` the registry's id
    where cross-reference found exactly one: neither is stored. Of `request` an account is stored: who asked, for
    what, naming which recipients, with pseudonyms for whatever could name somebody.
    """

    kind: str
    body: Mapping[str, Any] | str = field(repr=False)
    subject: Subject | None = field(default=None, repr=False)
    person: str | None = field(default=None, repr=False)
    request: Request | None = field(default=None, repr=False)

    @property
    def about(self) -> Subject | None:
        """Whom the record is about, as stated."""
        return self.subject if self.subject is not None or self.request is None else self.request.subject


def check_kind(kind: str, where: str) -> None:
    """Raises RecordRefused unless `kind` is a word a record may have as its kind."""
    if _KIND.fullmatch(kind) is None:
        raise RecordRefused("that is not a kind of record", where, "use small letters and `_`, at most 40")


def body_text(
    entry: Entry, personal: Personal, pseudonym: Pseudonym | None, key: Key, quick: QuickWriter, where: str
) -> str:
    """The JSON text to record for `entry`. Raises RecordRefused if its body is not a JSON object.

    `personal` is what must not be seen of whom it is about. A digest of the request becomes a commitment, for a plain
    one can be guessed from a name and an address. Whatever was stated of the subject and got into the body by mistake
    is masked.
    """
    salt = pseudonym or Pseudonym("", key.mask)
    texts = quick.texts
    known = len(texts.fresh)
    written = _quickly(entry, personal, salt, key, quick)
    if written is not None:
        return written
    try:
        account = None if entry.request is None else request_account(entry.request, salt, key, personal)
        body = _body(entry, account)
        say = texts.encode
        text = say(body)
        if len(texts.fresh) > known and _holds(personal, list(texts.fresh.items())[known:]):
            texts.withdraw(list(texts.fresh)[known:])
            say = texts.encode_in_full
            text = say(body)
        text = _committed(text, salt)
        own = [value.own for value in body.values() if isinstance(value, Written)]
        if personal.in_json("\n".join((text, *own))):
            said = json.loads(_committed(say(texts.unwritten(body)), salt))
            text = encode(mask_body(said, personal, salt))
        text = texts.fill(text)
    except (TypeError, ValueError, RecursionError):
        # The cause may quote a value of the request: it is not kept.
        raise RecordRefused(
            "the body of a record must be a JSON object", where, "give what `model_dump(mode='json')` gives"
        ) from None
    return text


def _quickly(entry: Entry, personal: Personal, salt: Pseudonym, key: Key, quick: QuickWriter) -> str | None:
    """The text to record, if it can be written in one go, holds nothing of the subject and no wording for the first
    time; else the careful way."""
    fresh = quick.texts.fresh
    known = len(fresh)
    try:
        account = None if entry.request is None else account_text(entry.request, salt, key, personal)
        text, shown = quick.write(entry.body, salt.commit, account)  # type: ignore[arg-type]
    except Exception:
        return None
    if len(fresh) != known or personal.in_json(shown):
        return None
    return text


def _committed(text: str, salt: Pseudonym) -> str:
    """The JSON text with every digest of a request replaced by a commitment."""
    first, *rest = text.split(DIGEST_IN_JSON)
    parts = [first]
    for part in rest:
        digest, quote, after = part.partition('"')
        if not digest.isalnum():
            raise ValueError("a digest is letters and digits")
        parts.append(f"{salt.commit('request', digest)}{quote}{after}")
    return DIGEST_IN_JSON.join(parts) if rest else text


def _holds(personal: Personal, fresh: list[tuple[str, str]]) -> bool:
    """Whether a wording that was never stored has something personal in it, and so is not to be shared."""
    for _, text in fresh:
        if personal.in_json(text):
            said = json.loads(text)
            if mask_body(said, personal, Pseudonym("", b"")) != said:
                return True
    return False


def _body(entry: Entry, account: Mapping[str, Any] | None) -> Mapping[str, Any]:
    body = entry.body
    if isinstance(body, str):
        body = json.loads(body, parse_constant=_no_constant)
    if not isinstance(body, Mapping):
        raise TypeError
    return body if account is None else {**body, "request": account}


def _no_constant(_: str) -> None:
    raise ValueError
