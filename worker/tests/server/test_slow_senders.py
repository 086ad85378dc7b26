"""Senders that keep a thread busy with drops, and those whose line is only slow (M39)."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from cattube_worker.protocol.signature import sign

from ..conftest import SECRET, UPLOAD_ONLY, files_below
from .conftest import PATIENCE_SECONDS, Server, expires, start

WINDOW_SECONDS, LEAST = 4, 50
DROP_SECONDS = 0.2


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """An engine that wants 50 bytes a second, over four seconds."""
    server = start(
        tmp_path_factory.mktemp("data"),
        UPLOAD_STALL_SECONDS=str(WINDOW_SECONDS),
        UPLOAD_LEAST_BYTES_PER_SECOND=str(LEAST),
    )
    yield server
    server.stop()


class Dripping:
    """A thread that sends a block five times a second, until it is ended or the engine closes."""

    def __init__(self, connection: socket.socket, block: bytes) -> None:
        self._connection, self._block = connection, block
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        with suppress(OSError):
            while not self._stop.wait(DROP_SECONDS):
                self._connection.sendall(self._block)

    def end(self) -> None:
        self._stop.set()
        self._thread.join()
        self._connection.close()


def answer_of(connection: socket.socket) -> bytes:
    """What the engine says, read to the end of its head."""
    answer = b""
    while b"\r\n\r\n" not in answer and (block := connection.recv(1000)):
        answer += block
    return answer


def test_m39_sender_of_drops_is_cut_keeps_what_came_and_may_go_on(server: Server) -> None:
    assembly = server.assembly()
    upload = server.open_upload(assembly, 5000)
    connection = server.begin_patch(upload, offset=0, length=5000, body=b"m" * 1000)
    drips = Dripping(connection, b"m")

    answer = answer_of(connection)
    drips.end()

    assert b" 204 " in answer
    offset = server.offset(upload)
    assert 1000 < offset < 5000
    assert server.patch(upload, b"m" * (5000 - offset), offset) == 204
    assert server.wait_for_end(assembly)["ok"] == "ASSEMBLY_COMPLETED"


def test_m39_slow_but_honest_line_is_not_cut(server: Server) -> None:
    """It needs more than two windows for its file."""
    assembly = server.assembly()
    count, block = int(2.5 * WINDOW_SECONDS / DROP_SECONDS), b"m" * 10 * LEAST
    upload = server.open_upload(assembly, count * len(block))
    connection = server.begin_patch(upload, offset=0, length=count * len(block), body=b"")

    line = Dripping(connection, block)
    answer = answer_of(connection)
    line.end()

    assert b" 204 " in answer
    assert server.wait_for_end(assembly)["bytes_received"] == count * len(block)


def test_m39_chunks_that_drip_are_cut(server: Server) -> None:
    """A body in chunks takes the plain path."""
    assembly = server.assembly()
    upload = server.open_upload(assembly, 100_000)
    connection = socket.create_connection(("127.0.0.1", server.port), PATIENCE_SECONDS)
    connection.sendall(
        f"PATCH {upload} HTTP/1.1\r\nHost: x\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\n"
        "Content-Type: application/offset+octet-stream\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
    )
    drips = Dripping(connection, b"1\r\nm\r\n")

    answer_of(connection)
    drips.end()

    offset = server.offset(upload)
    assert offset < 100_000
    assert server.patch(upload, b"m" * (100_000 - offset), offset) == 204


def test_m39_creation_that_drips_is_cut_and_its_place_is_free(server: Server) -> None:
    assembly = server.assembly()
    connection = server.begin_creation(assembly, length=5000, body=b"m" * 1000)
    drips = Dripping(connection, b"m")

    answer = answer_of(connection)
    drips.end()

    assert b" 503 " in answer
    assert server.patch(server.open_upload(assembly, 4, filename="other.bin"), b"meow") == 204


def test_m39_form_that_drips_is_cut_and_leaves_nothing(server: Server) -> None:
    params = json.dumps({"steps": UPLOAD_ONLY, "auth": {"key": "key", "expires": expires()}})
    fields = {"params": params, "signature": sign(params, secret=SECRET)}
    head = "--x\r\nContent-Disposition: form-data; name="
    body = "".join(f'{head}"{name}"\r\n\r\n{value}\r\n' for name, value in fields.items())
    body += f'{head}"f"; filename="cat.txt"\r\n\r\nmeow'
    before = set(files_below(server.data / "uploads"))
    connection = socket.create_connection(("127.0.0.1", server.port), PATIENCE_SECONDS)
    connection.sendall(
        b"POST /assemblies HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=x\r\n"
        b"Content-Length: 100000\r\n\r\n" + body.encode()
    )
    drips = Dripping(connection, b"m")

    answer = answer_of(connection)
    drips.end()

    assert b" 400 " in answer
    assert set(files_below(server.data / "uploads")) <= before


def test_m39_no_least_rate_where_the_operator_wants_none(tmp_path: Path) -> None:
    """Silence is another matter: that is what UPLOAD_STALL_SECONDS is for."""
    server = start(tmp_path, UPLOAD_STALL_SECONDS="4", UPLOAD_LEAST_BYTES_PER_SECOND="0")
    assembly = server.assembly()
    count = int(2.5 * WINDOW_SECONDS / DROP_SECONDS)
    upload = server.open_upload(assembly, count)
    connection = server.begin_patch(upload, offset=0, length=count, body=b"")
    drips = Dripping(connection, b"m")

    answer = answer_of(connection)

    drips.end()
    assert b" 204 " in answer
    assert server.wait_for_end(assembly)["bytes_received"] == count
    server.stop()


def test_m32_drops_of_one_owner_leave_slots_for_others(tmp_path: Path) -> None:
    server = start(tmp_path, MAX_CONCURRENT_UPLOADS="6")
    alices = [server.assembly(fields={"owner": "alice"}) for _ in range(3)]
    bobs = server.assembly(fields={"owner": "bob"})
    dripping = [
        server.begin_patch(server.open_upload(assembly, 5000), offset=0, length=5000, body=b"m")
        for assembly in alices[:2]
    ]
    for assembly in alices[:2]:
        server.wait_for_bytes(assembly, 1)

    upload = server.open_upload(alices[2], 4)
    metadata = {"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
    status, headers = server.tus("PATCH", upload, b"meow", metadata)
    bobs_status = server.patch(server.open_upload(bobs, 4), b"purr")

    assert (status, headers["Retry-After"], bobs_status) == (503, "5", 204)
    for connection in dripping:
        connection.close()
    server.stop()
