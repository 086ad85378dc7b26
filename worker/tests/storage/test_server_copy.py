"""Copies that the bucket makes by itself."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from servers.faults import Call, Faults, Refusal, as_b2, first
from servers.s3_server import S3Server

from cattube_worker.storage import KeyTaken, ObjectAttributes, StoreError
from cattube_worker.storage.s3.bucket_store import BucketStore
from cattube_worker.storage.s3.client import connect
from cattube_worker.storage.s3.transfer_config import MIB

from .conftest import IN_PARTS, WITHOUT_WAITS, bucket_on

COPIED_IN_PARTS = replace(IN_PARTS, copy_threshold_bytes=6 * MIB, copy_part_bytes=5 * MIB)


@pytest.fixture
def copying_store(s3_faults: Faults, s3_bucket: str) -> BucketStore:
    """A store whose calls are noted, and which copies twelve MiB in three parts."""
    bucket = bucket_on(s3_faults.server, s3_bucket)
    return BucketStore(bucket, retry_policy=WITHOUT_WAITS, transfer=COPIED_IN_PARTS)


@pytest.mark.parametrize("file", ["source", "large"])
def test_s45_copy_is_the_same_object_without_its_bytes_being_sent(
    copying_store: BucketStore,
    s3_faults: Faults,
    s3_server: S3Server,
    tmp_path: Path,
    file: str,
    request: pytest.FixtureRequest,
) -> None:
    source: Path = request.getfixturevalue(file)
    attributes = ObjectAttributes(cache_control="no-store", metadata={"cat": "tom"})
    copying_store.put("scratch/cat", source, content_type="application/octet-stream")
    s3_faults.calls.clear()

    assert copying_store.copy("scratch/cat", "cat.mp4", content_type="video/mp4", attributes=attributes)

    sent_bytes = sum(int(call.headers.get("content-length") or 0) for call in s3_faults.calls)
    assert sent_bytes < 2000
    head = s3_server.client.head_object(Bucket=copying_store.bucket.name, Key="cat.mp4")
    assert (head["ContentType"], head["CacheControl"]) == ("video/mp4", "no-store")
    assert head["Metadata"]["cat"] == "tom"
    copying_store.fetch("cat.mp4", tmp_path / "back")
    assert (tmp_path / "back").read_bytes() == source.read_bytes()
    assert s3_server.unfinished(copying_store.bucket.name) == []


def test_s45_copy_done_again_is_the_same_object_and_other_bytes_keep_their_key(
    copying_store: BucketStore, source: Path, large: Path
) -> None:
    copying_store.put("scratch/cat", source)
    copying_store.put("scratch/dog", large)

    assert copying_store.copy("scratch/cat", "cat.mp4")
    assert copying_store.copy("scratch/cat", "cat.mp4")
    copying_store.put("cat.mp4", source)  # as an attempt that sends the bytes

    with pytest.raises(KeyTaken):
        copying_store.copy("scratch/dog", "cat.mp4")


def test_s08_copy_frees_what_a_host_that_died_amid_it_has_left(
    copying_store: BucketStore, s3_server: S3Server, source: Path
) -> None:
    """S08"""
    bucket = copying_store.bucket.name
    copying_store.put("scratch/cat", source)
    for key in ("cat.mp4", "cat.mp4.vtt"):
        s3_server.client.create_multipart_upload(Bucket=bucket, Key=key)

    assert copying_store.copy("scratch/cat", "cat.mp4")

    assert s3_server.unfinished(bucket) == ["cat.mp4.vtt"]


def test_s08_copy_whose_parts_another_attempt_has_freed_may_be_made_again(
    copying_store: BucketStore, s3_faults: Faults, s3_server: S3Server, source: Path
) -> None:
    """S08"""
    copying_store.put("scratch/cat", source)
    bucket = copying_store.bucket.name

    def free_first(call: Call) -> None:
        if "x-amz-copy-source" in call.headers:
            for upload in s3_server.client.list_multipart_uploads(Bucket=bucket)["Uploads"]:
                s3_server.client.abort_multipart_upload(
                    Bucket=bucket, Key=upload["Key"], UploadId=upload["UploadId"]
                )

    s3_faults.rule = free_first

    with pytest.raises(StoreError) as refused:
        copying_store.copy("scratch/cat", "cat.mp4")

    assert refused.value.retryable


def test_what_is_not_there_or_not_ours_is_not_copied(copying_store: BucketStore, s3_server: S3Server) -> None:
    s3_server.client.put_object(Bucket=copying_store.bucket.name, Key="theirs", Body=b"meow")

    assert not copying_store.copy("nothing", "cat.mp4")
    assert not copying_store.copy("theirs", "cat.mp4")
    assert not copying_store.exists("cat.mp4")


def test_f100_source_that_is_deleted_at_that_moment_is_not_copied(
    copying_store: BucketStore, s3_faults: Faults, s3_server: S3Server, source: Path
) -> None:
    """F100: no more than one that was not there; its bytes have to be sent."""
    copying_store.put("scratch/cat", source)
    bucket = copying_store.bucket.name

    def delete_first(call: Call) -> None:
        if "x-amz-copy-source" in call.headers:
            s3_server.client.delete_object(Bucket=bucket, Key="scratch/cat")

    s3_faults.rule = delete_first

    assert not copying_store.copy("scratch/cat", "cat.mp4")
    assert s3_server.unfinished(bucket) == []


@pytest.mark.parametrize("file", ["source", "large"])
def test_s07_copy_is_made_again_where_it_may_succeed(
    copying_store: BucketStore, s3_faults: Faults, file: str, request: pytest.FixtureRequest
) -> None:
    copying_store.put("scratch/cat", request.getfixturevalue(file))
    s3_faults.rule = first(2, Refusal(503, "SlowDown"))

    assert copying_store.copy("scratch/cat", "cat.mp4")
    assert copying_store.exists("cat.mp4")


@pytest.mark.parametrize("file", ["source", "large"])
def test_b2_is_sent_no_copy_that_it_refuses(
    s3_faults: Faults, s3_bucket: str, file: str, request: pytest.FixtureRequest
) -> None:
    s3_faults.rule = as_b2
    bucket = bucket_on(s3_faults.server, s3_bucket, is_b2=True)
    store = BucketStore(bucket, retry_policy=WITHOUT_WAITS, transfer=COPIED_IN_PARTS)
    store.put("scratch/cat", request.getfixturevalue(file))

    assert store.copy("scratch/cat", "cat.mp4", attributes=ObjectAttributes(acl="private"))


def test_folder_is_freed_with_all_versions_and_nothing_beside_it(
    s3_server: S3Server, b2_bucket: str, source: Path
) -> None:
    store = BucketStore(bucket_on(s3_server, b2_bucket), retry_policy=WITHOUT_WAITS, transfer=IN_PARTS)
    for key in ("scratch/cats/1", "scratch/cats/2", "scratch/cats-2/1", "other"):
        store.put(key, source)
    s3_server.client.delete_object(Bucket=b2_bucket, Key="scratch/cats/2")

    # As a sweep does: on a busy machine Swift lists what it has freed a moment longer, now and then.
    for _ in range(10):
        store.delete_below("scratch/cats")
        if len(s3_server.versions(b2_bucket)) == 2:
            break
        time.sleep(0.5)

    assert sorted(s3_server.versions(b2_bucket)) == ["other", "scratch/cats-2/1"]
    assert list(store.stored_at("scratch")) == ["scratch/cats-2/1"]


@pytest.mark.parametrize("file", ["source", "large"])
def test_s02_of_an_object_and_a_copy_made_at_once_the_first_stays(
    copying_store: BucketStore,
    s3_server: S3Server,
    tmp_path: Path,
    file: str,
    request: pytest.FixtureRequest,
) -> None:
    """S45: the other object arrives between our HEAD and the copy; the service refuses the copy."""
    if not s3_server.refuses_taken_keys:
        pytest.skip("this service takes no condition at the end of an upload in parts")
    other = tmp_path / "other"
    other.write_bytes(b"other")
    copying_store.put("scratch/cat", request.getfixturevalue(file))
    late = replace(copying_store, connect=lambda bucket: LateClient(copying_store, other))

    with pytest.raises(KeyTaken):
        late.copy("scratch/cat", "cat.mp4")
    copying_store.fetch("cat.mp4", tmp_path / "back")

    assert (tmp_path / "back").read_bytes() == b"other"


class LateClient:
    """A client for which another object arrives when its own upload begins."""

    def __init__(self, store: BucketStore, other: Path) -> None:
        self._store, self._other = store, other
        self._client = connect(store.bucket)

    def create_multipart_upload(self, **arguments: Any) -> Any:
        self._store.put("cat.mp4", self._other)
        return self._client.create_multipart_upload(**arguments)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)
