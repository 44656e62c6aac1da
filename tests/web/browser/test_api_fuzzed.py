"""The API called with whatever its own description allows, and with what it does not: by schemathesis, over HTTP.

Never a fault of the server, never an answer that the description does not know, and afterwards a ledger that is whole.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.web.browser.conftest import Server

EXAMPLES = int(os.environ.get("LIMEN_FUZZ_EXAMPLES", "20"))
CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,"
    "response_headers_conformance,unsupported_method"
)


def test_no_call_breaks_the_api_or_its_description(live_server: Server, tmp_path: Path) -> None:
    described = tmp_path / "openapi.json"
    with urllib.request.urlopen(f"{live_server.url}/openapi.json", timeout=120) as answer:
        described.write_bytes(answer.read())
    done = subprocess.run(
        [
            str(Path(sys.executable).with_name("schemathesis")), "run", str(described), "--url", live_server.url,
            "--checks", CHECKS, "--max-examples", str(EXAMPLES), "--mode", "all", "--seed", "6103",
            "--phases", "examples,fuzzing", "--suppress-health-check", "all", "--no-color",
            "--request-timeout", "60",
        ],
        cwd=tmp_path, capture_output=True, text=True, check=False, timeout=900,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-12_000:] + done.stderr[-2000:]
    with urllib.request.urlopen(f"{live_server.url}/v1/ledger/verification") as answer:
        found = json.load(answer)
    assert found["sound"] is True


def test_the_fuzzer_would_find_a_fault(tmp_path: Path) -> None:
    """The same run against a server that fails: a check that cannot fail proves nothing."""
    served = tmp_path / "served.py"
    served.write_text(
        "import uvicorn, sys\n"
        "from fastapi import FastAPI\n"
        "app = FastAPI()\n"
        "@app.get('/v1/book')\n"
        "def book(name: str = '') -> dict[str, str]:\n"
        "    return {'name': 1 / 0 if name else ''}\n"
        "uvicorn.run(app, port=int(sys.argv[1]), log_level='critical')\n"
    )
    port = _free_port()
    process = subprocess.Popen([sys.executable, str(served), str(port)], stderr=subprocess.DEVNULL)
    try:
        _wait(f"http://127.0.0.1:{port}/openapi.json")
        done = subprocess.run(
            [str(Path(sys.executable).with_name("schemathesis")), "run", f"http://127.0.0.1:{port}/openapi.json",
             "--checks", CHECKS, "--max-examples", "10", "--no-color"],
            cwd=tmp_path, capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip
        assert done.returncode == 1, done.stdout
        assert "Server error" in done.stdout
    finally:
        process.terminate()
        process.wait(10)


def _free_port() -> int:
    import socket

    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _wait(url: str) -> None:
    import time

    for _ in range(900):
        try:
            urllib.request.urlopen(url).close()
            return
        except OSError:
            time.sleep(0.1)
    pytest.fail("the server did not start")
