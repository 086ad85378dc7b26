"""The engine as operators start it: a real server in a process of its own."""

from __future__ import annotations

import http.client
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from servers.processes import free_port

from cattube_worker.protocol.signature import sign
from cattube_worker.settings import ROOM

from ..conftest import SECRET, UPLOAD_ONLY, upload_metadata
from ..databases import database_url

GUNICORN = [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", "app:app"]
# The same, with every status it makes noted for clients/test_statuses.py.
RECORDED = [*GUNICORN[:-1], "--pythonpath", str(Path(__file__).parent), "recorded:app"]
PATIENCE_SECONDS = 300
STARTED: list[subprocess.Popen[bytes]] = []


@dataclass
class Server:
    """A running engine, spoken to by bare HTTP."""

    process: subprocess.Popen[bytes]
    port: int
    data: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)

    def get(self, path: str) -> Any:
        with urllib.request.urlopen(self.url + path, timeout=PATIENCE_SECONDS) as response:
            return json.load(response)

    def assembly(self, *, expected: int = 1, **document: Any) -> dict[str, Any]:
        auth = {"key": "key", "expires": expires(), "nonce": uuid.uuid4().hex}
        params = json.dumps({"steps": UPLOAD_ONLY, **document, "auth": auth})
        form = {
            "params": params,
            "signature": sign(params, secret=SECRET),
            "num_expected_upload_files": str(expected),
        }
        url, body = f"{self.url}/assemblies", urlencode(form).encode()
        with urllib.request.urlopen(url, body, timeout=PATIENCE_SECONDS) as response:
            return dict(json.load(response))

    def open_upload(self, assembly: dict[str, Any], size: int, **pairs: str) -> str:
        metadata = upload_metadata(assembly["assembly_url"], **{"filename": "cat.bin", **pairs})
        headers = {"Upload-Length": str(size), "Upload-Metadata": metadata}
        status, answer = self.tus("POST", "/resumable/files/", headers=headers)
        assert status == 201
        return urlsplit(answer["Location"]).path

    def patch(self, upload: str, body: bytes, offset: int = 0) -> int:
        headers = {"Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}
        return self.tus("PATCH", upload, body, headers)[0]

    def offset(self, upload: str) -> int:
        return int(self.tus("HEAD", upload)[1]["Upload-Offset"])

    def tus(
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> tuple[int, dict[str, str]]:
        connection = self.connect()
        try:
            connection.request(method, path, body, {"Tus-Resumable": "1.0.0", **(headers or {})})
            response = connection.getresponse()
            response.read()
            return response.status, dict(response.getheaders())
        finally:
            connection.close()

    def begin_patch(self, upload: str, *, offset: int, length: int, body: bytes) -> socket.socket:
        """A connection on which a PATCH of `length` bytes has begun, with only `body` of them sent."""
        connection = socket.create_connection(("127.0.0.1", self.port), PATIENCE_SECONDS)
        connection.sendall(
            f"PATCH {upload} HTTP/1.1\r\nHost: x\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: {offset}\r\n"
            "Content-Type: application/offset+octet-stream\r\n"
            f"Content-Length: {length}\r\n\r\n".encode()
            + body
        )
        return connection

    def begin_creation(self, assembly: dict[str, Any], *, length: int, body: bytes) -> socket.socket:
        """A connection on which an upload of `length` bytes is created that brings only `body` of them."""
        metadata = upload_metadata(assembly["assembly_url"], filename="cat.bin")
        connection = socket.create_connection(("127.0.0.1", self.port), PATIENCE_SECONDS)
        connection.sendall(
            "POST /resumable/files/ HTTP/1.1\r\nHost: x\r\nTus-Resumable: 1.0.0\r\n"
            f"Upload-Length: {length}\r\nUpload-Metadata: {metadata}\r\n"
            "Content-Type: application/offset+octet-stream\r\n"
            f"Content-Length: {length}\r\n\r\n".encode()
            + body
        )
        return connection

    def wait_for_bytes(self, assembly: dict[str, Any], count: int) -> None:
        """Wait until the engine has so many bytes on disk."""
        path = f"/assemblies/{assembly['assembly_id']}"
        wait_until(lambda: self.get(path)["bytes_received"] >= count)

    def wait_for_end(self, assembly: dict[str, Any]) -> dict[str, Any]:
        path = f"/assemblies/{assembly['assembly_id']}"
        wait_until(lambda: self.get(path).get("ok") not in ("ASSEMBLY_UPLOADING", "ASSEMBLY_EXECUTING"))
        return dict(self.get(path))

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Signal the server, wait for its end and say how it ended; SIGKILL goes to all its processes."""
        if number == signal.SIGKILL:
            os.killpg(self.process.pid, signal.SIGKILL)
        else:
            self.process.send_signal(number)
        return self.process.wait(PATIENCE_SECONDS)


@dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: str


def answer_on(connection: socket.socket) -> Answer:
    """The whole answer on a bare connection, however many pieces it comes in."""
    with http.client.HTTPResponse(connection) as response:
        response.begin()
        return Answer(response.status, response.headers, response.read().decode())


def expires() -> str:
    return time.strftime("%Y/%m/%d %H:%M:%S+00:00", time.gmtime(time.time() + 3600))


def wait_until(is_true: Any) -> None:
    """Ask until the answer is yes; a hang fails the test."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_true():
        assert time.monotonic() < deadline, "waited in vain"
        select.select([], [], [], 0.02)


def start(data: Path, command: list[str] = RECORDED, *, port: int | None = None, **settings: str) -> Server:
    """A server on the state in `data`, ready to answer."""
    port = port or free_port()
    environment = {
        **os.environ,
        "CATTUBE_DATA": str(data),
        "WORKER_DATABASE_URL": database_url(data),
        "WORKER_PORT": str(port),
        "TRANSLOADIT_KEY": "key",
        "TRANSLOADIT_SECRET": SECRET,
        **settings,
    }
    arguments = [part.replace("{port}", str(port)) for part in command]
    process = subprocess.Popen(arguments, cwd=ROOM, env=environment, start_new_session=True)
    STARTED.append(process)
    server = Server(process, port, data)
    wait_until(lambda: process.poll() is not None or is_ready(server))
    assert process.poll() is None, "the server ended at once"
    return server


def is_ready(server: Server) -> bool:
    try:
        return "degraded" in server.get("/healthz")
    except OSError:
        return False


@pytest.fixture(autouse=True)
def no_server_outlives_its_test() -> Iterator[None]:
    """Ends what a test that failed left running; a server of the whole module stays."""
    before = len(STARTED)
    yield
    for process in STARTED[before:]:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(PATIENCE_SECONDS)
    del STARTED[before:]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = start(tmp_path_factory.mktemp("data"))
    yield server
    server.stop()
