"""The application of worker hosts: celery -A cattube_worker.celery_app worker

A message names a job that waits, and is only a wake-up. What a worker host knows of it stands in the
database.
"""

from __future__ import annotations

from typing import Any

from celery import Celery, Task, signals
from celery.utils.nodenames import default_nodename
from celery.worker import WorkController, state

from cattube_worker import log_to_stderr
from cattube_worker.execution.cluster.broker import queue_for_host, shared_queues
from cattube_worker.execution.cluster.celery_consumer import JobConsumer, JobPool, intake_step
from cattube_worker.execution.cluster.wake_ups import RUN_JOB
from cattube_worker.settings import SettingsError, load_settings
from cattube_worker.worker_host import WorkerHost

BROKER_HEARTBEAT_SECONDS = 30

settings = load_settings()
# No fixups: the one for Django, which the site is, is of no use here.
app = Celery("cattube", broker=settings.broker_url.get_secret_value(), set_as_current=False, fixups=[])
app.conf.update(
    task_queues=[*shared_queues(), queue_for_host(settings.host_name)],
    task_create_missing_queues=False,
    task_ignore_result=True,
    worker_pool=f"{JobPool.__module__}:{JobPool.__qualname__}",
    worker_consumer=f"{JobConsumer.__module__}:{JobConsumer.__qualname__}",
    worker_concurrency=settings.job_threads,
    worker_prefetch_multiplier=1,
    worker_detect_quorum_queues=True,
    # So that `celery inspect`, `celery events` and Flower show what is there.
    worker_send_task_events=True,
    worker_redirect_stdouts=False,
    # Jobs go on while the broker is away, however long: the lease decides who runs them.
    worker_cancel_long_running_tasks_on_connection_loss=False,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    broker_heartbeat=BROKER_HEARTBEAT_SECONDS,
    # A host that was cut off is back before the broker misses it: its old connection must not lock its queue
    # for `celery inspect`. RabbitMQ means to give up queues that are neither exclusive nor durable.
    control_queue_exclusive=False,
    control_queue_durable=True,
    # Not Celery's own name: under that one, hosts of earlier versions lock their queue.
    control_exchange="cattube",
)


def serve(sender: str, instance: WorkController, options: dict[str, Any], **_: object) -> None:
    """Have this process, which is about to become a worker, be a host among the others."""
    try:
        host = WorkerHost(settings, slots=options.get("concurrency") or settings.job_threads)
        host.start()
    except SettingsError as error:
        raise SystemExit(f"The worker cannot start. {error}") from error
    if sender == default_nodename(None):
        instance.hostname = f"celery@{settings.host_name}"

    def run_job(task: Task, job_id: str) -> str:
        return "ran a job" if host.run(state.requests[task.request.id]) else f"no turn of {job_id}"

    # Acknowledged by the intake, as soon as the job begins.
    app.task(run_job, name=RUN_JOB, bind=True, acks_late=True)
    app.steps["consumer"].add(intake_step(host.intake))
    signals.worker_shutting_down.connect(lambda **_: host.drain(), weak=False)
    signals.worker_shutdown.connect(lambda **_: host.stop(), weak=False)


def write_logs(**_: object) -> None:
    """In the place of Celery's own logging, which would write each line of ours twice."""
    log_to_stderr(settings.log_level)
    for name in ("celery", "kombu", "amqp"):
        log_to_stderr("WARNING", name=name)


signals.setup_logging.connect(write_logs)
signals.celeryd_init.connect(serve)
