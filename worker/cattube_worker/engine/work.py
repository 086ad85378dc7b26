"""The parts that do the jobs, tidy up after them, and tell other hosts of them."""

from __future__ import annotations

from functools import cached_property, partial
from typing import TYPE_CHECKING

from cattube_worker import configuration
from cattube_worker.assemblies.hosts import hosts
from cattube_worker.assemblies.jobs.turns import Turns
from cattube_worker.assemblies.model import BATCH, SPEECH, WORK
from cattube_worker.clock import DAY_SECONDS, HOUR_SECONDS, Clock
from cattube_worker.engine.arrivals import Arrivals
from cattube_worker.engine.files import Files
from cattube_worker.engine.foundation import Foundation
from cattube_worker.execution.broker_state import BrokerState
from cattube_worker.execution.cleanup import Cleanup
from cattube_worker.execution.expiry import Expiry
from cattube_worker.execution.jobs.batch_turn import BatchTurn
from cattube_worker.execution.jobs.claimable import Reach
from cattube_worker.execution.jobs.job_folders import JobFolders
from cattube_worker.execution.jobs.job_runner import JobRunner
from cattube_worker.execution.jobs.jobs import Jobs
from cattube_worker.execution.jobs.part_tasks import PartTasks
from cattube_worker.execution.jobs.running_jobs import Need, RunningJobs
from cattube_worker.execution.jobs.task_runner import TaskRunner
from cattube_worker.execution.jobs.upload_probe import UploadProbe

if TYPE_CHECKING:
    from cattube_worker.execution.cluster.announcer import Announcer
    from cattube_worker.execution.cluster.host_report import HostReport
    from cattube_worker.execution.streaming.runner import StreamingRunner


class Work:
    """Parts that work by themselves, each in a thread that somebody else starts."""

    def __init__(self, foundation: Foundation, files: Files, arrivals: Arrivals) -> None:
        self._foundation, self._files, self._arrivals = foundation, files, arrivals
        self._settings = foundation.settings

    @cached_property
    def turns(self) -> Turns:
        return Turns()

    @cached_property
    def jobs(self) -> Jobs:
        settings, running = self._settings, RunningJobs()
        return Jobs(
            database=self._foundation.database,
            clock=self._foundation.clock,
            running=running,
            turns=self.turns,
            batch_turns={
                queue: BatchTurn(
                    partial(running.any_needs, need), starves_seconds=settings.batch_starves_seconds
                )
                for queue, need in ((BATCH, Need.AWAITED), (SPEECH, Need.BATCH))
            },
            folders=JobFolders(settings.tmp_dir, self._files.live_previews),
            signals=self._foundation.signals,
            lease_seconds=settings.job_lease_seconds,
            max_attempts=settings.job_attempts,
            reach=Reach(configuration.host_of(settings), takes_bound_only=settings.job_threads == 0),
        )

    def job_runner(self, queue: str = WORK) -> JobRunner:
        """A runner of the jobs in `queue`, for one thread."""
        files, uploads = self._files, self._arrivals.uploads
        upload_probe = UploadProbe(
            clock=self._foundation.clock,
            files=uploads.files,
            digests=uploads.digests,
            resources=files.resources,
        )
        tasks = TaskRunner(
            files=files.job_files,
            upload_probe=upload_probe,
            resources=files.resources,
            streaming=self._arrivals.streaming,
            live_previews=files.live_previews,
            batch_turn=self.jobs.batch_turns.get(queue),
            part_tasks=PartTasks(
                part_seconds=self._settings.part_seconds, free_workers=partial(self._free_workers, queue)
            ),
        )
        return JobRunner(self.jobs, tasks, queue=queue)

    def streaming_runner(self) -> StreamingRunner:
        """A runner of streaming encodes, for one thread."""
        # Imported when the first video arrives: an idle engine does without it.
        from cattube_worker.execution.streaming.runner import StreamingRunner

        return StreamingRunner(
            jobs=self.jobs,
            upload_files=self._files.upload_files,
            index_files=self._files.index_files,
            streaming=self._arrivals.streaming,
            resources=self._files.resources,
            stall_seconds=self._settings.early_stall_seconds,
            remote=self._arrivals.remote_uploads,
        )

    @cached_property
    def broker_state(self) -> BrokerState | None:
        """State of the broker, as the announcers of this host note it; None on the only host."""
        return None if self.jobs.reach.host is None else BrokerState()

    @cached_property
    def cleanup(self) -> Cleanup:
        settings = self._settings
        return Cleanup(
            jobs=self.jobs,
            files=self._files.job_files,
            uploads=self._arrivals.uploads,
            results=self._files.results,
            assembly_roots=(settings.tmp_dir, settings.uploads_dir),
            result_seconds=settings.result_expires_hours * HOUR_SECONDS,
            kept_seconds=settings.keep_assemblies_days * DAY_SECONDS or None,
            deletes_tmp_files=settings.delete_tmp_files,
        )

    @cached_property
    def expiry(self) -> Expiry:
        return Expiry(jobs=self.jobs, upload_seconds=self._settings.upload_expires_hours * HOUR_SECONDS)

    def host_report(self, role: str, system_clock: Clock) -> HostReport:
        """Report of this host in that role. system_clock: of the machine."""
        from cattube_worker.execution.cluster.database_clock import DatabaseClock
        from cattube_worker.execution.cluster.host_report import HostReport

        clock = self._foundation.clock
        return HostReport(
            database=self._foundation.database,
            system_clock=system_clock,
            database_clock=clock if isinstance(clock, DatabaseClock) else None,
            running=self.jobs.running,
            resources=self._files.resources,
            name=self._settings.host_name,
            role=role,
            takes_jobs=not self.jobs.reach.takes_bound_only,
        )

    def announcer(self, *, announces_again: bool) -> Announcer:
        """What tells worker hosts of jobs, for one thread."""
        from cattube_worker.execution.cluster.announcer import Announcer
        from cattube_worker.execution.cluster.broker import Broker

        return Announcer(
            database=self._foundation.database,
            clock=self._foundation.clock,
            broker=Broker(self._settings.broker_url.get_secret_value()),
            announces_again=announces_again,
            state=self.broker_state or BrokerState(),
        )

    def _free_workers(self, queue: str) -> int:
        """How many hosts could work on parts of a job of `queue` now, with this one; 1 on one machine."""
        if self.jobs.reach.host is None:
            return 1
        with self._foundation.database.read() as session:
            return 1 + hosts.free_workers(session, but=self._settings.host_name, queue=queue)
