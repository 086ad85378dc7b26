"""What `make run` asks its processes."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from servers.processes import free_port

from site_processes import is_up


@contextmanager
def answering(status: int) -> Iterator[str]:
    """Address of a server that gives this answer to every question about its health, and 404 else."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status if self.path == "/healthz" else 404)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize(("status", "expected"), [(200, True), (404, False), (503, False)])
def test_a_server_is_up_once_it_says_that_it_is_well(status: int, expected: bool) -> None:
    with answering(status) as address:
        assert is_up(address) is expected


def test_nobody_is_up_where_nobody_listens() -> None:
    assert not is_up(f"http://127.0.0.1:{free_port()}")
