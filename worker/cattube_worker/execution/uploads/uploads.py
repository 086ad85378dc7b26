"""Uploads, from the announcement to the last byte."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass

from sqlalchemy import select

from cattube_worker.assemblies import lifecycle, repository
from cattube_worker.assemblies.model import UPLOADING, Assembly, Upload
from cattube_worker.assemblies.senders.sender import Sender
from cattube_worker.assemblies.senders.upload_room import UploadRoom
from cattube_worker.assemblies.uploads import upload_parts, uploads
from cattube_worker.assemblies.uploads.uploads import UploadRequest
from cattube_worker.clock import Clock
from cattube_worker.database import Database
from cattube_worker.execution.signals import Signals
from cattube_worker.execution.slots import Slots
from cattube_worker.tus.digests import Digests
from cattube_worker.tus.locks import UploadLocks
from cattube_worker.tus.protocol import TusError, UploadGone
from cattube_worker.tus.upload_files import UploadFiles


@dataclass(frozen=True, kw_only=True)
class Uploads:
    """Uploads: their rows, files and locks.

    slots: one for each request that sends bytes. fetches: one for each that has the engine fetch a file.
    least_bytes_per_second: of a request that sends, over rate_seconds.
    """

    database: Database
    clock: Clock
    files: UploadFiles
    locks: UploadLocks
    digests: Digests
    signals: Signals
    room: UploadRoom
    slots: Slots
    fetches: Slots
    least_bytes_per_second: int
    rate_seconds: float

    def slot(self, holders: Sequence[str], advice: str) -> AbstractContextManager[None]:
        """A slot for a request that sends bytes. Entering raises TryLater, with `advice`, without one."""
        return self.slots.hold(holders, f"Too many uploads at the same time. {advice}")

    @contextmanager
    def fetch_slot(self, holders: Sequence[str], advice: str) -> Iterator[None]:
        """Hold a slot, and one of the fewer for requests that wait for other hosts. Raises TryLater."""
        with (
            self.slot(holders, advice),
            self.fetches.hold(holders, f"Too many files are being fetched at the same time. {advice}"),
        ):
            yield

    def check_room(self, size_bytes: int, sender: Sender) -> None:
        """Check that there is room for so much more of that sender. Raises DiskFull, TryLater."""
        with self.database.read() as session:
            self.room.check(session, size_bytes, sender)

    def cut_slow(self) -> None:
        """Cut off requests that send less than they have to."""
        self.locks.cut_slow(
            self.least_bytes_per_second, window_seconds=self.rate_seconds, now=time.monotonic()
        )

    def find(self, upload_id: str) -> tuple[Upload, Assembly]:
        """The upload and its assembly. Raises UploadGone."""
        with self.database.read() as session:
            return uploads.find_upload(session, upload_id)

    def create(self, request: UploadRequest) -> Upload:
        """A new upload, in place of one that was announced in the same words if no other is expected.

        Raises AssemblyNotFound, AssemblySaturated, TooLarge, TusError, DiskFull, TryLater.
        """
        try:
            return self._create(request)
        except uploads.AssemblySaturated:
            self._abandon_twin(request)
            return self._create(request)

    def offset(self, upload: Upload) -> int:
        """The number of bytes that have arrived. Raises UploadGone."""
        if upload.finished_at is not None:
            return upload.size_bytes or 0
        offset = self.files.offset(upload.id)
        if offset is None:
            raise UploadGone("The bytes of this upload are gone.")
        return offset

    def record_received(self, upload: Upload, size_bytes: int | None) -> int:
        """Write down how far the upload is, and wake those whom that concerns; the offset is returned."""
        offset = self.offset(upload)
        is_complete = upload.finished_at is None and offset == size_bytes
        if is_complete or size_bytes != upload.size_bytes:
            with self.database.write() as session:
                uploads.record_received(
                    session, upload.id, offset=offset, size_bytes=size_bytes, now=self.clock()
                )
            self.signals.publish(upload.assembly_id)
        return offset

    def finish_whole(self) -> None:
        """Go on with uploads whose last byte came right before a worker died."""
        with self.database.read() as session:
            query = (
                select(Upload).join(Assembly).where(Upload.finished_at.is_(None), Assembly.state == UPLOADING)
            )
            unfinished = session.scalars(query).all()
        for upload in unfinished:
            if upload.size_bytes is not None and self.files.offset(upload.id) == upload.size_bytes:
                with self.database.write() as session:
                    row = session.get_one(Upload, upload.id)
                    assembly = repository.get(session, upload.assembly_id)
                    lifecycle.finish_upload(session, assembly, row, now=self.clock())
                self.signals.publish(upload.assembly_id)

    def abandon(self, upload_id: str) -> None:
        """Forget an unfinished upload: its assembly waits for another. Whoever still sends to it is cut off.

        Raises UploadGone, UploadLocked, WorkBegun.
        """
        self._remove(upload_id, is_complete_too=False)

    def terminate(self, upload_id: str) -> None:
        """As `abandon`, also for an upload that is complete while its assembly waits for others."""
        self._remove(upload_id, is_complete_too=True)

    def _remove(self, upload_id: str, *, is_complete_too: bool) -> None:
        with self.locks.hold(upload_id, interrupt=True):
            with self.database.write() as session:
                uploads.remove_upload(session, upload_id, is_complete_too=is_complete_too)
            self.files.remove(upload_id)

    def _create(self, request: UploadRequest) -> Upload:
        open_upload = upload_parts.open_part if request.concat else uploads.open_upload
        with self.database.write() as session:
            upload = open_upload(session, request, now=self.clock())
            # In the same transaction: of two that are announced at once, the second finds the first. The new
            # one is not among those announced before.
            with session.no_autoflush:
                sender = repository.get(session, request.assembly_id).sender
                self.room.check(session, request.size_bytes or 0, sender)
            self.files.create(upload.id)
        return upload

    def _abandon_twin(self, request: UploadRequest) -> None:
        """Abandon an unfinished upload that was announced in the same words as this one, if there is one.

        A client that got no answer announces its file again, and cannot know what became of the first time.
        Of several, it is the one nobody sends to that goes, and the one of which the least has come.
        """
        with self.database.read() as session:
            twins = uploads.find_unfinished_copies(session, request)
        if not twins:
            return
        twin = min(
            twins, key=lambda upload: (self.locks.is_held(upload.id), self.files.offset(upload.id) or 0)
        )
        with suppress(TusError):  # It is complete or gone meanwhile: the place is taken, or free already.
            self.abandon(twin.id)
