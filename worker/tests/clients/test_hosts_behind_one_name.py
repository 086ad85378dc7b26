"""tus-js-client, unmodified, at two hosts behind one name."""

from __future__ import annotations

from pathlib import Path

from ..conftest import open_test_engine
from ..execution.job_files.conftest import Door
from .test_tus_js_client import CHUNK_BYTES, body, send

__all__ = ["body"]


def test_stopped_upload_goes_on_at_another_host(body: Path, tmp_path: Path) -> None:
    """S54"""
    name, inside = Door(), Door()
    for folder in ("first", "second"):
        (tmp_path / folder).mkdir()
    shared = {"engine_secret": "of all engines", "public_url": name.url}
    first = open_test_engine(tmp_path / "first", None, **shared)
    database_url = first.settings.worker_database_url.get_secret_value()
    second = open_test_engine(tmp_path / "second", None, **shared, worker_database_url=database_url)
    first.parts.files.upload_files.host, second.parts.files.upload_files.host = "first", "second"
    first.parts.files.held_uploads.announce(inside.url)
    name.app = inside.app = first.client.application
    name.open()
    inside.open()
    assembly = first.assembly()
    stopped = send(
        assembly, body, tmp_path / "urls", chunkSize=CHUNK_BYTES, stopAfterBytes=len(body.read_bytes()) // 2
    )

    name.app = second.client.application
    sent = send(assembly, body, tmp_path / "urls", chunkSize=CHUNK_BYTES)
    first.work()

    assert sent["url"] == stopped["url"]
    assert sent["requests"][0] == "HEAD"
    (file,) = first.status(assembly)["uploads"]
    assert first.get(file["url"]).data == body.read_bytes()
    for part in (name, inside):
        part.shut()
    for engine in (second, first):
        engine.close()
