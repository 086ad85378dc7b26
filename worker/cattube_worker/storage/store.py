"""What every store promises."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Literal, Protocol


@dataclass(frozen=True, kw_only=True)
class ObjectAttributes:
    """What is to be kept about an object beside its bytes and content type.

    The first four are the HTTP headers of their names. metadata: by name, ASCII; a store in a folder keeps
    neither those nor the headers. tags: refused where there are none. acl: None leaves it to the bucket.
    """

    cache_control: str | None = None
    content_disposition: str | None = None
    content_encoding: str | None = None
    content_language: str | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    acl: Literal["private", "public-read"] | None = None


class Store(Protocol):
    """A place for objects. All keys are relative, with "/" between their parts."""

    def put(
        self,
        key: str,
        source: Path,
        *,
        content_type: str | None = None,
        attributes: ObjectAttributes | None = None,
    ) -> None:
        """Keep the bytes of `source` under `key`, whole or not at all; `source` is not written to again.

        The same bytes under the same key are stored once: a second attempt does no harm.
        Raises KeyTaken when other bytes have that key, UnsupportedAttribute, StoreError.
        """
        ...

    def fetch(self, key: str, target: Path) -> None:
        """Write the object to `target`. Raises ObjectMissing, StoreError."""
        ...

    def delete(self, key: str) -> None:
        """Remove the object; one that is not there is fine. Raises StoreError."""
        ...

    def exists(self, key: str) -> bool:
        """Whether there is an object of that key."""
        ...

    def keys(self, folder: str, *, recursive: bool) -> Iterable[str]:
        """The keys of the objects in `folder` ("" is the whole store), of those below it as well if asked.

        Raises StoreError.
        """
        ...

    def url(self, key: str, *, expires_in: timedelta) -> str:
        """A URL under which a client reads the object for that long."""
        ...
