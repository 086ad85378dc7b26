"""Wake-ups for worker hosts: the queues they go to, and their form, which is that of Celery's tasks. Pure."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from typing import Any

from cattube_worker.assemblies.model import BY_URGENCY, WORK

# The name of Celery's task that runs a job.
RUN_JOB = "cattube.run_job"
# Queues of what any worker host may run, by the queue of the job. Probes run where the bytes are.
SHARED_QUEUES = {job_queue: f"cattube.{job_queue}" for job_queue in BY_URGENCY}
_JOB_QUEUES = {queue: job_queue for job_queue, queue in SHARED_QUEUES.items()}
# A queue of one host that nobody uses any more is removed by the broker.
HOST_QUEUE_SECONDS = 24 * 3600.0


@dataclass(frozen=True)
class WakeUp:
    """Tells the worker hosts that listen on `queue` that a job waits."""

    queue: str
    job_id: str


def host_queue(host: str) -> str:
    """Queue of what only that host may run."""
    return f"cattube.host.{host}"


def queue_of(job_queue: str, host: str | None) -> str | None:
    """Queue in which worker hosts are told of a job; None when it is not for them."""
    if job_queue not in SHARED_QUEUES:
        return None
    return SHARED_QUEUES[job_queue] if host is None else host_queue(host)


def job_queue_of(queue: str) -> str:
    """Queue of the jobs that a wake-up from `queue` is about; a host's own are of the more urgent one."""
    return _JOB_QUEUES.get(queue, WORK)


def task_message(wake_up: WakeUp) -> dict[str, Any]:
    """Body, headers and properties of the wake-up, as kombu's producer takes them.

    Written by hand, so that an engine need not load Celery.
    Source: Celery's documentation, "Message Protocol", version 2.
    """
    task_id = str(uuid.uuid4())
    return {
        "body": json.dumps([[wake_up.job_id], {}, {}]),
        "headers": {
            "lang": "py",
            "task": RUN_JOB,
            "id": task_id,
            "root_id": task_id,
            "parent_id": None,
            "group": None,
            "retries": 0,
            "eta": None,
            "expires": None,
            "timelimit": [None, None],
            "argsrepr": repr((wake_up.job_id,)),
            "kwargsrepr": "{}",
        },
        "correlation_id": task_id,
        "content_type": "application/json",
        "content_encoding": "utf-8",
    }
