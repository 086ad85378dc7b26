"""Where objects rest: what a store promises, and the stores of this installation by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal, Protocol

from cattube_worker.errors import AssemblyError


class StoreError(AssemblyError):
    """The store could not do what it was asked."""

    retryable = True


class ObjectMissing(StoreError):
    """There is no object of that key."""

    retryable = False


class BucketMissing(ObjectMissing):
    """There is no bucket of that name."""


class AccessDenied(StoreError):
    """The store does not let these credentials do that."""

    retryable = False


class KeyTaken(StoreError):
    """Another object has that key; nothing is ever overwritten."""

    retryable = False


class UnsafeKey(StoreError):
    """The key is no name for an object: empty, absolute, too long, or climbing out of the store."""

    status, retryable = 400, False


class UnknownCredentials(AssemblyError):
    """A step names credentials that this engine does not have."""

    code, status = "TEMPLATE_CREDENTIALS_INJECTION_ERROR", 400


class UnsupportedAttribute(StoreError):
    """The store has no such thing as an object is to have."""

    status, retryable = 400, False


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


def _nobody(_name: str) -> None:
    return None


@dataclass(frozen=True, kw_only=True)
class Access:
    """Stored credentials as a robot uses them. type: of the service, such as "s3" or "http"."""

    type: str
    content: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True)
class Stores:
    """The stores of this engine by the name of their credentials.

    look_up: finds credentials that clients stored. open_by_type: makes a store of the content of such.
    """

    by_credentials: Mapping[str, Store] = field(default_factory=dict)
    look_up: Callable[[str], Access | None] = _nobody
    open_by_type: Mapping[str, Callable[[Mapping[str, Any]], Store]] = field(default_factory=dict)

    def get(self, credentials: str | None) -> Store:
        """The store a step names. Raises UnknownCredentials."""
        store = self.by_credentials.get(credentials or "")
        if store is not None:
            return store
        access = self.access(credentials)
        if access.type not in self.open_by_type:
            raise UnknownCredentials(f'The credentials "{credentials}" are of a service not stored to here.')
        return self.open_by_type[access.type](access.content)

    def of_step(self, credentials: str | None, given: Access | None) -> Store:
        """The store a step names, else describes. Raises UnknownCredentials, StoreError."""
        if credentials or given is None:
            return self.get(credentials)
        if given.type not in self.open_by_type:
            raise UnknownCredentials("This engine opens no store that a step describes.")
        return self.open_by_type[given.type](given.content)

    def access(self, credentials: str | None) -> Access:
        """The stored credentials a step names. Raises UnknownCredentials."""
        found = self.look_up(credentials) if credentials else None
        if found is None:
            raise UnknownCredentials(
                f'There are no credentials named "{credentials}": '
                f"store some, or use one of {', '.join(sorted(self.by_credentials)) or 'none'}."
            )
        return found
