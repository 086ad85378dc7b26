"""The kind of robot that puts files into an object store and hands them on."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any, ClassVar, TypeVar

from pydantic import AfterValidator

from cattube_worker.media.workspace import Workspace
from cattube_worker.robots.shared.store_access import StoreAccess
from cattube_worker.storage import (
    AccessDenied,
    KeyTaken,
    ObjectAttributes,
    Store,
    StoreError,
    UnsupportedAttribute,
)
from cattube_worker.storage.object_keys import object_key, with_id

T = TypeVar("T")
_METADATA = re.compile(r"(?:x-amz-meta-|x-bz-info-)([a-z0-9!#$%&'*+.^_`|~-]{1,50})")
# ours: the digest by which a store knows bytes again.
_OURS = frozenset({"sha256"})
_KEPT = frozenset(
    {"content-type", "cache-control", "content-disposition", "content-encoding", "content-language"}
)


def _checked(headers: dict[str, str]) -> dict[str, str]:
    for name, text in headers.items():
        metadata = _METADATA.fullmatch(name.lower())
        if name.lower() not in _KEPT and (metadata is None or metadata[1] in _OURS):
            raise ValueError(f'"{name[:50]}" is no header that an object can be kept with here')
        if not text.isascii() or not text.isprintable() or len(text) > 1000:
            raise ValueError(f"the header {name} holds characters that no header may hold")
    return headers


ObjectHeaders = Annotated[dict[str, str], AfterValidator(_checked)]


def _no_folder(path: str) -> str:
    if path.endswith("/"):
        raise ValueError("expected the name of an object, not a folder")
    return path


class StoreRobot(StoreAccess):
    """A robot whose files get an object key and a URL."""

    passes_through: ClassVar[bool] = True
    failure_codes: ClassVar[Mapping[type[StoreError], str]] = {
        AccessDenied: "ACCESS_DENIED",
        UnsupportedAttribute: "VALIDATION",
    }

    path: Annotated[str, AfterValidator(_no_folder)] = "${unique_prefix}/${file.url_name}"
    headers: ObjectHeaders = {}

    @property
    def default_variables(self) -> Mapping[str, Any]:
        return {"path": self.path}

    @property
    def attributes(self) -> ObjectAttributes:
        """Attributes of the object beside its bytes and type."""
        return ObjectAttributes(
            cache_control=_header(self.headers, "cache-control"),
            content_disposition=_header(self.headers, "content-disposition"),
            content_encoding=_header(self.headers, "content-encoding"),
            content_language=_header(self.headers, "content-language"),
            metadata=_metadata(self.headers),
        )

    def put(self, path: Path, *, mime: str | None, file_id: str, workspace: Workspace) -> dict[str, Any]:
        """Put the file into the step's store: its "object_key" and its addresses by their keys of a status.

        Raises AssemblyError.
        """
        try:
            store = self.store(workspace)
            key, _ = self._stored(
                lambda key, **facts: store.put(key, path, **facts), mime=mime, file_id=file_id
            )
            return {"object_key": key, **self.addresses(key, store)}
        except StoreError as error:
            raise self.failed(error) from error

    def put_copy(
        self, source_key: str, *, mime: str | None, file_id: str, workspace: Workspace
    ) -> dict[str, Any] | None:
        """As `put`, where the bytes are an object of the step's own store already: they are not sent.

        source_key: in the store that all hosts share. None, and nothing done, where they have to be sent.
        """
        try:
            store = self.store(workspace)
            if store is not workspace.stores.shared:
                return None
            key, is_there = self._stored(
                lambda key, **facts: store.copy(source_key, key, **facts), mime=mime, file_id=file_id
            )
            return {"object_key": key, **self.addresses(key, store)} if is_there else None
        except StoreError as error:
            raise self.failed(error) from error

    def _stored(self, write: Callable[..., T], *, mime: str | None, file_id: str) -> tuple[str, T]:
        """Key of the object, and what `write` gave back. Raises StoreError."""
        key = object_key(self.path)
        facts = {
            "content_type": _header(self.headers, "content-type") or mime,
            "attributes": self.attributes,
        }
        try:
            return key, write(key, **facts)
        except KeyTaken:
            # Two files of one name: both are kept, the later one under a name of its own.
            key = with_id(key, file_id)
            return key, write(key, **facts)

    def addresses(self, key: str, store: Store) -> dict[str, str | None]:
        """The addresses of an object, by their keys of a status. Raises StoreError.

        None carries a permission unless the step asks for one: whoever reads the status has no right yet to
        what lies in the bucket.
        """
        return {"url": store.url(key)}


def _header(headers: Mapping[str, str], name: str) -> str | None:
    """The value of a header, however its name is written; None for none or an empty one."""
    return next((text for key, text in headers.items() if key.lower() == name and text), None)


def _metadata(headers: Mapping[str, str]) -> dict[str, str]:
    """Metadata in "x-amz-meta-" and "X-Bz-Info-" headers, by the rest of their names."""
    matches = ((_METADATA.fullmatch(name.lower()), text) for name, text in headers.items())
    return {match[1]: text for match, text in matches if match is not None}
