"""Uploads that a host gives to other hosts, under signed addresses."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from cattube_worker.assemblies.model import Upload
from cattube_worker.execution.job_files.held_uploads import LIFETIME_SECONDS, HeldUploads

from ..conftest import TestEngine, open_test_engine

HOST = "http://10.0.0.7:5678"


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[TestEngine]:
    engine = open_test_engine(tmp_path)
    engine.parts.files.upload_files.host = "ingest"
    engine.parts.files.held_uploads.announce(HOST)
    yield engine
    engine.close()


def other_host(engine: TestEngine, secret: str = "") -> HeldUploads:
    """What another host on the same database knows. secret: instead of that of all engines."""
    files = type(engine.parts.files.upload_files)(
        Path("/nowhere"), room=engine.parts.files.room, host="worker"
    )
    secret = secret or engine.settings.engine_secret.get_secret_value()
    return HeldUploads(files, engine.database, secret=secret, clock=engine.clock)


def upload_with(engine: TestEngine, content: bytes) -> Upload:
    path = engine.upload(engine.assembly(), content)
    upload, _ = engine.uploads.find(path.rsplit("/", 1)[1])
    return upload


def address_of(engine: TestEngine, upload: Upload, secret: str = "") -> str:
    """The address that another host asks, without its host."""
    url = other_host(engine, secret).url_of(upload)
    assert url is not None
    assert url.startswith(HOST)
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


def test_other_hosts_get_the_bytes_in_ranges_and_their_digest(engine: TestEngine) -> None:
    """S43"""
    address = address_of(engine, upload_with(engine, b"meow"))

    part = engine.get(address, Range="bytes=1-", **{"Want-Repr-Digest": "md5=10"})

    md5 = base64.b64encode(hashlib.md5(b"meow", usedforsecurity=False).digest()).decode()
    assert (part.status_code, part.data) == (206, b"eow")
    assert part.headers["Repr-Digest"] == f"md5=:{md5}:"
    assert engine.get(address).data == b"meow"


def test_s53_address_of_an_upload_ends_and_opens_no_other(engine: TestEngine) -> None:
    address, other = (address_of(engine, upload_with(engine, text)) for text in (b"meow", b"purr"))
    mixed = f"{urlsplit(address).path}?{urlsplit(other).query}"
    forged = address_of(engine, upload_with(engine, b"hiss"), secret="of the account")

    assert engine.get(mixed).status_code == 403
    assert engine.get(forged).status_code == 403
    assert engine.get(urlsplit(address).path).status_code == 403
    engine.clock.advance(LIFETIME_SECONDS + 1)
    assert engine.get(address).status_code == 403


def test_s53_host_tells_nobody_without_permission_what_it_has(engine: TestEngine) -> None:
    """S53"""
    path = urlsplit(address_of(engine, upload_with(engine, b"meow"))).path
    unknown = f"/held/{'0' * 32}/{'1' * 32}"

    answers = [engine.get(address) for address in (path, unknown, f"{path}/index", f"{unknown}/index")]

    assert {(answer.status_code, answer.data) for answer in answers} == {(403, answers[0].data)}


def test_s53_leaked_address_is_no_permission_to_send_or_to_cancel(engine: TestEngine) -> None:
    upload = upload_with(engine, b"meow")

    address = address_of(engine, upload)

    assert upload.id not in address
    assert upload.assembly_id not in address


def test_host_without_an_address_is_named(engine: TestEngine) -> None:
    """F60"""
    upload = upload_with(engine, b"meow")
    upload.host = "attic"

    with pytest.raises(Exception, match="attic gives no files to other hosts: INTERNAL_URL"):
        other_host(engine).url_of(upload)
