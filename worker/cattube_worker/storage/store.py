"""Promise of a store: the same for a folder and for a bucket."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Literal, Protocol

from cattube_worker.disk_room import DiskRoom


@dataclass(frozen=True, kw_only=True)
class ObjectAttributes:
    """Attributes of an object beside its bytes and content type.

    The first four are the HTTP headers of their names. metadata: by name, ASCII; a store in a folder keeps
    neither those nor the headers. tags: refused by stores that have none. acl: None leaves it to the bucket.
    """

    cache_control: str | None = None
    content_disposition: str | None = None
    content_encoding: str | None = None
    content_language: str | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    acl: Literal["private", "public-read"] | None = None


class Store(Protocol):
    """Objects by key. All keys are relative, with "/" between their parts. Raises UnsafeKey for any other."""

    def put(
        self,
        key: str,
        source: Path,
        *,
        content_type: str | None = None,
        attributes: ObjectAttributes | None = None,
    ) -> None:
        """Store the bytes of `source` under `key`, whole or not at all; `source` is not written to again.

        The same bytes under the same key are stored once: a second attempt does no harm.
        Raises KeyTaken when other bytes have that key, UnsupportedAttribute, StoreError.
        """
        ...

    def fetch(
        self, key: str, target: Path, *, room: DiskRoom | None = None, max_bytes: int | None = None
    ) -> None:
        """Write the object to `target`, as far as there is room.

        Raises ObjectMissing, ObjectTooLarge for more than `max_bytes`, StoreError, DiskFull.
        """
        ...

    def delete(self, key: str) -> None:
        """Remove the object; one that is not there is fine. Raises StoreError."""
        ...

    def exists(self, key: str) -> bool:
        """Tell if there is an object of that key. Raises StoreError."""
        ...

    def keys(self, folder: str, *, recursive: bool) -> Iterable[str]:
        """Keys of the objects in `folder` ("" is the whole store), with those below it when `recursive`.

        Raises StoreError.
        """
        ...

    def url(self, key: str) -> str:
        """Address of the object, without a permission to read it."""
        ...

    def signed_url(self, key: str, *, expires_in: timedelta) -> str:
        """URL under which a client reads the object for that long."""
        ...


class SharedStore(Store, Protocol):
    """A store that several hosts use, which copies objects by itself."""

    def answering_url(
        self, key: str, *, expires_in: timedelta, content_type: str, content_disposition: str
    ) -> str:
        """As `signed_url`; whoever reads the object there gets these headers, whatever it was stored with."""
        ...

    def copy(
        self,
        source_key: str,
        key: str,
        *,
        content_type: str | None = None,
        attributes: ObjectAttributes | None = None,
    ) -> bool:
        """Store an object under another key as well, as `put` would store its bytes; none are transferred.

        False, and nothing done, when there is no such object, or none that `put` has stored. Raises as `put`.
        """
        ...
