"""Checks of the private bucket: our key opens it, it does all we need, and nobody else can read it."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import cached_property
from typing import Any
from urllib.parse import quote

from cattube.doctor.bucket_errors import refusal
from cattube.doctor.finding import Finding, Problem, failed, ok, skipped, warning
from cattube.storage.s3_client import BucketAccount, client_config, new_s3_client
from cattube.storage.s3_errors import boto_errors

ACCESS, CLOCK, DELETE, PRIVACY = "Bucket key", "Clock", "Bucket delete", "Bucket privacy"
SAMPLE_BYTES = bytes(range(256))
RANGE = slice(10, 20)
SKEW_TO_MENTION_SECONDS, SKEW_TO_REFUSE_SECONDS = 30, 300
TIMEOUT_SECONDS = 10


@dataclass(frozen=True)
class Bucket:
    """One bucket under one account."""

    account: BucketAccount
    name: str

    @cached_property
    def client(self) -> Any:
        """Client that gives up soon, unlike that of the store: somebody waits for the answer."""
        from botocore.config import Config

        impatient = Config(
            retries={"mode": "standard", "total_max_attempts": 2},
            connect_timeout=TIMEOUT_SECONDS,
            read_timeout=TIMEOUT_SECONDS,
        )
        return new_s3_client(self.account, client_config().merge(impatient))

    @cached_property
    def errors(self) -> tuple[type[Exception], ...]:
        """Exceptions that the client raises."""
        return boto_errors()

    def url(self, object_key: str = "") -> str:
        """Address of the object, or of the bucket itself, for somebody without a key."""
        return f"{self.account.endpoint_url}/{self.name}/{quote(object_key)}"

    def refused(self, name: str, error: Exception, capability: str) -> Finding:
        why = refusal(error, endpoint_url=self.account.endpoint_url, capability=capability)
        return failed(name, why.sentence, why.fix)


def check_access(bucket: Bucket, *, unreachable: Problem = failed) -> Iterator[Finding]:
    """Check that the bucket opens with the key, and that both clocks agree.

    unreachable: kind of finding when the service gives no clear answer, which may be different in a moment.
    """
    try:
        # Not HEAD: its answer has no body, and so not the reason either.
        answer = bucket.client.list_objects_v2(Bucket=bucket.name, MaxKeys=1)
    except bucket.errors as error:
        why = refusal(error, endpoint_url=bucket.account.endpoint_url, capability="listFiles")
        problem = failed if why.is_final else unreachable
        yield problem(ACCESS, why.sentence, why.fix)
        return
    yield ok(ACCESS, f"{bucket.name} at {bucket.account.endpoint_url} opens with the key.")
    yield from check_clock(answer["ResponseMetadata"]["HTTPHeaders"].get("date", ""), now=time.time())


def check_clock(date: str, *, now: float) -> Iterator[Finding]:
    """Check that this machine's clock is right. date: an HTTP date header. now: seconds since the epoch."""
    try:
        skew_seconds = now - parsedate_to_datetime(date).timestamp()
    except (TypeError, ValueError):
        yield skipped(CLOCK, "The service did not tell the time.")
        return
    sentence = f"This machine's clock is {abs(skew_seconds):.0f} s off the service's."
    fix = "Set the clock; better, have it kept right by NTP."
    if abs(skew_seconds) > SKEW_TO_REFUSE_SECONDS:
        yield failed(CLOCK, sentence, fix)
    elif abs(skew_seconds) > SKEW_TO_MENTION_SECONDS:
        yield warning(CLOCK, sentence, fix)
    else:
        yield ok(CLOCK, sentence)


@dataclass(frozen=True)
class RoundTrip:
    """Test object, sent through all that videos go through. Each step returns its sentence."""

    bucket: Bucket
    object_key: str

    @property
    def names(self) -> dict[str, str]:
        return {"Bucket": self.bucket.name, "Key": self.object_key}

    def put(self) -> str:
        answer = self.bucket.client.put_object(**self.names, Body=SAMPLE_BYTES, ContentType="video/mp4")
        if not answer.get("ETag"):
            raise NotAsS3("it gives no ETag, by which uploads are checked")
        return "An object can be written."

    def get(self) -> str:
        answer = self.bucket.client.get_object(**self.names)
        if answer["Body"].read() != SAMPLE_BYTES or answer["ContentType"] != "video/mp4":
            raise NotAsS3("what was written comes back changed")
        return "It comes back as it was."

    def get_range(self) -> str:
        span = f"bytes={RANGE.start}-{RANGE.stop - 1}"
        answer = self.bucket.client.get_object(**self.names, Range=span)
        is_partial = answer["ResponseMetadata"]["HTTPStatusCode"] == 206
        if not is_partial or answer["Body"].read() != SAMPLE_BYTES[RANGE]:
            raise NotAsS3("it ignores ranges, so players could not seek")
        return "A part of it can be read, so players can seek."

    def send_in_parts(self) -> str:
        client = self.bucket.client
        upload = {**self.names, "UploadId": client.create_multipart_upload(**self.names)["UploadId"]}
        try:
            part = client.upload_part(**upload, PartNumber=1, Body=SAMPLE_BYTES)
            parts = [{"PartNumber": 1, "ETag": part["ETag"]}]
            client.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts})
        except self.bucket.errors:
            with suppress(*self.bucket.errors):
                client.abort_multipart_upload(**upload)
            raise
        return "Large files can be sent in parts."

    def delete(self) -> str:
        """Delete every version: a plain DELETE only hides an object of B2, and it goes on to cost."""
        client, versions = self.bucket.client, self._versions()
        for version in versions or [self.names]:
            client.delete_object(**version)
        if self._versions():
            raise NotAsS3("what was deleted is still there")
        return "Deleting frees every version."

    def _versions(self) -> list[dict[str, str]]:
        page = self.bucket.client.list_object_versions(Bucket=self.bucket.name, Prefix=self.object_key)
        entries = [*page.get("Versions", ()), *page.get("DeleteMarkers", ())]
        return [{**self.names, "VersionId": entry["VersionId"]} for entry in entries]


def new_trip(bucket: Bucket) -> RoundTrip:
    return RoundTrip(bucket, f"doctor/{secrets.token_hex(16)}/probe.mp4")


class NotAsS3(Exception):
    """The call worked, but not as S3 does; the text says what is different."""


STEPS: tuple[tuple[str, str, Callable[[RoundTrip], str]], ...] = (
    ("Bucket write", "writeFiles", RoundTrip.put),
    ("Bucket read", "readFiles", RoundTrip.get),
    ("Bucket ranges", "readFiles", RoundTrip.get_range),
    ("Bucket multipart", "writeFiles", RoundTrip.send_in_parts),
)


def check_round_trip(bucket: Bucket) -> Iterator[Finding]:
    """Check that the bucket can write, read, read a part, write in parts, keep others out, and delete."""
    trip = new_trip(bucket)
    for name, capability, step in STEPS:
        finding = _step_finding(trip, name, capability, step)
        yield finding
        if finding.fix and step is RoundTrip.put:
            yield skipped(PRIVACY, "There is no object to try it on.")
            return
    yield check_privacy(bucket, trip.object_key)
    yield _step_finding(trip, DELETE, "deleteFiles", RoundTrip.delete)


def _step_finding(trip: RoundTrip, name: str, capability: str, step: Callable[[RoundTrip], str]) -> Finding:
    try:
        return ok(name, step(trip))
    except NotAsS3 as error:
        return failed(name, f"The service is not as it should be: {error}.", "Use a service that speaks S3.")
    except trip.bucket.errors as error:
        return trip.bucket.refused(name, error, capability)


def check_privacy(bucket: Bucket, object_key: str) -> Finding:
    """Check that without a key neither the object nor the list of objects can be read."""
    import httpx

    try:
        answers = [httpx.get(bucket.url(key), timeout=TIMEOUT_SECONDS) for key in (object_key, "")]
    except httpx.HTTPError as error:
        return warning(PRIVACY, f"It could not be tried ({type(error).__name__}).", "Try again later.")
    if any(answer.is_success for answer in answers):
        return failed(
            PRIVACY,
            f"Anybody can read {bucket.name} without a key.",
            "Set the bucket to private at once; links to videos work in a private bucket.",
        )
    return ok(PRIVACY, "Without a key nobody can read it.")
