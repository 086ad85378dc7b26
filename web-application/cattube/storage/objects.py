"""Objects in stores, and the errors of stores."""

from dataclasses import dataclass
from datetime import datetime


class StoreError(Exception):
    """The store failed; the message has the object key."""


class ObjectMissing(StoreError):
    """The store has no such object."""


class ObjectTooLong(StoreError):
    """The object has more bytes than the reader allows."""


@dataclass(frozen=True)
class StoredObject:
    """One object. size_bytes: of all versions. is_visible: no hide marker keeps it from being read."""

    object_key: str
    size_bytes: int
    stored_at: datetime
    is_visible: bool


@dataclass(frozen=True)
class UnfinishedUpload:
    """Multipart upload in a bucket that was neither completed nor aborted."""

    object_key: str
    upload_id: str
    begun_at: datetime


@dataclass(frozen=True)
class LinkTimes:
    """Time at which a link was signed, and for how long it is good from then on."""

    signed_at: datetime
    lifetime_seconds: int
