"""The parts by which files come in: uploads, announcements of videos, and originals that come again."""

from __future__ import annotations

from functools import cached_property
from math import ceil

from cattube_worker.assemblies.senders.upload_room import UploadRoom
from cattube_worker.engine.files import Files
from cattube_worker.engine.foundation import Foundation
from cattube_worker.execution.announcements.announcements import TEMPLATE, Announcements
from cattube_worker.execution.announcements.consumer import AnnouncementConsumer
from cattube_worker.execution.announcements.messages import AnnouncementMessages
from cattube_worker.execution.replays.original_files import OriginalFiles
from cattube_worker.execution.replays.replay import Replays
from cattube_worker.execution.slots import Slots
from cattube_worker.execution.streaming.remote_uploads import RemoteUploads
from cattube_worker.execution.streaming.streaming_encodes import StreamingEncodes
from cattube_worker.execution.uploads.uploads import Uploads
from cattube_worker.queues.brokers import open_receiver
from cattube_worker.tus.digests import Digests
from cattube_worker.tus.locks import UploadLocks

# Of the slots, how many one owner or address may take. Fetches may take that part of all that send.
SENDING_SHARE, FETCHING_SHARE = 1 / 3, 1 / 3
FETCHING = 1 / 8


class Arrivals:
    """Parts that take files on."""

    def __init__(self, foundation: Foundation, files: Files) -> None:
        self._foundation, self._files, self._settings = foundation, files, foundation.settings

    @cached_property
    def uploads(self) -> Uploads:
        settings, slots = self._settings, self._settings.max_concurrent_uploads
        return Uploads(
            database=self._foundation.database,
            clock=self._foundation.clock,
            files=self._files.upload_files,
            locks=UploadLocks(),
            digests=Digests(),
            signals=self._foundation.signals,
            room=self._upload_room(),
            slots=Slots(slots, share=SENDING_SHARE),
            fetches=Slots(ceil(slots * FETCHING), share=FETCHING_SHARE),
            least_bytes_per_second=settings.upload_least_bytes_per_second,
            rate_seconds=settings.upload_stall_seconds,
        )

    def _upload_room(self) -> UploadRoom:
        return UploadRoom(
            disk=self._files.room,
            received=lambda upload_id: self._files.upload_files.offset(upload_id) or 0,
            max_pending_bytes=self._settings.max_pending_bytes_per_owner,
        )

    @cached_property
    def streaming(self) -> StreamingEncodes:
        return StreamingEncodes(on_offer=self._foundation.signals.wake_streaming)

    @cached_property
    def remote_uploads(self) -> RemoteUploads | None:
        """Uploads of other hosts that this one may encode while they arrive; None without other hosts."""
        host = self._foundation.host
        if host is None:
            return None
        return RemoteUploads(
            host=host,
            database=self._foundation.database,
            clock=self._foundation.clock,
            cache=self._files.file_cache,
            held_uploads=self._files.held_uploads,
            streaming=self.streaming,
            lease_seconds=self._settings.job_lease_seconds,
        )

    @cached_property
    def announcements(self) -> Announcements:
        foundation = self._foundation
        return Announcements(
            database=foundation.database,
            clock=foundation.clock,
            bounds=foundation.bounds,
            signals=foundation.signals,
            template=foundation.templates[TEMPLATE],
            auth_key=foundation.account.key,
        )

    @cached_property
    def announcement_consumer(self) -> AnnouncementConsumer | None:
        """Consumer of the queue of ANNOUNCEMENTS_URL, if there is one."""
        queue, settings = self._settings.announcement_queue, self._settings
        if queue is None:
            return None
        messages = AnnouncementMessages(
            announcements=self.announcements,
            token=settings.videos_token.get_secret_value(),
            allow_anonymous=settings.allow_anonymous_videos,
            base_url=settings.public_url or settings.local_url,
        )
        return AnnouncementConsumer(open_receiver(queue), messages.take, clock=self._foundation.clock)

    @cached_property
    def replays(self) -> Replays:
        files, foundation = self._files, self._foundation
        return Replays(
            database=foundation.database,
            clock=foundation.clock,
            templates=foundation.templates,
            bounds=foundation.bounds,
            originals=OriginalFiles(
                upload_files=files.upload_files, results=files.results, local_store=files.local_store
            ),
        )
