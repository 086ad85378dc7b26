"""What stores hold, what they tell, and what may go wrong with them."""

from dataclasses import dataclass
from datetime import datetime


class StoreError(Exception):
    """The store could not do it; the object key is in the message."""


class ObjectMissing(StoreError):
    pass


class ObjectTooLong(StoreError):
    """It has more bytes than anybody wanted to read."""


@dataclass(frozen=True)
class StoredObject:
    """size_bytes: of all versions. is_visible: reading it gives bytes, since nothing hides it."""

    object_key: str
    size_bytes: int
    stored_at: datetime
    is_visible: bool


@dataclass(frozen=True)
class UnfinishedUpload:
    """Parts in a bucket of which no object was made yet."""

    object_key: str
    upload_id: str
    begun_at: datetime


@dataclass(frozen=True)
class LinkTimes:
    """When a link was signed, and how long it is good from then on."""

    signed_at: datetime
    lifetime_seconds: int
