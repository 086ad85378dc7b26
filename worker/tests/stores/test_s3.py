"""A bucket, played by a server on this machine that remembers what it is sent."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from cattube_worker.errors import AssemblyError
from cattube_worker.stores import (
    AccessDenied,
    KeyTaken,
    ObjectAttributes,
    ObjectMissing,
    StoreError,
    UnsafeKey,
    UnsupportedAttribute,
)
from cattube_worker.stores.s3 import Bucket, S3Store, bucket_of, opens


@dataclass
class Cloud:
    """objects: by path, their headers and bytes. refusal: answers everything with this error."""

    url: str
    objects: dict[str, tuple[dict[str, str], bytes]] = field(default_factory=dict)
    sent: list[dict[str, str]] = field(default_factory=list)
    refusal: tuple[int, str] | None = None


class Server(ThreadingHTTPServer):
    daemon_threads = True
    cloud: Cloud


class Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"

    def do_PUT(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        if headers.get("expect"):
            self.send_response_only(100)
            self.end_headers()
        body = self.rfile.read(int(headers["content-length"]))
        self.server.cloud.sent.append(headers)
        if not self._is_refused():
            self.server.cloud.objects[self._path()] = (headers, body)
            self._answer(200, b"", {"ETag": '"x"'})

    def do_GET(self) -> None:
        if self._is_refused():
            return
        if self._path() not in self.server.cloud.objects:
            self._answer(404, b"<Error><Code>NoSuchKey</Code></Error>", {})
            return
        headers, body = self.server.cloud.objects[self._path()]
        kept = {name: value for name, value in headers.items() if name.startswith("x-amz-meta-")}
        self._answer(200, body, {**kept, "ETag": '"x"'})

    do_HEAD = do_GET  # noqa: N815 - so it is called

    def do_DELETE(self) -> None:
        self.server.cloud.objects.pop(self._path(), None)
        self._answer(204, b"", {})

    def _path(self) -> str:
        return unquote(urlsplit(self.path).path)

    def _is_refused(self) -> bool:
        if self.server.cloud.refusal is not None:
            self._answer(
                self.server.cloud.refusal[0],
                f"<Error><Code>{self.server.cloud.refusal[1]}</Code></Error>".encode(),
                {},
            )
        return self.server.cloud.refusal is not None

    def _answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def cloud() -> Iterator[Cloud]:
    server = Server(("127.0.0.1", 0), Handler)
    server.cloud = Cloud(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server.cloud
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def store(cloud: Cloud) -> S3Store:
    return S3Store(
        Bucket(name="cats", key_id="id", secret="canary", region="us-west-004", endpoint_url=cloud.url)
    )


@pytest.fixture
def cat(tmp_path: Path) -> Path:
    path = tmp_path / "cat.txt"
    path.write_bytes(b"meow")
    return path


def test_what_was_put_is_fetched(store: S3Store, cat: Path, tmp_path: Path) -> None:
    store.put("a/Grüße.txt", cat, content_type="text/plain")
    store.fetch("a/Grüße.txt", tmp_path / "again")

    assert (tmp_path / "again").read_bytes() == b"meow"
    assert store.exists("a/Grüße.txt")
    assert not store.exists("b.txt")


def test_b2_is_sent_no_acl_and_no_checksum_it_does_not_know(store: S3Store, cloud: Cloud, cat: Path) -> None:
    store.put("cat.txt", cat, content_type="text/plain")

    (headers,) = cloud.sent
    assert headers["content-type"] == "text/plain"
    assert headers["authorization"].startswith("AWS4-HMAC-SHA256")
    assert not [name for name in headers if "checksum" in name or "acl" in name or name == "x-amz-trailer"]


def test_the_same_bytes_are_stored_once_and_others_never_overwrite(
    store: S3Store, cloud: Cloud, cat: Path
) -> None:
    store.put("cat.txt", cat)
    store.put("cat.txt", cat)
    assert len(cloud.sent) == 1
    cat.write_bytes(b"woof")

    with pytest.raises(KeyTaken):
        store.put("cat.txt", cat)


def test_what_was_deleted_is_gone(store: S3Store, cat: Path, tmp_path: Path) -> None:
    store.put("cat.txt", cat)
    store.delete("cat.txt")

    with pytest.raises(ObjectMissing):
        store.fetch("cat.txt", tmp_path / "again")


def test_an_address_carries_its_own_permission_and_no_secret(store: S3Store) -> None:
    url = store.url("cat.txt", expires_in=timedelta(hours=1))

    assert "X-Amz-Expires=3600" in url
    assert "canary" not in url


@pytest.mark.parametrize("code", ["AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch"])
def test_credentials_that_may_not_are_told_apart(
    store: S3Store, cloud: Cloud, cat: Path, tmp_path: Path, code: str
) -> None:
    cloud.refusal = (403, code)

    attempts: list[Callable[[], None]] = [
        lambda: store.put("cat.txt", cat),
        lambda: store.fetch("cat.txt", tmp_path / "x"),
    ]
    for attempt in attempts:
        with pytest.raises(AccessDenied) as caught:
            attempt()
        assert not caught.value.retryable
        assert "canary" not in str(caught.value)


def test_a_bucket_that_is_not_there_may_come_back(cat: Path) -> None:
    from botocore.exceptions import EndpointConnectionError

    class Nobody:
        def head_object(self, **_: object) -> None:
            raise EndpointConnectionError(endpoint_url="http://gone.test")

    store = S3Store(Bucket(name="cats", key_id="id", secret="x"), connect=lambda _: Nobody())

    with pytest.raises(StoreError) as caught:
        store.put("cat.txt", cat)
    assert caught.value.retryable


@pytest.mark.parametrize("key", ["../x", "/x", "", "a\0b", "folder/"])
def test_t14_a_key_that_leads_out_is_refused(store: S3Store, cat: Path, key: str) -> None:
    with pytest.raises(UnsafeKey):
        store.put(key, cat)


@pytest.mark.parametrize(
    ("content", "region", "endpoint"),
    [
        ({"key": "k", "secret": "s", "bucket_region": "eu-west-1"}, "eu-west-1", None),
        (
            {"app_key_id": "k", "app_key": "s", "endpoint": "https://s3.us-west-004.backblazeb2.com"},
            "us-west-004", "https://s3.us-west-004.backblazeb2.com",
        ),
        ({"key": "k", "secret": "s", "host": "minio.test:9000"}, None, "https://minio.test:9000"),
    ],
)  # fmt: skip
def test_credentials_of_each_kind_name_a_bucket(
    content: dict[str, str], region: str | None, endpoint: str | None
) -> None:
    bucket = bucket_of({"bucket": "cats", **content})

    assert (bucket.name, bucket.key_id, bucket.secret) == ("cats", "k", "s")
    assert (bucket.region, bucket.endpoint_url) == (region, endpoint)


def test_credentials_without_a_key_are_refused() -> None:
    with pytest.raises(StoreError):
        bucket_of({"bucket": "cats"})


KEYS = {"bucket": "cats", "key": "k", "secret": "s"}


@pytest.mark.parametrize("kind", ["s3", "minio", "backblaze"])
@pytest.mark.parametrize("host", ["http://127.0.0.1:9000", "http://[::1]", "169.254.169.254", "file:///etc"])
def test_w12_a_bucket_on_a_private_address_is_not_opened(kind: str, host: str) -> None:
    with pytest.raises(AssemblyError):
        opens(b2_endpoint_url="", trusted_hosts=())[kind]({**KEYS, "host": host})


def test_the_operator_may_trust_a_bucket_of_his_own_network() -> None:
    store = opens(b2_endpoint_url="", trusted_hosts=("127.0.0.1",))["minio"](
        {**KEYS, "host": "http://127.0.0.1:9000"}
    )

    assert store.bucket.endpoint_url == "http://127.0.0.1:9000"


def test_buckets_of_b2_lie_where_the_operator_says() -> None:
    content = {"bucket": "cats", "app_key_id": "k", "app_key": "s"}

    store = opens(b2_endpoint_url="https://s3.us-west-004.backblazeb2.com", trusted_hosts=())["backblaze"](
        content
    )

    assert store.bucket.region == "us-west-004"
    with pytest.raises(StoreError, match="B2_ENDPOINT_URL"):
        opens(b2_endpoint_url="", trusted_hosts=())["backblaze"](content)


def test_attributes_are_kept_with_the_object(store: S3Store, cloud: Cloud, cat: Path) -> None:
    attributes = ObjectAttributes(
        cache_control="no-cache",
        content_disposition="attachment",
        content_encoding="identity",
        content_language="en",
        metadata={"owner": "alice"},
        tags={"kind": "a cat"},
        acl="public-read",
    )

    store.put("cat.txt", cat, content_type="text/plain", attributes=attributes)

    (headers,) = cloud.sent
    assert headers["content-type"] == "text/plain"
    assert headers["cache-control"] == "no-cache"
    assert headers["content-disposition"] == "attachment"
    assert "identity" in headers["content-encoding"]
    assert headers["content-language"] == "en"
    assert headers["x-amz-meta-owner"] == "alice"
    assert headers["x-amz-tagging"] == "kind=a+cat"
    assert headers["x-amz-acl"] == "public-read"


def test_b2_is_sent_no_acl_even_when_asked_for_and_knows_no_tags(
    store: S3Store, cloud: Cloud, cat: Path
) -> None:
    b2 = S3Store(replace(store.bucket, is_b2=True))

    b2.put("cat.txt", cat, attributes=ObjectAttributes(acl="private"))

    assert "x-amz-acl" not in cloud.sent[0]
    with pytest.raises(UnsupportedAttribute, match="tags"):
        b2.put("cat.txt", cat, attributes=ObjectAttributes(tags={"kind": "cat"}))


def test_a_bucket_may_be_part_of_the_address_or_follow_it() -> None:
    content = {"bucket": "cats", "key": "id", "secret": "s", "bucket_region": "eu-west-1"}

    in_host = S3Store(bucket_of(content))
    in_path = S3Store(bucket_of({**content, "no_vhost": True}))

    soon = timedelta(minutes=1)
    assert in_host.url("a", expires_in=soon).startswith("https://cats.s3.amazonaws.com/a?")
    assert in_path.url("a", expires_in=soon).startswith("https://s3.eu-west-1.amazonaws.com/cats/a?")
