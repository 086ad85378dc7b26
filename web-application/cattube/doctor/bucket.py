"""The private bucket: whether it opens with our key, does all we need, and stays shut for everybody else."""

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
from cattube.doctor.finding import Complaint, Finding, failed, ok, skipped, warning
from cattube.storage.s3_client import BucketAccount, connect

ACCESS, CLOCK, DELETE, PRIVACY = "Bucket key", "Clock", "Bucket delete", "Bucket privacy"
PROBE = bytes(range(256))
RANGE = slice(10, 20)
SKEW_TO_MENTION_SECONDS, SKEW_TO_REFUSE_SECONDS = 30, 300
PATIENCE_SECONDS = 10


@dataclass(frozen=True)
class Bucket:
    """One bucket under one account."""

    account: BucketAccount
    name: str

    @cached_property
    def client(self) -> Any:
        """Gives up soon, unlike the one that carries videos: somebody waits for the answer."""
        from boto3.session import Session
        from botocore.config import Config

        hasty = Config(
            retries={"mode": "standard", "total_max_attempts": 2},
            connect_timeout=PATIENCE_SECONDS,
            read_timeout=PATIENCE_SECONDS,
        )
        return Session().client(
            "s3",
            endpoint_url=self.account.endpoint_url,
            region_name=self.account.region,
            aws_access_key_id=self.account.key_id,
            aws_secret_access_key=self.account.secret,
            config=connect(self.account).meta.config.merge(hasty),
        )

    @cached_property
    def errors(self) -> tuple[type[Exception], ...]:
        """What the client raises."""
        from botocore.exceptions import BotoCoreError, ClientError

        return BotoCoreError, ClientError

    def url(self, object_key: str = "") -> str:
        """Where the object, or the bucket itself, lies for somebody without a key."""
        return f"{self.account.endpoint_url}/{self.name}/{quote(object_key)}"

    def refused(self, name: str, error: Exception, capability: str) -> Finding:
        why = refusal(error, endpoint_url=self.account.endpoint_url, capability=capability)
        return failed(name, why.sentence, why.fix)


def access(bucket: Bucket, *, unreachable: Complaint = failed) -> Iterator[Finding]:
    """Whether the bucket opens with the key, and whether both clocks agree.

    unreachable: how bad it is when the service gives no clear answer, which may be different in a moment.
    """
    try:
        # Not HEAD: its answer has no body, and so not the reason either.
        answer = bucket.client.list_objects_v2(Bucket=bucket.name, MaxKeys=1)
    except bucket.errors as error:
        why = refusal(error, endpoint_url=bucket.account.endpoint_url, capability="listFiles")
        complain = failed if why.is_final else unreachable
        yield complain(ACCESS, why.sentence, why.fix)
        return
    yield ok(ACCESS, f"{bucket.name} at {bucket.account.endpoint_url} opens with the key.")
    yield from clock(answer["ResponseMetadata"]["HTTPHeaders"].get("date", ""), now=time.time())


def clock(date: str, *, now: float) -> Iterator[Finding]:
    """date: an HTTP date header; now: seconds since the epoch."""
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
    """An object of no meaning, sent through all that videos go through."""

    bucket: Bucket
    object_key: str

    @property
    def names(self) -> dict[str, str]:
        return {"Bucket": self.bucket.name, "Key": self.object_key}

    def put(self) -> str:
        answer = self.bucket.client.put_object(**self.names, Body=PROBE, ContentType="video/mp4")
        if not answer.get("ETag"):
            raise Different("it gives no ETag, by which uploads are checked")
        return "An object can be written."

    def get(self) -> str:
        answer = self.bucket.client.get_object(**self.names)
        if answer["Body"].read() != PROBE or answer["ContentType"] != "video/mp4":
            raise Different("what was written comes back changed")
        return "It comes back as it was."

    def get_range(self) -> str:
        span = f"bytes={RANGE.start}-{RANGE.stop - 1}"
        answer = self.bucket.client.get_object(**self.names, Range=span)
        is_partial = answer["ResponseMetadata"]["HTTPStatusCode"] == 206
        if not is_partial or answer["Body"].read() != PROBE[RANGE]:
            raise Different("it ignores ranges, so players could not seek")
        return "A part of it can be read, so players can seek."

    def send_in_parts(self) -> str:
        client = self.bucket.client
        upload = {**self.names, "UploadId": client.create_multipart_upload(**self.names)["UploadId"]}
        try:
            part = client.upload_part(**upload, PartNumber=1, Body=PROBE)
            parts = [{"PartNumber": 1, "ETag": part["ETag"]}]
            client.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts})
        except self.bucket.errors:
            with suppress(*self.bucket.errors):
                client.abort_multipart_upload(**upload)
            raise
        return "Large files can be sent in parts."

    def delete(self) -> str:
        """Free every version: a plain DELETE only hides an object of B2, and it goes on to cost."""
        client, found = self.bucket.client, self._versions()
        for version in found or [self.names]:
            client.delete_object(**version)
        if self._versions():
            raise Different("what was deleted is still there")
        return "Deleting frees every version."

    def _versions(self) -> list[dict[str, str]]:
        listed = self.bucket.client.list_object_versions(Bucket=self.bucket.name, Prefix=self.object_key)
        entries = [*listed.get("Versions", ()), *listed.get("DeleteMarkers", ())]
        return [{**self.names, "VersionId": entry["VersionId"]} for entry in entries]


def new_trip(bucket: Bucket) -> RoundTrip:
    return RoundTrip(bucket, f"doctor/{secrets.token_hex(16)}/probe.mp4")


class Different(Exception):
    """It worked, but not as S3 does; the text says what is different."""


STEPS: tuple[tuple[str, str, Callable[[RoundTrip], str]], ...] = (
    ("Bucket write", "writeFiles", RoundTrip.put),
    ("Bucket read", "readFiles", RoundTrip.get),
    ("Bucket ranges", "readFiles", RoundTrip.get_range),
    ("Bucket multipart", "writeFiles", RoundTrip.send_in_parts),
)


def round_trip(bucket: Bucket) -> Iterator[Finding]:
    """Write, read, read a part, write in parts, see that nobody else can read, delete."""
    trip = new_trip(bucket)
    for name, capability, step in STEPS:
        finding = _taken(trip, name, capability, step)
        yield finding
        if finding.fix and step is RoundTrip.put:
            yield skipped(PRIVACY, "There is no object to try it on.")
            return
    yield privacy(bucket, trip.object_key)
    yield _taken(trip, DELETE, "deleteFiles", RoundTrip.delete)


def _taken(trip: RoundTrip, name: str, capability: str, step: Callable[[RoundTrip], str]) -> Finding:
    try:
        return ok(name, step(trip))
    except Different as error:
        return failed(name, f"The service is not as it should be: {error}.", "Use a service that speaks S3.")
    except trip.bucket.errors as error:
        return trip.bucket.refused(name, error, capability)


def privacy(bucket: Bucket, object_key: str) -> Finding:
    """Whether somebody without a key is refused the object, and the list of all objects."""
    import httpx

    try:
        answers = [httpx.get(bucket.url(key), timeout=PATIENCE_SECONDS) for key in (object_key, "")]
    except httpx.HTTPError as error:
        return warning(PRIVACY, f"It could not be tried ({type(error).__name__}).", "Try again later.")
    if any(answer.is_success for answer in answers):
        return failed(
            PRIVACY,
            f"Anybody can read {bucket.name} without a key.",
            "Set the bucket to private at once; links to videos work in a private bucket.",
        )
    return ok(PRIVACY, "Without a key nobody can read it.")
