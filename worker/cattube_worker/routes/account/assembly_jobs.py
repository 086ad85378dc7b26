"""The jobs of an assembly, for whoever wants to know on which host each runs or ran."""

from __future__ import annotations

from dataclasses import asdict

from flask import Blueprint, Response, jsonify

from cattube_worker.assemblies.hosts.job_places import job_places
from cattube_worker.database import Database
from cattube_worker.routes.requests.authentication import signed_params
from cattube_worker.routes.services import service

blueprint = Blueprint("assembly_jobs", __name__)


@blueprint.get("/assembly_jobs/<hex32:assembly_id>")
def list_jobs(assembly_id: str) -> Response:
    """All jobs of the assembly. Transloadit has no such list, and its status names no hosts."""
    signed_params("queues:read")
    with service(Database).read() as session:
        jobs = job_places(session, assembly_id)
    response = jsonify(
        ok="ASSEMBLY_JOBS_FOUND",
        message="The jobs of the Assembly were found.",
        jobs=[asdict(job) for job in jobs],
    )
    response.headers["Cache-Control"] = "no-store"
    return response
