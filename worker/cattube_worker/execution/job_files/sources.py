"""Where the bytes of a file lie, and how they are fetched from there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from sqlalchemy.orm import Session

from cattube_worker.assemblies import repository
from cattube_worker.assemblies.model import Upload
from cattube_worker.assemblies.uploads.original_file import original_id
from cattube_worker.disk_room import DiskRoom
from cattube_worker.execution.job_files.errors import BytesGone, DamagedFile, SourceAway
from cattube_worker.execution.job_files.held_uploads import HeldUploads
from cattube_worker.execution.job_files.host_fetch import fetch_from_host, md5_at_host
from cattube_worker.instructions.assembly_file import AssemblyFile
from cattube_worker.media.file_facts import md5_of
from cattube_worker.storage import ObjectMissing, Store, StoreError
from cattube_worker.storage.errors import DamagedObject


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Places of a file's bytes. upload: the one whose bytes they are. keys: of objects in the bucket."""

    upload: Upload | None = None
    keys: Sequence[str] = ()


def find_origin(session: Session, assembly_id: str, file: AssemblyFile) -> Origin:
    """The places of the file's bytes, whichever steps have handed it on."""
    entry, upload = None, None
    if file.is_as_it_came:
        uploads = repository.uploads_of(session, assembly_id)
        upload = next((item for item in uploads if original_id(item) == file.original_id), None)
        entry = repository.get_file(session, assembly_id, file.original_id)
    keys = [item.bucket_key for item in (file, entry) if item is not None and item.bucket_key]
    return Origin(upload=upload, keys=tuple(dict.fromkeys(keys)))


@dataclass(frozen=True, kw_only=True)
class Sources:
    """The hosts and the bucket that have files. room: on this host's disk, for what is fetched."""

    held_uploads: HeldUploads
    store: Store
    room: DiskRoom

    def fetch(self, file: AssemblyFile, origin: Origin, target: Path, stop: Event) -> None:
        """Write the file to `target`, from the first of its places that has it: host, then bucket.

        Raises BytesGone, SourceAway, DamagedFile, DiskFull, Stopped, StoreError.
        """
        away: SourceAway | None = None
        if origin.upload is None and not origin.keys:
            away = SourceAway(f"{file.name} is not yet where other hosts find it.")
        if origin.upload is not None:
            try:
                if self._fetch_upload(origin.upload, target, stop):
                    return
            except SourceAway as error:
                away = error
        for key in origin.keys:
            try:
                if self._fetch_object(key, target):
                    return
            except SourceAway as error:
                away = error
        raise away or BytesGone(file.name, file_id=file.id)

    def fetch_upload(self, upload: Upload, target: Path, stop: Event) -> None:
        """Write a whole upload, of which nothing else is known yet, to `target`.

        Raises BytesGone, SourceAway, DamagedFile, DiskFull, Stopped.
        """
        if not self._fetch_upload(upload, target, stop):
            raise BytesGone(upload.filename)
        url = self.held_uploads.url_of(upload)
        if url is not None and md5_of(target) != md5_at_host(url, stop=stop):
            target.unlink()
            raise DamagedFile(f"{upload.filename} came damaged from the host that has it.")

    def _fetch_upload(self, upload: Upload, target: Path, stop: Event) -> bool:
        """False when its host has not got it. Raises SourceAway, DiskFull, Stopped."""
        if self.held_uploads.host_url(upload) is None:
            return False
        # One that is away would keep this thread for as long as a connection may take.
        self.held_uploads.check_host(upload)
        return fetch_from_host(
            lambda: self.held_uploads.url_of(upload),
            target,
            size_bytes=upload.size_bytes or 0,
            room=self.room,
            stop=stop,
        )

    def _fetch_object(self, key: str, target: Path) -> bool:
        """False when there is no such object. Raises SourceAway, DamagedFile, DiskFull, StoreError."""
        try:
            self.store.fetch(key, target, room=self.room)
        except ObjectMissing:
            return False
        except DamagedObject as error:
            raise DamagedFile(str(error)) from error
        except StoreError as error:
            if not error.retryable:
                raise
            raise SourceAway(str(error)) from error
        return True
