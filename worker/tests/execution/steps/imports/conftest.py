"""What tests of imports share: a server to import from, and an engine that may."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from ....conftest import TestEngine, open_test_engine


@dataclass
class RemoteServer:
    """A server in the web, played by this machine. answers: status, headers and body by path."""

    url: str
    answers: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    knows_ranges: bool = True

    hanging: dict[str, tuple[threading.Event, threading.Event]] = field(default_factory=dict)

    def hang(self, path: str) -> tuple[threading.Event, threading.Event]:
        """Have the server fall silent at that path: set once it was asked, and to let it go."""
        self.hanging[path] = threading.Event(), threading.Event()
        return self.hanging[path]

    @property
    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]


@pytest.fixture
def remote() -> Iterator[RemoteServer]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known.asked.append((self.path, dict(self.headers)))
            status, headers, body = known.answers.get(self.path, (404, {}, b""))
            if self.path in known.hanging:
                asked, release = known.hanging[self.path]
                asked.set()
                release.wait(120)
                return
            if known.knows_ranges and (wanted := self.headers.get("Range")):
                first, _, last = wanted.removeprefix("bytes=").partition("-")
                start = int(first) if first else max(0, len(body) - int(last))
                end = min(len(body), int(last) + 1) if first else len(body)
                headers = {**headers, "Content-Range": f"bytes {start}-{end - 1}/{len(body)}"}
                status, body = 206, body[start:end]
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    known = RemoteServer(f"http://127.0.0.1:{server.server_port}")
    known.answers["/pets/My%20cat.txt"] = (200, {}, b"meow")
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield known
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[TestEngine]:
    """An engine whose operator lets it import from this machine."""
    engine = open_test_engine(tmp_path, import_hosts="127.0.0.1:*,localhost:*")
    yield engine
    engine.close()


def importing(url: object, **parameters: Any) -> dict[str, Any]:
    return {"imported": {"robot": "/http/import", "url": url, "result": True, **parameters}}


def from_store(robot: str, path: object, **parameters: Any) -> dict[str, Any]:
    step = {"robot": robot, "credentials": "cattube", "path": path, "result": True, **parameters}
    return {"imported": step}


def imported(engine: TestEngine, steps: dict[str, Any], **document: Any) -> dict[str, Any]:
    """The status after an assembly without uploads has done all it can."""
    assembly = engine.assembly(expected=0, steps=steps, **document)
    engine.work()
    return engine.status(assembly)
