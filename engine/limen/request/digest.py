"""The digest of a request: one short name for exactly what it says."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from limen.request.model import Request

_PREFIX = b"limen.request/1\n"
_write = Request.__pydantic_serializer__.to_json
_kept: Callable[[Request], str] = vars(Request)["_digest"].__get__
_keep: Callable[[Request, str], None] = vars(Request)["_digest"].__set__


def canonical_json(request: Request) -> bytes:
    """`request` as JSON in its one canonical form, UTF-8.

    No white space, nothing that is not stated, keys in the order of the schema and facts in alphabetical order
    (the model keeps them so), lists in the order given. How the file was laid out has no part in it.
    """
    return _write(request, exclude_none=True)


def request_digest(request: Request) -> str:
    """The SHA-256 of the canonical form, in hexadecimal.

    It is a commitment to personal data that can be guessed: it says which request was meant, and does not hide it.
    It is computed once for a request, when it is read or first asked for, and kept with it.
    """
    try:
        return _kept(request)
    except AttributeError:
        digest = hashlib.sha256(_PREFIX + canonical_json(request)).hexdigest()
        _keep(request, digest)
        return digest
