"""Uploads that arrive at other hosts, encoded here meanwhile.

Their bytes are fetched as they come, into the cache, where the Assembly's jobs find them later: they cross
the network once. A host that dies in the middle loses time and nothing else.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

from cattube_worker.assemblies.model import Upload
from cattube_worker.clock import Clock
from cattube_worker.database import Database
from cattube_worker.errors import AssemblyError
from cattube_worker.execution.job_files.file_cache import FileCache, GrowingRoom, cached_name
from cattube_worker.execution.job_files.held_uploads import HeldUploads
from cattube_worker.execution.job_files.host_fetch import arrived_bytes, fetch_index, follow_upload
from cattube_worker.execution.streaming import streaming_leases
from cattube_worker.execution.streaming.growing_file import NotStreamable, Stalled
from cattube_worker.execution.streaming.index_files import read_index
from cattube_worker.execution.streaming.stream_layout import SentIndex
from cattube_worker.execution.streaming.streaming_encodes import StreamingEncodes
from cattube_worker.media.process.run import Stopped

log = logging.getLogger(__name__)
# What could not be encoded yet is looked at again: its index may be on the way.
OFFER_AGAIN_SECONDS = 10.0


@dataclass(frozen=True, kw_only=True)
class RemoteUploads:
    """The uploads that this host, one of several, encodes while they arrive, and those of others among them.

    It has a lease on each, as long as its output may be of use. streaming: has the output.
    """

    host: str
    database: Database
    clock: Clock
    cache: FileCache
    held_uploads: HeldUploads
    streaming: StreamingEncodes
    lease_seconds: float
    _offered_at: dict[str, float] = field(default_factory=dict)
    _taken: set[str] = field(default_factory=set)
    _under_way: set[str] = field(default_factory=set)
    # How much had come of those that were not waited for any longer.
    _stalled_at: dict[str, int] = field(default_factory=dict)

    def look(self) -> None:
        """Offer what arrives at other hosts and none encodes, and do as `keep`."""
        self.keep()
        now = self.clock()
        with self.database.read() as session:
            uploads = streaming_leases.arriving(session, host=self.host)
        for upload in uploads:
            if self._offered_at.get(upload.id, 0) < now - OFFER_AGAIN_SECONDS:
                self._offered_at[upload.id] = now
                self.streaming.offer(upload.id, upload.size_bytes or 0)
        for upload_id in set(self._offered_at) - {upload.id for upload in uploads}:
            # One that a host tried to encode in the meantime is not offered again at once.
            if self._offered_at[upload_id] < now - OFFER_AGAIN_SECONDS:
                del self._offered_at[upload_id]
                self._stalled_at.pop(upload_id, None)

    def keep(self) -> None:
        """Keep the leases of this host, and end those of hosts that fell silent."""
        now = self.clock()
        # None that another thread takes meanwhile is among them.
        self._taken.difference_update([item for item in list(self._taken) if not self._is_of_use(item)])
        with self.database.read() as session:
            has_expired = streaming_leases.any_expired(session, now=now)
        if self._taken or has_expired:
            with self.database.write() as session:
                until = now + self.lease_seconds
                streaming_leases.renew(session, list(self._taken), host=self.host, lease_until=until)
                streaming_leases.end_expired(session, now=now)

    def is_elsewhere(self, upload: Upload) -> bool:
        return upload.host is not None and upload.host != self.host

    def check_arrives(self, upload: Upload, stop: Event) -> None:
        """Check that bytes of an upload elsewhere have come, and more of them since it stalled here.

        Anybody can announce an upload, and keep an encoder waiting by that. Raises NotStreamable.
        """
        try:
            url = self.held_uploads.url_of(upload)
            here_bytes = arrived_bytes(url, stop=stop) if url is not None else 0
        except AssemblyError as error:
            raise NotStreamable(str(error)) from error
        if here_bytes <= self._stalled_at.get(upload.id, 0):
            raise NotStreamable("nothing comes")

    @contextmanager
    def taken(self, upload: Upload, node: str) -> Iterator[None]:
        """Have no other host encode the upload during the block, nor as long as its output is of use.

        Raises NotStreamable when another host does.
        """
        if upload.id in self._under_way:
            raise NotStreamable("this host encodes it already")
        # First: `keep` gives up what is not of use.
        self._under_way.add(upload.id)
        try:
            self._take(upload, node)
            yield
        finally:
            self._under_way.discard(upload.id)
            if not self._is_of_use(upload.id):
                with self.database.write() as session:
                    streaming_leases.drop(session, upload.id, host=self.host)

    def _take(self, upload: Upload, node: str) -> None:
        with self.database.write() as session:
            until = self.clock() + self.lease_seconds
            if not streaming_leases.take(session, upload.id, host=self.host, node=node, lease_until=until):
                raise NotStreamable("another host encodes it")
        self._taken.add(upload.id)

    @contextmanager
    def followed(self, upload: Upload, stop: Event) -> Iterator[tuple[Path, SentIndex | None]]:
        """The file to which the upload's bytes are added while the block reads it, and its index, if sent.

        Raises NotStreamable when its host cannot be asked, Stopped, DiskFull.
        """
        enough, name = Event(), cached_name(upload)
        with self.cache.growing(upload.assembly_id, name, stop=stop) as (path, room):
            follower = threading.Thread(target=self._follow, args=(upload, path, room, enough), daemon=True)
            follower.start()
            try:
                yield path, self._index_of(upload, stop)
            except Stalled:
                self._stalled_at[upload.id] = path.stat().st_size
                raise
            finally:
                enough.set()
                follower.join()

    def _is_of_use(self, upload_id: str) -> bool:
        return upload_id in self._under_way or self.streaming.knows(upload_id)

    def _follow(self, upload: Upload, path: Path, room: GrowingRoom, enough: Event) -> None:
        """Add the bytes as they come. Whatever happens, their reader waits no longer than for any upload."""
        try:
            follow_upload(
                lambda: self.held_uploads.url_of(upload),
                path,
                size_bytes=upload.size_bytes or 0,
                room=room,
                stop=enough,
            )
        except Stopped:
            pass
        except AssemblyError as error:
            log.info("upload of assembly %s is not followed any longer: %s", upload.assembly_id, error)

    def _index_of(self, upload: Upload, stop: Event) -> SentIndex | None:
        try:
            url = self.held_uploads.index_url_of(upload)
            content = fetch_index(url, stop=stop) if url is not None else None
        except AssemblyError as error:
            raise NotStreamable(str(error)) from error
        return None if content is None else read_index(content)
