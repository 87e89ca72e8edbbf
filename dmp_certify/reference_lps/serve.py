"""The product behind HTTP: the driver contract as `POST /` on a loopback port."""

from __future__ import annotations

import json
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

from dmp_certify.reference_lps.desk import Desk

_LONGEST = 16 * 1024 * 1024


def server(desk: Desk, port: int) -> HTTPServer:
    """A server on 127.0.0.1; port 0 takes a free one. One intent at a time."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            try:
                length = int(self.headers.get("Content-Length") or 0)
                order = json.loads(self.rfile.read(min(length, _LONGEST)))
            except ValueError as error:
                self._answer(400, {"error": f"the body is not JSON: {error}"})
                return
            if not isinstance(order, dict):
                self._answer(400, {"error": "the body is not a JSON object"})
                return
            self._answer(200, desk.carry_out(order))

        def _answer(self, status: int, content: dict[str, Any]) -> None:
            data = json.dumps(content, ensure_ascii=False).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json; charset=utf-8")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: Any) -> None:
            """Silent: stdout and stderr belong to the caller."""

    return HTTPServer(("127.0.0.1", port), Handler)


def serve(desk: Desk, port: int) -> int:
    """Answers until interrupted; says on stdout where it listens."""
    with server(desk, port) as running:
        print(f"http://127.0.0.1:{running.server_address[1]}/", flush=True)
        try:
            running.serve_forever()
        except KeyboardInterrupt:
            print("stopped", file=sys.stderr)
    return 0
