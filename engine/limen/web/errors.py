"""What goes wrong, told: as a problem document (RFC 9457) to a program, as a page to a person.

Every kind has a stable type, `/problems/NAME`, which is also the address of its page on the server. Nothing here
repeats what somebody sent: it could be a name.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from limen.crossref.errors import RegistryError
from limen.law.facts import FactError
from limen.law.making import EditionError
from limen.ledger.errors import LedgerUnavailable
from limen.request.problems import RequestError

PROBLEM_JSON = "application/problem+json"


class Problem(Exception):
    """A call that cannot be answered as asked. `detail` says how to mend it; `more` are members of the document."""

    def __init__(
        self,
        name: str,
        status: int,
        title: str,
        detail: str,
        *,
        headers: dict[str, str] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(title)
        self.name = name
        self.status = status
        self.title = title
        self.detail = detail
        self.headers = headers or {}
        self.more = more

    def document(self) -> dict[str, Any]:
        """The problem as RFC 9457 has it."""
        return {
            "type": f"/problems/{self.name}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            **self.more,
        }


class SignInNeeded(Problem):
    """Nobody is signed in."""

    def __init__(self) -> None:
        super().__init__(
            "sign-in-needed",
            401,
            "sign in first",
            "sign in, or send a token in the `Authorization` header",
            headers={"WWW-Authenticate": 'Bearer realm="limen"'},
        )


Ours = EditionError | FactError | LedgerUnavailable | RegistryError | RequestError
OURS = (EditionError, FactError, LedgerUnavailable, RegistryError, RequestError)
"""What the rooms below raise on purpose where a request cannot be read, decided or recorded."""


def problem_of(error: Ours) -> Problem:
    """The problem that an error of ours is to who called."""
    match error:
        case EditionError():
            return Problem("no-such-law", 422, "no law of that day", str(error))
        case FactError():
            return Problem("bad-fact", 422, "a fact that does not fit", "`GET /v1/book` lists the facts")
        case LedgerUnavailable():
            detail = "no decision without a record: nothing was decided. " + error.what
            return Problem("ledger-unavailable", 503, "the ledger cannot record", detail, headers={"Retry-After": "30"})
        case RegistryError():
            return Problem("registry-unavailable", 503, "the registry cannot be asked", "nothing was decided")
        case RequestError():
            errors = [
                {"at": one.address or one.file, "what": one.message, "code": one.code, "mend": one.mend}
                for one in error.problems
            ]
            return Problem("bad-request", 422, "the request cannot be read", "see `errors`", errors=errors)


class About(NamedTuple):
    """What the page of a problem says."""

    status: int
    title: str
    meaning: str
    mend: str


PROBLEMS: dict[str, About] = {
    "sign-in-needed": About(401, "Sign in first", "The server is shared, and nobody is signed in.",
        "Sign in on the page, or send `Authorization: Bearer TOKEN`; `limen serve user token NAME` makes one."),
    "not-allowed": About(403, "Not for this role", "Trainers, trainees, analysts and admins see different parts.",
        "Ask who runs the server for the role; `limen serve user roles NAME ROLE...` gives it."),
    "form-expired": About(403, "The form is no longer good", "A form carries a token that belongs to your session.",
        "Load the page again and send the form once more."),
    "foreign-origin": About(403, "Sent from another site", "A page of another site had your browser send this.",
        "Send it from a page of this server, or from a program without an `Origin` header."),
    "wrong-host": About(421, "Not a name of this server", "The `Host` header names no host of this server.",
        "Use the address the server was started with, or start it with `--allow-host NAME`."),
    "not-found": About(404, "Nothing here", "There is no page, record or name of that address.",
        "Start from the first page, or look the name up in the list it comes from."),
    "wrong-method": About(405, "Not this way", "The address is there, but not for this method.",
        "`/openapi.json` lists what each address takes."),
    "bad-input": About(422, "Cannot be used as sent", "The body or the query is not of the form that is asked for.",
        "`errors` names each place and what is wrong there; `/openapi.json` has the schema."),
    "bad-request": About(422, "The request cannot be read", "A request is checked whole before anything is decided.",
        "`errors` lists what is wrong, by its place in the request; `limen request schema` prints the form."),
    "no-such-profile": About(422, "No such profile", "The rule book has no profile of that name.",
        "`GET /v1/book` lists the profiles; `all` asks every one."),
    "no-such-law": About(422, "No law of that day", "The book is silent on that day, or the profile was not there yet.",
        "Choose a day the book covers."),
    "bad-fact": About(422, "A fact that does not fit", "It is not in the vocabulary, or its value is of another type.",
        "`GET /v1/book` lists the facts with their types and values."),
    "wrong-media-type": About(415, "Not JSON", "The API takes `application/json` only.",
        "Send `Content-Type: application/json`."),
    "too-large": About(413, "Too large", "The body is larger than the server takes.",
        "Send fewer requests at once; `limen decide` takes files of any size."),
    "too-slow": About(408, "Too slow", "The body did not arrive within the time the server waits.",
        "Send it again, on a better line or in smaller parts."),
    "too-long": About(503, "Took too long", "The answer was not there within the time the server gives one.",
        "Ask for less at once. Whatever was decided is in the ledger."),
    "busy": About(503, "Busy", "More is asked for than the server can decide; nothing of this call was decided.",
        "Wait as long as `Retry-After` says, in seconds, and send it again."),
    "too-often": About(429, "Too often", "More calls than one caller may make in a minute.",
        "Wait as long as `Retry-After` says, in seconds."),
    "ledger-unavailable": About(503, "The ledger cannot record", "No decision without a record: nothing was decided.",
        "Mend the ledger (`limen ledger verify`), then send it again."),
    "registry-unavailable": About(503, "The registry is gone", "Nobody can be looked up, so nothing was decided.",
        "Check the registry the server was started with (`limen registry info`)."),
    "engine-fault": About(500, "A fault of the server", "Something failed that should not. Nothing was released.",
        "A report without personal data is in the folder of faults; please add it to an issue."),
}  # fmt: skip
"""Every kind of problem the server can answer with."""
