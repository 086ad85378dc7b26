"""The wiring of the engine: one object of each part, with the parts that it uses."""

from __future__ import annotations

from functools import cached_property, partial
from math import ceil
from typing import TYPE_CHECKING

from cattube_worker import configuration
from cattube_worker.assemblies.credentials.encryption import CredentialEncryption
from cattube_worker.assemblies.hosts import hosts
from cattube_worker.assemblies.model import BATCH, SPEECH, WORK
from cattube_worker.assemblies.senders.upload_room import UploadRoom
from cattube_worker.assemblies.status.document import StatusView
from cattube_worker.assemblies.status.files import FilesView
from cattube_worker.assemblies.templates.template import load_templates
from cattube_worker.assemblies.turns import Turns
from cattube_worker.clock import Clock
from cattube_worker.disk_room import DiskRoom
from cattube_worker.execution.announcements.announcements import TEMPLATE, Announcements
from cattube_worker.execution.announcements.consumer import AnnouncementConsumer
from cattube_worker.execution.announcements.messages import AnnouncementMessages
from cattube_worker.execution.cleanup import Cleanup
from cattube_worker.execution.job_files.bucket_files import BucketFiles
from cattube_worker.execution.job_files.file_cache import FileCache
from cattube_worker.execution.job_files.folder_files import FolderFiles
from cattube_worker.execution.job_files.held_uploads import HeldUploads
from cattube_worker.execution.job_files.job_files import JobFiles
from cattube_worker.execution.job_files.scratch import Scratch
from cattube_worker.execution.job_files.sources import Sources
from cattube_worker.execution.jobs.batch_turn import BatchTurn
from cattube_worker.execution.jobs.claimable import Reach
from cattube_worker.execution.jobs.job_folders import JobFolders
from cattube_worker.execution.jobs.job_runner import JobRunner
from cattube_worker.execution.jobs.jobs import Jobs
from cattube_worker.execution.jobs.part_tasks import PartTasks
from cattube_worker.execution.jobs.running_jobs import Need, RunningJobs
from cattube_worker.execution.jobs.task_runner import TaskRunner
from cattube_worker.execution.jobs.upload_probe import UploadProbe
from cattube_worker.execution.kept_snapshots import KeptSnapshots
from cattube_worker.execution.live_previews import LivePreviews
from cattube_worker.execution.original_files import OriginalFiles
from cattube_worker.execution.outbox import Outbox, Receiver
from cattube_worker.execution.replay import Replays
from cattube_worker.execution.resources import Resources
from cattube_worker.execution.result_files import ResultFiles
from cattube_worker.execution.signals import Signals
from cattube_worker.execution.slots import Slots
from cattube_worker.execution.statuses import Statuses
from cattube_worker.execution.streaming.index_files import IndexFiles
from cattube_worker.execution.streaming.remote_uploads import RemoteUploads
from cattube_worker.execution.streaming.streaming_encodes import StreamingEncodes
from cattube_worker.execution.uploads import Uploads
from cattube_worker.protocol.signed_urls import SignedUrls
from cattube_worker.queues.address import is_queue_reference
from cattube_worker.queues.brokers import open_receiver, open_sender
from cattube_worker.routes.services import Services
from cattube_worker.routes.uploads.other_hosts import OtherHosts
from cattube_worker.settings import Settings
from cattube_worker.storage.local import LocalStore
from cattube_worker.storage.signed_links import Links
from cattube_worker.tus.digests import Digests
from cattube_worker.tus.locks import UploadLocks
from cattube_worker.tus.upload_files import UploadFiles

if TYPE_CHECKING:
    from cattube_worker.execution.cluster.announcer import Announcer
    from cattube_worker.execution.cluster.host_report import HostReport
    from cattube_worker.execution.streaming.runner import StreamingRunner
    from cattube_worker.outbound.notification_queue import NotificationQueue
    from cattube_worker.storage.s3.bucket_store import BucketStore


HOUR_SECONDS, DAY_SECONDS = 3600, 24 * 3600
# Of the slots, how many one owner or address may take. Fetches may take that part of all that send.
SENDING_SHARE, FETCHING_SHARE, WATCHING_SHARE = 1 / 3, 1 / 3, 1 / 4
FETCHING = 1 / 8


class Engine:
    """One engine, wired. Its parts answer when they are called, and do nothing by themselves.

    Only the application knows the engine as a whole; every part gets just the parts that it uses.
    """

    def __init__(self, settings: Settings, clock: Clock) -> None:
        """Open the state folder that the settings name; folders and tables are made if missing.

        Raises SettingsError.
        """
        self.settings, self.clock = settings, clock
        configuration.check_queues_installed(settings)
        configuration.make_folders(settings)
        self.account = configuration.account_of(settings)
        self.bounds = configuration.bounds_of(settings)
        self.templates = load_templates(settings.templates_dir)
        self.default_bucket = configuration.default_bucket_of(settings, clock)
        self.database = configuration.open_database(settings)
        self.services = self._services()
        if settings.has_several_hosts and settings.internal_url:
            self.held_uploads.announce(settings.internal_url)

    @property
    def _secret(self) -> str:
        """Secret of this engine alone; the account's is the site's too."""
        return self.settings.engine_secret.get_secret_value()

    def _services(self) -> Services:
        """The parts that routes work with."""
        return Services(
            self.account,
            self.announcement_consumer,
            self.announcements,
            self.bounds,
            self.clock,
            self.database,
            self.default_bucket,
            self.encryption,
            self.held_uploads,
            self.index_files,
            self.job_files,
            self.jobs,
            self.links,
            self.live_previews,
            self.local_store,
            OtherHosts(clock=self.clock),
            self.outbox,
            self.replays,
            self.resources,
            self.results,
            self.settings,
            self.signals,
            self.signed_urls,
            self.statuses,
            self.streaming,
            self.templates,
            self.uploads,
        )

    @property
    def host(self) -> str | None:
        """Name of this host; None where there is only one."""
        return self.settings.host_name if self.settings.has_several_hosts else None

    @property
    def shared_store(self) -> BucketStore | None:
        """The bucket in which the jobs of several hosts find files."""
        bucket = self.default_bucket
        return bucket.store if bucket is not None and self.settings.has_several_hosts else None

    @cached_property
    def held_uploads(self) -> HeldUploads:
        return HeldUploads(self.upload_files, self.database, secret=self._secret, clock=self.clock)

    @cached_property
    def file_cache(self) -> FileCache:
        settings = self.settings
        return FileCache(settings.cache_dir, max_bytes=settings.scratch_cache_bytes, room=self.room)

    @cached_property
    def job_files(self) -> JobFiles:
        store, settings = self.shared_store, self.settings
        if store is None:
            return FolderFiles(self.upload_files)
        return BucketFiles(
            root=settings.cattube_data,
            database=self.database,
            scratch=Scratch(
                store=store,
                database=self.database,
                clock=self.clock,
                result_seconds=settings.result_expires_hours * HOUR_SECONDS,
            ),
            cache=self.file_cache,
            sources=Sources(held_uploads=self.held_uploads, store=store, room=self.room),
            uploads=self.upload_files,
        )

    @cached_property
    def links(self) -> Links:
        return Links(self._secret, clock=self.clock)

    @cached_property
    def local_store(self) -> LocalStore:
        return LocalStore(self.settings.bucket_dir, self.links.object)

    @cached_property
    def encryption(self) -> CredentialEncryption:
        return CredentialEncryption(self._secret)

    @cached_property
    def room(self) -> DiskRoom:
        settings = self.settings
        folders = (settings.cattube_data, settings.uploads_dir, settings.tmp_dir)
        return DiskRoom(folders, reserve_bytes=settings.min_free_bytes)

    @cached_property
    def resources(self) -> Resources:
        return Resources(
            stores=configuration.stores_of(
                self.settings,
                self.database,
                self.encryption,
                own=self.default_bucket.store if self.default_bucket else self.local_store,
                local=self.local_store,
                shared=self.shared_store,
            ),
            limits=configuration.limits_of(self.settings),
            import_hosts=self.settings.import_hosts,
            room=self.room,
            state_folder=self.settings.cattube_data,
            requires_sandbox=self.settings.require_sandbox,
            speech_model=configuration.speech_model_of(self.settings),
        )

    @cached_property
    def signals(self) -> Signals:
        return Signals()

    @cached_property
    def turns(self) -> Turns:
        return Turns()

    @cached_property
    def statuses(self) -> Statuses:
        return Statuses(
            database=self.database,
            snapshots=KeptSnapshots(self.database),
            view=StatusView(
                FilesView(self.links),
                lambda upload: self.upload_files.offset(upload.id) or 0,
                self._live_preview_path,
            ),
            turns=self.turns,
            changes=self.signals.changes,
            watchers=Slots(self.settings.max_event_streams, share=WATCHING_SHARE),
        )

    def _live_preview_path(self, assembly_id: str) -> str | None:
        path = self.live_previews.path_of(assembly_id)
        return None if path is None else self.signed_urls.signed(path)

    @cached_property
    def upload_files(self) -> UploadFiles:
        return UploadFiles(self.settings.uploads_dir, room=self.room, host=self.host)

    @cached_property
    def upload_room(self) -> UploadRoom:
        return UploadRoom(
            disk=self.room,
            received=lambda upload_id: self.upload_files.offset(upload_id) or 0,
            max_pending_bytes=self.settings.max_pending_bytes_per_owner,
        )

    @cached_property
    def uploads(self) -> Uploads:
        return Uploads(
            database=self.database,
            clock=self.clock,
            files=self.upload_files,
            locks=UploadLocks(),
            digests=Digests(),
            signals=self.signals,
            room=self.upload_room,
            slots=Slots(self.settings.max_concurrent_uploads, share=SENDING_SHARE),
            fetches=Slots(ceil(self.settings.max_concurrent_uploads * FETCHING), share=FETCHING_SHARE),
            least_bytes_per_second=self.settings.upload_least_bytes_per_second,
            rate_seconds=self.settings.upload_stall_seconds,
        )

    @cached_property
    def streaming(self) -> StreamingEncodes:
        return StreamingEncodes(on_offer=self.signals.wake_streaming)

    @cached_property
    def remote_uploads(self) -> RemoteUploads | None:
        """Uploads of other hosts that this one may encode while they arrive; None without other hosts."""
        if self.host is None:
            return None
        return RemoteUploads(
            host=self.host,
            database=self.database,
            clock=self.clock,
            cache=self.file_cache,
            held_uploads=self.held_uploads,
            streaming=self.streaming,
            lease_seconds=self.settings.job_lease_seconds,
        )

    @cached_property
    def index_files(self) -> IndexFiles:
        return IndexFiles(self.settings.tmp_dir)

    @cached_property
    def live_previews(self) -> LivePreviews:
        settings = self.settings
        return LivePreviews(settings.streams_dir, root=settings.tmp_dir, secret=self._secret)

    @cached_property
    def signed_urls(self) -> SignedUrls:
        return SignedUrls(self.account.key, self.account.secret, clock=self.clock)

    @cached_property
    def results(self) -> ResultFiles:
        return ResultFiles(self.settings.results_dir)

    @cached_property
    def jobs(self) -> Jobs:
        running = RunningJobs()
        return Jobs(
            database=self.database,
            clock=self.clock,
            running=running,
            turns=self.turns,
            batch_turns={
                queue: BatchTurn(
                    partial(running.any_needs, need), starves_seconds=self.settings.batch_starves_seconds
                )
                for queue, need in ((BATCH, Need.AWAITED), (SPEECH, Need.BATCH))
            },
            folders=JobFolders(self.settings.tmp_dir, self.live_previews),
            signals=self.signals,
            lease_seconds=self.settings.job_lease_seconds,
            max_attempts=self.settings.job_attempts,
            reach=Reach(
                configuration.host_of(self.settings), takes_bound_only=self.settings.job_threads == 0
            ),
        )

    @cached_property
    def outbox(self) -> Outbox:
        return Outbox(
            database=self.database,
            clock=self.clock,
            statuses=self.statuses,
            open_outbound=self._open_outbound,
            secret=self.account.secret,
            algorithm=self.settings.notification_signature,
        )

    @cached_property
    def announcements(self) -> Announcements:
        return Announcements(
            database=self.database,
            clock=self.clock,
            bounds=self.bounds,
            signals=self.signals,
            template=self.templates[TEMPLATE],
            auth_key=self.account.key,
        )

    @cached_property
    def announcement_consumer(self) -> AnnouncementConsumer | None:
        """Consumer of the queue of ANNOUNCEMENTS_URL, if there is one."""
        queue, settings = self.settings.announcement_queue, self.settings
        if queue is None:
            return None
        messages = AnnouncementMessages(
            announcements=self.announcements,
            token=settings.videos_token.get_secret_value(),
            allow_anonymous=settings.allow_anonymous_videos,
            base_url=settings.public_url or settings.local_url,
        )
        return AnnouncementConsumer(open_receiver(queue), messages.take, clock=self.clock)

    @cached_property
    def notification_queue(self) -> NotificationQueue | None:
        """Queue of NOTIFICATIONS_URL, if there is one."""
        from cattube_worker.outbound.notification_queue import NotificationQueue

        queue = self.settings.notification_queue
        return NotificationQueue(queue.reference, open_sender(queue)) if queue else None

    @cached_property
    def replays(self) -> Replays:
        return Replays(
            database=self.database,
            clock=self.clock,
            templates=self.templates,
            bounds=self.bounds,
            originals=OriginalFiles(
                upload_files=self.uploads.files, results=self.results, local_store=self.local_store
            ),
        )

    @cached_property
    def cleanup(self) -> Cleanup:
        return Cleanup(
            jobs=self.jobs,
            files=self.job_files,
            uploads=self.uploads,
            results=self.results,
            assembly_roots=(self.settings.tmp_dir, self.settings.uploads_dir),
            upload_seconds=self.settings.upload_expires_hours * 3600,
            result_seconds=self.settings.result_expires_hours * 3600,
            kept_seconds=self.settings.keep_assemblies_days * DAY_SECONDS or None,
            deletes_tmp_files=self.settings.delete_tmp_files,
        )

    def job_runner(self, queue: str = WORK) -> JobRunner:
        """A runner of the jobs in `queue`, for one thread."""
        upload_probe = UploadProbe(
            clock=self.clock,
            files=self.uploads.files,
            digests=self.uploads.digests,
            resources=self.resources,
        )
        tasks = TaskRunner(
            files=self.job_files,
            upload_probe=upload_probe,
            resources=self.resources,
            streaming=self.streaming,
            live_previews=self.live_previews,
            batch_turn=self.jobs.batch_turns.get(queue),
            part_tasks=PartTasks(part_seconds=self.settings.part_seconds, free_workers=self._free_workers),
        )
        return JobRunner(self.jobs, tasks, queue=queue)

    def host_report(self, role: str, system_clock: Clock) -> HostReport:
        """Report of this host in that role. system_clock: of the machine."""
        from cattube_worker.execution.cluster.database_clock import DatabaseClock
        from cattube_worker.execution.cluster.host_report import HostReport

        return HostReport(
            database=self.database,
            system_clock=system_clock,
            database_clock=self.clock if isinstance(self.clock, DatabaseClock) else None,
            running=self.jobs.running,
            resources=self.resources,
            name=self.settings.host_name,
            role=role,
        )

    def announcer(self, *, announces_again: bool) -> Announcer:
        """What tells worker hosts of jobs, for one thread."""
        from cattube_worker.execution.cluster.announcer import Announcer
        from cattube_worker.execution.cluster.broker import Broker

        return Announcer(
            database=self.database,
            clock=self.clock,
            broker=Broker(self.settings.broker_url.get_secret_value()),
            announces_again=announces_again,
        )

    def _free_workers(self) -> int:
        """How many hosts could work on parts of a video now, this one among them; 1 on one machine."""
        if self.jobs.reach.host is None:
            return 1
        with self.database.read() as session:
            return 1 + hosts.free_workers(session, but=self.settings.host_name)

    def streaming_runner(self) -> StreamingRunner:
        """A runner of streaming encodes, for one thread."""
        # Imported when the first video arrives: an idle engine does without it.
        from cattube_worker.execution.streaming.runner import StreamingRunner

        return StreamingRunner(
            jobs=self.jobs,
            upload_files=self.uploads.files,
            index_files=self.index_files,
            streaming=self.streaming,
            resources=self.resources,
            stall_seconds=self.settings.early_stall_seconds,
            remote=self.remote_uploads,
        )

    def _open_outbound(self, *, url: str, is_signed: bool) -> Receiver:
        """A client for notifications. is_signed: whether the operator's secret stands for the receiver."""
        if is_queue_reference(url):
            return self._open_queue(is_signed=is_signed)
        # Imported when the first notification is due: an idle engine does without it.
        from cattube_worker.outbound.http import Outbound
        from cattube_worker.outbound.trusted_hosts import TrustedHosts

        names = self.settings.notification_hosts if is_signed else ()
        return Outbound(TrustedHosts(names, setting="NOTIFY_HOSTS"))

    def _open_queue(self, *, is_signed: bool) -> NotificationQueue:
        """The queue for notifications. Raises ForbiddenAddress."""
        from cattube_worker.outbound.errors import ForbiddenAddress

        if self.notification_queue is None:
            raise ForbiddenAddress(
                "This engine has no queue for notifications: NOTIFICATIONS_URL names none."
            )
        if not is_signed:
            raise ForbiddenAddress("Only signed requests may be reported to a queue.")
        return self.notification_queue
