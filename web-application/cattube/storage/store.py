"""Where the bytes of videos rest."""

from functools import cache
from pathlib import Path
from typing import BinaryIO, Protocol

from django.conf import settings

from cattube.storage.local import LocalStore


class Store(Protocol):
    """Objects by key; keys are those of `object_keys.is_safe`."""

    def open(self, object_key: str) -> BinaryIO:
        """The object's bytes, seekable. Raises ObjectMissing."""

    def delete(self, object_key: str) -> None:
        """Free the object's bytes; one that is not there is as good as deleted. Raises StoreError."""


@cache
def _local_store(root: Path) -> LocalStore:
    return LocalStore(root)


def bucket() -> Store:
    """The store of the settings."""
    return _local_store(settings.BUCKET_FOLDER)
