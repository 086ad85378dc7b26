"""Two hosts on one database and one bucket: one takes uploads, the other works. Nothing else is shared."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask
from servers.faults import Faults
from servers.processes import free_port
from servers.s3_server import S3Server
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from cattube_worker.assemblies.model import UNAWAITED, WORK

from ...conftest import TestClock, TestEngine, open_test_engine

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


class _Quiet(WSGIRequestHandler):
    def log(self, *_arguments: Any, **_options: Any) -> None:
        pass


@dataclass
class Door:
    """The server of a host, as other hosts reach it. It can be shut, and it can break off.

    ranges: of the requests that came. sent_bytes: of all answers. breaks: after how many bytes of its body
    each of the next answers breaks off.
    """

    port: int = field(default_factory=free_port)
    ranges: list[str] = field(default_factory=list)
    sent_bytes: int = 0
    breaks: list[int] = field(default_factory=list)
    app: Flask | None = None
    _server: BaseWSGIServer | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def open(self) -> None:
        self._server = make_server(
            "127.0.0.1", self.port, self._answer, threaded=True, request_handler=_Quiet
        )
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def shut(self) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def _answer(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        assert self.app is not None
        self.ranges.append(environ.get("HTTP_RANGE", ""))
        left = self.breaks.pop(0) if self.breaks else None
        body = self.app(environ, start_response)
        try:
            for block in body:
                sent = block if left is None else block[:left]
                self.sent_bytes += len(sent)
                yield sent
                if left is not None and (left := left - len(sent)) <= 0:
                    return
        finally:
            getattr(body, "close", lambda: None)()


@dataclass
class Hosts:
    """ingest: takes uploads. worker: works. door: of `ingest`. bucket: that both use."""

    ingest: TestEngine
    worker: TestEngine
    door: Door
    server: S3Server
    bucket: str

    def objects(self, folder: str = "") -> list[str]:
        """Keys of the objects in a folder of the bucket."""
        page = self.server.client.list_objects_v2(Bucket=self.bucket, Prefix=folder)
        return [item["Key"] for item in page.get("Contents", ())]

    def content(self, key: str) -> bytes:
        """The bytes of an object."""
        content: bytes = self.server.client.get_object(Bucket=self.bucket, Key=key)["Body"].read()
        return content

    def work(self, host: TestEngine) -> None:
        """Have that host alone do the jobs that wait, but for probes."""
        runners = [host.runner(queue) for queue in (WORK, *UNAWAITED)]
        while any(runner.run_once() for runner in runners):
            pass


def bucket_settings(server: S3Server, bucket: str) -> dict[str, Any]:
    return {
        "bucket_name": bucket,
        "b2_endpoint_url": server.endpoint_url,
        "b2_application_key_id": server.key_id,
        "b2_application_key": server.secret,
    }


@pytest.fixture
def hosts(
    s3_faults: Faults, s3_server: S3Server, s3_bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Hosts]:
    """Both hosts, whose calls of the bucket pass `s3_faults`; stores do not wait between attempts."""
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    clock, door = TestClock(), Door()
    shared = {
        **bucket_settings(s3_faults.server, s3_bucket),
        "engine_secret": "of all engines",
        "scratch": "bucket",
    }
    for name in ("ingest", "worker"):
        (tmp_path / name).mkdir()
    ingest = open_test_engine(tmp_path / "ingest", clock, **shared, host_name="ingest", internal_url=door.url)
    database_url = ingest.settings.worker_database_url.get_secret_value()
    worker = open_test_engine(
        tmp_path / "worker", clock, **shared, host_name="worker", worker_database_url=database_url
    )
    door.app = ingest.client.application
    door.open()
    s3_faults.calls.clear()
    yield Hosts(ingest, worker, door, s3_server, s3_bucket)
    door.shut()
    worker.close()
    ingest.close()
