"""Bytes over real connections: cut, stalled, doubled, too many."""

from __future__ import annotations

import hashlib
import http.client
import random
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from servers.processes import free_port
from servers.procfs import children

from .conftest import PATIENCE_SECONDS, Server, answer_on, wait_until

BODY = random.Random(7).randbytes(3_000_000)

RECEIVER = """
import io, os
from cattube_worker.tus.locks import WriteLock
from cattube_worker.tus.receive import open_body

def application(environ, start_response):
    length = environ.get("CONTENT_LENGTH")
    body = open_body(environ, stall_seconds=10)
    with open(os.devnull, "wb", buffering=0) as file:
        count = body.copy_to(file, int(length or 9), WriteLock())
    start_response("200 OK", [])
    return [f"{type(body).__name__} {count}".encode()]
"""


@pytest.fixture(scope="module")
def bare_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The receiver alone under gunicorn."""
    folder, port = tmp_path_factory.mktemp("bare"), free_port()
    (folder / "receiver.py").write_text(RECEIVER)
    command = ["-m", "gunicorn", "-k", "gthread", "--no-control-socket", "-b", f"127.0.0.1:{port}"]
    room = Path(__file__).parents[2]
    process = subprocess.Popen([sys.executable, *command, f"--pythonpath={folder},{room}", "receiver"])
    yield port
    process.terminate()
    process.wait(PATIENCE_SECONDS)


def ask(port: int, body: object, **headers: str) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    try:
        connection.request("PATCH", "/", body, headers)  # type: ignore[arg-type]  # an iterable too
        return connection.getresponse().read()
    finally:
        connection.close()


def is_up(port: int) -> bool:
    try:
        return bool(ask(port, b"x"))
    except OSError:
        return False


def test_fast_path_is_taken_under_gunicorn(bare_port: int) -> None:
    wait_until(lambda: is_up(bare_port))

    assert ask(bare_port, BODY) == f"SocketBody {len(BODY)}".encode()


def test_body_in_chunks_takes_the_plain_path(bare_port: int) -> None:
    wait_until(lambda: is_up(bare_port))

    assert ask(bare_port, iter([b"meow", b"purr"])) == b"StreamBody 8"


def test_request_without_a_body_does_not_wait_for_one(bare_port: int) -> None:
    wait_until(lambda: is_up(bare_port))

    assert ask(bare_port, None) == b"SocketBody 0"


def test_cut_connection_loses_no_byte_that_came(server: Server) -> None:
    """F01, I1"""
    assembly = server.assembly()
    upload = server.open_upload(assembly, len(BODY))
    cut = 1_234_567
    connection = server.begin_patch(upload, offset=0, length=len(BODY), body=BODY[:cut])
    server.wait_for_bytes(assembly, cut)
    connection.close()

    offset = server.offset(upload)
    assert offset == cut
    assert server.patch(upload, BODY[offset:], offset) == 204

    status = server.wait_for_end(assembly)
    assert status["uploads"][0]["md5hash"] == hashlib.md5(BODY).hexdigest()


def test_question_takes_over_from_a_sender_that_fell_silent(server: Server) -> None:
    """T04"""
    assembly = server.assembly()
    upload = server.open_upload(assembly, len(BODY))
    silent = server.begin_patch(upload, offset=0, length=len(BODY), body=BODY[:1000])
    server.wait_for_bytes(assembly, 1000)

    assert server.offset(upload) == 1000
    assert server.patch(upload, BODY[1000:], 1000) == 204

    silent.close()
    assert server.wait_for_end(assembly)["uploads"][0]["md5hash"] == hashlib.md5(BODY).hexdigest()


def test_sender_takes_over_from_one_that_fell_silent(server: Server) -> None:
    """T04: a PATCH by itself, without a question first."""
    assembly = server.assembly()
    upload = server.open_upload(assembly, len(BODY))
    silent = server.begin_patch(upload, offset=0, length=len(BODY), body=BODY[:1000])
    server.wait_for_bytes(assembly, 1000)

    assert server.patch(upload, BODY[1000:], 1000) == 204

    assert answer_on(silent).status == 423
    silent.close()
    assert server.wait_for_end(assembly)["uploads"][0]["md5hash"] == hashlib.md5(BODY).hexdigest()


def test_creation_that_was_cut_leaves_the_place_free(server: Server) -> None:
    assembly = server.assembly()
    first = server.begin_creation(assembly, length=len(BODY), body=BODY[:100_000])
    server.wait_for_bytes(assembly, 100_000)
    first.close()
    path = f"/assemblies/{assembly['assembly_id']}"
    wait_until(lambda: server.get(path)["started_tus_uploads"] == 0)

    assert server.patch(server.open_upload(assembly, 5, filename="other.bin"), b"meow!") == 204

    assert server.wait_for_end(assembly)["ok"] == "ASSEMBLY_COMPLETED"


def test_creation_that_hangs_gives_way_when_its_client_is_back(server: Server) -> None:
    assembly = server.assembly()
    hanging = server.begin_creation(assembly, length=len(BODY), body=BODY[:100_000])
    server.wait_for_bytes(assembly, 100_000)

    again = server.open_upload(assembly, len(BODY))

    hanging.close()
    assert server.patch(again, BODY) == 204
    status = server.wait_for_end(assembly)
    assert status["uploads"][0]["md5hash"] == hashlib.md5(BODY).hexdigest()
    assert len(status["tus_uploads"]) == 1


def test_two_senders_at_once_give_one_file(server: Server) -> None:
    """T03"""
    for _ in range(20):
        assembly = server.assembly()
        upload = server.open_upload(assembly, 100_000)
        answers: list[int] = []
        barrier = threading.Barrier(2, timeout=PATIENCE_SECONDS)

        def send(
            upload: str = upload, answers: list[int] = answers, barrier: threading.Barrier = barrier
        ) -> None:
            barrier.wait()
            answers.append(server.patch(upload, BODY[:100_000]))

        threads = [threading.Thread(target=send) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert sorted(answers)[0] == 204
        assert sorted(answers)[1] in (409, 423, 400)
        status = server.wait_for_end(assembly)
        assert status["uploads"][0]["md5hash"] == hashlib.md5(BODY[:100_000]).hexdigest()


def test_chunks_beyond_the_end_are_refused_and_the_file_is_as_long_as_declared(server: Server) -> None:
    """T05"""
    assembly = server.assembly()
    upload = server.open_upload(assembly, 10)
    connection = server.connect()
    connection.request(
        "PATCH",
        upload,
        iter([BODY[:6], BODY[6:12]]),
        {
            "Tus-Resumable": "1.0.0",
            "Upload-Offset": "0",
            "Content-Type": "application/offset+octet-stream",
        },
    )

    assert connection.getresponse().status == 413
    connection.close()
    assert server.wait_for_end(assembly)["uploads"][0]["size"] == 10


def test_refused_body_leaves_the_connection_or_closes_it_but_never_confuses_it(server: Server) -> None:
    assembly = server.assembly()
    upload = server.open_upload(assembly, 10)
    connection = server.connect()
    headers = {
        "Tus-Resumable": "1.0.0",
        "Upload-Offset": "5",
        "Content-Type": "application/offset+octet-stream",
    }
    connection.request("PATCH", upload, b"GET /healthz HTTP/1.1\r\n\r\n"[:10], headers)
    assert connection.getresponse().read()

    connection.request("PATCH", upload, BODY[:10], {**headers, "Upload-Offset": "0"})

    response = connection.getresponse()
    response.read()
    connection.close()
    assert response.status == 204


def test_several_parts_on_one_connection_arrive_in_order(server: Server) -> None:
    assembly = server.assembly()
    upload = server.open_upload(assembly, 900_000)
    connection = server.connect()
    for offset in range(0, 900_000, 300_000):
        connection.request(
            "PATCH",
            upload,
            BODY[offset : offset + 300_000],
            {
                "Tus-Resumable": "1.0.0",
                "Upload-Offset": str(offset),
                "Content-Type": "application/offset+octet-stream",
            },
        )
        response = connection.getresponse()
        response.read()
        assert response.status == 204
    connection.close()

    status = server.wait_for_end(assembly)
    assert status["uploads"][0]["md5hash"] == hashlib.md5(BODY[:900_000]).hexdigest()


def test_receiving_holds_no_file_in_memory(server: Server) -> None:
    assembly = server.assembly()
    size = 200_000_000
    upload = server.open_upload(assembly, size)
    before = peak_memory(server)

    connection = server.begin_patch(upload, offset=0, length=size, body=b"")
    for _ in range(200):
        connection.sendall(bytes(1_000_000))

    assert answer_on(connection).status == 204
    connection.close()
    assert peak_memory(server) - before < 30_000_000


def peak_memory(server: Server) -> int:
    """The most memory, in bytes, that the server's worker process ever used."""
    status = Path(f"/proc/{children(server.process.pid)[0]}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) * 1024
