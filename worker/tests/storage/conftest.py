"""Stores that the same tests run over: a folder, and a bucket of a real server."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from servers.faults import Faults
from servers.s3_server import S3Server

from cattube_worker.storage import Store
from cattube_worker.storage.local import LocalStore
from cattube_worker.storage.s3.bucket_store import BucketStore
from cattube_worker.storage.s3.buckets import Bucket
from cattube_worker.storage.s3.retry_policy import RetryPolicy
from cattube_worker.storage.s3.transfer_config import MIB, TransferConfig

# Waits are only counted, and five MiB are the smallest part that a service takes.
WITHOUT_WAITS = RetryPolicy(sleep=lambda _seconds: None)
IN_PARTS = TransferConfig(threshold_bytes=6 * MIB, part_bytes=5 * MIB, threads=2)


def bucket_on(server: S3Server, name: str, *, is_b2: bool = False) -> Bucket:
    return Bucket(
        name=name,
        key_id=server.key_id,
        secret=server.secret,
        region=server.region,
        endpoint_url=server.endpoint_url,
        is_b2=is_b2,
    )


@pytest.fixture
def s3_store(s3_server: S3Server, s3_bucket: str) -> BucketStore:
    return BucketStore(bucket_on(s3_server, s3_bucket), retry_policy=WITHOUT_WAITS, transfer=IN_PARTS)


@pytest.fixture
def faulty_store(s3_faults: Faults, s3_bucket: str) -> BucketStore:
    """A store in the same bucket whose calls meet faults."""
    return BucketStore(bucket_on(s3_faults.server, s3_bucket), retry_policy=WITHOUT_WAITS, transfer=IN_PARTS)


@pytest.fixture
def local_store(tmp_path: Path) -> LocalStore:
    return LocalStore(
        tmp_path / "bucket", lambda key, lasts: f"/files/{key}?for={lasts // timedelta(seconds=1)}"
    )


@pytest.fixture(params=["local_store", pytest.param("s3_store", marks=pytest.mark.s3)])
def store(request: pytest.FixtureRequest) -> Store:
    store: Store = request.getfixturevalue(request.param)
    return store


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "source"
    path.write_bytes(b"bytes")
    return path


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """Twelve MiB and a byte: three parts, no two alike."""
    path = tmp_path / "large"
    path.write_bytes(b"".join(bytes([number]) * MIB for number in range(12)) + b"!")
    return path
