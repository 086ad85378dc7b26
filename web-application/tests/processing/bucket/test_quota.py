"""Quota of uploads that go straight to the bucket."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.test import Client
from processing.bucket.upload_steps import CONTENT, Bucket, begin, complete
from pytest_django import Settings

from cattube.accounts.quota.quota import quota_of


def test_d52_file_without_room_gets_no_part_in_the_bucket(
    as_alice: Client, bucket: Bucket, settings: Settings
) -> None:
    settings.MAX_BYTES_PER_USER = 2 * len(CONTENT) - 1

    first, second = begin(as_alice), begin(as_alice)

    assert (first.status_code, second.status_code) == (201, 413)
    assert second.json()["error"] == "QUOTA_EXCEEDED"
    assert len(bucket.unfinished) == 1


def test_d52_file_counts_once_when_it_has_arrived(as_alice: Client, alice: User, sent: str) -> None:
    before = quota_of(alice).used_bytes

    assert complete(as_alice, sent).status_code == 200

    assert (before, quota_of(alice).used_bytes) == (len(CONTENT), len(CONTENT))
