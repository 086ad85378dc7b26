"""Where the bytes of videos rest."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Protocol

from django.conf import settings

from cattube.storage.local_store import LocalStore
from cattube.storage.objects import LinkTimes, StoredObject, UnfinishedUpload
from cattube.storage.s3_client import BucketAccount, account
from cattube.storage.s3_store import S3Store


class Store(Protocol):
    """Objects by key; keys are those of `object_keys.is_safe`, folders those of `object_keys.is_folder`."""

    def read(self, object_key: str, *, at_most_bytes: int) -> bytes:
        """A small object. Raises ObjectMissing, ObjectTooLong, StoreError."""

    def direct_url(self, object_key: str, *, content_type: str, times: LinkTimes) -> str | None:
        """Where browsers get the object past this site; None when it is the site that serves it."""

    def delete(self, object_key: str) -> None:
        """Free the object's bytes; one that is not there is as good as deleted. Raises StoreError."""

    def delete_folder(self, folder: str) -> None:
        """Free all whose keys begin with `folder`. Raises StoreError."""

    def objects(self) -> Iterator[StoredObject]:
        """All there is, known or not. Raises StoreError."""

    def unfinished(self) -> Iterator[UnfinishedUpload]:
        """Uploads that were begun and neither ended nor given up. Raises StoreError."""

    def abort(self, upload: UnfinishedUpload) -> None:
        """Free what has come of it. Raises StoreError."""


@cache
def _local_store(root: Path) -> LocalStore:
    return LocalStore(root)


@cache
def _s3_store(to: BucketAccount, name: str, origin: str) -> S3Store:
    return S3Store(to, name, origin)


def bucket() -> Store:
    """The store of the settings."""
    if settings.AWS_PRIVATE_BUCKET_NAME:
        return _s3_store(account(), settings.AWS_PRIVATE_BUCKET_NAME, settings.BUCKET_ORIGIN)
    return _local_store(settings.BUCKET_FOLDER)
