"""Metrics of hosts and queues, for Prometheus."""

from __future__ import annotations

from flask import Blueprint, Response

from cattube_worker.assemblies.hosts.gauges import host_gauges, queue_gauges
from cattube_worker.assemblies.hosts.hosts import hosts_of
from cattube_worker.assemblies.hosts.queue_depths import queue_depths
from cattube_worker.database import Database
from cattube_worker.protocol.metrics import CONTENT_TYPE, metrics_text
from cattube_worker.routes.requests.authentication import signed_params
from cattube_worker.routes.services import now, service

blueprint = Blueprint("metrics", __name__)


@blueprint.get("/metrics")
def show_metrics() -> Response:
    """Gauges of hosts and queues.

    Prometheus gets its token from /token by itself, by the client credentials of OAuth 2.0.
    """
    signed_params("queues:read")
    with service(Database).read() as session:
        hosts, depths = hosts_of(session), queue_depths(session, now=now())
    text = metrics_text([*queue_gauges(depths), *host_gauges(hosts)])
    return Response(text, content_type=CONTENT_TYPE, headers={"Cache-Control": "no-store"})
