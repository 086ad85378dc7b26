"""Objects in a bucket of Backblaze B2, of S3, or of anything that speaks as they do."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from cattube_worker.storage.errors import KeyTaken, ObjectMissing, StoreError, UnsafeKey, UnsupportedAttribute
from cattube_worker.storage.object_keys import is_safe
from cattube_worker.storage.s3.buckets import Bucket
from cattube_worker.storage.s3.client import BucketCalls, connect_to
from cattube_worker.storage.s3.file_sections import Section, content_md5
from cattube_worker.storage.s3.multipart import Transfer, abort, put_in_parts, unfinished
from cattube_worker.storage.s3.ranged_fetch import DamagedObject, fetch_in_ranges
from cattube_worker.storage.s3.retry_policy import RetryPolicy
from cattube_worker.storage.s3.service_errors import MISSING, TAKEN, code_of, is_not_implemented, translated
from cattube_worker.storage.store import ObjectAttributes

# Our own digest of the bytes: an ETag is none of a file that was sent in parts.
_DIGEST = "sha256"
_ALREADY = TAKEN | {"NoSuchUpload"}


@dataclass(frozen=True)
class S3Store:
    """Objects in a bucket. connect: makes the client, when first needed."""

    bucket: Bucket
    connect: Callable[[Bucket], Any] = connect_to
    retry_policy: RetryPolicy = field(default_factory=RetryPolicy)
    transfer: Transfer = field(default_factory=Transfer)

    @cached_property
    def _calls(self) -> BucketCalls:
        return BucketCalls(self.bucket, self.connect(self.bucket), self.retry_policy)

    def put(
        self,
        key: str,
        source: Path,
        *,
        content_type: str | None = None,
        attributes: ObjectAttributes | None = None,
    ) -> None:
        given = _arguments(attributes or ObjectAttributes(), self.bucket)
        digest = _digest(source)
        arguments = {
            **given,
            "Metadata": {**given["Metadata"], _DIGEST: digest},
            "ContentType": content_type or "application/octet-stream",
        }
        with self._errors(_checked(key)):
            if not self._holds(key, digest):
                self._send(key, source, digest, arguments)

    def fetch(self, key: str, target: Path) -> None:
        with self._errors(_checked(key)):
            head = self._head(key)
            if head is None:
                raise ObjectMissing(f'There is no object called "{key}" in the bucket "{self.bucket.name}".')
            try:
                fetch_in_ranges(self._calls, key, target, head=head, transfer=self.transfer)
            except DamagedObject:  # mostly on the way; a second time it is the object itself
                fetch_in_ranges(self._calls, key, target, head=head, transfer=self.transfer)

    def delete(self, key: str) -> None:
        """Free the bytes: all versions of the object, marks that only hide it, and unfinished uploads."""
        with self._errors(_checked(key)):
            for version in self._versions(key):
                self._calls("delete_object", Key=key, **version)
            for name, upload_id, _ in unfinished(self._calls, key):
                if name == key:
                    abort(self._calls, key, upload_id)

    def exists(self, key: str) -> bool:
        with self._errors(_checked(key)):
            return self._head(key) is not None

    def keys(self, folder: str, *, recursive: bool) -> Iterator[str]:
        prefix = f"{_checked(folder)}/" if folder else ""
        arguments = {"Prefix": prefix} if recursive else {"Prefix": prefix, "Delimiter": "/"}
        with self._errors(folder):
            while True:
                page = self._calls("list_objects_v2", **arguments)
                yield from (each["Key"] for each in page.get("Contents", ()) if is_safe(each["Key"]))
                if not page.get("IsTruncated"):
                    return
                arguments["ContinuationToken"] = page["NextContinuationToken"]

    def url(self, key: str, *, expires_in: timedelta) -> str:
        with self._errors(_checked(key)):
            link: str = self._calls.client.generate_presigned_url(
                "get_object",
                Params={"Bucket": self.bucket.name, "Key": key},
                ExpiresIn=int(expires_in.total_seconds()),
            )
        # What is signed is the service's own host, under which the CDN asks it.
        domain = self.bucket.custom_domain
        return urlsplit(link)._replace(scheme="https", netloc=domain).geturl() if domain else link

    def check(self) -> None:
        """Raise StoreError unless the bucket is there and lets us list it."""
        with self._errors(""):
            self._calls.client.list_objects_v2(Bucket=self.bucket.name, MaxKeys=1)

    def abort_unfinished(self, *, begun_before: datetime) -> int:
        """Free the parts of uploads that nobody goes on with; how many uploads there were (S08)."""
        with self._errors(""):
            old = [each for each in unfinished(self._calls, "") if each[2] < begun_before]
            for key, upload_id, _ in old:
                abort(self._calls, key, upload_id)
            return len(old)

    def _send(self, key: str, source: Path, digest: str, arguments: Mapping[str, Any]) -> None:
        from botocore.exceptions import ClientError

        size_bytes = source.stat().st_size
        try:
            with source.open("rb") as file:
                if size_bytes <= self.transfer.threshold_bytes:
                    whole = Section(file, 0, size_bytes)
                    md5 = content_md5(whole.md5())
                    self._calls.write("put_object", whole.open, Key=key, ContentMD5=md5, **arguments)
                    return
                put_in_parts(
                    self._calls, key, file, size_bytes=size_bytes, arguments=arguments, transfer=self.transfer
                )
        except ClientError as error:
            # By somebody else in between, or by us although we were not told.
            if code_of(error) not in _ALREADY or not self._holds(key, digest):
                raise
        self._check_stored(key, digest, size_bytes)

    def _holds(self, key: str, digest: str) -> bool:
        """Whether the object is there with these bytes. Raises KeyTaken when it has others."""
        known = self._head(key)
        if known is not None and known.get("Metadata", {}).get(_DIGEST) != digest:
            raise KeyTaken(f'There is another object called "{key}" already.')
        return known is not None

    def _check_stored(self, key: str, digest: str, size_bytes: int) -> None:
        """See that parts became the whole they were to become; what did not is removed."""
        head = self._head(key) or {}
        if head.get("ContentLength") == size_bytes and head.get("Metadata", {}).get(_DIGEST) == digest:
            return
        self.delete(key)
        raise DamagedObject(f'"{key}" did not arrive whole in the bucket "{self.bucket.name}".')

    def _head(self, key: str) -> Mapping[str, Any] | None:
        from botocore.exceptions import ClientError

        try:
            return self._calls("head_object", Key=key)
        except ClientError as error:
            if code_of(error) in MISSING:
                return None
            raise

    def _versions(self, key: str) -> list[dict[str, str]]:
        """The versions of an object and the marks that hide it, oldest first: no old bytes come up again."""
        from botocore.exceptions import ClientError

        found: list[dict[str, Any]] = []
        marker: dict[str, str] = {}
        try:
            while True:
                page = self._calls("list_object_versions", Prefix=key, **marker)
                found += [*page.get("Versions", ()), *page.get("DeleteMarkers", ())]
                if not page.get("IsTruncated") or found[-1]["Key"] > key:
                    break
                marker = {
                    "KeyMarker": page["NextKeyMarker"],
                    "VersionIdMarker": page.get("NextVersionIdMarker", ""),
                }
        except ClientError as error:
            if not is_not_implemented(error):
                raise
            return [{}]
        ours = [each for each in reversed(found) if each["Key"] == key]
        ours.sort(key=lambda each: each["LastModified"])
        return [{"VersionId": each["VersionId"]} for each in ours]

    @contextlib.contextmanager
    def _errors(self, key: str) -> Iterator[None]:
        """What goes wrong in the client, in the house's own words. Raises StoreError."""
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            yield
        except (ClientError, BotoCoreError, OSError) as error:
            raise translated(error, key, self.bucket.name) from error


def _arguments(attributes: ObjectAttributes, bucket: Bucket) -> dict[str, Any]:
    """The attributes as boto3 wants them. Raises UnsupportedAttribute."""
    if attributes.tags and bucket.is_b2:
        raise UnsupportedAttribute('Objects in Backblaze B2 have no "tags".')
    named = {
        "CacheControl": attributes.cache_control or bucket.cache_control,
        "ContentDisposition": attributes.content_disposition,
        "ContentEncoding": attributes.content_encoding,
        "ContentLanguage": attributes.content_language,
        "Tagging": urlencode(attributes.tags) or None,
        # B2 answers an ACL other than the bucket's with an error.
        "ACL": None if bucket.is_b2 else attributes.acl,
    }
    given = {name: value for name, value in named.items() if value is not None}
    return {**given, "Metadata": dict(attributes.metadata)}


def _checked(key: str) -> str:
    if not is_safe(key):
        raise UnsafeKey(f'"{key[:100]}" cannot be the name of an object.')
    return key


def _digest(source: Path) -> str:
    try:
        with source.open("rb") as file:
            return hashlib.file_digest(file, _DIGEST).hexdigest()
    except OSError as error:
        raise StoreError(f"The file to be stored could not be read: {error.strerror}.") from error
