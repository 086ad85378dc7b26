"""OpenStack Swift with its S3 interface: a real server from PyPI that needs no root."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from servers.processes import free_port, running, wait_until
from servers.s3_server import S3Server


@contextmanager
def swift(folder: Path, *, origins: Sequence[str] = ("*",)) -> Iterator[S3Server]:
    """A running Swift with its state in `folder`, which must lie on a disk with extended attributes.

    origins: the pages that may use it in a browser, such as "http://127.0.0.1:8000". It holds for the whole
    server, since Swift knows no CORS rule of a bucket. Raises ServerUnavailable.
    """
    port, secret, log = free_port(), secrets.token_hex(16), folder / "swift.log"
    folder.mkdir(parents=True, exist_ok=True)
    argv = [sys.executable, "-W", "ignore", "-m", "servers.swift_node", str(folder), str(port), *origins]
    with running(argv, log=log, environment={"SWIFT_SECRET": secret}) as process:
        server = S3Server(f"http://127.0.0.1:{port}", "cat:tube", secret)
        wait_until(server.answers, what="Swift", process=process, log=log)
        yield server
        server.client.close()
