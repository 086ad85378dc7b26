"""Uploads of this host for jobs on other hosts, under addresses that only engines can sign."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path

from flask import Blueprint, Response, request

from cattube_worker.errors import AssemblyError, NotFound
from cattube_worker.execution.job_files.held_uploads import HeldUploads
from cattube_worker.execution.streaming.index_files import IndexFiles
from cattube_worker.media.file_facts import md5_of
from cattube_worker.routes.sent_files import file_answer
from cattube_worker.routes.services import service

blueprint = Blueprint("held_uploads", __name__)
ONE = "/held/<hex32:folder>/<hex32:name>"


class NotPermitted(AssemblyError):
    code, status = "SERVER_403", 403


@blueprint.get(ONE)
def show_held_upload(folder: str, name: str) -> Response:
    """The bytes that have come, or the part of them that is asked for; 416 for those that have not come."""
    _check_permission()
    path = service(HeldUploads).find(folder, name)
    response = _sent(path)
    if path is not None and "md5" in request.headers.get("Want-Repr-Digest", ""):
        response.headers["Repr-Digest"] = f"md5=:{_digest(path)}:"
    return response


@blueprint.get(f"{ONE}/index")
def show_held_index(folder: str, name: str) -> Response:
    """The index that was sent ahead of the upload's bytes, as IndexFiles keeps it."""
    _check_permission()
    return _sent(service(IndexFiles).held(folder, name))


def _check_permission() -> None:
    """Check it before anything is looked for: who has none is told nothing of what is here.

    Raises NotPermitted: 404 would tell another engine that the bytes are gone, and end their Assembly.
    """
    if not service(HeldUploads).allows(request.path, request.args):
        raise NotPermitted("No engine has signed this address, or it has ended.")


def _sent(path: Path | None) -> Response:
    """The file. Raises NotFound."""
    if path is None:
        raise NotFound("There is no such upload here.")
    return file_answer(path, mimetype="application/octet-stream", etag=False, max_age=0)


def _digest(path: Path) -> str:
    """MD5 of the whole file, whichever part of it is sent. Source: RFC 9530."""
    return b64encode(bytes.fromhex(md5_of(path))).decode()
