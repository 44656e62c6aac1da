"""A learning system as cmi5 has it, small: it launches a course, gives one token, keeps state, and takes statements.

It answers as a strict one would: a request without the token of the session is refused, and so is a statement that is
not built as xAPI 1.0.3 asks. `held` says whether the statements of a session keep the rules of cmi5.
"""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

CMI5 = "https://w3id.org/xapi/cmi5/"
VERBS = "http://adlnet.gov/expapi/verbs/"
ACTOR = {"objectType": "Agent", "account": {"homePage": "https://lms.example", "name": "4711"}}
ACTIVITY = "https://lms.example/activities/17"
DEFINED = ("initialized", "completed", "passed", "failed", "terminated")


class Lrs:
    """One registration of one person in one course; each launch is a session of its own."""

    def __init__(self) -> None:
        self.registration = str(uuid.uuid4())
        self.tokens: dict[str, str] = {}
        self.launch_data: dict[str, Any] = {}
        self.state: dict[str, Any] = {}
        self.statements: list[dict[str, Any]] = []
        self.refused: list[str] = []
        self.down = 0
        self.url = ""

    def launch(self, course: str, mode: str = "Normal", unit: str = "urn:unit", **more: Any) -> str:
        """The address that a new session is opened at."""
        session = str(uuid.uuid4())
        self.tokens[session] = ""
        self.launch_data = {
            "contextTemplate": {
                "contextActivities": {"grouping": [{"objectType": "Activity", "id": unit}]},
                "extensions": {f"{CMI5}context/extensions/sessionid": session},
            },
            "launchMode": mode, "moveOn": "CompletedAndPassed", **more,
        }  # fmt: skip
        query = {
            "endpoint": f"{self.url}/xapi", "fetch": f"{self.url}/token?k={session}", "actor": json.dumps(ACTOR),
            "registration": self.registration, "activityId": ACTIVITY,
        }  # fmt: skip
        return f"{course}?{urlencode(query)}"

    @property
    def session(self) -> str:
        """The session that was launched last."""
        return list(self.tokens)[-1]

    def of(self, session: str) -> list[dict[str, Any]]:
        """The statements of a session, in the order of their time."""
        own = [one for one in self.statements if session_of(one) == session]
        return sorted(own, key=lambda one: str(one["timestamp"]))

    def verbs(self, session: str) -> list[str]:
        """The verbs of a session, in order."""
        return [verb(one) for one in self.of(session)]

    def take(self, one: dict[str, Any]) -> str:
        """Keep a statement; what is wrong with it, if something is."""
        wrong = [
            *(["no id"] if not _is_uuid(one.get("id")) else []),
            *(["not the actor of the launch"] if one.get("actor") != ACTOR else []),
            *(["a property nobody knows"] if set(one) - _STATEMENT else []),
            *(["not the registration"] if one["context"].get("registration") != self.registration else []),
            *(["not a time in UTC"] if not str(one.get("timestamp")).endswith("Z") else []),
            *(["the session is over"] if "terminated" in self.verbs(session_of(one)) else []),
            *(["it was there before"] if one["id"] in {kept["id"] for kept in self.statements} else []),
        ]
        if not wrong:
            self.statements.append(one)
        return "; ".join(wrong)


_STATEMENT = {"id", "actor", "verb", "object", "result", "context", "timestamp"}


def verb(one: dict[str, Any]) -> str:
    """The verb of a statement, without where it is defined."""
    return str(one["verb"]["id"]).removeprefix(VERBS)


def session_of(one: dict[str, Any]) -> str:
    """The session a statement says it belongs to."""
    return str(one["context"]["extensions"][f"{CMI5}context/extensions/sessionid"])


def categories(one: dict[str, Any]) -> set[str]:
    """The cmi5 categories of a statement."""
    return {
        activity["id"].removeprefix(f"{CMI5}context/categories/")
        for activity in one["context"]["contextActivities"].get("category", [])
    }


def held(lrs: Lrs, session: str, unit: str = "urn:unit") -> None:
    """The statements of a session keep the rules of cmi5, section 9."""
    told = lrs.of(session)
    verbs = [verb(one) for one in told]
    assert verbs[0] == "initialized"
    assert verbs[-1] == "terminated"
    assert verbs.count("initialized") == verbs.count("terminated") == 1
    assert verbs.count("passed") + verbs.count("failed") <= 1
    for one in told:
        context, result = one["context"], one.get("result", {})
        assert {"objectType": "Activity", "id": unit} in context["contextActivities"]["grouping"]
        if verb(one) not in DEFINED:
            assert not categories(one), "what cmi5 does not define is not said to be of it"
            continue
        assert one["object"]["id"] == ACTIVITY
        assert "cmi5" in categories(one)
        assert ("moveon" in categories(one)) == ("success" in result or "completion" in result)
        assert ("completion" in result) == (verb(one) == "completed")
        assert result.get("success") == {"passed": True, "failed": False}.get(verb(one))
        assert "duration" in result or verb(one) == "initialized"
        assert "score" not in result or verb(one) in ("passed", "failed")
        if verb(one) in ("passed", "failed"):
            mastery = context["extensions"][f"{CMI5}context/extensions/masteryscore"]
            assert "score" not in result or (result["score"]["scaled"] >= mastery) == (verb(one) == "passed")
    whole = [verb(one) for one in sorted(lrs.statements, key=lambda one: str(one["timestamp"]))]
    assert whole.count("completed") <= 1
    assert whole.count("passed") <= 1
    assert "passed" not in whole or "failed" not in whole[whole.index("passed") :]


def _is_uuid(text: Any) -> bool:
    return isinstance(text, str) and str(uuid.UUID(text)) == text


@contextmanager
def learning_system() -> Iterator[Lrs]:
    """The learning system, at an address of its own, so that a browser asks it across origins."""
    lrs = Lrs()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: Any) -> None: ...

        def _say(self, status: int, body: Any = None) -> None:
            self.send_response(status)
            self.send_header("Access-Control-Allow-Origin", "*")
            self.send_header("Access-Control-Allow-Headers", "*, Authorization")
            self.send_header("Access-Control-Allow-Methods", "GET, POST, PUT")
            content = b"" if body is None else json.dumps(body).encode()
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def do_OPTIONS(self) -> None:
            self._say(204)

        def _asked(self) -> tuple[str, dict[str, str], Any]:
            parts = urlsplit(self.path)
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length)) if length else None
            return parts.path, {name: value[0] for name, value in parse_qs(parts.query).items()}, body

        def _may(self) -> bool:
            given = lrs.tokens.get(lrs.session)
            return bool(given) and self.headers.get("Authorization") == f"Basic {given}" and bool(
                self.headers.get("X-Experience-API-Version")
            )  # fmt: skip

        def do_GET(self) -> None:
            path, query, _ = self._asked()
            if path == "/back":
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b"<!doctype html><title>LMS</title><h1>Your courses</h1>")
            elif not self._may():
                self._say(401)
            elif path.endswith("agents/profile"):
                self._say(404)
            else:
                kept = {"LMS.LaunchData": lrs.launch_data}.get(query["stateId"], lrs.state.get(query["stateId"]))
                right = query["registration"] == lrs.registration and query["activityId"] == ACTIVITY
                self._say(200 if kept is not None and right else 404, kept)

        def do_PUT(self) -> None:
            _, query, body = self._asked()
            if not self._may() or query["stateId"] == "LMS.LaunchData":
                self._say(403)
            else:
                lrs.state[query["stateId"]] = body
                self._say(204)

        def do_POST(self) -> None:
            path, query, body = self._asked()
            if path == "/token" and lrs.tokens[query["k"]]:
                self._say(200, {"error-code": "1", "error-text": "The token was given before."})
            elif path == "/token":
                lrs.tokens[query["k"]] = uuid.uuid4().hex
                self._say(200, {"auth-token": lrs.tokens[query["k"]]})
            elif lrs.down > 0:
                lrs.down -= 1
                self._say(503)
            elif not self._may():
                self._say(401)
            else:
                wrong = [found for one in (body if isinstance(body, list) else [body]) if (found := lrs.take(one))]
                lrs.refused += wrong
                self._say(400 if wrong else 200, wrong or ["kept"])

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    lrs.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield lrs
    server.shutdown()
