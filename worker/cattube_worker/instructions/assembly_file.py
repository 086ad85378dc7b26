"""One file of an assembly: an upload, or what a step made of one."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

ORIGINAL_STEP = ":original"


@dataclasses.dataclass(frozen=True, kw_only=True)
class AssemblyFile:
    """An upload or a result, with everything the status document says about it.

    step: name of the step that made it, ":original" for uploads.
    path: the local bytes, under a name of our own; None once they were removed.
    original_ids: of all uploads and imports that it was made of, where those are several.
    import_url: where it, or the file it was made from, was fetched.
    url, object_key: set by a store step; without a url the status offers a temporary one.
    signed_url: another one, that lasts as long as the step asked for.
    playlists: of a master playlist of HLS, those it leads to.
    """

    id: str
    step: str
    path: Path | None
    name: str
    basename: str
    ext: str
    size_bytes: int
    mime: str | None
    type: str | None
    md5hash: str
    field: str | None
    original_id: str
    original_ids: list[str] = dataclasses.field(default_factory=list)
    original_name: str
    original_basename: str
    original_path: str = "/"
    original_md5hash: str
    meta: dict[str, Any] = dataclasses.field(default_factory=dict)
    user_meta: dict[str, Any] = dataclasses.field(default_factory=dict)
    tus_upload_url: str | None = None
    import_url: str | None = None
    url: str | None = None
    signed_url: str | None = None
    object_key: str | None = None
    playlists: list[dict[str, Any]] = dataclasses.field(default_factory=list)

    @property
    def stems_from(self) -> list[str]:
        """The ids of the uploads and imports that it was made of."""
        return self.original_ids or [self.original_id]

    def to_json(self) -> dict[str, Any]:
        """The file as plain JSON values, for a database column."""
        document = {each.name: getattr(self, each.name) for each in dataclasses.fields(self)}
        return document | {"path": str(self.path) if self.path else None}

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Self:
        """The file that `to_json` wrote; keys of a newer release are ignored."""
        known = {each.name for each in dataclasses.fields(cls)}
        values = {key: value for key, value in document.items() if key in known}
        return cls(**values | {"path": Path(values["path"]) if values.get("path") else None})
