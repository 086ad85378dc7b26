"""Objects in a private bucket of Backblaze B2, of S3, or of any service that speaks S3."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from cattube.storage.media_types import shown_as
from cattube.storage.object_keys import is_folder, is_safe
from cattube.storage.objects import (
    LinkTimes,
    ObjectMissing,
    ObjectTooLong,
    StoredObject,
    StoreError,
    UnfinishedUpload,
)
from cattube.storage.presigned import presigned_url
from cattube.storage.s3_client import BucketAccount, s3_client
from cattube.storage.s3_errors import code_of, store_errors

GONE = {"NoSuchUpload", "404"}
NOT_IMPLEMENTED = {"NotImplemented", "501"}


@dataclass(frozen=True)
class S3Store:
    """Store in one bucket.

    origin: of the bucket as browsers reach it, a CDN's or the endpoint's own. page_size: of listings.
    """

    account: BucketAccount
    bucket: str
    origin: str
    page_size: int = 1000

    def read(self, object_key: str, *, at_most_bytes: int) -> bytes:
        with store_errors(object_key):
            answer = self._client.get_object(Bucket=self.bucket, Key=_checked(object_key))
            # Not as a context itself: that gives the raw stream, whose errors are not boto3's.
            with closing(answer["Body"]) as body:
                content: bytes = body.read(at_most_bytes + 1)
        if len(content) > at_most_bytes:
            raise ObjectTooLong(object_key)
        return content

    def direct_url(self, object_key: str, *, content_type: str, times: LinkTimes) -> str:
        shown_type, disposition = shown_as(content_type)
        return presigned_url(
            self.account,
            bucket=self.bucket,
            object_key=_checked(object_key),
            origin=self.origin,
            signed_at=times.signed_at,
            lifetime_seconds=times.lifetime_seconds,
            # Whatever the object was stored as: a browser shows only what we know to be harmless.
            answer={"response-content-type": shown_type, "response-content-disposition": disposition},
        )

    def delete(self, object_key: str) -> None:
        with store_errors(object_key):
            self._free(_checked(object_key), only=object_key)

    def delete_folder(self, folder: str) -> None:
        if not is_folder(folder):
            raise StoreError(folder)
        with store_errors(folder):
            self._free(folder)

    def objects(self) -> Iterator[StoredObject]:
        with store_errors(self.bucket):
            for key, versions in groupby(self._versions(""), key=itemgetter("Key")):
                yield _stored(key, list(versions))

    def unfinished(self) -> Iterator[UnfinishedUpload]:
        with store_errors(self.bucket):
            for upload in self._uploads(""):
                yield UnfinishedUpload(upload["Key"], upload["UploadId"], upload["Initiated"])

    def abort(self, upload: UnfinishedUpload) -> None:
        with store_errors(upload.object_key):
            self._abort(upload.object_key, upload.upload_id)

    @property
    def _client(self) -> Any:
        return s3_client(self.account)

    def _free(self, prefix: str, *, only: str | None = None) -> None:
        """Delete all versions, the markers that hide them, and the parts of uploads that never ended."""
        for upload in self._uploads(prefix):
            if only in (None, upload["Key"]):
                self._abort(upload["Key"], upload["UploadId"])
        versions = [version for version in self._versions(prefix) if only in (None, version["Key"])]
        # Oldest first: should this be broken off, no bytes come up again that were replaced or hidden.
        for version in sorted(versions, key=itemgetter("LastModified")):
            version_id = {"VersionId": version["VersionId"]} if "VersionId" in version else {}
            self._client.delete_object(Bucket=self.bucket, Key=version["Key"], **version_id)

    def _abort(self, object_key: str, upload_id: str) -> None:
        try:
            self._client.abort_multipart_upload(Bucket=self.bucket, Key=object_key, UploadId=upload_id)
        except self._client.exceptions.ClientError as error:
            if code_of(error) not in GONE:
                raise

    def _versions(self, prefix: str) -> Iterator[dict[str, Any]]:
        """Versions and hide markers in the order of their keys; only versions have a `Size`."""
        try:
            for page in self._pages("list_object_versions", prefix):
                versions = [*page.get("Versions", ()), *page.get("DeleteMarkers", ())]
                yield from sorted(versions, key=lambda version: str(version["Key"]).encode())
        except self._client.exceptions.ClientError as error:
            if code_of(error) not in NOT_IMPLEMENTED:
                raise
            for page in self._pages("list_objects_v2", prefix):
                yield from ({**entry, "IsLatest": True} for entry in page.get("Contents", ()))

    def _uploads(self, prefix: str) -> list[dict[str, Any]]:
        pages = self._pages("list_multipart_uploads", prefix)
        return [upload for page in pages for upload in page.get("Uploads", ())]

    def _pages(self, call: str, prefix: str) -> Iterator[dict[str, Any]]:
        size = {"PageSize": self.page_size}
        pages = self._client.get_paginator(call).paginate(
            Bucket=self.bucket, Prefix=prefix, PaginationConfig=size
        )
        return iter(pages)


def _stored(key: str, versions: list[dict[str, Any]]) -> StoredObject:
    return StoredObject(
        key,
        size_bytes=sum(version.get("Size", 0) for version in versions),
        stored_at=max(version["LastModified"] for version in versions),
        is_visible=any(version["IsLatest"] and "Size" in version for version in versions),
    )


def _checked(object_key: str) -> str:
    if not is_safe(object_key):
        raise ObjectMissing(object_key)
    return object_key
