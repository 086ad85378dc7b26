"""The usage of an account: a bill of nothing, and the slots for jobs."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from cattube_worker.errors import NotFound
from cattube_worker.execution.jobs.jobs import Jobs
from cattube_worker.routes.requests.authentication import signed_params
from cattube_worker.routes.services import service
from cattube_worker.settings import Settings

blueprint = Blueprint("usage", __name__)


@blueprint.get("/bill/<int(fixed_digits=4):year>-<int(fixed_digits=2):month>")
def show_bill(year: int, month: int) -> Response:
    """The bill of a month: the machine is the operator's own, so there is nothing to pay."""
    signed_params("billing:read")
    if not 1 <= month <= 12:
        raise NotFound("A month is written as 2026-01.")
    return jsonify(
        ok="BILL_FOUND",
        message="The bill was found.",
        date=f"{year:04}-{month:02}",
        currency="usd",
        total=0,
        items=[],
    )


@blueprint.get("/queues/job_slots")
def show_job_slots() -> Response:
    """The number of jobs that may run at the same time, and those that do."""
    signed_params("queues:read")
    slots = [{"assembly_id": job.assembly_id} for job in service(Jobs).running.leased()]
    return jsonify(
        ok="PRIORITY_JOB_SLOTS_FOUND",
        message="The priority job slots were found.",
        priority_job_slots={"count": service(Settings).job_threads, "slots": slots},
    )
