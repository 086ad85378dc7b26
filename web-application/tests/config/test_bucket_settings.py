"""Settings about buckets: what follows from what, and what is refused at the start."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from manage_command import manage

from cattube.config import bucket_settings


def test_region_alone_is_backblazes() -> None:
    assert bucket_settings.endpoint("", "us-west-004") == "https://s3.us-west-004.backblazeb2.com"
    assert bucket_settings.endpoint("http://127.0.0.1:8333", "us-west-004") == "http://127.0.0.1:8333"


@pytest.mark.parametrize(
    ("setting", "endpoint", "region"),
    [
        ("", "https://s3.eu-central-003.backblazeb2.com", "eu-central-003"),
        ("", "http://127.0.0.1:8333", "us-east-1"),
        ("eu-1", "https://s3.example.org", "eu-1"),
    ],
)
def test_region_is_as_given_or_what_the_endpoint_tells(setting: str, endpoint: str, region: str) -> None:
    assert bucket_settings.region_of(setting, endpoint) == region


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("", ""),
        ("s3.us-west-004.backblazeb2.com", "https://s3.us-west-004.backblazeb2.com"),
        ("https://cdn.example.org/", "https://cdn.example.org"),
        ("http://127.0.0.1:8333", "http://127.0.0.1:8333"),
    ],
)
def test_host_alone_means_https(text: str, origin: str) -> None:
    assert bucket_settings.origin_of("AWS_S3_CUSTOM_DOMAIN", text) == origin


@pytest.mark.parametrize("text", ["https://cdn.example.org/videos", "ftp://cdn.example.org", "https://"])
def test_address_that_is_none_is_named(text: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=re.escape(f"AWS_S3_CUSTOM_DOMAIN={text}: expected")):
        bucket_settings.origin_of("AWS_S3_CUSTOM_DOMAIN", text)


@pytest.mark.parametrize(
    ("overrides", "words"),
    [
        pytest.param(
            {"AWS_PRIVATE_BUCKET_NAME": "cats"},
            "AWS_PRIVATE_BUCKET_NAME is set without AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY and "
            "AWS_S3_REGION_NAME: set all or none.",
            id="nothing-else",
        ),
        pytest.param(
            {
                "AWS_STORAGE_BUCKET_NAME": "cats",
                "AWS_ACCESS_KEY_ID": "id",
                "AWS_S3_REGION_NAME": "us-west-004",
            },
            "AWS_STORAGE_BUCKET_NAME is set without AWS_SECRET_ACCESS_KEY: set all or none.",
            id="no-key",
        ),
        pytest.param(
            {
                "AWS_PRIVATE_BUCKET_NAME": "cats",
                "AWS_STORAGE_BUCKET_NAME": "cats",
                "AWS_ACCESS_KEY_ID": "id",
                "AWS_SECRET_ACCESS_KEY": "key",
                "AWS_S3_REGION_NAME": "us-west-004",
            },
            "name the same bucket",
            id="one-bucket-for-both",
        ),
    ],
)
def test_bucket_that_is_set_by_half_stops_the_start_s07(
    tmp_path: Path, overrides: dict[str, str], words: str
) -> None:
    done = manage(tmp_path / "data", "check", **overrides)

    assert done.returncode != 0
    assert words in done.stderr
