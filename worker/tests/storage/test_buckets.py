"""Buckets of credentials, and that a client's bucket is on no private address."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from servers.faults import Faults
from servers.s3_server import S3Server

from cattube_worker.errors import AssemblyError
from cattube_worker.outbound.http import Outbound
from cattube_worker.outbound.trusted_hosts import TrustedHosts
from cattube_worker.storage import AccessDenied, StoreError
from cattube_worker.storage.s3.bucket_store import BucketStore
from cattube_worker.storage.s3.buckets import endpoint_url, read_bucket
from cattube_worker.storage.s3.client import connect
from cattube_worker.storage.store_factory import store_openers

from .conftest import WITHOUT_WAITS, bucket_on

KEYS = {"bucket": "cats", "key": "k", "secret": "s"}
B2 = "s3.us-west-004.backblazeb2.com"


@pytest.mark.parametrize(
    ("content", "region", "endpoint", "is_b2"),
    [
        ({"key": "k", "secret": "s", "bucket_region": "eu-west-1"}, "eu-west-1", None, False),
        (
            {"app_key_id": "k", "app_key": "s", "endpoint": f"https://{B2}"},
            "us-west-004",
            f"https://{B2}",
            True,
        ),
        ({"app_key_id": "k", "app_key": "s", "endpoint": B2}, "us-west-004", f"https://{B2}", True),
        ({"key": "k", "secret": "s", "host": "minio.test:9000"}, None, "https://minio.test:9000", False),
    ],
)
def test_credentials_of_each_kind_name_a_bucket(
    content: dict[str, str], region: str | None, endpoint: str | None, is_b2: bool
) -> None:
    bucket = read_bucket({"bucket": "cats", **content})

    assert (bucket.name, bucket.key_id, bucket.secret) == ("cats", "k", "s")
    assert (bucket.region, bucket.endpoint_url, bucket.is_b2) == (region, endpoint, is_b2)


def test_credentials_without_a_key_are_refused() -> None:
    with pytest.raises(StoreError):
        read_bucket({"bucket": "cats"})


@pytest.mark.parametrize(
    ("address", "url"), [("", ""), (B2, f"https://{B2}"), ("http://127.0.0.1:1", "http://127.0.0.1:1")]
)
def test_an_endpoint_may_lack_its_scheme(address: str, url: str) -> None:
    assert endpoint_url(address) == url


@pytest.mark.parametrize("kind", ["s3", "minio", "backblaze"])
@pytest.mark.parametrize("host", ["http://127.0.0.1:9000", "http://[::1]", "169.254.169.254", "file:///etc"])
def test_w12_a_bucket_on_a_private_address_is_not_opened(kind: str, host: str) -> None:
    with pytest.raises(AssemblyError):
        store_openers(b2_endpoint_url="", import_hosts=())[kind]({**KEYS, "host": host})


def test_the_operator_may_trust_a_bucket_on_a_private_address(
    s3_server: S3Server, s3_bucket: str, source: Path
) -> None:
    content = {"bucket": s3_bucket, "key": s3_server.key_id, "secret": s3_server.secret, "no_vhost": True}

    store = store_openers(b2_endpoint_url="", import_hosts=("127.0.0.1:*",))["minio"](
        {**content, "host": s3_server.endpoint_url}
    )
    store.put("cat", source)

    assert store.exists("cat")


def test_buckets_of_b2_lie_where_the_operator_says() -> None:
    content = {"bucket": "cats", "app_key_id": "k", "app_key": "s"}

    store = store_openers(b2_endpoint_url=f"https://{B2}", import_hosts=())["backblaze"](content)

    assert store.bucket.region == "us-west-004"
    with pytest.raises(StoreError, match="B2_ENDPOINT_URL"):
        store_openers(b2_endpoint_url="", import_hosts=())["backblaze"](content)


def rebinding(public: str, private: str) -> Callable[[str, int], list[str]]:
    """A resolver that answers the public address first, and the private one from then on."""
    answers = iter([[public]])
    return lambda host, port: next(answers, [private])


def test_w14_a_name_that_turns_private_is_not_connected_to(
    s3_faults: Faults, s3_bucket: str, source: Path
) -> None:
    outbound = Outbound(resolve=rebinding("93.184.216.34", "127.0.0.1"))
    port = s3_faults.server.endpoint_url.rsplit(":", 1)[1]
    outbound.check(f"http://rebind.test:{port}")
    bucket = bucket_on(s3_faults.server, s3_bucket)
    store = BucketStore(
        replace(bucket, endpoint_url=f"http://rebind.test:{port}", has_path_address=True),
        partial(connect, outbound=outbound),
        retry_policy=WITHOUT_WAITS,
    )

    with pytest.raises(AccessDenied, match="private address") as caught:
        store.put("cat", source)

    assert not caught.value.retryable
    assert s3_faults.calls == []


def test_w14_the_address_that_was_checked_is_connected_to(
    s3_faults: Faults, s3_bucket: str, source: Path
) -> None:
    """The name exists nowhere; only the address that was checked can have been used."""
    outbound = Outbound(
        TrustedHosts(["somewhere.test:*"]), resolve=lambda host, port: ["127.0.0.9", "127.0.0.1"]
    )
    port = s3_faults.server.endpoint_url.rsplit(":", 1)[1]
    bucket = replace(
        bucket_on(s3_faults.server, s3_bucket),
        endpoint_url=f"http://somewhere.test:{port}",
        has_path_address=True,
    )
    store = BucketStore(bucket, partial(connect, outbound=outbound), retry_policy=WITHOUT_WAITS)

    store.put("cat", source)

    assert store.exists("cat")
    assert {call.headers["host"] for call in s3_faults.calls} == {f"somewhere.test:{port}"}


def test_w14_a_name_that_is_not_found_is_an_error_that_may_pass(source: Path) -> None:
    def fail(host: str, port: int) -> list[str]:
        raise OSError(-2, "Name or service not known")

    bucket = replace(read_bucket({**KEYS, "host": "http://nowhere.test"}), has_path_address=True)
    store = BucketStore(bucket, partial(connect, outbound=Outbound(resolve=fail)), retry_policy=WITHOUT_WAITS)

    with pytest.raises(StoreError) as caught:
        store.put("cat", source)

    assert caught.value.retryable
