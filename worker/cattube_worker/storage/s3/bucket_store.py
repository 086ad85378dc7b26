"""Store in a bucket of Backblaze B2, of S3, or of a compatible service."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cattube_worker.disk_room import DiskRoom
from cattube_worker.storage.errors import DamagedObject, ObjectMissing
from cattube_worker.storage.object_keys import is_safe, safe_key
from cattube_worker.storage.object_size import check_size
from cattube_worker.storage.s3 import client
from cattube_worker.storage.s3.buckets import Bucket
from cattube_worker.storage.s3.client import BucketCalls
from cattube_worker.storage.s3.file_sections import FileSection, content_md5
from cattube_worker.storage.s3.multipart import abort, abort_uploads, unfinished, upload_in_parts
from cattube_worker.storage.s3.object_arguments import object_arguments
from cattube_worker.storage.s3.object_versions import list_objects, list_versions, list_versions_below
from cattube_worker.storage.s3.ranged_fetch import fetch_in_ranges
from cattube_worker.storage.s3.retry_policy import RetryPolicy
from cattube_worker.storage.s3.server_copy import copy_object
from cattube_worker.storage.s3.service_errors import MISSING, TAKEN, code_of, translate
from cattube_worker.storage.s3.stored_objects import DIGEST, digest_of, head_of, is_stored, stored_digest
from cattube_worker.storage.s3.transfer_config import TransferConfig
from cattube_worker.storage.store import ObjectAttributes

# Codes after which the object may be there: stored by another request in between, or by ours although its
# response was lost.
_PERHAPS_STORED = TAKEN | {"NoSuchUpload"}


@dataclass(frozen=True)
class BucketStore:
    """Objects in a bucket. connect: creates the client, when first needed.

    is_of_client: a client has named it. Nothing that such a service says is taken as a fault of this machine.
    """

    bucket: Bucket
    connect: Callable[[Bucket], Any] = client.connect
    retry_policy: RetryPolicy = field(default_factory=RetryPolicy)
    transfer: TransferConfig = field(default_factory=TransferConfig)
    is_of_client: bool = False

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
        arguments = self._arguments(content_type, attributes)
        digest = arguments["Metadata"][DIGEST] = digest_of(source)
        with self._translated_errors(safe_key(key)):
            if not is_stored(self._calls, key, digest):
                self._send(key, source, digest, arguments)

    def copy(
        self,
        source_key: str,
        key: str,
        *,
        content_type: str | None = None,
        attributes: ObjectAttributes | None = None,
    ) -> bool:
        arguments = self._arguments(content_type, attributes)
        with self._translated_errors(safe_key(key)):
            source_head = head_of(self._calls, safe_key(source_key)) or {}
            digest = stored_digest(source_head)
            if digest is None:
                return False
            arguments["Metadata"][DIGEST] = digest
            return is_stored(self._calls, key, digest) or self._copy(source_key, key, source_head, arguments)

    def delete_below(self, folder: str) -> None:
        """Free the bytes of all objects in `folder` and below it, as `delete` does. Raises StoreError."""
        prefix = f"{safe_key(folder)}/"
        with self._translated_errors(folder):
            versions = list_versions_below(self._calls, prefix)
            abort_uploads(self._calls, prefix, is_key=False)
            with ThreadPoolExecutor(self.transfer.threads, "delete") as pool:
                list(pool.map(lambda version: self._calls("delete_object", **version), versions))

    def fetch(
        self, key: str, target: Path, *, room: DiskRoom | None = None, max_bytes: int | None = None
    ) -> None:
        with self._translated_errors(safe_key(key)):
            head = head_of(self._calls, key)
            if head is None:
                raise ObjectMissing(f'There is no object called "{key}" in the bucket "{self.bucket.name}".')
            check_size(key, head["ContentLength"], max_bytes=max_bytes)
            if room is not None:
                room.check(head["ContentLength"])
            try:
                fetch_in_ranges(self._calls, key, target, head=head, transfer=self.transfer, room=room)
            except DamagedObject:  # mostly on the way; a second time it is the object itself
                fetch_in_ranges(self._calls, key, target, head=head, transfer=self.transfer, room=room)

    def delete(self, key: str) -> None:
        """Free the bytes: all versions of the object, its delete markers, and unfinished uploads."""
        with self._translated_errors(safe_key(key)):
            for version in list_versions(self._calls, key):
                self._calls("delete_object", Key=key, **version)
            abort_uploads(self._calls, key, is_key=True)

    def exists(self, key: str) -> bool:
        with self._translated_errors(safe_key(key)):
            return head_of(self._calls, key) is not None

    def keys(self, folder: str, *, recursive: bool) -> Iterator[str]:
        prefix = f"{safe_key(folder)}/" if folder else ""
        arguments = {} if recursive else {"Delimiter": "/"}
        with self._translated_errors(folder):
            for item in list_objects(self._calls, prefix, **arguments):
                if is_safe(item["Key"]):
                    yield item["Key"]

    def stored_at(self, folder: str) -> dict[str, datetime]:
        """Time at which each object in `folder` and below it was stored, by key. Raises StoreError."""
        with self._translated_errors(folder):
            items = list_objects(self._calls, f"{safe_key(folder)}/")
            return {item["Key"]: item["LastModified"] for item in items}

    def url(self, key: str) -> str:
        return urlsplit(self.signed_url(key, expires_in=timedelta(seconds=1)))._replace(query="").geturl()

    def signed_url(self, key: str, *, expires_in: timedelta) -> str:
        return self._presigned(key, expires_in, {})

    def answering_url(
        self, key: str, *, expires_in: timedelta, content_type: str, content_disposition: str
    ) -> str:
        headers = {"ResponseContentType": content_type, "ResponseContentDisposition": content_disposition}
        return self._presigned(key, expires_in, headers)

    def check(self) -> None:
        """Raise StoreError unless the bucket is there and lets us list it."""
        with self._translated_errors(""):
            self._calls.client.list_objects_v2(Bucket=self.bucket.name, MaxKeys=1)

    def abort_unfinished(self, *, begun_before: datetime) -> int:
        """Free the parts of uploads that no client goes on with; the number of uploads (S08)."""
        with self._translated_errors(""):
            uploads = [upload for upload in unfinished(self._calls, "") if upload.begun_at < begun_before]
            for upload in uploads:
                abort(self._calls, upload.key, upload.upload_id)
            return len(uploads)

    def _presigned(self, key: str, expires_in: timedelta, headers: Mapping[str, str]) -> str:
        """Address of the object with a permission. headers: of the answer, as S3 calls them."""
        with self._translated_errors(safe_key(key)):
            url: str = self._calls.client.generate_presigned_url(
                "get_object",
                Params={"Bucket": self.bucket.name, "Key": key, **headers},
                ExpiresIn=int(expires_in.total_seconds()),
            )
        # The signature is for the service's own host, under which the CDN asks it.
        domain = self.bucket.custom_domain
        return urlsplit(url)._replace(scheme="https", netloc=domain).geturl() if domain else url

    def _arguments(self, content_type: str | None, attributes: ObjectAttributes | None) -> dict[str, Any]:
        """Arguments for a call that creates an object, but for its digest. Raises UnsupportedAttribute."""
        arguments = object_arguments(attributes or ObjectAttributes(), self.bucket)
        return {**arguments, "ContentType": content_type or "application/octet-stream"}

    def _copy(
        self, source_key: str, key: str, source_head: Mapping[str, Any], arguments: Mapping[str, Any]
    ) -> bool:
        """Copy the object; False when its source is gone by now. Raises DamagedObject, KeyTaken."""
        from botocore.exceptions import ClientError

        digest = arguments["Metadata"][DIGEST]
        try:
            copy_object(
                self._calls,
                source_key,
                key,
                source_head=source_head,
                arguments=arguments,
                transfer=self.transfer,
            )
        except ClientError as error:
            if code_of(error) in MISSING and head_of(self._calls, source_key) is None:
                return False
            if code_of(error) not in _PERHAPS_STORED or not is_stored(self._calls, key, digest):
                raise
        if not is_stored(self._calls, key, digest):
            raise DamagedObject(f'"{key}" was not copied in the bucket "{self.bucket.name}".')
        return True

    def _send(self, key: str, source: Path, digest: str, arguments: Mapping[str, Any]) -> None:
        from botocore.exceptions import ClientError

        size_bytes = source.stat().st_size
        try:
            with source.open("rb") as file:
                if size_bytes <= self.transfer.threshold_bytes:
                    whole = FileSection(file, 0, size_bytes)
                    md5 = content_md5(whole.md5())
                    self._calls.write("put_object", whole.open, Key=key, ContentMD5=md5, **arguments)
                    return
                upload_in_parts(
                    self._calls, key, file, size_bytes=size_bytes, arguments=arguments, transfer=self.transfer
                )
        except ClientError as error:
            if code_of(error) not in _PERHAPS_STORED or not is_stored(self._calls, key, digest):
                raise
        self._check_stored(key, digest, size_bytes)

    def _check_stored(self, key: str, digest: str, size_bytes: int) -> None:
        """Check that the parts became the whole file; what did not is deleted. Raises DamagedObject."""
        head = head_of(self._calls, key) or {}
        if head.get("ContentLength") == size_bytes and stored_digest(head) == digest:
            return
        self.delete(key)
        raise DamagedObject(f'"{key}" did not arrive whole in the bucket "{self.bucket.name}".')

    @contextlib.contextmanager
    def _translated_errors(self, key: str) -> Iterator[None]:
        """Translate errors of the client. Raises StoreError."""
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            yield
        except (ClientError, BotoCoreError, OSError) as error:
            raise translate(error, key, self.bucket.name, is_of_client=self.is_of_client) from error
