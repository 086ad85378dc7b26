"""Store in a bucket: attributes, presigned URLs, deletion, unfinished uploads and wrong credentials."""

from __future__ import annotations

import urllib.error
import urllib.request
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from servers.faults import Faults, Refusal, as_b2, first
from servers.s3_server import S3Server

from cattube_worker.storage import (
    AccessDenied,
    BucketMissing,
    ObjectAttributes,
    ObjectMissing,
    StoreError,
    UnsupportedAttribute,
)
from cattube_worker.storage.s3.bucket_store import BucketStore
from cattube_worker.storage.s3.buckets import FOR_EVER
from cattube_worker.storage.s3.transfer_config import LARGEST_PART_BYTES, MIB, MOST_PARTS, TransferConfig

from .conftest import IN_PARTS, WITHOUT_WAITS, bucket_on

HOUR = timedelta(hours=1)
PATIENCE_SECONDS = 300


def read(url: str, **headers: str) -> tuple[int, bytes]:
    """Status and body as a browser gets them."""
    try:
        request = urllib.request.Request(url, headers=headers)
        with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, b""


def test_s03_a_presigned_url_gives_access_until_it_expires_and_no_other_url_does(
    s3_store: BucketStore, s3_server: S3Server, source: Path
) -> None:
    s3_store.put("private/cat.mp4", source, content_type="video/mp4")
    url = s3_store.signed_url("private/cat.mp4", expires_in=HOUR)
    guessed = f"{s3_server.endpoint_url}/{s3_store.bucket.name}/private/cat.mp4"

    assert s3_store.url("private/cat.mp4") == guessed

    assert read(url) == (200, b"bytes")
    assert "X-Amz-Expires=3600" in url
    assert s3_server.secret not in url
    for wrong in (guessed, url.replace("cat.mp4", "dog.mp4"), url[:-4] + "0000"):
        assert read(wrong)[0] in {400, 403}, wrong


def test_s05_a_presigned_url_serves_ranges(s3_store: BucketStore, source: Path) -> None:
    s3_store.put("cat.mp4", source)
    url = s3_store.signed_url("cat.mp4", expires_in=HOUR)

    assert read(url, Range="bytes=1-2") == (206, b"yt")
    assert read(url, Range="bytes=-2") == (206, b"es")
    assert read(url, Range="bytes=9-")[0] == 416


def test_presigned_urls_lead_to_the_custom_domain(s3_store: BucketStore) -> None:
    store = replace(s3_store, bucket=replace(s3_store.bucket, custom_domain="cdn.example.com"))

    service_url = urlsplit(s3_store.signed_url("a/cat.mp4", expires_in=HOUR))
    url = urlsplit(store.signed_url("a/cat.mp4", expires_in=HOUR))

    assert (url.scheme, url.netloc, url.path) == ("https", "cdn.example.com", service_url.path)


def test_an_object_has_the_attributes_it_was_put_with(
    s3_store: BucketStore, s3_server: S3Server, source: Path
) -> None:
    attributes = ObjectAttributes(
        cache_control="no-store", content_disposition='attachment; filename="cat"', metadata={"cat": "tom"}
    )

    s3_store.put("cat.mp4", source, content_type="video/mp4", attributes=attributes)

    head = s3_server.client.head_object(Bucket=s3_store.bucket.name, Key="cat.mp4")
    assert (head["ContentType"], head["CacheControl"]) == ("video/mp4", "no-store")
    assert head["ContentDisposition"] == 'attachment; filename="cat"'
    assert head["Metadata"]["cat"] == "tom"


@pytest.mark.parametrize("file", ["source", "large"])
def test_objects_of_the_default_bucket_may_be_cached_by_browsers(
    s3_store: BucketStore, s3_server: S3Server, file: str, request: pytest.FixtureRequest
) -> None:
    store = replace(s3_store, bucket=replace(s3_store.bucket, cache_control=FOR_EVER))

    store.put("cat.mp4", request.getfixturevalue(file), content_type="video/mp4")

    head = s3_server.client.head_object(Bucket=store.bucket.name, Key="cat.mp4")
    assert (head["ContentType"], head["CacheControl"]) == ("video/mp4", FOR_EVER)


@pytest.mark.parametrize("file", ["source", "large"])
def test_b2_is_sent_nothing_that_it_refuses(
    s3_faults: Faults, s3_bucket: str, tmp_path: Path, file: str, request: pytest.FixtureRequest
) -> None:
    s3_faults.rule = as_b2
    bucket = bucket_on(s3_faults.server, s3_bucket, is_b2=True)
    store = BucketStore(bucket, retry_policy=WITHOUT_WAITS, transfer=IN_PARTS)

    store.put("cat", request.getfixturevalue(file), attributes=ObjectAttributes(acl="private"))
    store.fetch("cat", tmp_path / "back")
    store.delete("cat")

    assert not store.exists("cat")
    assert all(call.headers["authorization"].startswith("AWS4-HMAC-SHA256") for call in s3_faults.calls)
    with pytest.raises(UnsupportedAttribute, match="tags"):
        store.put("cat", tmp_path / "back", attributes=ObjectAttributes(tags={"a": "b"}))


def test_a_service_without_conditional_writes_is_written_to_without_conditions(
    faulty_store: BucketStore, s3_faults: Faults, source: Path
) -> None:
    s3_faults.rule = as_b2

    faulty_store.put("cat", source)

    assert faulty_store.exists("cat")


def test_s02_of_two_objects_put_at_once_the_first_stays(
    s3_store: BucketStore, source: Path, tmp_path: Path
) -> None:
    """The other object arrives between our HEAD and our PUT; the service refuses the PUT."""
    other = tmp_path / "other"
    other.write_bytes(b"other")
    late = replace(s3_store, connect=lambda bucket: RacingClient(s3_store, other))

    with pytest.raises(StoreError, match="another object"):
        late.put("cat", source)
    s3_store.fetch("cat", tmp_path / "back")

    assert (tmp_path / "back").read_bytes() == b"other"


class RacingClient:
    """A client whose first HEAD finds nothing; another object arrives before its PUT."""

    def __init__(self, store: BucketStore, other: Path) -> None:
        self._store, self._other, self._heads = store, other, 0

    def head_object(self, **arguments: str) -> object:
        self._heads += 1
        return self._client.head_object(**arguments | ({"Key": "nothing"} if self._heads == 1 else {}))

    def put_object(self, **arguments: object) -> object:
        self._store.put("cat", self._other)
        return self._client.put_object(**arguments)

    @cached_property
    def _client(self) -> Any:
        return self._store.connect(self._store.bucket)


def test_s09_deleting_frees_every_version_and_every_delete_marker(
    s3_server: S3Server, b2_bucket: str, source: Path
) -> None:
    store = BucketStore(bucket_on(s3_server, b2_bucket), retry_policy=WITHOUT_WAITS)
    for body in (b"one", b"two"):
        s3_server.client.put_object(Bucket=b2_bucket, Key="cat", Body=body)
    s3_server.client.delete_object(Bucket=b2_bucket, Key="cat")
    store.put("cat", source)
    store.put("cats", source)

    store.delete("cat")

    assert s3_server.versions(b2_bucket) == ["cats"]


def test_s09_deleting_frees_unfinished_uploads_of_that_key_alone(
    s3_store: BucketStore, s3_server: S3Server
) -> None:
    for key in ("cat", "cat", "cats"):
        s3_server.client.create_multipart_upload(Bucket=s3_store.bucket.name, Key=key)

    s3_store.delete("cat")

    assert s3_server.unfinished(s3_store.bucket.name) == ["cats"]


def test_s08_abandoned_uploads_are_freed_when_they_are_old(
    s3_store: BucketStore, s3_server: S3Server
) -> None:
    s3_server.client.create_multipart_upload(Bucket=s3_store.bucket.name, Key="cat")
    now = datetime.now(UTC)

    assert s3_store.abort_unfinished(begun_before=now - HOUR) == 0
    assert s3_server.unfinished(s3_store.bucket.name) == ["cat"]
    assert s3_store.abort_unfinished(begun_before=now + HOUR) == 1
    assert s3_server.unfinished(s3_store.bucket.name) == []


def test_a_service_without_versions_is_deleted_from(
    faulty_store: BucketStore, s3_faults: Faults, source: Path
) -> None:
    s3_faults.rule = first(99, Refusal(501, "NotImplemented"), query="versions")
    faulty_store.put("cat", source)

    faulty_store.delete("cat")

    assert not faulty_store.exists("cat")


@pytest.mark.parametrize("wrong", [{"key_id": "cat:nobody"}, {"secret": "canary"}])
def test_s07_wrong_credentials_are_named_and_not_tried_again(
    faulty_store: BucketStore, s3_faults: Faults, source: Path, tmp_path: Path, wrong: dict[str, Any]
) -> None:
    store = replace(faulty_store, bucket=replace(faulty_store.bucket, **wrong))

    for attempt in (
        store.check,
        lambda: store.put("cat", source),
        lambda: store.fetch("cat", tmp_path / "back"),
        lambda: store.delete("cat"),
    ):
        calls = len(s3_faults.calls)
        with pytest.raises(AccessDenied) as caught:
            attempt()
        assert not caught.value.retryable
        assert "canary" not in str(caught.value)
        assert len(s3_faults.calls) == calls + 1


def test_s07_a_bucket_that_is_not_there_is_named(s3_store: BucketStore, source: Path) -> None:
    store = replace(s3_store, bucket=replace(s3_store.bucket, name="no-such-bucket-of-cats"))

    for attempt in (store.check, lambda: store.put("cat", source)):
        with pytest.raises(BucketMissing, match="no-such-bucket-of-cats") as caught:
            attempt()
        assert not caught.value.retryable


def test_a_bucket_that_exists_passes_the_check(s3_store: BucketStore) -> None:
    s3_store.check()


def test_a_service_that_does_not_answer_is_an_error_that_may_pass(
    s3_store: BucketStore, source: Path
) -> None:
    store = replace(s3_store, bucket=replace(s3_store.bucket, endpoint_url="http://127.0.0.1:9"))

    with pytest.raises(StoreError) as caught:
        store.put("cat", source)

    assert caught.value.retryable
    assert not isinstance(caught.value, ObjectMissing)


@pytest.mark.parametrize("size_bytes", [1, 5 * MIB, 100 * 2**30, 320 * 2**30, 10 * 2**40])
def test_parts_keep_within_the_limits_of_b2(size_bytes: int) -> None:
    part_bytes = TransferConfig().part_bytes_for(size_bytes)

    assert -(-size_bytes // part_bytes) <= MOST_PARTS
    assert 5 * MIB <= part_bytes <= LARGEST_PART_BYTES
