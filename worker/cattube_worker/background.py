"""The work the engine does by itself: threads beside those that answer requests."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from cattube_worker.assemblies.model import BATCH, PROBE
from cattube_worker.engine import Engine
from cattube_worker.errors import AssemblyError
from cattube_worker.execution import cleanup
from cattube_worker.execution.job_runner import JobRunner, renew_leases
from cattube_worker.execution.outbox import Outbox, has_due

log = logging.getLogger(__name__)
IDLE_SECONDS = 2.0
SWEEP_SECONDS = 600.0
# How far the digest of an upload may be behind its bytes.
DIGEST_SECONDS = 1.0
STOP_SECONDS = 5.0
OUTBOX_THREADS = 2


class Background:
    """Runs jobs, keeps leases, delivers notifications and sweeps, until it is stopped."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Start the threads; once started, further calls do nothing."""
        with self._lock:
            if self._threads or self._stop.is_set():
                return
            engine, settings = self._engine, self._engine.settings
            _log_tools(engine)
            cleanup.finish_whole_uploads(engine)
            cleanup.remove_streaming_folders(engine)
            cleanup.remove_strays(engine)
            self._add("looks", JobRunner(engine, queue=PROBE).run_once, engine.wake_probes)
            for number in range(settings.job_threads):
                self._add(f"jobs-{number}", JobRunner(engine).run_once, engine.wake_jobs)
            self._add("batch", JobRunner(engine, queue=BATCH).run_once, engine.wake_batch)
            for number in range(settings.early_encodes):
                self._add(f"early-{number}", self._encode_streaming, engine.streaming.wake)
            for number in range(OUTBOX_THREADS):
                self._add(f"outbox-{number}", self._deliver_one, engine.wake_outbox)
            self._add("tidy", lambda: cleanup.tidy_ended(engine) > 0, engine.wake_tidy)
            self._every("digests", engine.digests.read_on, DIGEST_SECONDS)
            self._every("leases", lambda: renew_leases(engine), 1.0)
            self._every("sweep", self._sweep, SWEEP_SECONDS)

    def stop(self) -> None:
        """Stop everything: ffmpeg is killed, leases are given back, writers and watchers let go."""
        self._stop.set()
        engine = self._engine
        engine.changes.close()
        engine.locks.interrupt_all()
        engine.running.stop_all()
        engine.wake_all()
        for thread in self._threads:
            if thread is not threading.current_thread():
                thread.join(STOP_SECONDS)

    def _add(self, name: str, work: Callable[[], bool], wake: threading.Event) -> None:
        """A thread that works as long as there is work, and looks for more when woken or now and then."""

        def loop() -> None:
            while not self._stop.is_set():
                if not _guarded(name, work):
                    wake.wait(IDLE_SECONDS)
                    wake.clear()

        self._start(name, loop)

    def _every(self, name: str, work: Callable[[], None], seconds: float) -> None:
        def loop() -> None:
            while not self._stop.wait(seconds):
                _guarded(name, work)

        self._start(name, loop)

    def _start(self, name: str, loop: Callable[[], None]) -> None:
        thread = threading.Thread(target=loop, name=f"engine-{name}", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _encode_streaming(self) -> bool:
        if not self._engine.streaming.has_offers():
            return False
        # Imported when the first video arrives: an idle engine does without it.
        from cattube_worker.execution.streaming.runner import StreamingRunner

        return StreamingRunner(self._engine).run_once()

    def _deliver_one(self) -> bool:
        # Imported when a notification waits for the first time: an idle engine does without it.
        if not has_due(self._engine):
            return False
        from cattube_worker.outbound.http import Outbound

        return Outbox(self._engine, Outbound(self._engine.settings.trusted_hosts)).deliver_one()

    def _sweep(self) -> None:
        cleanup.finish_whole_uploads(self._engine)
        cleanup.expire_uploads(self._engine)
        cleanup.expire_results(self._engine)
        cleanup.remove_strays(self._engine)
        if self._engine.default_bucket is not None:
            self._engine.default_bucket.sweep()


def _guarded(name: str, work: Callable[[], bool | None]) -> bool:
    """Whether there was work; a failure is logged, and the thread lives on."""
    try:
        return bool(work())
    except Exception:
        log.exception("%s failed; trying again soon", name)
        return False


def _log_tools(engine: Engine) -> None:
    try:
        tools = engine.tools
    except AssemblyError as error:
        log.error("no video can be processed: %s", error)  # noqa: TRY400  (the reason is the whole story)
    else:
        log.info("ffmpeg %s, fenced in by %s", tools.version, tools.sandbox)
