"""The office behind HTTP: a case is posted as JSON, and the answer comes back for each item.

python service.py 8080
"""

from __future__ import annotations

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from office import decide


class Desk(BaseHTTPRequestHandler):
    """Answers every POST with `{"items": {id: "allow" or "deny"}}`."""

    def do_POST(self) -> None:  # the name the server looks for
        case = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        answer = json.dumps({"items": {item: decide(case) for item in case["items"]}}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: a thousand cases come in."""


def serve(port: int = 0) -> ThreadingHTTPServer:
    """A server on this machine alone, not yet running; port 0 takes any that is free."""
    return ThreadingHTTPServer(("127.0.0.1", port), Desk)


if __name__ == "__main__":
    serve(int(sys.argv[1])).serve_forever()
