"""Store that holds the bytes of videos."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Protocol

from django.conf import settings

from cattube.storage.local_store import LocalStore
from cattube.storage.objects import LinkTimes, StoredObject, UnfinishedUpload
from cattube.storage.s3_client import BucketAccount, bucket_account
from cattube.storage.s3_store import S3Store


class Store(Protocol):
    """Objects by key; keys are those of `object_keys.is_safe`, folders those of `object_keys.is_folder`."""

    def read(self, object_key: str, *, at_most_bytes: int) -> bytes:
        """Bytes of a small object. Raises ObjectMissing, ObjectTooLong, StoreError."""

    def direct_url(self, object_key: str, *, content_type: str, times: LinkTimes) -> str | None:
        """URL at which browsers get the object past this site; None when the site serves it."""

    def delete(self, object_key: str) -> None:
        """Delete the object in all its versions; nothing happens when there is none. Raises StoreError."""

    def delete_folder(self, folder: str) -> None:
        """Delete all objects whose keys begin with `folder`. Raises StoreError."""

    def objects(self) -> Iterator[StoredObject]:
        """All objects, on record or not. Raises StoreError."""

    def unfinished(self) -> Iterator[UnfinishedUpload]:
        """Uploads that were begun and neither completed nor aborted. Raises StoreError."""

    def abort(self, upload: UnfinishedUpload) -> None:
        """Free the parts of the upload. Raises StoreError."""


@cache
def _local_store(root: Path) -> LocalStore:
    return LocalStore(root)


@cache
def _s3_store(account: BucketAccount, name: str, origin: str) -> S3Store:
    return S3Store(account, name, origin)


def video_store() -> Store:
    """Store of the settings: a bucket, else a folder."""
    if settings.AWS_PRIVATE_BUCKET_NAME:
        return _s3_store(bucket_account(), settings.AWS_PRIVATE_BUCKET_NAME, settings.BUCKET_ORIGIN)
    return _local_store(settings.BUCKET_FOLDER)
