"""The hosts that work on this engine's database, what each of them runs, and what waits."""

from __future__ import annotations

from dataclasses import asdict

from flask import Blueprint, Response, jsonify

from cattube_worker.assemblies.hosts.hosts import hosts_of
from cattube_worker.assemblies.hosts.queue_depths import queue_depths
from cattube_worker.database import Database
from cattube_worker.execution.broker_state import BrokerState
from cattube_worker.execution.jobs.jobs import Jobs
from cattube_worker.routes.requests.authentication import signed_params
from cattube_worker.routes.services import now, optional_service, service
from cattube_worker.version import VERSION

blueprint = Blueprint("hosts", __name__)


@blueprint.get("/hosts")
def list_hosts() -> Response:
    """All hosts and queues. Transloadit has no such list.

    running: what this engine itself runs; with other hosts it stands among them, too. broker: why the one
    that wakes worker hosts cannot be used; null while it can, and where there is none.
    """
    signed_params("queues:read")
    broker = optional_service(BrokerState)
    with service(Database).read() as session:
        hosts, depths = hosts_of(session), queue_depths(session, now=now())
    response = jsonify(
        ok="HOSTS_FOUND",
        message="The hosts were found.",
        version=VERSION,
        hosts=[asdict(host) for host in hosts],
        running=[asdict(fact) for fact in service(Jobs).running.facts()],
        broker=broker.problem if broker else None,
        queues=[asdict(depth) for depth in depths],
    )
    response.headers["Cache-Control"] = "no-store"
    return response
