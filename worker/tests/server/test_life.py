"""Starting, stopping and dying."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterable
from pathlib import Path

import pytest

from cattube_worker.protocol.signature import sign
from cattube_worker.settings import ROOM

from ..conftest import SECRET, STORE_ORIGINAL, UPLOAD_ONLY, files_below
from .conftest import GUNICORN, PATIENCE_SECONDS, answer_on, expires, start

# An orphan ends after 1.5 s; this machine may be busy.
ORPHAN_SECONDS = 10
FLASK_RUN = [sys.executable, "-m", "flask", "run", "-h", "127.0.0.1", "-p", "{port}"]


@pytest.mark.parametrize(
    "command", [pytest.param(GUNICORN, id="gunicorn"), pytest.param(FLASK_RUN, id="flask run")]
)
def test_server_alone_processes_what_was_uploaded_and_leaves_at_sigterm(
    tmp_path: Path, command: list[str]
) -> None:
    server = start(tmp_path, command)
    assembly = server.assembly(steps=STORE_ORIGINAL)
    upload = server.open_upload(assembly, 4)

    assert server.patch(upload, b"meow") == 204

    assert server.wait_for_end(assembly)["ok"] == "ASSEMBLY_COMPLETED"
    assert server.stop() == 0
    assert len(files_below(tmp_path / "bucket")) == 1


def test_other_commands_start_no_work(tmp_path: Path) -> None:
    found = subprocess.run(
        [sys.executable, "-c", "import threading, app; print(threading.active_count())"],
        cwd=ROOM,
        env={**os.environ, "CATTUBE_DATA": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=True,
    )

    assert found.stdout.strip() == "1"


def test_wrong_setting_ends_the_start_with_its_name(tmp_path: Path) -> None:
    environment = {**os.environ, "CATTUBE_DATA": str(tmp_path), "JOB_THREADS": "many"}

    ended = subprocess.run(
        GUNICORN,
        cwd=ROOM,
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )

    assert ended.returncode != 0
    assert "JOB_THREADS=many: expected a whole number" in ended.stderr


def test_killed_server_goes_on_where_the_bytes_are(tmp_path: Path) -> None:
    """F01"""
    server = start(tmp_path)
    assembly = server.assembly(steps=STORE_ORIGINAL)
    upload = server.open_upload(assembly, 8)
    connection = server.begin_patch(upload, offset=0, length=8, body=b"meow")
    server.wait_for_bytes(assembly, 4)
    server.stop(signal.SIGKILL)
    connection.close()

    again = start(tmp_path, port=server.port)

    assert again.offset(upload) == 4
    assert again.patch(upload, b"purr", 4) == 204
    assert again.wait_for_end(assembly)["ok"] == "ASSEMBLY_COMPLETED"
    again.stop()


def test_stop_lets_a_sender_go_on_later_and_waits_for_no_watcher(tmp_path: Path) -> None:
    """F22, W22"""
    server = start(tmp_path)
    assembly = server.assembly()
    upload = server.open_upload(assembly, 8)
    sender = server.begin_patch(upload, offset=0, length=8, body=b"meow")
    server.wait_for_bytes(assembly, 4)
    watcher = urllib.request.urlopen(assembly["update_stream_url"], timeout=PATIENCE_SECONDS)
    assert watcher.readline()

    assert server.stop() == 0

    assert answer_on(sender).status == 423
    sender.close()
    watcher.close()


def test_watcher_is_told_the_end_over_the_wire(tmp_path: Path) -> None:
    """W22"""
    server = start(tmp_path)
    assembly = server.assembly(steps=STORE_ORIGINAL)
    with urllib.request.urlopen(assembly["update_stream_url"], timeout=PATIENCE_SECONDS) as stream:
        assert stream.headers["Content-Type"].startswith("text/event-stream")
        server.patch(server.open_upload(assembly, 4), b"meow")

        told = read_to_its_end(stream)  # The server ends it with the assembly.

    assert told.rstrip().endswith("data: assembly_finished")
    assert "event: assembly_result_finished" in told
    result = json.loads(told.split("assembly_result_finished\ndata: ")[1].split("\n")[0])
    assert result[0] == ":original"
    server.stop()


def read_to_its_end(stream: Iterable[bytes]) -> str:
    """All that comes on a stream, on which something comes every few seconds."""
    lines, deadline = list[bytes](), time.monotonic() + PATIENCE_SECONDS
    for line in stream:
        assert time.monotonic() < deadline, "the stream does not end"
        lines.append(line)
    return b"".join(lines).decode()


def test_slow_visitors_do_not_keep_others_waiting(tmp_path: Path) -> None:
    """T17"""
    server = start(tmp_path)
    slow = []
    for _ in range(100):
        visitor = socket.create_connection(("127.0.0.1", server.port))
        visitor.sendall(b"POST /assemblies HT")
        slow.append(visitor)

    assert server.get("/healthz")["ok"]

    for visitor in slow:
        visitor.close()
    server.stop()


def test_w52_killed_master_leaves_no_worker_that_holds_the_port(tmp_path: Path) -> None:
    """A worker waits for its requests at an ordinary stop. An orphan did so for up to 25 s."""
    server = start(tmp_path)
    assembly = server.assembly()
    watching = server.connect()
    watching.request("GET", f"/events?assembly={assembly['assembly_id']}")
    assert watching.getresponse().status == 200

    server.process.kill()
    server.process.wait()
    deadline = time.monotonic() + ORPHAN_SECONDS
    while is_taken(server.port):
        assert time.monotonic() < deadline, "an orphan holds the port"
        time.sleep(0.05)

    watching.close()


def is_taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_sender_that_falls_silent_is_cut_and_may_go_on(tmp_path: Path) -> None:
    """T06"""
    server = start(tmp_path, UPLOAD_STALL_SECONDS="1")
    assembly = server.assembly()
    upload = server.open_upload(assembly, 8)

    silent = server.begin_patch(upload, offset=0, length=8, body=b"meow")

    assert answer_on(silent).headers["Upload-Offset"] == "4"
    silent.close()
    assert server.offset(upload) == 4
    assert server.patch(upload, b"purr", 4) == 204
    assert server.wait_for_end(assembly)["ok"] == "ASSEMBLY_COMPLETED"
    server.stop()


def test_t41_form_whose_sender_falls_silent_leaves_nothing(tmp_path: Path) -> None:
    server = start(tmp_path, UPLOAD_STALL_SECONDS="1")
    params = json.dumps({"steps": UPLOAD_ONLY, "auth": {"key": "key", "expires": expires()}})
    fields = {"params": params, "signature": sign(params, secret=SECRET)}
    head = "--x\r\nContent-Disposition: form-data; name="
    body = "".join(f'{head}"{name}"\r\n\r\n{value}\r\n' for name, value in fields.items())
    body += f'{head}"f"; filename="cat.txt"\r\n\r\nmeow'

    with socket.create_connection(("127.0.0.1", server.port), 30) as silent:
        silent.sendall(
            b"POST /assemblies HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=x\r\n"
            b"Content-Length: 100000\r\n\r\n" + body.encode()
        )
        answer = answer_on(silent)

    assert answer.status == 400
    assert "The form broke off" in answer.body
    assert files_below(tmp_path / "uploads") == []
    server.stop()
