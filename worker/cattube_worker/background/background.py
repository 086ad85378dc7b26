"""The work that the engine does by itself: threads beside those that answer requests."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event
from typing import TYPE_CHECKING

from cattube_worker.assemblies.hosts import hosts
from cattube_worker.assemblies.model import BATCH, PROBE, SPEECH, WORK
from cattube_worker.background.passing_errors import PassingErrors
from cattube_worker.clock import Clock
from cattube_worker.engine.engine import Engine
from cattube_worker.errors import AssemblyError
from cattube_worker.execution.announcements.consumer import AnnouncementConsumer
from cattube_worker.execution.cleanup import Cleanup
from cattube_worker.execution.job_files.adoption import Adoption
from cattube_worker.execution.resources import Resources
from cattube_worker.execution.uploads.uploads import Uploads
from cattube_worker.media.errors import SandboxMissing
from cattube_worker.media.process.tools import check_sandbox
from cattube_worker.storage.default_bucket import DefaultBucket

if TYPE_CHECKING:
    from cattube_worker.execution.cluster.host_report import HostReport

log = logging.getLogger(__name__)
IDLE_SECONDS = 2.0
SWEEP_SECONDS = 600.0
LEASE_SECONDS = 1.0
SLOW_SECONDS = 1.0
ARRIVING_SECONDS = 1.0
# How far the digest of an upload may be behind its bytes.
DIGEST_SECONDS = 1.0
STOP_SECONDS = 5.0
OUTBOX_THREADS = 2
HOST_SECONDS = 3.0
HAND_OVER_SECONDS = 600.0
# Of all threads: what keeps one waiting keeps others waiting, too.
passing_errors = PassingErrors()


@dataclass(frozen=True)
class WorkLoop:
    """Works as long as there is work, and looks for more when woken and every IDLE_SECONDS."""

    name: str
    work: Callable[[], bool]
    wake: Event

    def run(self, stop: Event) -> None:
        while not stop.is_set():
            if not attempt(self.name, self.work):
                self.wake.wait(IDLE_SECONDS)
                self.wake.clear()


@dataclass(frozen=True)
class PeriodicTask:
    """Does its work every so many seconds."""

    name: str
    work: Callable[[], None]
    seconds: float

    def run(self, stop: Event) -> None:
        while not stop.wait(self.seconds):
            attempt(self.name, self.work)


@dataclass(frozen=True)
class TaskUntilDone:
    """Does its work every so many seconds until it says that all is done."""

    name: str
    work: Callable[[], bool]
    seconds: float

    def run(self, stop: Event) -> None:
        while not attempt(self.name, self.work) and not stop.wait(self.seconds):
            pass


def threads_of(
    engine: Engine, report: HostReport | None = None
) -> list[WorkLoop | PeriodicTask | AnnouncementConsumer]:
    """All threads of the background, in the order in which they start. report: None on the only host."""
    signals, work, uploads = engine.signals, engine.work, engine.arrivals.uploads
    outbox, cleanup, bucket = engine.reports.outbox, work.cleanup, engine.foundation.default_bucket
    consumer = engine.arrivals.announcement_consumer
    # One even on a host that leaves work to others: some of it can be done on this host alone.
    job_threads = range(engine.settings.job_threads or 1)
    return [
        WorkLoop("probe", work.job_runner(PROBE).run_once, signals.probes),
        *(WorkLoop(f"jobs-{n}", work.job_runner(WORK).run_once, signals.jobs) for n in job_threads),
        WorkLoop("batch", work.job_runner(BATCH).run_once, signals.batch),
        WorkLoop("speech", work.job_runner(SPEECH).run_once, signals.speech),
        *(WorkLoop(f"outbox-{n}", outbox.deliver_one, signals.outbox) for n in range(OUTBOX_THREADS)),
        WorkLoop("cleanup", cleanup.tidy_ended, signals.cleanup),
        PeriodicTask("digests", uploads.digests.read_on, DIGEST_SECONDS),
        PeriodicTask("slow-senders", uploads.cut_slow, SLOW_SECONDS),
        PeriodicTask("leases", work.jobs.renew_leases, LEASE_SECONDS),
        *streaming_threads(engine),
        PeriodicTask("sweep", lambda: _sweep(uploads, cleanup, bucket), SWEEP_SECONDS),
        *(cluster_threads(engine, report.check_in, announces_again=True) if report else ()),
        *([consumer] if consumer else []),
    ]


def cluster_threads(
    engine: Engine, check_in: Callable[[], None], *, announces_again: bool
) -> list[WorkLoop | PeriodicTask]:
    """Threads of a host among others. check_in: reports it. announces_again: as the announcer says."""
    announcer = engine.work.announcer(announces_again=announces_again)
    return [
        WorkLoop("announcer", announcer.run_once, engine.signals.announcements),
        PeriodicTask("host", check_in, HOST_SECONDS),
    ]


def streaming_threads(engine: Engine) -> list[WorkLoop | PeriodicTask]:
    """Threads that encode uploads while they arrive: here and, among several hosts, elsewhere."""
    encodes, remote = range(engine.settings.early_encodes), engine.arrivals.remote_uploads
    threads: list[WorkLoop | PeriodicTask] = [
        WorkLoop(f"streaming-{n}", _streaming(engine), engine.signals.streaming) for n in encodes
    ]
    if remote is not None:
        # Also on a host that encodes none: it ends the leases of those that died.
        work = remote.look if encodes else remote.keep
        threads.append(PeriodicTask("arriving", work, ARRIVING_SECONDS))
    return threads


class Background:
    """Runs jobs, keeps leases, delivers notifications and sweeps, until it is stopped."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._stop = Event()
        self._threads: list[threading.Thread] = []
        self._report: HostReport | None = None

    def start(self) -> None:
        """Start the threads; once started, further calls do nothing."""
        with self._lock:
            if self._threads or self._stop.is_set():
                return
            engine = self._engine
            _log_tools(engine.files.resources)
            # First: among others, the time is the database's from then on.
            self._report = _join_hosts(engine)
            adoption = _adoption(engine, self._stop)
            engine.arrivals.uploads.finish_whole()
            engine.work.jobs.folders.remove_streaming()
            engine.work.cleanup.remove_strays()
            for work in (*threads_of(engine, self._report), *adoption):
                self._threads.append(start_thread(work, self._stop))

    def stop(self) -> None:
        """Stop everything: ffmpeg is killed, leases are given back, senders and watchers let go."""
        self._stop.set()
        engine = self._engine
        engine.signals.changes.close()
        engine.arrivals.uploads.locks.interrupt_all()
        engine.work.jobs.running.stop_all()
        engine.signals.wake_all()
        for thread in self._threads:
            if thread is not threading.current_thread():
                thread.join(STOP_SECONDS)
        if self._report is not None:
            attempt("leaving", self._report.leave)


def start_thread(
    work: WorkLoop | PeriodicTask | TaskUntilDone | AnnouncementConsumer, stop: Event
) -> threading.Thread:
    """A thread that does the work until `stop` is set, and does not keep its process from ending."""
    thread = threading.Thread(target=work.run, args=(stop,), name=f"engine-{work.name}", daemon=True)
    thread.start()
    return thread


def _join_hosts(engine: Engine) -> HostReport | None:
    """The report of this host among others. Without others it forgets those that there were."""
    if engine.work.jobs.reach.host is None:
        with engine.database.read() as session:
            is_left = hosts.any_known(session)
        # The only host does not wait for whoever writes to its database.
        if is_left:
            with engine.database.write() as session:
                hosts.forget_all(session)
        return None
    report = engine.work.host_report(hosts.INGEST, Clock())
    report.join()
    return report


def _adoption(engine: Engine, stop: Event) -> list[TaskUntilDone]:
    """The thread that hands over what lies here alone; what may not wait for it is done at once."""
    if engine.foundation.host is None or engine.work.jobs.reach.host is None:
        return []
    files = engine.files
    adoption = Adoption(database=engine.database, uploads=files.upload_files, files=files.job_files)
    adoption.begin()
    return [TaskUntilDone("adoption", lambda: adoption.hand_over(stop), HAND_OVER_SECONDS)]


def _streaming(engine: Engine) -> Callable[[], bool]:
    """Work that takes one offer up. Its modules are imported when there is one: not in an idle engine."""
    return lambda: engine.arrivals.streaming.has_offers() and engine.work.streaming_runner().run_once()


def _sweep(uploads: Uploads, cleanup: Cleanup, bucket: DefaultBucket | None) -> None:
    uploads.finish_whole()
    cleanup.expire_uploads()
    cleanup.fail_abandoned()
    cleanup.expire_results()
    cleanup.forget_old()
    cleanup.remove_strays()
    if bucket is not None:
        bucket.sweep()
    cleanup.sweep_files()


def attempt(name: str, work: Callable[[], bool | None]) -> bool:
    """Do the work, and tell if there was any. A failure is logged, and the thread lives on."""
    try:
        has_worked = bool(work())
    except AssemblyError as error:
        passing_errors.note(name, error)
        return False
    except Exception:
        log.exception("%s failed; trying again soon", name)
        return False
    passing_errors.clear(name)
    return has_worked


def _log_tools(resources: Resources) -> None:
    try:
        tools = resources.found_tools
        log.info("ffmpeg %s at %s, fenced in by %s", tools.version, tools.ffmpeg, ", ".join(tools.layers))
        check_sandbox(tools)
    except SandboxMissing as error:
        if resources.requires_sandbox:
            log.error("no video is processed, as REQUIRE_SANDBOX asks: %s", error)  # noqa: TRY400
        else:
            log.warning("%s", error)
    except AssemblyError as error:
        log.error("no video can be processed: %s", error)  # noqa: TRY400  (the reason is the whole story)
