"""What every store promises, over a folder and over buckets of a real S3 server."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from servers.faults import CAP_REACHED, Faults, Refusal, Reset, always, three_of_four
from servers.s3_server import S3Server

from cattube.storage.local_store import LocalStore
from cattube.storage.objects import LinkTimes, ObjectMissing, ObjectTooLong, StoreError
from cattube.storage.s3_client import BucketAccount
from cattube.storage.s3_store import S3Store
from cattube.storage.store import Store

KEY = "watermarked/0123/cat.mp4"
PIECE = "watermarked/0123/720p/cat_0.ts"
NEIGHBOURS = ["watermarked/0123/cat.mp4.jpg", "watermarked/01234/cat.mp4", "watermarked/012/cat.mp4"]

Put = Callable[[str, bytes], None]


def account_of(server: S3Server, *, secret: str = "") -> BucketAccount:
    return BucketAccount(
        endpoint_url=server.endpoint_url,
        region=server.region,
        key_id=server.key_id,
        secret=secret or server.secret,
    )


def bucket_of(server: S3Server, bucket: str, *, secret: str = "") -> S3Store:
    return S3Store(account_of(server, secret=secret), bucket, server.endpoint_url)


@pytest.fixture(params=["local", "s3_bucket", "b2_bucket"])
def stored(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Store, Put]:
    """A store, and how to put an object into it."""
    if request.param == "local":
        return LocalStore(tmp_path / "bucket"), lambda key, content: put_file(
            tmp_path / "bucket" / key, content
        )
    bucket: str = request.getfixturevalue(request.param)
    server: S3Server = request.getfixturevalue("s3_server")
    return bucket_of(server, bucket), lambda key, content: put_object(server, bucket, key, content)


def put_file(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def put_object(server: S3Server, bucket: str, key: str, content: bytes) -> None:
    server.client.put_object(Bucket=bucket, Key=key, Body=content)


def begin_parts(server: S3Server, bucket: str, key: str) -> str:
    begun: dict[str, Any] = server.client.create_multipart_upload(Bucket=bucket, Key=key)
    names = {"Bucket": bucket, "Key": key, "UploadId": begun["UploadId"]}
    server.client.upload_part(**names, PartNumber=1, Body=b"meow" * 100)
    return str(begun["UploadId"])


def times(*, ago: float = 0, seconds: int = 600) -> LinkTimes:
    return LinkTimes(datetime.now(UTC) - timedelta(seconds=ago), seconds)


def test_small_object_is_read_and_a_large_one_is_not(stored: tuple[Store, Put]) -> None:
    store, put = stored
    put(KEY, b"meow")

    assert store.read(KEY, at_most_bytes=4) == b"meow"
    with pytest.raises(ObjectTooLong):
        store.read(KEY, at_most_bytes=3)


def test_object_that_is_not_there_is_missing_and_as_good_as_deleted(stored: tuple[Store, Put]) -> None:
    store, _ = stored

    with pytest.raises(ObjectMissing):
        store.read(KEY, at_most_bytes=100)
    store.delete(KEY)
    store.delete_folder("watermarked/0123/")


@pytest.mark.parametrize("key", ["../secret", "watermarked/../../secret", "watermarked/0123/", "/etc/passwd"])
def test_key_that_leads_elsewhere_is_no_object_s01_s04(stored: tuple[Store, Put], key: str) -> None:
    store, _ = stored

    with pytest.raises(ObjectMissing):
        store.read(key, at_most_bytes=100)
    with pytest.raises(ObjectMissing):
        store.delete(key)


@pytest.mark.parametrize("folder", ["", "/", "watermarked/", "../../", "watermarked/0123", KEY])
def test_folder_that_is_more_than_one_assemblys_is_not_deleted_s01(
    stored: tuple[Store, Put], folder: str
) -> None:
    store, put = stored
    put(KEY, b"meow")

    with pytest.raises(StoreError):
        store.delete_folder(folder)
    assert [entry.object_key for entry in store.objects()] == [KEY]


def test_deleting_frees_the_object_and_leaves_its_neighbours(stored: tuple[Store, Put]) -> None:
    store, put = stored
    for key in (KEY, *NEIGHBOURS):
        put(key, b"meow")

    store.delete(KEY)

    assert sorted(entry.object_key for entry in store.objects()) == sorted(NEIGHBOURS)


def test_deleting_a_folder_frees_all_below_it_and_nothing_beside_it(stored: tuple[Store, Put]) -> None:
    store, put = stored
    for key in (KEY, PIECE, *NEIGHBOURS):
        put(key, b"meow")

    store.delete_folder("watermarked/0123/")

    assert sorted(entry.object_key for entry in store.objects()) == sorted(NEIGHBOURS[1:])


def test_objects_are_told_with_size_and_time(stored: tuple[Store, Put]) -> None:
    store, put = stored
    put(KEY, b"meow")

    (entry,) = store.objects()

    assert (entry.object_key, entry.size_bytes, entry.is_visible) == (KEY, 4, True)
    assert abs(datetime.now(UTC) - entry.stored_at) < timedelta(minutes=1)


def test_bucket_of_more_than_one_page_is_told_whole(s3_server: S3Server, b2_bucket: str) -> None:
    keys = [f"thumbnail/{number:04}/cat.jpg" for number in range(4)]
    for key in [*keys, keys[1], keys[1]]:
        put_object(s3_server, b2_bucket, key, b"meow")
    for key in keys:
        begin_parts(s3_server, b2_bucket, key)
    store = replace(bucket_of(s3_server, b2_bucket), page_size=2)

    sizes = [(entry.object_key, entry.size_bytes) for entry in store.objects()]

    assert sizes == [(keys[0], 4), (keys[1], 12), (keys[2], 4), (keys[3], 4)]
    assert sorted(entry.object_key for entry in store.unfinished()) == keys
    store.delete_folder("thumbnail/0001/")
    assert sorted(s3_server.versions(b2_bucket)) == sorted({*keys} - {keys[1]})


def test_deleted_in_b2_frees_all_versions_and_hide_markers(s3_server: S3Server, b2_bucket: str) -> None:
    store = bucket_of(s3_server, b2_bucket)
    for content in (b"first", b"second"):
        put_object(s3_server, b2_bucket, KEY, content)
    s3_server.client.delete_object(Bucket=b2_bucket, Key=KEY)
    put_object(s3_server, b2_bucket, NEIGHBOURS[0], b"meow")

    store.delete(KEY)

    assert s3_server.versions(b2_bucket) == [NEIGHBOURS[0]]


def test_hidden_object_is_told_as_hidden_with_the_bytes_it_still_costs(
    s3_server: S3Server, b2_bucket: str
) -> None:
    for content in (b"first", b"second"):
        put_object(s3_server, b2_bucket, KEY, content)
    s3_server.client.delete_object(Bucket=b2_bucket, Key=KEY)

    (stored,) = bucket_of(s3_server, b2_bucket).objects()

    assert (stored.object_key, stored.size_bytes, stored.is_visible) == (KEY, 11, False)


def test_deleting_ends_the_uploads_below_the_key_and_no_other_s08(
    s3_server: S3Server, s3_bucket: str
) -> None:
    store = bucket_of(s3_server, s3_bucket)
    for key in (KEY, PIECE, NEIGHBOURS[0]):
        begin_parts(s3_server, s3_bucket, key)

    store.delete(KEY)
    after_key = sorted(s3_server.unfinished(s3_bucket))
    store.delete_folder("watermarked/0123/")

    assert after_key == sorted([PIECE, NEIGHBOURS[0]])
    assert s3_server.unfinished(s3_bucket) == []


def test_unfinished_upload_is_told_and_aborted_once_and_twice_s08(
    s3_server: S3Server, s3_bucket: str
) -> None:
    store = bucket_of(s3_server, s3_bucket)
    upload_id = begin_parts(s3_server, s3_bucket, KEY)

    (upload,) = store.unfinished()
    store.abort(upload)
    store.abort(upload)

    assert (upload.object_key, upload.upload_id) == (KEY, upload_id)
    assert abs(datetime.now(UTC) - upload.begun_at) < timedelta(minutes=1)
    assert list(store.unfinished()) == []


@pytest.mark.parametrize("key", [KEY, ":original/0123/Katze & Käfig (1) +.mp4"])
def test_link_gives_the_object_in_ranges_under_a_type_of_ours_s05(
    s3_server: S3Server, s3_bucket: str, key: str
) -> None:
    put_object(s3_server, s3_bucket, key, b"0123456789")
    link = bucket_of(s3_server, s3_bucket).direct_url(key, content_type="video/mp4", times=times())

    whole = httpx.get(link)
    part = httpx.get(link, headers={"Range": "bytes=2-4"})
    beyond = httpx.get(link, headers={"Range": "bytes=10-"})

    assert (whole.status_code, whole.content) == (200, b"0123456789")
    assert whole.headers["Content-Type"] == "video/mp4"
    assert whole.headers["Content-Disposition"] == "inline"
    assert (part.status_code, part.content, part.headers["Content-Range"]) == (206, b"234", "bytes 2-4/10")
    assert beyond.status_code == 416


def test_object_that_a_browser_could_run_is_only_downloaded_m07(s3_server: S3Server, s3_bucket: str) -> None:
    s3_server.client.put_object(Bucket=s3_bucket, Key=KEY, Body=b"<script>", ContentType="text/html")

    answer = httpx.get(
        bucket_of(s3_server, s3_bucket).direct_url(KEY, content_type="text/html", times=times())
    )

    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"] == "attachment"


def test_bucket_gives_nothing_without_a_link_of_ours_s03(s3_server: S3Server, s3_bucket: str) -> None:
    put_object(s3_server, s3_bucket, KEY, b"meow")
    put_object(s3_server, s3_bucket, NEIGHBOURS[1], b"purr")
    store = bucket_of(s3_server, s3_bucket)
    link = store.direct_url(KEY, content_type="video/mp4", times=times())
    plain = link.partition("?")[0]

    refused = {
        "guessed": httpx.get(plain),
        "another object": httpx.get(link.replace("/0123/", "/01234/", 1)),
        "another type": httpx.get(link.replace("video%2Fmp4", "text%2Fhtml")),
        "expired": httpx.get(store.direct_url(KEY, content_type="video/mp4", times=times(ago=700))),
        "longer": httpx.get(link.replace("X-Amz-Expires=600", "X-Amz-Expires=6000")),
        "to write": httpx.put(link, content=b"hiss"),
        "listing": httpx.get(f"{s3_server.endpoint_url}/{s3_bucket}"),
    }

    assert {name: answer.status_code for name, answer in refused.items() if answer.status_code < 400} == {}
    assert store.read(KEY, at_most_bytes=100) == b"meow"


def test_link_ends_when_the_object_is_deleted_s03(s3_server: S3Server, b2_bucket: str) -> None:
    store = bucket_of(s3_server, b2_bucket)
    put_object(s3_server, b2_bucket, KEY, b"meow")
    link = store.direct_url(KEY, content_type="video/mp4", times=times())
    before = httpx.get(link).status_code

    store.delete(KEY)

    assert (before, httpx.get(link).status_code) == (200, 404)


def test_every_flow_ends_right_when_three_of_four_calls_fail_s07(
    s3_faults: Faults, s3_server: S3Server, b2_bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)
    store = bucket_of(s3_faults.server, b2_bucket)
    put_object(s3_server, b2_bucket, KEY, b"meow")
    begin_parts(s3_server, b2_bucket, PIECE)

    s3_faults.rule = three_of_four(Refusal(503, "ServiceUnavailable"))
    content = store.read(KEY, at_most_bytes=100)
    stored_keys = [entry.object_key for entry in store.objects()]
    store.delete_folder("watermarked/0123/")

    assert (content, stored_keys) == (b"meow", [KEY])
    assert (s3_server.versions(b2_bucket), s3_server.unfinished(b2_bucket)) == ([], [])


@pytest.mark.parametrize(
    "refusal",
    [
        CAP_REACHED,
        Refusal(403, "RequestTimeTooSkewed"),
        Refusal(404, "NoSuchBucket"),
        Refusal(503, "ServiceUnavailable"),
    ],
    ids=lambda refusal: refusal.code,
)
def test_bucket_that_refuses_is_an_error_with_the_key_and_its_word_s07(
    s3_faults: Faults, s3_bucket: str, refusal: Refusal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)
    store = bucket_of(s3_faults.server, s3_bucket)
    s3_faults.rule = always(refusal)

    for attempt in (
        lambda: store.read(KEY, at_most_bytes=100),
        lambda: store.delete(KEY),
        lambda: list(store.objects()),
        lambda: list(store.unfinished()),
    ):
        with pytest.raises(StoreError, match=refusal.code) as caught:
            attempt()
        assert not isinstance(caught.value, ObjectMissing)


def test_answer_that_breaks_off_is_an_error_and_not_half_an_object_s07(
    s3_faults: Faults, s3_server: S3Server, s3_bucket: str
) -> None:
    put_object(s3_server, s3_bucket, KEY, b"meow" * 1000)
    s3_faults.rule = always(Reset(after_bytes=10))

    with pytest.raises(StoreError, match=KEY):
        bucket_of(s3_faults.server, s3_bucket).read(KEY, at_most_bytes=10_000)


def test_wrong_key_is_an_error_not_an_absence_s07(s3_server: S3Server, s3_bucket: str) -> None:
    put_object(s3_server, s3_bucket, KEY, b"meow")
    store = bucket_of(s3_server, s3_bucket, secret="wrong")

    with pytest.raises(StoreError, match="SignatureDoesNotMatch"):
        store.delete(KEY)
    assert s3_server.versions(s3_bucket) == [KEY]


def test_service_without_versions_is_deleted_from_all_the_same(
    s3_faults: Faults, s3_server: S3Server, s3_bucket: str
) -> None:
    store = bucket_of(s3_faults.server, s3_bucket)
    put_object(s3_server, s3_bucket, KEY, b"meow")
    s3_faults.rule = lambda call: Refusal(501, "NotImplemented") if "versions" in call.query else None

    (stored,) = store.objects()
    store.delete(KEY)

    assert (stored.object_key, stored.is_visible) == (KEY, True)
    assert s3_server.versions(s3_bucket) == []
