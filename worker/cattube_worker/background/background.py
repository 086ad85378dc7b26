"""The background of an engine that answers requests: it starts with the server, and ends with it."""

from __future__ import annotations

import logging
import threading
from threading import Event
from typing import TYPE_CHECKING

from cattube_worker.assemblies.hosts import hosts
from cattube_worker.background.threads import threads_of
from cattube_worker.background.work import TaskUntilDone, Work, attempt, start_thread
from cattube_worker.clock import Clock
from cattube_worker.engine.engine import Engine
from cattube_worker.errors import AssemblyError
from cattube_worker.execution.job_files.adoption import Adoption
from cattube_worker.execution.resources import Resources
from cattube_worker.media.errors import SandboxMissing
from cattube_worker.media.process.tools import check_sandbox

if TYPE_CHECKING:
    from cattube_worker.execution.cluster.host_report import HostReport

log = logging.getLogger(__name__)
STOP_SECONDS = 5.0
HAND_OVER_SECONDS = 600.0


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


def _adoption(engine: Engine, stop: Event) -> list[Work]:
    """The thread that hands over what lies here alone; what may not wait for it is done at once."""
    if engine.foundation.host is None or engine.work.jobs.reach.host is None:
        return []
    files = engine.files
    adoption = Adoption(database=engine.database, uploads=files.upload_files, files=files.job_files)
    adoption.begin()
    return [TaskUntilDone("adoption", lambda: adoption.hand_over(stop), HAND_OVER_SECONDS)]


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
