"""Uploads of this host for jobs on other hosts, under addresses that only engines can sign."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path

from flask import Blueprint, Response, request

from cattube_worker.errors import NotFound
from cattube_worker.execution.job_files.held_uploads import HeldUploads
from cattube_worker.media.inspect.probe import md5_of
from cattube_worker.routes.sent_files import file_answer
from cattube_worker.routes.services import service

blueprint = Blueprint("held_uploads", __name__)


@blueprint.get("/held/<hex32:folder>/<hex32:name>")
def show_held_upload(folder: str, name: str) -> Response:
    """The bytes, or the part of them that is asked for."""
    path = service(HeldUploads).find(folder, name, request.args)
    if path is None:
        raise NotFound("There is no such upload here.")
    response = file_answer(path, mimetype="application/octet-stream", etag=False, max_age=0)
    if "md5" in request.headers.get("Want-Repr-Digest", ""):
        response.headers["Repr-Digest"] = f"md5=:{_digest(path)}:"
    return response


def _digest(path: Path) -> str:
    """MD5 of the whole file, whichever part of it is sent. Source: RFC 9530."""
    return b64encode(bytes.fromhex(md5_of(path))).decode()
