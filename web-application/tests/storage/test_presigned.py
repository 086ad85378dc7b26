"""Presigned URLs are those that the service's own client makes."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from cattube.storage.presigned import presigned_url
from cattube.storage.s3_client import BucketAccount, s3_client

ACCOUNT = BucketAccount(
    endpoint_url="https://s3.us-west-004.backblazeb2.com", region="us-west-004", key_id="id", secret="key"
)
NOW = datetime(2026, 11, 24, 12, 30, tzinfo=UTC)
ANSWER = {"response-content-type": "video/mp4", "response-content-disposition": "inline"}


def sign(object_key: str, *, origin: str = ACCOUNT.endpoint_url, signed_at: datetime = NOW) -> str:
    return presigned_url(
        ACCOUNT,
        bucket="cats",
        object_key=object_key,
        origin=origin,
        signed_at=signed_at,
        lifetime_seconds=600,
        answer=ANSWER,
    )


@pytest.mark.parametrize(
    "object_key",
    [
        "watermarked/0123/cat.mp4",
        ":original/0123/Katze & Käfig (1) +.mp4",
        "thumbnail/0123/100%25~.jpg",
        "hls/0123/720p/720p_0.ts",
    ],
)
def test_url_is_the_one_that_boto3_makes(object_key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("botocore.auth.get_current_datetime", lambda: NOW)
    parameters = {
        "Bucket": "cats",
        "Key": object_key,
        "ResponseContentType": "video/mp4",
        "ResponseContentDisposition": "inline",
    }
    theirs = urlsplit(
        s3_client(ACCOUNT).generate_presigned_url("get_object", Params=parameters, ExpiresIn=600)
    )

    ours = urlsplit(sign(object_key))

    assert (ours.netloc, ours.path) == (theirs.netloc, theirs.path)
    assert parse_qs(ours.query) == parse_qs(theirs.query)


def test_cdn_stands_in_the_url_and_the_endpoint_in_the_signature() -> None:
    ours, cdn = urlsplit(sign("a/b/c")), urlsplit(sign("a/b/c", origin="https://cdn.example.org"))

    assert (cdn.scheme, cdn.netloc, cdn.path) == ("https", "cdn.example.org", "/cats/a/b/c")
    assert cdn.query == ours.query


def test_url_of_another_day_has_another_signature() -> None:
    tomorrow = NOW.replace(day=25)

    assert (
        parse_qs(sign("a/b/c"))["X-Amz-Signature"]
        != parse_qs(sign("a/b/c", signed_at=tomorrow))["X-Amz-Signature"]
    )
