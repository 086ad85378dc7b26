"""Wake-ups within this process: for those who watch an assembly, and for the threads in the background."""

from __future__ import annotations

from threading import Event

from cattube_worker.execution.change_signal import ChangeSignal


class Signals:
    """One event for each kind of work in the background, set when there may be some.

    Only hints: every thread looks for work by itself now and then, because another process may have made it.
    Every wake-up delays the next job, so a queue is woken alone where that is enough.
    """

    def __init__(self) -> None:
        self.changes = ChangeSignal()
        self.probes, self.jobs, self.batch, self.speech = Event(), Event(), Event(), Event()
        self.streaming, self.outbox, self.cleanup = Event(), Event(), Event()
        self.announcements = Event()

    def publish(self, assembly_id: str) -> None:
        """Wake those who watch the assembly, and every thread that may have to work for it."""
        self.publish_progress(assembly_id)
        self.wake_all()

    def publish_progress(self, assembly_id: str) -> None:
        """Wake those who watch the assembly: it changed, but nothing new is to be done."""
        self.changes.publish(assembly_id)

    def wake_jobs(self) -> None:
        self.jobs.set()
        self.announcements.set()

    def wake_unawaited(self) -> None:
        """Wake the threads of work that nobody waits for, of both its queues."""
        self.batch.set()
        self.speech.set()

    def wake_streaming(self) -> None:
        self.streaming.set()

    def wake_outbox(self) -> None:
        self.outbox.set()

    def wake_all(self) -> None:
        for event in (self.probes, self.jobs, self.batch, self.speech):
            event.set()
        for event in (self.streaming, self.outbox, self.cleanup, self.announcements):
            event.set()
