"""A test per item of the OWASP top ten (2021) that applies, and what else a server can be tricked with.

`docs/serving.md` lists them, with their numbers of 2025.
"""

from __future__ import annotations

import ast
import asyncio
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from test_routes import all_routes, rule_of
from told_requests import NAME, textbook
from visits import sign_in, token

from limen.web.accounts import ROLES
from limen.web.app import make_app
from limen.web.errors import Problem
from limen.web.security import CSP, HEADERS, Rates, Shield
from limen.web.serving import Listening, ServeError, check_reach, is_loopback
from limen.web.settings import Settings

WEB = Path(__file__).parents[2] / "engine" / "limen" / "web"
PAGE = {"accept": "text/html"}
UNESCAPED = re.compile(
    r"\|\s*safe\b|autoescape\s+false|<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=|javascript:"
)  # fmt: skip
"""What a template may not hold: what is not escaped, and what the policy would refuse."""


def filled(path: str) -> str:
    """A path with something in the place of each parameter."""
    return re.sub(r"\{[^}]*\}", "1", path)


# A01 broken access control


@pytest.fixture(scope="module")
def each_role(shared_app: FastAPI) -> dict[str, TestClient]:
    """One browser for each role, signed in."""
    browsers = {}
    for role in ROLES:
        browsers[role] = TestClient(shared_app, base_url="http://localhost:8787", follow_redirects=False)
        assert sign_in(browsers[role], role).status_code == 303
    return browsers


def test_every_route_is_closed_to_whoever_is_not_signed_in(visitor: TestClient) -> None:
    for route in all_routes():
        if rule_of(route) == "public":
            continue
        for method in route.methods:
            answer = visitor.request(method, filled(route.path), headers={"Content-Type": "application/json"})
            assert answer.status_code in (401, 403), f"{method} {route.path}: {answer.status_code}"


def test_every_route_is_closed_to_the_roles_it_is_not_for(each_role: dict[str, TestClient]) -> None:
    tried = 0
    for route in all_routes():
        rule = rule_of(route)
        if rule in ("public", "signed in"):
            continue
        for role, browser in each_role.items():
            if role in rule.split(" or "):
                continue
            for method in route.methods:
                headers = {"X-CSRF-Token": token(browser, "/"), "Content-Type": "application/json"}
                answer = browser.request(method, filled(route.path), headers=headers)
                assert answer.status_code == 403, f"{role}: {method} {route.path}: {answer.status_code}"
                tried += 1
    assert tried >= len(ROLES) - 1


@pytest.mark.parametrize(
    "path",
    ["/static/../app.py", "/static/..%2fapp.py", "/static/%2e%2e/app.py", "/static/....//app.py", "/static//etc/passwd",
     "/static/..%5capp.py", "/static/%00", "/static/limen.css%00.py", "/v1/book/..%2f..%2fetc%2fpasswd"],
)  # fmt: skip
def test_no_path_leads_out_of_the_folder(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code in (400, 404) and "make_app" not in answer.text and "root:" not in answer.text


# A02 cryptographic failures (passwords and sessions: see test_sign_in)


@pytest.mark.parametrize(
    ("where", "settings", "why"),
    [
        (Listening("0.0.0.0"), {}, "--sign-in"),
        (Listening("::"), {}, "--sign-in"),
        (Listening("192.0.2.7"), {}, "--sign-in"),
        (Listening("limen.example"), {}, "--sign-in"),
        (Listening("0.0.0.0"), {"sign_in": True}, "in the open"),
        (Listening("0.0.0.0"), {"sign_in": True, "tls": True}, "--allow-host"),
        (Listening("127.0.0.1", certificate="x"), {}, "together"),
    ],
)
def test_others_reach_it_only_with_sign_in_over_tls(where: Listening, settings: Any, why: str) -> None:
    with pytest.raises(ServeError, match=re.escape(why)):
        check_reach(Settings(ledger="x", store="y", **settings), where)


def test_this_machine_alone_needs_neither() -> None:
    check_reach(Settings(ledger="x", store="y"), Listening("127.0.0.1"))
    assert [is_loopback(host) for host in ("::1", "127.3.2.1", "localhost", "0.0.0.0", "localhost.example")] == [
        True, True, True, False, False
    ]  # fmt: skip


# A03 injection


def test_whatever_is_put_into_a_page_is_text(shared_app: FastAPI, visitor: TestClient) -> None:
    accounts = shared_app.state.accounts
    named = "<img src=x onerror=alert(1)>'\"{{7*7}}{{'un' ~ 'escaped'}}"
    accounts.add(named, ("trainee",), "a password for tests only")
    sign_in(visitor, named)
    page = visitor.get("/?x=<script>alert(2)</script>", headers=PAGE).text
    assert "&lt;img src=x onerror=alert(1)&gt;" in page and "{{7*7}}{{&#39;un&#39; ~ &#39;escaped&#39;}}" in page
    assert "<img src=x" not in page and "<script>alert" not in page and "unescaped" not in page


def test_no_template_prints_anything_unescaped() -> None:
    for template in WEB.rglob("templates/**/*.html"):
        assert not UNESCAPED.search(template.read_text(encoding="utf-8")), template.name


@pytest.mark.parametrize("name", ["' OR '1'='1", "x'; DROP TABLE users; --", "admin' --", "%", "_"])
def test_a_name_is_a_name_and_not_sql(visitor: TestClient, name: str) -> None:
    assert sign_in(visitor, name, "a password for tests only").status_code == 401


def test_no_header_is_made_of_what_was_sent(client: TestClient) -> None:
    answer = client.get("/v1/ledger", headers={"X-Request-ID": "a"})
    assert "x-request-id" not in answer.headers
    odd = client.post("/access/v1/evaluation", json={}, headers={b"X-Request-ID": "ä".encode()})  # type: ignore[dict-item]
    assert odd.status_code == 400


# A04 insecure design


def test_one_caller_has_so_many_calls_a_minute() -> None:
    seconds = [0.0]
    rates = Rates(60, lambda: seconds[0])
    assert [rates.take("a") for _ in range(60)] == [0] * 60
    assert 0 < rates.take("a") <= 1 and rates.take("b") == 0
    seconds[0] = 1.0
    assert rates.take("a") == 0
    for number in range(Rates.MOST_ADDRESSES + 5):
        rates.take(f"address {number}")
    assert len(rates._left) <= Rates.MOST_ADDRESSES


def test_too_many_calls_are_told_when_to_come_back(shared_settings: Settings) -> None:
    with TestClient(make_app(shared_settings.with_(calls_a_minute=3)), base_url="http://localhost") as caller:
        answers = [caller.get("/problems") for _ in range(5)]
        assert [one.status_code for one in answers] == [200, 200, 200, 429, 429]
        assert int(answers[-1].headers["retry-after"]) >= 1
        assert caller.get("/health").status_code == 200


# A05 security misconfiguration


def test_every_answer_has_every_header(client: TestClient) -> None:
    for path in ("/", "/nowhere", "/static/limen.css", "/v1/book", "/v1/ledger/none", "/health", "/openapi.json"):
        headers = client.get(path).headers
        for name, value in HEADERS:
            assert headers[name.decode()] == value.decode(), f"{path}: {name!r}"
        assert "server" not in headers and "x-powered-by" not in headers
    assert client.get("/").headers["cache-control"] == "no-store"
    for forbidden in ("unsafe-inline", "unsafe-eval", "*", "http:", "https:"):
        assert forbidden not in CSP


def test_a_call_by_another_name_is_refused(client: TestClient) -> None:
    for host in ("evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "", "evil.example:8787"):
        answer = client.get("/", headers={"host": host})
        assert answer.status_code == 421, host
        assert host == "" or host not in answer.text
    for host in ("localhost", "127.0.0.1:8787", "[::1]:8787", "LOCALHOST:1"):
        assert client.get("/health", headers={"host": host}).status_code == 200
    assert client.get("/", headers={"host": "localhost", "x-forwarded-host": "evil.example"}).status_code == 200


def test_nothing_is_there_that_was_not_meant_to_be(client: TestClient) -> None:
    for path in ("/docs", "/redoc", "/.git/config", "/.env", "/static/", "/admin", "/server-status", "/debug"):
        assert client.get(path).status_code == 404, path
    for method in ("TRACE", "CONNECT", "PUT", "DELETE"):
        assert client.request(method, "/").status_code in (404, 405)


def test_a_fault_tells_nothing_of_the_case(
    client: TestClient, web_home: Path, monkeypatch: pytest.MonkeyPatch, capfd: Any
) -> None:
    def fails(*_: Any, **__: Any) -> Any:
        raise RuntimeError(f"something about {NAME}")

    monkeypatch.setattr(client.app.state.bench.desk, "handle", fails)  # type: ignore[attr-defined]
    answer = client.post("/v1/decisions", json={"request": textbook()})
    assert answer.status_code == 500 and answer.json()["type"] == "/problems/engine-fault"
    said = capfd.readouterr()
    report = max((web_home / "faults").glob("*.txt"), key=lambda path: path.stat().st_mtime).read_text()
    assert "RuntimeError" in report and "/v1/decisions" in report
    assert NAME not in answer.text + report + said.out + said.err


# A06 vulnerable and outdated components (versions are held in constraints.txt, which tests/house checks)


def test_what_was_made_by_others_is_what_it_says() -> None:
    note = (WEB / "static" / "THIRD-PARTY.md").read_text(encoding="utf-8")
    for script in WEB.glob("static/*.min.js"):
        digest = hashlib.sha256(script.read_bytes()).hexdigest()
        assert f"`{script.name}`" in note and digest in note


# A07 identification and authentication failures: see test_sign_in

# A08 software and data integrity failures


def test_a_form_without_this_visitors_token_changes_nothing(visitor: TestClient) -> None:
    sign_in(visitor, "analyst")
    own = token(visitor, "/")
    for given in ({}, {"csrf": ""}, {"csrf": "0" * 64}):
        assert visitor.post("/sign-out", data=given).status_code == 403
    foreign = {"Origin": "https://evil.example"}
    assert visitor.post("/sign-out", data={"csrf": own}, headers=foreign).status_code == 403
    for site in ("cross-site", "same-site"):
        assert visitor.post("/sign-out", data={"csrf": own}, headers={"Sec-Fetch-Site": site}).status_code == 403
    assert visitor.get("/").status_code == 200
    ours = {"Origin": "http://localhost:8787", "Sec-Fetch-Site": "same-origin"}
    assert visitor.post("/sign-out", data={"csrf": own}, headers=ours).status_code == 303


def test_a_token_of_another_visitor_is_none(shared_app: FastAPI) -> None:
    browsers = [TestClient(shared_app, base_url="http://localhost:8787", follow_redirects=False) for _ in range(2)]
    for browser in browsers:
        sign_in(browser, "analyst")
    assert browsers[1].post("/sign-out", data={"csrf": token(browsers[0], "/")}).status_code == 403


def test_the_api_takes_no_form_of_another_site(client: TestClient) -> None:
    body = json.dumps({"request": textbook()})
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        assert client.post("/v1/decisions", content=body, headers={"Content-Type": kind}).status_code == 415
    foreign = {"Content-Type": "application/json", "Origin": "https://evil.example"}
    assert client.post("/v1/decisions", content=body, headers=foreign).status_code == 403


# A09 security logging and monitoring failures


def test_who_is_turned_away_is_counted(visitor: TestClient, each_role: dict[str, TestClient]) -> None:
    def counted(text: str) -> float:
        found = re.search(r'limen_sign_ins_total\{outcome="refused"\} (\S+)', text)
        return float(found[1]) if found else 0

    before = counted(each_role["admin"].get("/metrics").text)
    sign_in(visitor, "somebody", "not the password at all")
    visitor.get("/", headers={"host": "evil.example"})
    after = each_role["admin"].get("/metrics").text
    assert counted(after) == before + 1
    assert 'limen_http_refused_total{why="wrong-host"}' in after and "evil.example" not in after


# A10 server-side request forgery


def test_the_server_calls_nobody() -> None:
    calling = {"urllib.request", "http.client", "httpx2", "httpx", "requests", "aiohttp", "ftplib", "smtplib"}
    for module in WEB.rglob("*.py"):
        tree = ast.parse(module.read_text(encoding="utf-8"))
        names = {a.name for node in ast.walk(tree) if isinstance(node, ast.Import) for a in node.names}
        names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        assert not names & calling, module.name


# size and time


def asgi(settings: Settings, app: Any, *, body: Any, headers: Any = (), path: str = "/v1/decisions") -> list[Any]:
    """What `app` behind the shield answers to a body that arrives as `body`, an async iterator of messages, does."""
    sent: list[Any] = []

    async def call() -> None:
        waiting = body()

        async def receive() -> Any:
            return await anext(waiting)

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {
            "type": "http", "method": "POST", "path": path, "client": ("127.0.0.1", 1), "query_string": b"",
            "headers": [(b"host", b"localhost"), *headers],
        }  # fmt: skip
        await Shield(app, settings)(scope, receive, send)

    asyncio.run(call())
    return sent


async def reads_all(scope: Any, receive: Any, send: Any) -> None:
    """An application that reads the body and answers."""
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"read"})


def test_a_body_that_says_it_is_too_large_is_not_read(settings: Settings) -> None:
    async def body() -> Any:
        raise AssertionError("the body was read")
        yield

    sent = asgi(settings, reads_all, body=body, headers=[(b"content-length", b"1000001")])
    assert sent[0]["status"] == 413
    assert asgi(settings, reads_all, body=body, headers=[(b"content-length", b"-1")])[0]["status"] == 413


def test_a_body_that_turns_out_too_large_is_cut_off(settings: Settings) -> None:
    async def body() -> Any:
        while True:
            yield {"type": "http.request", "body": b"x" * 400_000, "more_body": True}

    assert asgi(settings, reads_all, body=body)[0]["status"] == 413


def test_a_body_that_drips_is_cut_off(settings: Settings) -> None:
    async def body() -> Any:
        while True:
            await asyncio.sleep(0.05)
            yield {"type": "http.request", "body": b"x", "more_body": True}

    assert asgi(settings.with_(body_seconds=0.3), reads_all, body=body)[0]["status"] == 408


async def _whole() -> Any:
    yield {"type": "http.request", "body": b"{}", "more_body": False}


def test_an_answer_that_takes_too_long_is_given_up(settings: Settings) -> None:
    async def slow(scope: Any, receive: Any, send: Any) -> None:
        await asyncio.sleep(0.5)
        await reads_all(scope, receive, send)

    sent = asgi(settings.with_(answer_seconds=0.1), slow, body=_whole)
    assert sent[0]["status"] == 503 and b"too-long" in sent[1]["body"] and len(sent) == 2


def test_more_calls_than_can_be_answered_are_told_to_come_back(settings: Settings) -> None:
    async def body_of_many() -> None:
        release = asyncio.Event()

        async def holds(scope: Any, receive: Any, send: Any) -> None:
            await release.wait()
            await reads_all(scope, receive, send)

        shield = Shield(holds, settings.with_(waiting=3))
        answers: list[list[Any]] = [[] for _ in range(5)]

        async def one(number: int) -> None:
            waiting = _whole()

            async def receive() -> Any:
                return await anext(waiting)

            async def send(message: Any) -> None:
                answers[number].append(message)

            scope = {"type": "http", "method": "POST", "path": "/x", "headers": [(b"host", b"localhost")]}
            await shield(scope, receive, send)

        tasks = [asyncio.create_task(one(number)) for number in range(5)]
        await asyncio.sleep(0.05)
        refused = [said for said in answers if said]
        assert len(refused) == 2 and all(said[0]["status"] == 503 for said in refused)
        assert all((b"retry-after", b"1") in said[0]["headers"] for said in refused)
        release.set()
        await asyncio.gather(*tasks)
        assert sorted(said[0]["status"] for said in answers) == [200, 200, 200, 503, 503]

    asyncio.run(body_of_many())


def test_deep_json_is_refused_and_not_followed(client: TestClient) -> None:
    deep = '{"request":' * 2000 + "1" + "}" * 2000
    answer = client.post("/v1/decisions", content=deep, headers={"Content-Type": "application/json"})
    assert answer.status_code in (400, 422)
    wide = {"request": {"id": "x", "items": [], "facts": {f"fact {n}": True for n in range(20_000)}}}
    assert client.post("/v1/decisions", json=wide).status_code == 422


def test_no_problem_repeats_what_was_sent() -> None:
    assert "value" not in Problem("bad-input", 422, "a", "b").document()


def test_what_is_said_to_be_tried_is() -> None:
    told = (WEB.parents[2] / "docs" / "serving.md").read_text(encoding="utf-8")
    here = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    named = set(re.findall(r"`(test_\w+)`", told))
    assert len(named) > 15 and {name for name in named if f"def {name}(" not in here} == set()
    assert {f"A{number:02}" for number in range(1, 11)} <= set(re.findall(r"A\d\d", told))
