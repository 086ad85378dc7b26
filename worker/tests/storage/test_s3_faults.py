"""S07: whatever fault a call meets, the operation succeeds or names the error, and no byte is lost."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from email.utils import formatdate
from functools import partial
from pathlib import Path

import pytest
from botocore.exceptions import ClientError
from servers.faults import (
    CAP_REACHED,
    Corruption,
    Fault,
    Faults,
    LostAnswer,
    Refusal,
    Reset,
    Stall,
    always,
    first,
    none,
    three_of_four,
)
from servers.s3_server import S3Server

from cattube_worker.storage import AccessDenied, StoreError
from cattube_worker.storage.errors import DamagedObject, WrongClock
from cattube_worker.storage.s3.bucket_store import BucketStore
from cattube_worker.storage.s3.client import connect
from cattube_worker.storage.s3.retry_policy import RetryPolicy
from cattube_worker.storage.s3.service_errors import translate
from cattube_worker.storage.store_factory import store_openers

from .conftest import WITHOUT_WAITS

TRANSIENT = [
    pytest.param(Refusal(500, "InternalError"), id="500"),
    pytest.param(Refusal(503, "ServiceUnavailable", "no tomes available"), id="503"),
    pytest.param(Refusal(503, "SlowDown"), id="slow-down"),
    pytest.param(Refusal(429, "TooManyRequests"), id="429"),
    pytest.param(Refusal(408, "RequestTimeout"), id="408"),
    pytest.param(Reset(), id="reset"),
    pytest.param(Reset(after_bytes=2 * 2**20), id="reset-in-the-middle"),
]


@pytest.mark.parametrize("fault", TRANSIENT)
@pytest.mark.parametrize("file", ["source", "large"])
def test_s07_three_of_four_calls_fail_and_every_operation_succeeds(
    faulty_store: BucketStore,
    s3_faults: Faults,
    tmp_path: Path,
    fault: Fault,
    file: str,
    request: pytest.FixtureRequest,
) -> None:
    original: Path = request.getfixturevalue(file)
    s3_faults.rule = three_of_four(fault)

    faulty_store.put("a/cat", original)
    faulty_store.fetch("a/cat", tmp_path / "back")
    listed = list(faulty_store.keys("a", recursive=True))
    faulty_store.delete("a/cat")
    s3_faults.rule = none

    assert (tmp_path / "back").read_bytes() == original.read_bytes()
    assert listed == ["a/cat"]
    assert not faulty_store.exists("a/cat")
    assert s3_faults.server.unfinished(faulty_store.bucket.name) == []


@pytest.mark.parametrize("fault", [Stall(), LostAnswer()], ids=["stall", "lost-answer"])
@pytest.mark.parametrize("method", ["PUT", "POST", "GET", "HEAD", "DELETE"])
def test_s07_a_call_without_a_response_is_repeated(
    faulty_store: BucketStore, s3_faults: Faults, large: Path, tmp_path: Path, fault: Fault, method: str
) -> None:
    store = replace(faulty_store, connect=partial(connect, read_seconds=1.0))
    s3_faults.rule = first(1, fault, method=method)

    store.put("cat", large)
    store.fetch("cat", tmp_path / "back")
    store.delete("cat")

    assert (tmp_path / "back").read_bytes() == large.read_bytes()
    assert not store.exists("cat")


@pytest.mark.parametrize("method", ["PUT", "GET"])
@pytest.mark.parametrize("file", ["source", "large"])
def test_s07_bytes_that_change_on_their_way_are_sent_again(
    faulty_store: BucketStore,
    s3_faults: Faults,
    tmp_path: Path,
    method: str,
    file: str,
    request: pytest.FixtureRequest,
) -> None:
    original: Path = request.getfixturevalue(file)

    s3_faults.rule = first(1, Corruption(), method="PUT") if method == "PUT" else none
    faulty_store.put("cat", original)
    s3_faults.rule = first(1, Corruption(), method="GET") if method == "GET" else none
    faulty_store.fetch("cat", tmp_path / "back")

    assert (tmp_path / "back").read_bytes() == original.read_bytes()


def test_s07_an_object_that_is_damaged_is_not_passed_on(
    faulty_store: BucketStore, s3_faults: Faults, source: Path, tmp_path: Path
) -> None:
    faulty_store.put("cat", source)
    s3_faults.rule = first(99, Corruption(), method="GET")

    with pytest.raises(DamagedObject):
        faulty_store.fetch("cat", tmp_path / "back")


def test_s07_an_object_of_another_writer_is_checked_by_its_etag(
    faulty_store: BucketStore, s3_server: S3Server, s3_faults: Faults, tmp_path: Path
) -> None:
    s3_server.client.put_object(Bucket=faulty_store.bucket.name, Key="cat", Body=b"meow")
    s3_faults.rule = first(1, Corruption(), method="GET")

    faulty_store.fetch("cat", tmp_path / "back")

    assert (tmp_path / "back").read_bytes() == b"meow"


@pytest.mark.parametrize(
    ("refusal", "error", "calls"),
    [
        pytest.param(CAP_REACHED, AccessDenied, 1, id="cap-reached"),
        pytest.param(Refusal(403, "AccessDenied"), AccessDenied, 1, id="403"),
        pytest.param(Refusal(403, "RequestTimeTooSkewed"), WrongClock, 1, id="skew"),
        pytest.param(Refusal(400, "InvalidArgument"), StoreError, 1, id="400"),
        pytest.param(Refusal(503, "ServiceUnavailable"), StoreError, 10, id="503-for-ever"),
    ],
)
def test_s07_a_permanent_error_is_named_at_once_and_a_transient_one_is_retried_for_long(
    faulty_store: BucketStore,
    s3_faults: Faults,
    source: Path,
    refusal: Refusal,
    error: type[StoreError],
    calls: int,
) -> None:
    s3_faults.rule = always(refusal)

    with pytest.raises(error) as caught:
        next(iter(faulty_store.keys("", recursive=True)))

    assert caught.value.retryable == (calls > 1)
    assert len(s3_faults.calls) == calls
    assert source.exists()


def test_a_transient_error_is_retried_for_minutes() -> None:
    waits: list[float] = []
    retry_policy = RetryPolicy(sleep=waits.append)

    with pytest.raises(ValueError, match="still"):
        retry_policy.call(_raise(ValueError("still")), is_transient=lambda _: True)

    assert 120 <= sum(waits) <= 300
    assert waits[0] <= 1


def test_a_permanent_error_is_not_waited_for() -> None:
    waits: list[float] = []

    with pytest.raises(ValueError, match="never"):
        RetryPolicy(sleep=waits.append).call(_raise(ValueError("never")), is_transient=lambda _: False)

    assert waits == []


def _raise(error: Exception) -> Callable[[], None]:
    def attempt() -> None:
        raise error

    return attempt


def parts_sent(faults: Faults) -> list[str]:
    return sorted(call.query["partNumber"] for call in faults.calls if "partNumber" in call.query)


def test_an_upload_that_failed_goes_on_with_what_is_there(
    faulty_store: BucketStore, s3_faults: Faults, large: Path, tmp_path: Path
) -> None:
    refusal = Refusal(503, "ServiceUnavailable")
    s3_faults.rule = lambda call: refusal if call.query.get("partNumber") == "3" else None
    with pytest.raises(StoreError) as caught:
        faulty_store.put("cat", large)
    assert caught.value.retryable
    s3_faults.rule = none
    s3_faults.calls.clear()

    faulty_store.put("cat", large)
    faulty_store.fetch("cat", tmp_path / "back")

    assert parts_sent(s3_faults) == ["3"]
    assert (tmp_path / "back").read_bytes() == large.read_bytes()
    assert s3_faults.server.unfinished(faulty_store.bucket.name) == []


def test_another_files_unfinished_upload_is_left_alone(
    faulty_store: BucketStore, s3_faults: Faults, large: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.write_bytes(large.read_bytes()[::-1])
    s3_faults.rule = lambda call: Refusal(503, "SlowDown") if call.query.get("partNumber") == "3" else None
    with pytest.raises(StoreError):
        faulty_store.put("cat", other)
    s3_faults.rule = none

    faulty_store.put("cat", large)
    faulty_store.fetch("cat", tmp_path / "back")

    assert (tmp_path / "back").read_bytes() == large.read_bytes()
    assert s3_faults.server.unfinished(faulty_store.bucket.name) == ["cat"]


def test_an_upload_that_may_not_go_on_leaves_no_parts(
    faulty_store: BucketStore, s3_faults: Faults, large: Path
) -> None:
    s3_faults.rule = lambda call: CAP_REACHED if call.query.get("partNumber") == "2" else None

    with pytest.raises(AccessDenied):
        faulty_store.put("cat", large)

    assert s3_faults.server.unfinished(faulty_store.bucket.name) == []
    assert large.exists()


def test_a_part_of_an_object_is_never_taken_for_the_whole(
    faulty_store: BucketStore, s3_faults: Faults, large: Path, tmp_path: Path
) -> None:
    """A connection that ends early is no error of HTTP for every client."""
    store = replace(faulty_store, retry_policy=replace(WITHOUT_WAITS, attempts=2))
    store.put("cat", large)
    s3_faults.rule = first(99, Reset(after_bytes=2**20), method="GET")

    with pytest.raises(StoreError):
        store.fetch("cat", tmp_path / "back")


@pytest.mark.parametrize(
    ("ahead_seconds", "is_wrong"),
    [
        pytest.param(3600, True, id="an-hour-ahead"),
        pytest.param(-3600, True, id="an-hour-behind"),
        pytest.param(60, False, id="a-minute"),
    ],
)
def test_f102_wrong_clock_is_told_from_a_wrong_permission(ahead_seconds: float, is_wrong: bool) -> None:
    """F102: also in the answer to HEAD, which has no code."""
    metadata = {"HTTPStatusCode": 403, "HTTPHeaders": {"date": formatdate(time.time() - ahead_seconds)}}
    error = ClientError({"Error": {"Code": "403"}, "ResponseMetadata": metadata}, "HeadObject")

    assert isinstance(translate(error, "cat.mp4", "cats"), WrongClock) is is_wrong


def test_f107_service_that_a_client_has_named_says_nothing_of_our_clock() -> None:
    """F107: by its word all hosts could be put to rest."""
    metadata = {"HTTPStatusCode": 403, "HTTPHeaders": {}}
    error = ClientError(
        {"Error": {"Code": "RequestTimeTooSkewed"}, "ResponseMetadata": metadata}, "PutObject"
    )
    content = {"bucket": "cats", "key": "k", "secret": "s", "host": "http://1.1.1.1"}
    stores = [
        open_store(content) for open_store in store_openers(b2_endpoint_url="", import_hosts=()).values()
    ]

    assert all(store.is_of_client for store in stores)
    assert type(translate(error, "cat.mp4", "cats", is_of_client=True)) is AccessDenied
