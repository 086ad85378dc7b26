"""Uploads and results as the status document lists them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from cattube_worker.assemblies.model import Assembly, Upload
from cattube_worker.assemblies.repository import Snapshot
from cattube_worker.assemblies.uploads.original_file import original_id
from cattube_worker.instructions.assembly_file import ORIGINAL_STEP, AssemblyFile
from cattube_worker.instructions.compile import Instructions
from cattube_worker.protocol.file_names import split_name
from cattube_worker.storage.signed_links import Links, object_path

# Of files that are empty, of no known kind or not probed: the schema of SDK 4.0 takes no null.
UNKNOWN_MIME = "application/octet-stream"


@dataclass(frozen=True)
class FilesView:
    """Writer of the entries of files. links: signs the addresses of files that this engine serves."""

    links: Links

    def uploads(self, snapshot: Snapshot) -> list[dict[str, Any]]:
        """Entries of the files that came with the creation, then of the uploads by tus as they are probed.

        A file of a form is listed at once, with empty metadata until it is probed. An upload by tus is not,
        since Uppy looks at an entry only when it is new.
        """
        assembly = snapshot.assembly
        probed = {file.id: file for file in snapshot.files if file.step == ORIGINAL_STEP}
        in_form = [upload for upload in snapshot.uploads if _came_with_creation(assembly, upload)]
        first = [
            self.entry(assembly, _as_it_came(assembly, probed.pop(original_id(upload))))
            if original_id(upload) in probed
            else _unprobed_entry(upload)
            for upload in in_form
        ]
        return first + [self.entry(assembly, _as_it_came(assembly, file)) for file in probed.values()]

    def results(self, snapshot: Snapshot, instructions: Instructions) -> dict[str, Any]:
        """Entries of the results by step: those asked for, those nothing uses, and all that were stored."""
        results: dict[str, list[dict[str, Any]]] = {}
        for file in snapshot.files:
            is_stored = file.url is not None or file.object_key is not None
            if is_stored or file.step in instructions.result_steps:
                results.setdefault(file.step, []).append(self.entry(snapshot.assembly, file))
        return results

    def entry(self, assembly: Assembly, file: AssemblyFile) -> dict[str, Any]:
        """Entry of one upload or result."""
        url, is_temporary = self._address(assembly, file)
        return {
            "id": file.id,
            "name": file.name,
            "basename": file.basename,
            "ext": file.ext,
            "size": file.size_bytes,
            "mime": file.mime or UNKNOWN_MIME,
            "type": file.type,
            "field": file.field,
            "md5hash": file.md5hash,
            "original_id": file.original_ids or file.original_id,
            "original_name": file.original_name,
            "original_basename": file.original_basename,
            "original_path": file.original_path,
            "original_md5hash": file.original_md5hash,
            "from_batch_import": False,
            "is_tus_file": file.tus_upload_url is not None,
            "tus_upload_url": file.tus_upload_url,
            **({"import_url": file.import_url} if file.import_url else {}),
            "url": url,
            "ssl_url": url,
            "is_temp_url": is_temporary,
            **self._signed(assembly, file),
            **({"playlists": file.playlists, "hls_url": url} if file.playlists else {}),
            "meta": file.meta,
            "user_meta": file.user_meta,
            "cost": 0,
        }

    def _signed(self, assembly: Assembly, file: AssemblyFile) -> dict[str, str]:
        if not file.signed_url:
            return {}
        url = assembly.base_url + file.signed_url if file.signed_url.startswith("/") else file.signed_url
        return {"signed_url": url, "signed_ssl_url": url}

    def _address(self, assembly: Assembly, file: AssemblyFile) -> tuple[str, bool]:
        """(address of the file, whether it is temporary)."""
        if file.url and not file.url.startswith("/"):
            return file.url, False
        if file.object_key:
            # Without a permission: what lies in the bucket is not the engine's to give (D46).
            return assembly.base_url + object_path(file.object_key), False
        return assembly.base_url + self.links.result(assembly.id, file.id, file.name), True


def _as_it_came(assembly: Assembly, file: AssemblyFile) -> AssemblyFile:
    """The upload under its temporary address while it is worked on, stored or not: its uploader shows it."""
    is_here = file.path is not None and not assembly.is_final
    return replace(file, url=None, object_key=None) if is_here else file


def _came_with_creation(assembly: Assembly, upload: Upload) -> bool:
    """True for a file of the form, or of the replay, that created the assembly."""
    return not upload.is_tus and upload.created_at == assembly.created_at


def _unprobed_entry(upload: Upload) -> dict[str, Any]:
    """Entry of an upload of which only name and size are known; the schemas of all SDKs take it."""
    basename, ext = split_name(upload.filename)
    return {
        "id": original_id(upload),
        "name": upload.filename,
        "basename": basename,
        "ext": ext,
        "size": upload.size_bytes or 0,
        "mime": UNKNOWN_MIME,
        "type": None,
        "field": upload.fieldname,
        "md5hash": None,
        "original_id": original_id(upload),
        "original_name": upload.filename,
        "original_basename": basename,
        "original_path": "/",
        "original_md5hash": None,
        "from_batch_import": False,
        "is_tus_file": False,
        "tus_upload_url": None,
        "url": None,
        "ssl_url": None,
        "meta": {},
        "user_meta": upload.user_meta,
    }
