"""The front with a stand-in for both rooms, for what is decided before a room hears of a request."""

from __future__ import annotations

import os
import re
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingMixIn, UnixStreamServer
from threading import Thread

from servers.procfs import children

from front import Front, prepare_front
from nginx_configuration import Plan
from site_processes import SiteProcess

PATIENCE_SECONDS = 30
PLAN = Plan(
    site="127.0.0.1:8000",
    engine="127.0.0.1:5678",
    requests=600,
    uploads=64,
    engine_uploads=100,
    stall_seconds=60,
    trusts_proxy=True,
)


@dataclass(frozen=True)
class FrontAlone:
    """url, engine_url: where it listens. folder: its own. answer: what both rooms say to every request."""

    url: str
    engine_url: str
    folder: Path
    process: SiteProcess
    answer: bytes

    def answer_files(self) -> list[int]:
        """Sizes of the files in which answers wait for their readers. They have no names any more."""
        sizes = []
        for worker in self.workers():
            for link in Path(f"/proc/{worker}/fd").iterdir():
                if "/answers/" in str(link.readlink()):
                    sizes.append(link.stat().st_size)
        return sizes

    def cached_files(self) -> int:
        """Number of the pages' files that it has kept, each in each encoding."""
        return sum(path.is_file() for path in (self.folder / "static").rglob("*"))

    def workers(self) -> list[int]:
        assert self.process.popen is not None
        return children(self.process.popen.pid)


@contextmanager
def front_alone(folder: Path, *, answer: bytes = b"meow") -> Iterator[FrontAlone]:
    """nginx as `make run` starts it behind a trusted proxy."""
    ports = _free_ports()
    plan = replace(PLAN, site=f"127.0.0.1:{ports[0]}", engine=f"127.0.0.1:{ports[1]}")
    front = prepare_front(folder, plan)
    process = SiteProcess("front", front.argv, front.folder, renewed_every_seconds=0)
    with _rooms(front, answer):
        process.start(os.environ)
        try:
            _wait_for(ports)
            urls = [f"http://127.0.0.1:{port}" for port in ports]
            yield FrontAlone(urls[0], urls[1], front.folder, process, answer)
        finally:
            assert process.popen is not None
            process.popen.terminate()
            process.popen.wait(PATIENCE_SECONDS)
            front.close()


class _Rooms(ThreadingMixIn, UnixStreamServer):
    daemon_threads = True
    request_queue_size = 1024


@contextmanager
def _rooms(front: Front, answer: bytes) -> Iterator[None]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            if self.path.startswith("/static/"):
                self.send_header("Cache-Control", "max-age=60, public")
                self.send_header("Vary", "Accept-Encoding")
                self.send_header("X-Encoding", self._encoding())
            self.end_headers()
            with suppress(BrokenPipeError):  # Its reader has left.
                self.wfile.write(answer)

        do_POST = do_DELETE = do_FOO = do_GET  # noqa: N815 the words of http.server

        def _encoding(self) -> str:
            """As WhiteNoise chooses it."""
            accepted = self.headers.get("Accept-Encoding", "")
            return next((name for name in ("br", "gzip") if re.search(rf"\b{name}\b", accepted)), "identity")

        def address_string(self) -> str:
            return "front"

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    rooms = [_Rooms(str(path), Handler) for path in front.room_sockets]
    threads = [Thread(target=room.serve_forever, kwargs={"poll_interval": 0.05}) for room in rooms]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        for room, thread in zip(rooms, threads, strict=True):
            room.shutdown()
            thread.join()
            room.server_close()


def _free_ports() -> list[int]:
    with socket.socket() as first, socket.socket() as second:
        for listener in (first, second):
            listener.bind(("127.0.0.1", 0))
        return [int(listener.getsockname()[1]) for listener in (first, second)]


def _wait_for(ports: list[int]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    for port in ports:
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                assert time.monotonic() < deadline, "nginx does not listen"
                time.sleep(0.05)
