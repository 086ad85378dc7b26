"""The threads of the background: the name of each, its work, and what wakes it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from cattube_worker.assemblies.model import BATCH, PROBE, SPEECH, WORK
from cattube_worker.background.work import PeriodicTask, Work, WorkLoop
from cattube_worker.engine.engine import Engine

if TYPE_CHECKING:
    from cattube_worker.execution.cluster.host_report import HostReport

SWEEP_SECONDS = 600.0
LEASE_SECONDS = 1.0
SLOW_SECONDS = 1.0
ARRIVING_SECONDS = 1.0
# How far the digest of an upload may be behind its bytes.
DIGEST_SECONDS = 1.0
OUTBOX_THREADS = 2
HOST_SECONDS = 3.0


def threads_of(engine: Engine, report: HostReport | None = None) -> list[Work]:
    """All threads of the background, in the order in which they start. report: None on the only host."""
    signals, work, uploads = engine.signals, engine.work, engine.arrivals.uploads
    outbox, consumer = engine.reports.outbox, engine.arrivals.announcement_consumer
    # One even on a host that leaves work to others: some of it can be done on this host alone.
    job_threads = range(engine.settings.job_threads or 1)
    return [
        WorkLoop("probe", work.job_runner(PROBE).run_once, signals.probes),
        *(WorkLoop(f"jobs-{n}", work.job_runner(WORK).run_once, signals.jobs) for n in job_threads),
        WorkLoop("batch", work.job_runner(BATCH).run_once, signals.batch),
        WorkLoop("speech", work.job_runner(SPEECH).run_once, signals.speech),
        *(WorkLoop(f"outbox-{n}", outbox.deliver_one, signals.outbox) for n in range(OUTBOX_THREADS)),
        WorkLoop("cleanup", work.cleanup.tidy_ended, signals.cleanup),
        PeriodicTask("digests", uploads.digests.read_on, DIGEST_SECONDS),
        PeriodicTask("slow-senders", uploads.cut_slow, SLOW_SECONDS),
        PeriodicTask("leases", work.jobs.renew_leases, LEASE_SECONDS),
        *streaming_threads(engine),
        PeriodicTask("sweep", lambda: _sweep(engine), SWEEP_SECONDS),
        *(cluster_threads(engine, report.check_in, announces_again=True) if report else ()),
        *([consumer] if consumer else []),
    ]


def cluster_threads(engine: Engine, check_in: Callable[[], None], *, announces_again: bool) -> list[Work]:
    """Threads of a host among others. check_in: reports it. announces_again: as the announcer says."""
    announcer = engine.work.announcer(announces_again=announces_again)
    return [
        WorkLoop("announcer", announcer.run_once, engine.signals.announcements),
        PeriodicTask("host", check_in, HOST_SECONDS),
    ]


def streaming_threads(engine: Engine) -> list[Work]:
    """Threads that encode uploads while they arrive: here and, among several hosts, elsewhere."""
    encodes, remote = range(engine.settings.early_encodes), engine.arrivals.remote_uploads
    threads: list[Work] = [
        WorkLoop(f"streaming-{n}", _streaming(engine), engine.signals.streaming) for n in encodes
    ]
    if remote is not None:
        # Also on a host that encodes none: it ends the leases of those that died.
        work = remote.look if encodes else remote.keep
        threads.append(PeriodicTask("arriving", work, ARRIVING_SECONDS))
    return threads


def _streaming(engine: Engine) -> Callable[[], bool]:
    """Work that takes one offer up. Its modules are imported when there is one: not in an idle engine."""
    return lambda: engine.arrivals.streaming.has_offers() and engine.work.streaming_runner().run_once()


def _sweep(engine: Engine) -> None:
    work, bucket = engine.work, engine.foundation.default_bucket
    engine.arrivals.uploads.finish_whole()
    work.expiry.expire_uploads()
    work.expiry.fail_abandoned()
    work.cleanup.expire_results()
    work.cleanup.forget_old()
    work.cleanup.remove_strays()
    if bucket is not None:
        bucket.sweep()
    work.cleanup.sweep_files()
