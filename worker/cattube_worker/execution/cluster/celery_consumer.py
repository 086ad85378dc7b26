"""Celery, bent to jobs that take hours: who listens when, and in how many threads."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from celery import bootsteps
from celery.concurrency.thread import TaskPool
from celery.signals import task_received
from celery.worker import state
from celery.worker.consumer import Consumer
from celery.worker.consumer.delayed_delivery import DelayedDelivery
from celery.worker.consumer.tasks import Tasks

from cattube_worker.assemblies.model import UNAWAITED
from cattube_worker.execution.cluster.intake import Intake, Request


class JobPool(TaskPool):  # type: ignore[misc]  # Celery has no types
    """Threads: one for each job at the same time, and one for each queue of batch work, which gives way.

    A job is a program of its own, so threads are enough. They share the leases, turns and signals of one
    process, and a stop reaches all of them.
    """

    def __init__(self, limit: int, *arguments: Any, **options: Any) -> None:
        super().__init__(limit + len(UNAWAITED), *arguments, **options)


class JobConsumer(Consumer):  # type: ignore[misc]
    """Consumer without delayed delivery, which makes 28 queues that nobody would use."""

    class Blueprint(Consumer.Blueprint):  # type: ignore[misc]
        default_steps = [
            step for step in Consumer.Blueprint.default_steps if not step.endswith(DelayedDelivery.__name__)
        ]


class CeleryListener:
    """What an intake needs of Celery's consumer."""

    def __init__(self, consumer: Consumer) -> None:
        self._consumer = consumer

    def listen(self, queue: str) -> None:
        tasks = self._consumer.task_consumer
        if tasks is not None and not tasks.consuming_from(queue):
            tasks.add_queue(self._consumer.app.amqp.queues[queue])
            tasks.consume()

    def ignore(self, queue: str) -> None:
        tasks = self._consumer.task_consumer
        if tasks is not None and tasks.consuming_from(queue):
            tasks.cancel_by_queue(queue)

    def reserved(self) -> Iterable[Request]:
        return list(state.reserved_requests)

    def call_soon(self, function: Callable[..., None], *arguments: Any) -> None:
        self._consumer.call_soon(function, *arguments)


def intake_step(intake: Intake) -> type[bootsteps.StartStopStep]:
    """The step by which Celery's consumer lets `intake` say when it listens."""

    class IntakeStep(bootsteps.StartStopStep):  # type: ignore[misc]
        requires = (Tasks,)

        def __init__(self, consumer: Consumer, **options: Any) -> None:
            super().__init__(consumer, **options)
            # Of each queue; Celery would take as many as there are threads.
            consumer.initial_prefetch_count = 1

        def start(self, consumer: Consumer) -> None:
            # At each connection: Celery listens on all queues anew.
            intake.connect(CeleryListener(consumer))

    task_received.connect(lambda **_: intake.received(), weak=False)
    return IntakeStep
