"""Resumable uploads by tus: announced at the tus_url of an assembly, then sent to addresses of their own."""

from __future__ import annotations

from flask import Blueprint, Response

from cattube_worker.routes.services import service
from cattube_worker.routes.uploads import creation, upload
from cattube_worker.settings import Settings
from cattube_worker.tus import protocol
from cattube_worker.tus.checksum import ALGORITHMS

blueprint = Blueprint("uploads", __name__)
blueprint.register_blueprint(creation.blueprint)
blueprint.register_blueprint(upload.blueprint)


@blueprint.after_request
def add_version(response: Response) -> Response:
    response.headers["Tus-Resumable"] = protocol.VERSION
    response.headers["Cache-Control"] = "no-store"
    if response.status_code < 300:
        response.headers.remove("Content-Type")  # There is nothing in it to have a type.
    return response


@blueprint.route(creation.ALL, methods=["OPTIONS"], provide_automatic_options=False, strict_slashes=False)
@blueprint.route(creation.OWN, methods=["OPTIONS"], provide_automatic_options=False, strict_slashes=False)
@blueprint.route(upload.ONE, methods=["OPTIONS"], provide_automatic_options=False)
def show_extensions(**_: str) -> Response:
    """The abilities of this server, for clients that ask before they send."""
    headers = {
        "Tus-Version": protocol.VERSION,
        "Tus-Extension": protocol.EXTENSIONS,
        "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
        "Tus-Max-Size": str(service(Settings).max_upload_bytes),
    }
    return Response(status=204, headers=headers)
