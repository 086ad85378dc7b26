"""The server itself: it answers, it is private, and it ends with whoever started it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from servers.bounded_process import PATIENCE_SECONDS, bounded_process
from servers.processes import ROOT, accepts
from servers.s3_server import S3Server

STARTER = """
import sys, time
from pathlib import Path
from servers.swift import swift
with swift(Path(sys.argv[1])) as server:
    print(server.endpoint_url.rsplit(":", 1)[1], flush=True)
    time.sleep(600)
"""


def test_a_stranger_reads_nothing(s3_server: S3Server, s3_bucket: str) -> None:
    s3_server.client.put_object(Bucket=s3_bucket, Key="cat", Body=b"meow")

    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(f"{s3_server.endpoint_url}/{s3_bucket}/cat", timeout=PATIENCE_SECONDS)
    caught.value.close()

    assert caught.value.code in {400, 403}


def test_a_hidden_object_is_still_there(s3_server: S3Server, b2_bucket: str) -> None:
    s3_server.client.put_object(Bucket=b2_bucket, Key="cat", Body=b"meow")

    s3_server.client.delete_object(Bucket=b2_bucket, Key="cat")

    assert s3_server.versions(b2_bucket) == ["cat", "cat"]


def test_it_ends_with_a_starter_that_is_killed(tmp_path: Path) -> None:
    argv = [sys.executable, "-c", STARTER, str(tmp_path)]
    with bounded_process(argv, cwd=ROOT, stdout=subprocess.PIPE, text=True) as starter:
        assert starter.stdout is not None
        port = int(starter.stdout.readline())

        os.kill(starter.pid, signal.SIGKILL)
        starter.wait()

    assert _is_gone(port)


def _is_gone(port: int) -> bool:
    deadline = time.monotonic() + 120
    while accepts(port) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not accepts(port)
