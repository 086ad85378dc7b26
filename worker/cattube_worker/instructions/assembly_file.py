"""A file of an assembly: an upload, or the result of a step."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

from cattube_worker.media.file_facts import FileFacts
from cattube_worker.protocol.file_names import split_name

ORIGINAL_STEP = ":original"


@dataclasses.dataclass(frozen=True, kw_only=True)
class AssemblyFile:
    """An upload or a result, with all that the status document says about it.

    step: the step that made it; ":original" for uploads.
    path: where its bytes lie, under a name of the engine's; None once they were removed.
    original_ids: ids of all uploads and imports that it was made of, if there are several.
    import_url: where it, or the file that it was made from, was fetched.
    url, object_key: set by a store step; without a url the status has a temporary one.
    bucket_key: key of an object in the operator's bucket with its bytes, for hosts that have not got `path`.
    signed_url: a presigned URL that lasts as long as the store step asked for.
    playlists: entries of the media playlists, for a master playlist of HLS.
    made_by: id of the job that made it; None of an upload, and of files of releases that did not note it.
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
    bucket_key: str | None = None
    playlists: list[dict[str, Any]] = dataclasses.field(default_factory=list)
    made_by: str | None = None

    @property
    def is_as_it_came(self) -> bool:
        """True when its content is that of one upload or import, whichever steps have handed it on."""
        return self.md5hash == self.original_md5hash and len(self.original_ids) < 2

    @property
    def stems_from(self) -> list[str]:
        """Ids of the uploads and imports that it was made of."""
        return self.original_ids or [self.original_id]

    def handed_on(self, *, step: str, path: Path | None) -> Self:
        """A new entry of `step` for the same content, with bytes of its own at `path` and stored nowhere."""
        return dataclasses.replace(
            self,
            id=uuid.uuid4().hex,
            step=step,
            path=path,
            tus_upload_url=None,
            url=None,
            signed_url=None,
            object_key=None,
            made_by=None,
        )

    def derived(
        self,
        *,
        step: str,
        path: Path,
        name: str,
        facts: FileFacts,
        meta: Mapping[str, Any],
        playlists: Sequence[Mapping[str, Any]] = (),
    ) -> Self:
        """A new entry of what `step` made of this file; everything about its origin stays."""
        basename, ext = split_name(name)
        return dataclasses.replace(
            self.handed_on(step=step, path=path),
            name=name,
            basename=basename,
            ext=ext,
            size_bytes=facts.size_bytes,
            mime=facts.mime,
            type=facts.type,
            md5hash=facts.md5hash,
            meta=dict(meta),
            bucket_key=None,
            playlists=[dict(playlist) for playlist in playlists],
        )

    def to_json(self) -> dict[str, Any]:
        """The file as plain JSON values, for a database column."""
        document = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        return document | {"path": str(self.path) if self.path else None}

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Self:
        """The file that `to_json` wrote; keys of a newer release are ignored."""
        known = {field.name for field in dataclasses.fields(cls)}
        values = {key: value for key, value in document.items() if key in known}
        return cls(**values | {"path": Path(values["path"]) if values.get("path") else None})
