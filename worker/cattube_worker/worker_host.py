"""A worker host: all that runs beside Celery in its process."""

from __future__ import annotations

import logging
import os
import threading
from threading import Event

from cattube_worker.assemblies.hosts.hosts import WORKER
from cattube_worker.background.threads import (
    LEASE_SECONDS,
    SWEEP_SECONDS,
    cluster_threads,
    streaming_threads,
)
from cattube_worker.background.work import PeriodicTask, Work, start_thread
from cattube_worker.clock import Clock
from cattube_worker.engine.engine import Engine
from cattube_worker.errors import TryLater
from cattube_worker.execution.cluster.database_clock import DatabaseClock
from cattube_worker.execution.cluster.intake import Intake, Request
from cattube_worker.execution.cluster.wake_ups import SHARED_QUEUES, host_queue, job_queue_of
from cattube_worker.execution.resources import Resources
from cattube_worker.media.errors import SandboxMissing, ToolsMissing
from cattube_worker.settings import Settings, SettingsError

log = logging.getLogger(__name__)
# Until a host ends whose jobs do not stop. Their leases end soon after.
STOP_SECONDS = 10.0
# Until a host that is not fit stops to listen.
FITNESS_SECONDS = 0.5
# Until a thread that hangs is left behind.
JOIN_SECONDS = 2.0
_STOP_AGAIN_SECONDS = 0.1


class WorkerHost:
    """Runs jobs when it is woken, and keeps their leases. It answers no requests."""

    def __init__(self, settings: Settings, *, slots: int) -> None:
        """slots: jobs that run at the same time. Raises SettingsError."""
        _check(settings, slots)
        self.engine = Engine(settings, DatabaseClock())
        queues = [*SHARED_QUEUES.values(), host_queue(settings.host_name)]
        self.intake = Intake(queues, slots=slots)
        self._runners = {queue: self.engine.work.job_runner(queue) for queue in SHARED_QUEUES}
        self._report = self.engine.work.host_report(WORKER, Clock())
        self._stop, self._has_ended = Event(), Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Join the other hosts. Raises SettingsError."""
        _check_tools(self.engine.files.resources)
        self._report.join()
        self._threads = [start_thread(work, self._stop) for work in self._background()]

    def run(self, request: Request) -> bool:
        """Run the job that is next in the queue of the wake-up, and tell if there was one.

        It may be another than the one that is named: the order of jobs, and whose turn it is, is known to
        the database when a job begins, not when it was announced.
        """
        if not self.intake.begin(request):
            return False
        try:
            return self._runners[job_queue_of(request.delivery_info["routing_key"])].run_once()
        except TryLater as error:
            # The job is announced again as long as it waits.
            log.warning("no job is taken: %s", error)
            return False
        finally:
            self.intake.end(request)

    def drain(self) -> None:
        """Begin with no more jobs, and give those under way back. Returns at once."""
        self.intake.close()
        threading.Thread(target=self._stop_jobs, name="engine-drain", daemon=True).start()

    def stop(self) -> None:
        """Leave the other hosts: no job runs any more."""
        self._has_ended.set()
        self._stop.set()
        self.engine.signals.wake_all()
        for thread in self._threads:
            thread.join(JOIN_SECONDS)
        # What was given back waits for nobody but those who are told now, or in some seconds.
        self.engine.work.announcer(announces_again=False).run_once()
        self._report.leave()

    def _background(self) -> list[Work]:
        jobs = self.engine.work.jobs
        return [
            PeriodicTask("leases", jobs.renew_leases, LEASE_SECONDS),
            PeriodicTask("fitness", self._note_fitness, FITNESS_SECONDS),
            PeriodicTask("sweep", self._sweep, SWEEP_SECONDS),
            *streaming_threads(self.engine),
            *cluster_threads(self.engine, self._report.check_in, announces_again=False),
        ]

    def _note_fitness(self) -> None:
        self.intake.note_fitness(is_fit=self.engine.work.jobs.fitness.is_fit)

    def _sweep(self) -> None:
        self.engine.work.expiry.fail_abandoned()
        self.engine.work.cleanup.remove_strays()
        self.engine.work.cleanup.sweep_files()

    def _stop_jobs(self) -> None:
        """Stop the jobs, also one that began at the last moment."""
        for _ in range(int(STOP_SECONDS / _STOP_AGAIN_SECONDS)):
            self.engine.work.jobs.running.stop_all()
            if self._has_ended.wait(_STOP_AGAIN_SECONDS):
                return
        log.error("some jobs did not stop in %.0f seconds; others take them over", STOP_SECONDS)
        os._exit(0)


def _check(settings: Settings, slots: int) -> None:
    if not settings.broker_url.get_secret_value():
        raise SettingsError("BROKER_URL: missing; a worker host is told of its jobs there")
    if slots == 0 or settings.job_threads == 0:
        raise SettingsError("JOB_THREADS=0: expected a number above zero on a worker host")
    if not settings.bucket_name and settings.scratch != "folder":
        raise SettingsError(
            "BUCKET_NAME: missing; a worker host finds the files of its jobs in the bucket. "
            "Only where all hosts have the same CATTUBE_DATA, set SCRATCH=folder instead"
        )


def _check_tools(resources: Resources) -> None:
    """Check that jobs can be done here: a host that fails them all at once is the fastest to take them."""
    try:
        _ = resources.tools
    except SandboxMissing as error:
        raise SettingsError(f"REQUIRE_SANDBOX: {error}") from error
    except ToolsMissing as error:
        raise SettingsError(str(error)) from error
