"""The receiver of notifications: it checks their signatures, and keeps what they say."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

from e2e.engine import SECRET


class Receiver(ThreadingHTTPServer):
    """statuses: by Assembly, those that came. forged: how many had no signature that holds."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.statuses: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self.forged = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/notified"


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver that answers until the block ends."""
    with Receiver() as receiver:
        threading.Thread(target=receiver.serve_forever, args=(0.1,), daemon=True).start()
        yield receiver
        receiver.shutdown()


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        text, signature = form["transloadit"][0], form["signature"][0]
        digest = hmac.new(SECRET.encode(), text.encode(), hashlib.sha384).hexdigest()
        if hmac.compare_digest(signature, f"sha384:{digest}"):
            status = json.loads(text)
            self.server.statuses[status["assembly_id"]].append(status)
        else:
            self.server.forged += 1
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass
