"""A whole engine in a temporary folder, driven by hand: nothing runs unless a test says so."""

from __future__ import annotations

import base64
import json
import os
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from flask.testing import FlaskClient
from servers.sdk_schema import complaints
from werkzeug.test import TestResponse

from cattube_worker import create_app
from cattube_worker.assemblies.model import BATCH, PROBE, SPEECH, WORK
from cattube_worker.clock import Clock
from cattube_worker.database import Database
from cattube_worker.engine.engine import Engine
from cattube_worker.execution.cleanup import Cleanup
from cattube_worker.execution.jobs.job_runner import JobRunner
from cattube_worker.execution.jobs.jobs import Jobs
from cattube_worker.execution.outbox import Outbox
from cattube_worker.execution.streaming.streaming_encodes import StreamingEncodes
from cattube_worker.execution.uploads.uploads import Uploads
from cattube_worker.outbound.http import Outbound
from cattube_worker.protocol.signature import sign
from cattube_worker.settings import Settings, load_settings
from cattube_worker.storage import Stores

from .databases import database_url
from .statuses import FOLDER, record_statuses, recorded_statuses

START = 1_800_000_000.0
SECRET = "a secret for tests"
UPLOAD_ONLY: dict[str, Any] = {":original": {"robot": "/upload/handle"}}
STORE_ORIGINAL: dict[str, Any] = {
    **UPLOAD_ONLY,
    "exported": {
        "robot": "/backblaze/store",
        "use": ":original",
        "credentials": "cattube",
        "path": "${previous_step.name}/${assembly.id}/${file.url_name}",
    },
}


@dataclass
class TestClock(Clock):
    """A clock that stands still until a test moves it."""

    __test__ = False  # pytest would collect it by its name

    now: float = START

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += seconds


def settings_for(folder: Path, **settings: object) -> Settings:
    """Settings on a fresh room below `folder`; names in lower case, as in Settings."""
    room = folder / "room"
    room.mkdir(exist_ok=True)
    data = folder / "data"
    environ = {
        "CATTUBE_DATA": str(data),
        "WORKER_DATABASE_URL": database_url(data),
        "TRANSLOADIT_KEY": "key",
        "TRANSLOADIT_SECRET": SECRET,
    }
    return load_settings(environ | {name.upper(): str(value) for name, value in settings.items()}, room)


def upload_metadata(assembly_url: str, **pairs: str) -> str:
    """An Upload-Metadata header."""
    encoded = {"assembly_url": assembly_url, "filename": "cat.txt", "fieldname": "file"} | pairs
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in encoded.items())


@dataclass
class TestEngine:
    """An engine without threads, its HTTP client, and what lets a test work its jobs."""

    __test__ = False  # pytest would collect it by its name

    parts: Engine
    client: FlaskClient
    clock: TestClock
    tus: Mapping[str, str] = field(default_factory=lambda: {"Tus-Resumable": "1.0.0"})

    @property
    def settings(self) -> Settings:
        return self.parts.settings

    @property
    def database(self) -> Database:
        return self.parts.database

    @property
    def uploads(self) -> Uploads:
        return self.parts.arrivals.uploads

    @property
    def streaming(self) -> StreamingEncodes:
        return self.parts.arrivals.streaming

    @property
    def jobs(self) -> Jobs:
        return self.parts.work.jobs

    @property
    def cleanup(self) -> Cleanup:
        return self.parts.work.cleanup

    def runner(self, queue: str = WORK) -> JobRunner:
        return self.parts.work.job_runner(queue)

    def outbox(self, outbound: Outbound) -> Outbox:
        """The outbox with another HTTP client."""
        return replace(self.parts.reports.outbox, open_outbound=lambda **_: outbound)

    def store_credentials(self, name: str, kind: str = "s3", **content: Any) -> None:
        """Store credentials under that name; without `content` they lead nowhere."""
        form = self.signed({"name": name, "type": kind, "content": content or {"bucket": "cats"}})
        assert self.client.post("/template_credentials", data=form).status_code == 200

    def delete_credentials(self, name: str) -> None:
        answer = self.client.delete(f"/template_credentials/{name}", data=self.signed({}))
        assert answer.status_code == 200

    def use_stores(self, stores: Stores) -> None:
        """Have steps find these stores instead of the engine's own."""
        object.__setattr__(self.parts.files.resources, "stores", stores)

    def close(self) -> None:
        self.database.close()

    def signed(self, document: Mapping[str, Any], *, secret: str = SECRET) -> dict[str, str]:
        """The form fields of signed params; auth is filled up to what is valid."""
        auth = {"key": "key", "expires": "2027/01/20 00:00:00+00:00", "nonce": uuid.uuid4().hex}
        text = json.dumps({**document, "auth": {**auth, **document.get("auth", {})}})
        return {"params": text, "signature": sign(text, secret=secret)}

    def create(self, *, path: str = "/assemblies", expected: object = 1, **document: Any) -> TestResponse:
        form = {**self.signed({"steps": UPLOAD_ONLY, **document}), "num_expected_upload_files": str(expected)}
        return self.client.post(path, data=form)

    def assembly(self, **document: Any) -> dict[str, Any]:
        response = self.create(**document)
        assert response.status_code == 200, response.json
        return dict(response.get_json())

    def open_upload(self, assembly: Mapping[str, Any], size: int, **pairs: str) -> str:
        """The path of a new upload."""
        response = self.client.post(
            urlsplit(assembly["tus_url"]).path,
            headers={
                **self.tus,
                "Upload-Length": str(size),
                "Upload-Metadata": upload_metadata(assembly["assembly_url"], **pairs),
            },
        )
        assert response.status_code == 201, response.json
        return urlsplit(response.headers["Location"]).path

    def patch(
        self, upload: str, body: bytes, offset: int = 0, headers: Mapping[str, str] | None = None
    ) -> TestResponse:
        return self.client.patch(
            upload,
            data=body,
            headers={
                **self.tus,
                "Upload-Offset": str(offset),
                "Content-Type": "application/offset+octet-stream",
                **(headers or {}),
            },
        )

    def head(self, upload: str) -> TestResponse:
        return self.client.head(upload, headers=self.tus)

    def upload(self, assembly: Mapping[str, Any], body: bytes, **pairs: str) -> str:
        """The path of an upload of which every byte has arrived."""
        upload = self.open_upload(assembly, len(body), **pairs)
        if body:
            assert self.patch(upload, body).status_code == 204
        return upload

    def signed_now(self) -> dict[str, str]:
        """The fields of a signed request of no further words, whatever the clock says."""
        expires = datetime.fromtimestamp(self.clock() + 60, UTC)
        return self.signed({"auth": {"expires": f"{expires:%Y/%m/%d %H:%M:%S}+00:00"}})

    def status(self, assembly: Mapping[str, Any]) -> dict[str, Any]:
        """The status, as the account gets it at any time."""
        path = f"/assemblies/{assembly['assembly_id']}"
        response = self.client.get(path, query_string=self.signed_now())
        assert response.status_code == 200
        return dict(response.get_json())

    def get(self, url: str, **headers: str) -> TestResponse:
        """The answer at a file's address, read to its end."""
        response = self.client.get(url, headers=headers)
        _ = response.data
        response.close()
        return response

    def content(self, file: Mapping[str, Any]) -> bytes:
        """The bytes of a file of a status, in the bucket or by its temporary link."""
        if file["is_temp_url"]:
            return bytes(self.get(file["url"]).data)
        key = unquote(urlsplit(file["url"]).path).removeprefix("/files/")
        return (self.settings.bucket_dir / key).read_bytes()

    def work(self) -> None:
        """Do all there is to do now."""
        runners = [self.runner(queue) for queue in (PROBE, WORK, BATCH, SPEECH)]
        while any(runner.run_once() for runner in runners) or self.cleanup.tidy_ended():
            pass


def open_test_engine(folder: Path, clock: TestClock | None = None, **settings: object) -> TestEngine:
    """An engine on the state in `folder`."""
    clock = clock or TestClock()
    app = create_app(settings_for(folder, **settings), clock=clock)
    return TestEngine(app.extensions["engine"], app.test_client(), clock)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[TestEngine]:
    engine = open_test_engine(tmp_path)
    yield engine
    engine.close()


def files_below(folder: Path) -> list[str]:
    """The files below a folder, as sorted relative paths."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


@pytest.fixture(scope="session", autouse=True)
def status_record(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder in which the status documents of a whole run come together.

    The SDK's schema judges all of them when the last test has run. Each worker of a run with `-n` has a
    folder, and judges what its tests and their engines wrote.
    """
    folder = tmp_path_factory.mktemp("statuses")
    os.environ[FOLDER] = str(folder)  # For the engines that run in processes of their own.
    record_statuses(folder)
    yield folder
    if statuses := recorded_statuses(folder):
        assert complaints(statuses) == []
