"""`limen serve` as it is started: two workers that share one ledger, callers at once, and a graceful stop."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from told_requests import textbook

from limen.cli.main import main
from limen.ledger import open_ledger

ROOT = Path(__file__).parents[2]
RUN = "import sys; from limen.cli.main import run; sys.exit(run())"


@contextmanager
def served(home: Path, *words: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A server of its own, and the port it took."""
    environment = {**os.environ, "LIMEN_HOME": str(home), "PYTHONPATH": str(ROOT / "engine"), "PYTHONUNBUFFERED": "1"}
    environment.pop("LIMEN_KEYS", None)
    process = subprocess.Popen(
        [sys.executable, "-c", RUN, "serve", "--port", "0", *words],
        env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=home.parent,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        found = re.search(r"localhost:(\d+)", process.stdout.readline())
        assert found is not None
        port = int(found[1])
        until = time.monotonic() + 90
        while time.monotonic() < until and process.poll() is None:
            try:
                call(port, "GET", "/health")
                break
            except OSError:
                time.sleep(0.1)
        yield process, port
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.wait(60)


def call(port: int, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    """One call, on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    try:
        headers = {"Content-Type": "application/json"} if body is not None else {}
        connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read() or b"null")
    finally:
        connection.close()


@pytest.mark.slow
def test_two_workers_share_one_ledger_and_no_record_is_lost(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with served(home, "--workers", "2", "--no-second-key") as (process, port):

        def decide(number: int) -> tuple[str, int]:
            body = {"request": textbook(id=f"request-{number}"), "profile": "irs-2025-08"}
            status, answer = call(port, "POST", "/v1/decisions", body)
            assert status == 200, answer
            return answer["decision"]["id"], answer["ledger"]["sequence"]

        with ThreadPoolExecutor(12) as callers:
            acknowledged = list(callers.map(decide, range(60)))
        children = subprocess.run(
            ["ps", "--ppid", str(process.pid), "-o", "pid="], capture_output=True, text=True, check=True
        ).stdout.split()
        assert len(children) >= 2
        assert call(port, "GET", "/v1/ledger/verification")[1]["sound"] is True
        with urlopen(f"http://127.0.0.1:{port}/metrics") as measured:
            counted = re.findall(r"^limen_decisions_total\{[^}]*\} (\S+)$", measured.read().decode(), re.MULTILINE)
        assert sum(map(float, counted)) == 60
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    with open_ledger(home / "ledger.sqlite", home / "keys") as ledger:
        kept = {r.body["decision"]["id"]: r.sequence for r in ledger.records() if r.kind == "decision"}
        assert kept == dict(acknowledged) and len(kept) == 60
        assert ledger.verify().ok


@pytest.mark.slow
def test_a_server_told_to_stop_gives_the_answers_under_way(tmp_path: Path) -> None:
    home = tmp_path / "home"
    answers: list[tuple[int, Any]] = []
    with served(home, "--no-second-key") as (process, port):
        body = {"requests": [textbook(id=f"request-{number}") for number in range(60)]}
        caller = threading.Thread(target=lambda: answers.append(call(port, "POST", "/v1/decisions/many", body)))
        caller.start()
        until = time.monotonic() + 60
        while time.monotonic() < until and process.poll() is None:
            with open_ledger(home / "ledger.sqlite", home / "keys") as ledger:
                if sum(record.kind == "decision" for record in ledger.records()) > 2:
                    break
            time.sleep(0.02)
        process.send_signal(signal.SIGTERM)
        caller.join(90)
        assert process.wait(60) == 0
    ((status, answer),) = answers
    assert status == 200 and len(answer["decisions"]) == 60
    with open_ledger(home / "ledger.sqlite", home / "keys") as ledger:
        kept = [record.body["decision"]["id"] for record in ledger.records() if record.kind == "decision"]
        assert kept == [one["decision"]["id"] for one in answer["decisions"]]
        assert ledger.verify().ok


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["serve", "--host", "0.0.0.0"], "add `--sign-in`"),
        (["serve", "--host", "0.0.0.0", "--sign-in"], "in the open"),
        (["serve", "--tls-key", "key.pem"], "given together"),
        (["serve", "user", "close", "nobody"], "no account of that name"),
        (["serve", "user", "roles", "nobody", "king"], "is not one of"),
    ],
)
def test_what_cannot_be_served_is_said_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    monkeypatch.setenv("LIMEN_HOME", str(tmp_path))
    assert main(words) == 2
    assert said in capsys.readouterr().err


def test_accounts_are_kept_by_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import io

    monkeypatch.setenv("LIMEN_HOME", str(tmp_path))
    monkeypatch.setattr(sys, "stdin", io.StringIO("a password for tests only\n"))
    assert main(["serve", "user", "add", "maria", "--role", "trainer", "--role", "analyst"]) == 0
    assert main(["serve", "user", "roles", "maria", "analyst"]) == 0
    assert main(["serve", "user", "token", "maria"]) == 0
    assert main(["serve", "user", "close", "maria"]) == 0
    assert main(["serve", "user", "list"]) == 0
    said = capsys.readouterr().out
    assert "made maria: analyst, trainer" in said and "maria: analyst · closed" in said and "limen_" in said
    monkeypatch.setattr(sys, "stdin", io.StringIO("short\n"))
    assert main(["serve", "user", "add", "kim", "--role", "trainer"]) == 2


def test_without_the_extra_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    assert main(["serve"]) == 2
    assert "pip install limen[web]" in capsys.readouterr().err


def test_a_caller_who_connects_and_says_nothing_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    import asyncio

    import uvicorn

    from limen.web import protocol

    monkeypatch.setattr(protocol, "HEADER_SECONDS", 0.4)

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await asyncio.sleep(0.8)  # an answer may take longer than a question
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})

    async def calls() -> tuple[bytes, bytes, bytes]:
        config = uvicorn.Config(
            app, port=0, http=protocol.PromptProtocol, lifespan="off", log_level="critical", timeout_keep_alive=30
        )
        server = uvicorn.Server(config)
        running = asyncio.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]

        async def says(*parts: bytes) -> bytes:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            for part in parts:
                writer.write(part)
                await asyncio.sleep(0.1)
            async with asyncio.timeout(20):
                heard = await reader.read(1000)
            writer.close()
            return heard

        silent, dripping, prompt = await asyncio.gather(
            says(),
            says(b"GET / HTTP/1.1\r\n", *(b"X-%d: 1\r\n" % n for n in range(3))),
            says(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"),
        )
        server.should_exit = True
        await running
        return silent, dripping, prompt

    silent, dripping, prompt = asyncio.run(calls())
    assert silent == dripping == b""
    assert prompt.startswith(b"HTTP/1.1 204")
