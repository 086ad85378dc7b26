"""What the parts of the engine share: settings, database, files, stores, clock."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from cattube_worker import migrations
from cattube_worker.assemblies import repository
from cattube_worker.assemblies.bounds import Bounds
from cattube_worker.assemblies.credentials import stored_credentials
from cattube_worker.assemblies.credentials.encryption import CredentialEncryption
from cattube_worker.assemblies.model import Upload
from cattube_worker.assemblies.status.document import StatusView
from cattube_worker.assemblies.status.files import FilesView
from cattube_worker.assemblies.templates.template import Template, load_templates
from cattube_worker.database import Database
from cattube_worker.execution.change_signal import ChangeSignal
from cattube_worker.execution.live_previews import LivePreviews
from cattube_worker.execution.running_jobs import RunningJobs
from cattube_worker.execution.streaming.index_files import IndexFiles
from cattube_worker.execution.streaming.offers import StreamingEncodes
from cattube_worker.media.process.limits import Limits
from cattube_worker.media.process.tools import Tools, find_tools
from cattube_worker.protocol.params import Account
from cattube_worker.settings import Settings
from cattube_worker.storage import Access, Stores, store_factory
from cattube_worker.storage.default_bucket import DefaultBucket
from cattube_worker.storage.local import LocalStore
from cattube_worker.storage.signed_links import Links
from cattube_worker.tus.digests import Digests
from cattube_worker.tus.locks import UploadLocks
from cattube_worker.tus.upload_files import UploadFiles

# The names under which templates may ask for the operator's bucket, and for the folder that stands in for it.
OWN_CREDENTIALS, LOCAL_CREDENTIALS = "cattube", "local"


@dataclass(frozen=True, kw_only=True)
class Engine:
    """One engine, wired. It answers when asked, and does nothing by itself."""

    settings: Settings
    clock: Callable[[], float]
    database: Database
    templates: Mapping[str, Template]
    account: Account
    bounds: Bounds
    limits: Limits
    links: Links
    local_store: LocalStore
    default_bucket: DefaultBucket | None
    stores: Stores
    upload_files: UploadFiles
    status_view: StatusView
    encryption: CredentialEncryption
    upload_slots: threading.Semaphore
    stream_slots: threading.Semaphore
    streaming: StreamingEncodes
    index_files: IndexFiles
    live_previews: LivePreviews
    changes: ChangeSignal = field(default_factory=ChangeSignal)
    running: RunningJobs = field(default_factory=RunningJobs)
    locks: UploadLocks = field(default_factory=UploadLocks)
    digests: Digests = field(default_factory=Digests)
    wake_probes: threading.Event = field(default_factory=threading.Event)
    wake_jobs: threading.Event = field(default_factory=threading.Event)
    wake_batch: threading.Event = field(default_factory=threading.Event)
    wake_outbox: threading.Event = field(default_factory=threading.Event)
    wake_tidy: threading.Event = field(default_factory=threading.Event)

    @cached_property
    def tools(self) -> Tools:
        """ffmpeg and its fence, looked for once. Raises ToolsMissing."""
        return find_tools()

    def publish(self, assembly_id: str) -> None:
        """Something about the assembly changed: wake whoever watches it or works for it."""
        self.changes.publish(assembly_id)
        self.wake_all()

    def wake_all(self) -> None:
        """Have every thread in the background look whether there is work."""
        for event in (
            *(self.wake_probes, self.wake_jobs, self.wake_batch),
            *(self.streaming.wake, self.wake_outbox, self.wake_tidy),
        ):
            event.set()

    def status(self, assembly_id: str) -> dict[str, object]:
        """The assembly's status document. Raises AssemblyNotFound."""
        with self.database.read() as session:
            return self.status_view.document(repository.snapshot(session, assembly_id))


def build_engine(settings: Settings, *, clock: Callable[[], float] = time.time) -> Engine:
    """An engine on the state folder that the settings name; folders and tables are made if missing."""
    for folder in (
        *(settings.uploads_dir, settings.tmp_dir, settings.streams_dir),
        *(settings.results_dir, settings.bucket_dir),
    ):
        folder.mkdir(parents=True, exist_ok=True)
    database = Database(settings.worker_database_url.get_secret_value())
    database.make_private_file()
    database.check_reachable()
    migrations.upgrade(database.engine)
    secret = settings.transloadit_secret.get_secret_value()
    links = Links(secret, clock=clock)
    local_store = LocalStore(settings.bucket_dir, links.object)
    default_bucket = _default_bucket(settings, clock)
    encryption = CredentialEncryption(secret)
    live_previews = LivePreviews(settings.streams_dir, root=settings.tmp_dir, secret=secret)
    upload_files = UploadFiles(settings.uploads_dir, min_free_bytes=settings.min_free_bytes)
    return Engine(
        settings=settings,
        clock=clock,
        database=database,
        templates=load_templates(settings.templates_dir),
        account=_account(settings),
        bounds=_bounds(settings),
        limits=_limits(settings),
        links=links,
        local_store=local_store,
        default_bucket=default_bucket,
        stores=Stores(
            {
                OWN_CREDENTIALS: default_bucket.store if default_bucket else local_store,
                LOCAL_CREDENTIALS: local_store,
            },
            lambda name: _access(database, encryption, name),
            store_factory.store_openers(
                b2_endpoint_url=settings.b2_endpoint_url, trusted_hosts=settings.trusted_hosts
            ),
        ),
        encryption=encryption,
        upload_files=upload_files,
        upload_slots=threading.BoundedSemaphore(settings.max_concurrent_uploads),
        streaming=StreamingEncodes(),
        index_files=IndexFiles(settings.tmp_dir),
        live_previews=live_previews,
        stream_slots=threading.BoundedSemaphore(settings.max_event_streams),
        status_view=StatusView(
            FilesView(links), lambda upload: _received(upload_files, upload), live_previews.path_of
        ),
    )


def _default_bucket(settings: Settings, clock: Callable[[], float]) -> DefaultBucket | None:
    if not settings.bucket_name:
        return None
    store = store_factory.default_bucket_store(
        name=settings.bucket_name,
        key_id=settings.b2_application_key_id,
        secret=settings.b2_application_key.get_secret_value(),
        endpoint_url=settings.b2_endpoint_url,
        custom_domain=settings.bucket_custom_domain,
    )
    return DefaultBucket(store, clock=clock, unfinished_seconds=settings.upload_expires_hours * 3600)


def _account(settings: Settings) -> Account:
    return Account(
        key=settings.transloadit_key,
        secret=settings.transloadit_secret.get_secret_value(),
        require_signature=settings.require_signature,
        max_signature_seconds=settings.max_signature_hours * 3600,
    )


def _bounds(settings: Settings) -> Bounds:
    return Bounds(
        max_files=settings.max_files,
        max_size_bytes=settings.max_upload_bytes,
        max_waiting=settings.max_waiting_assemblies,
        max_per_minute=settings.max_assemblies_per_minute,
    )


def _limits(settings: Settings) -> Limits:
    return Limits(
        max_upload_bytes=settings.max_upload_bytes,
        max_pixels=settings.max_pixels,
        max_duration_seconds=settings.max_duration_seconds,
        max_streams=settings.max_streams,
        max_output_bytes=settings.max_output_bytes,
        wall_clock_seconds=settings.job_wall_clock_seconds,
        processors=os.cpu_count() or 0,
    )


def _access(database: Database, encryption: CredentialEncryption, name: str) -> Access | None:
    with database.read() as session:
        found = stored_credentials.find(session, encryption, name)
    return None if found is None else Access(type=found.type, content=found.content)


def _received(files: UploadFiles, upload: Upload) -> int:
    return files.offset(upload.id) or 0
