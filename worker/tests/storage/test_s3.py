"""What a bucket keeps beside the bytes, who may read them, and that what is deleted is freed."""

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
from cattube_worker.storage.s3.bucket_store import S3Store
from cattube_worker.storage.s3.buckets import FOR_EVER
from cattube_worker.storage.s3.multipart import LARGEST_PART_BYTES, MIB, MOST_PARTS, Transfer

from .conftest import AT_ONCE, IN_PARTS, bucket_on

HOUR = timedelta(hours=1)


def read(url: str, **headers: str) -> tuple[int, bytes]:
    """Status and body as a browser gets them."""
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, b""


def test_s03_only_who_has_a_link_reads_and_only_for_its_time(
    s3_store: S3Store, s3_server: S3Server, source: Path
) -> None:
    s3_store.put("private/cat.mp4", source, content_type="video/mp4")
    link = s3_store.url("private/cat.mp4", expires_in=HOUR)
    guessed = f"{s3_server.endpoint_url}/{s3_store.bucket.name}/private/cat.mp4"

    assert read(link) == (200, b"bytes")
    assert "X-Amz-Expires=3600" in link
    assert s3_server.secret not in link
    for wrong in (guessed, link.replace("cat.mp4", "dog.mp4"), link[:-4] + "0000"):
        assert read(wrong)[0] in {400, 403}, wrong


def test_s05_a_link_serves_ranges(s3_store: S3Store, source: Path) -> None:
    s3_store.put("cat.mp4", source)
    link = s3_store.url("cat.mp4", expires_in=HOUR)

    assert read(link, Range="bytes=1-2") == (206, b"yt")
    assert read(link, Range="bytes=-2") == (206, b"es")
    assert read(link, Range="bytes=9-")[0] == 416


def test_links_lead_to_the_custom_domain(s3_store: S3Store) -> None:
    store = replace(s3_store, bucket=replace(s3_store.bucket, custom_domain="cdn.example.com"))

    plain = urlsplit(s3_store.url("a/cat.mp4", expires_in=HOUR))
    link = urlsplit(store.url("a/cat.mp4", expires_in=HOUR))

    assert (link.scheme, link.netloc, link.path) == ("https", "cdn.example.com", plain.path)


def test_an_object_keeps_what_was_said_about_it(s3_store: S3Store, s3_server: S3Server, source: Path) -> None:
    attributes = ObjectAttributes(
        cache_control="no-store", content_disposition='attachment; filename="cat"', metadata={"cat": "tom"}
    )

    s3_store.put("cat.mp4", source, content_type="video/mp4", attributes=attributes)

    kept = s3_server.client.head_object(Bucket=s3_store.bucket.name, Key="cat.mp4")
    assert (kept["ContentType"], kept["CacheControl"]) == ("video/mp4", "no-store")
    assert kept["ContentDisposition"] == 'attachment; filename="cat"'
    assert kept["Metadata"]["cat"] == "tom"


@pytest.mark.parametrize("file", ["source", "large"])
def test_objects_of_our_own_bucket_may_be_kept_by_browsers(
    s3_store: S3Store, s3_server: S3Server, file: str, request: pytest.FixtureRequest
) -> None:
    store = replace(s3_store, bucket=replace(s3_store.bucket, cache_control=FOR_EVER))

    store.put("cat.mp4", request.getfixturevalue(file), content_type="video/mp4")

    kept = s3_server.client.head_object(Bucket=store.bucket.name, Key="cat.mp4")
    assert (kept["ContentType"], kept["CacheControl"]) == ("video/mp4", FOR_EVER)


@pytest.mark.parametrize("file", ["source", "large"])
def test_b2_is_sent_nothing_that_it_refuses(
    s3_faults: Faults, s3_bucket: str, tmp_path: Path, file: str, request: pytest.FixtureRequest
) -> None:
    s3_faults.rule = as_b2
    bucket = bucket_on(s3_faults.server, s3_bucket, is_b2=True)
    store = S3Store(bucket, retry_policy=AT_ONCE, transfer=IN_PARTS)

    store.put("cat", request.getfixturevalue(file), attributes=ObjectAttributes(acl="private"))
    store.fetch("cat", tmp_path / "back")
    store.delete("cat")

    assert not store.exists("cat")
    assert all(call.headers["authorization"].startswith("AWS4-HMAC-SHA256") for call in s3_faults.calls)
    with pytest.raises(UnsupportedAttribute, match="tags"):
        store.put("cat", tmp_path / "back", attributes=ObjectAttributes(tags={"a": "b"}))


def test_a_service_without_conditions_on_writes_is_written_to_without(
    faulty_store: S3Store, s3_faults: Faults, source: Path
) -> None:
    s3_faults.rule = as_b2

    faulty_store.put("cat", source)

    assert faulty_store.exists("cat")


def test_s02_of_two_at_once_one_is_kept(s3_store: S3Store, source: Path, tmp_path: Path) -> None:
    """The other's object comes between our look and our write; the service refuses the write."""
    other = tmp_path / "other"
    other.write_bytes(b"other")
    late = replace(s3_store, connect=lambda bucket: Blind(s3_store, other))

    with pytest.raises(StoreError, match="another object"):
        late.put("cat", source)
    s3_store.fetch("cat", tmp_path / "back")

    assert (tmp_path / "back").read_bytes() == b"other"


class Blind:
    """A client that sees nothing at first; then somebody else is quicker."""

    def __init__(self, store: S3Store, other: Path) -> None:
        self._store, self._other, self._looks = store, other, 0

    def head_object(self, **arguments: str) -> object:
        self._looks += 1
        return self._client.head_object(**arguments | ({"Key": "nothing"} if self._looks == 1 else {}))

    def put_object(self, **arguments: object) -> object:
        self._store.put("cat", self._other)
        return self._client.put_object(**arguments)

    @cached_property
    def _client(self) -> Any:
        return self._store.connect(self._store.bucket)


def test_s09_deleting_frees_every_version_and_every_mark(
    s3_server: S3Server, b2_bucket: str, source: Path
) -> None:
    store = S3Store(bucket_on(s3_server, b2_bucket), retry_policy=AT_ONCE)
    for body in (b"one", b"two"):
        s3_server.client.put_object(Bucket=b2_bucket, Key="cat", Body=body)
    s3_server.client.delete_object(Bucket=b2_bucket, Key="cat")
    store.put("cat", source)
    store.put("cats", source)

    store.delete("cat")

    assert s3_server.versions(b2_bucket) == ["cats"]


def test_s09_deleting_frees_unfinished_uploads_of_that_key_alone(
    s3_store: S3Store, s3_server: S3Server
) -> None:
    for key in ("cat", "cat", "cats"):
        s3_server.client.create_multipart_upload(Bucket=s3_store.bucket.name, Key=key)

    s3_store.delete("cat")

    assert s3_server.unfinished(s3_store.bucket.name) == ["cats"]


def test_s08_abandoned_uploads_are_freed_when_they_are_old(s3_store: S3Store, s3_server: S3Server) -> None:
    s3_server.client.create_multipart_upload(Bucket=s3_store.bucket.name, Key="cat")
    now = datetime.now(UTC)

    assert s3_store.abort_unfinished(begun_before=now - HOUR) == 0
    assert s3_server.unfinished(s3_store.bucket.name) == ["cat"]
    assert s3_store.abort_unfinished(begun_before=now + HOUR) == 1
    assert s3_server.unfinished(s3_store.bucket.name) == []


def test_a_service_without_versions_is_deleted_from(
    faulty_store: S3Store, s3_faults: Faults, source: Path
) -> None:
    s3_faults.rule = first(99, Refusal(501, "NotImplemented"), query="versions")
    faulty_store.put("cat", source)

    faulty_store.delete("cat")

    assert not faulty_store.exists("cat")


@pytest.mark.parametrize("wrong", [{"key_id": "cat:nobody"}, {"secret": "canary"}])
def test_s07_wrong_credentials_are_named_and_not_tried_again(
    faulty_store: S3Store, s3_faults: Faults, source: Path, tmp_path: Path, wrong: dict[str, Any]
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


def test_s07_a_bucket_that_is_not_there_is_named(s3_store: S3Store, source: Path) -> None:
    store = replace(s3_store, bucket=replace(s3_store.bucket, name="no-such-bucket-of-cats"))

    for attempt in (store.check, lambda: store.put("cat", source)):
        with pytest.raises(BucketMissing, match="no-such-bucket-of-cats") as caught:
            attempt()
        assert not caught.value.retryable


def test_a_bucket_that_is_there_is_in_order(s3_store: S3Store) -> None:
    s3_store.check()


def test_a_service_that_nobody_answers_for_may_come_back(s3_store: S3Store, source: Path) -> None:
    store = replace(s3_store, bucket=replace(s3_store.bucket, endpoint_url="http://127.0.0.1:9"))

    with pytest.raises(StoreError) as caught:
        store.put("cat", source)

    assert caught.value.retryable
    assert not isinstance(caught.value, ObjectMissing)


@pytest.mark.parametrize("size_bytes", [1, 5 * MIB, 100 * 2**30, 320 * 2**30, 10 * 2**40])
def test_parts_keep_within_the_limits_of_b2(size_bytes: int) -> None:
    part_bytes = Transfer().part_bytes_for(size_bytes)

    assert -(-size_bytes // part_bytes) <= MOST_PARTS
    assert 5 * MIB <= part_bytes <= LARGEST_PART_BYTES
