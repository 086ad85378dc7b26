"""Uploads and results as the status document lists them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from cattube_worker.assemblies.model import Assembly
from cattube_worker.assemblies.repository import Snapshot
from cattube_worker.instructions.assembly_file import ORIGINAL_STEP, AssemblyFile
from cattube_worker.instructions.compile import Instructions
from cattube_worker.storage.signed_links import Links, object_path


@dataclass(frozen=True)
class FilesView:
    """Writer of the entries of files. links: signs the addresses of files that this engine serves."""

    links: Links

    def uploads(self, snapshot: Snapshot) -> list[dict[str, Any]]:
        """Entries of the uploads that were probed, in the order in which they came."""
        files = [file for file in snapshot.files if file.step == ORIGINAL_STEP]
        return [self.entry(snapshot.assembly, _as_it_came(snapshot.assembly, file)) for file in files]

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
            "mime": file.mime,
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
