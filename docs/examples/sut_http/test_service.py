"""The suite of the service: the cases go over HTTP, the book is the judge."""

from __future__ import annotations

import threading

from service import serve

from limen.testing import conformance


def test_the_service_keeps_to_the_book() -> None:
    server = serve()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        url = f"http://127.0.0.1:{server.server_port}/decide"
        conformance(url, profile="text-strict", under=["usc.26.6103.c", "usc.26.6103.i.8"], examples=100).check()
    finally:
        server.shutdown()
        server.server_close()
