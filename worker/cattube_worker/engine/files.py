"""The parts by which files are kept, found and given to others."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from cattube_worker import configuration
from cattube_worker.assemblies.credentials.encryption import CredentialEncryption
from cattube_worker.clock import HOUR_SECONDS
from cattube_worker.disk_room import DiskRoom
from cattube_worker.engine.foundation import Foundation
from cattube_worker.execution.job_files.bucket_files import BucketFiles
from cattube_worker.execution.job_files.file_cache import FileCache
from cattube_worker.execution.job_files.folder_files import FolderFiles
from cattube_worker.execution.job_files.held_uploads import HeldUploads
from cattube_worker.execution.job_files.job_files import JobFiles
from cattube_worker.execution.job_files.scratch import Scratch
from cattube_worker.execution.job_files.sources import Sources
from cattube_worker.execution.previews.live_previews import LivePreviews
from cattube_worker.execution.resources import Resources
from cattube_worker.execution.result_files import ResultFiles
from cattube_worker.execution.streaming.index_files import IndexFiles
from cattube_worker.storage.local import LocalStore
from cattube_worker.storage.signed_links import Links
from cattube_worker.tus.upload_files import UploadFiles

if TYPE_CHECKING:
    from cattube_worker.storage.s3.bucket_store import BucketStore


class Files:
    """Parts that know where bytes are."""

    def __init__(self, foundation: Foundation) -> None:
        self._foundation, self._settings = foundation, foundation.settings

    @cached_property
    def room(self) -> DiskRoom:
        settings = self._settings
        folders = (settings.cattube_data, settings.uploads_dir, settings.tmp_dir)
        return DiskRoom(folders, reserve_bytes=settings.min_free_bytes)

    @cached_property
    def upload_files(self) -> UploadFiles:
        return UploadFiles(self._settings.uploads_dir, room=self.room, host=self._foundation.host)

    @cached_property
    def held_uploads(self) -> HeldUploads:
        foundation = self._foundation
        return HeldUploads(
            self.upload_files, foundation.database, secret=foundation.secret, clock=foundation.clock
        )

    @cached_property
    def file_cache(self) -> FileCache:
        settings = self._settings
        return FileCache(settings.cache_dir, max_bytes=settings.scratch_cache_bytes, room=self.room)

    @cached_property
    def job_files(self) -> JobFiles:
        store, foundation = self._shared_store, self._foundation
        if store is None:
            return FolderFiles(self.upload_files)
        return BucketFiles(
            root=self._settings.cattube_data,
            database=foundation.database,
            scratch=Scratch(
                store=store,
                database=foundation.database,
                clock=foundation.clock,
                result_seconds=self._settings.result_expires_hours * HOUR_SECONDS,
            ),
            cache=self.file_cache,
            sources=Sources(held_uploads=self.held_uploads, store=store, room=self.room),
            uploads=self.upload_files,
        )

    @cached_property
    def index_files(self) -> IndexFiles:
        return IndexFiles(self._settings.tmp_dir)

    @cached_property
    def live_previews(self) -> LivePreviews:
        settings = self._settings
        return LivePreviews(settings.streams_dir, root=settings.tmp_dir, secret=self._foundation.secret)

    @cached_property
    def results(self) -> ResultFiles:
        return ResultFiles(self._settings.results_dir)

    @cached_property
    def links(self) -> Links:
        return Links(self._foundation.secret, clock=self._foundation.clock)

    @cached_property
    def local_store(self) -> LocalStore:
        return LocalStore(self._settings.bucket_dir, self.links.object)

    @cached_property
    def encryption(self) -> CredentialEncryption:
        return CredentialEncryption(self._foundation.secret)

    @cached_property
    def resources(self) -> Resources:
        settings, bucket = self._settings, self._foundation.default_bucket
        return Resources(
            stores=configuration.stores_of(
                settings,
                self._foundation.database,
                self.encryption,
                own=bucket.store if bucket else self.local_store,
                local=self.local_store,
                shared=self._shared_store,
            ),
            limits=configuration.limits_of(settings),
            import_hosts=settings.import_hosts,
            room=self.room,
            state_folder=settings.cattube_data,
            requires_sandbox=settings.require_sandbox,
            speech_model=configuration.speech_model_of(settings),
        )

    @property
    def _shared_store(self) -> BucketStore | None:
        """The bucket in which the jobs of several hosts find files."""
        bucket = self._foundation.default_bucket
        return bucket.store if bucket is not None and self._settings.has_several_hosts else None
