"""Bytes of results, under signed addresses: objects of the local store, and files that were not stored."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

from flask import Blueprint, Response, request

from cattube_worker.assemblies import repository
from cattube_worker.database import Database
from cattube_worker.errors import AssemblyError, NotFound
from cattube_worker.execution.job_files.job_files import JobFiles
from cattube_worker.execution.resources import Resources
from cattube_worker.execution.result_files import ResultFiles
from cattube_worker.routes.sent_files import file_answer
from cattube_worker.routes.services import now, service
from cattube_worker.storage import StoreError
from cattube_worker.storage.local import LocalStore
from cattube_worker.storage.signed_links import Links, object_path

blueprint = Blueprint("files", __name__)
BUCKET_LIFETIME = timedelta(hours=1)
# What a browser may show by itself; everything else is only ever downloaded (M07, D02).
SHOWN = re.compile(r"(video|audio)/[\w.+-]+|image/(jpeg|png|gif|webp|avif)")


class LinkExpired(AssemblyError):
    code, status = "SERVER_403", 403


@blueprint.get("/files/<path:object_key>")
def show_object(object_key: str) -> Response:
    """An object of the local store."""
    if "signature" not in request.args:
        raise LinkExpired(
            "This address carries no permission. Ask whoever owns the file for a link; a store step with "
            "sign_urls_for makes one."
        )
    _check_link(object_path(object_key))
    try:
        path = service(LocalStore).path_of(object_key)
    except StoreError:
        path = None
    return _send(path, name=object_key.rsplit("/", 1)[-1], mime=None)


@blueprint.get("/results/<hex32:assembly_id>/<hex32:file_id>/<name>")
def show_result(assembly_id: str, file_id: str, name: str) -> Response:
    """A file of an assembly that no step stored; it is here for a day."""
    _check_link(f"/results/{assembly_id}/{file_id}/{quote(name, safe='')}")
    with service(Database).read() as session:
        file = repository.get_file(session, assembly_id, file_id)
    if file is None:
        return _send(None, name=name, mime=None)
    files = service(JobFiles)  # type: ignore[type-abstract]  # whichever keeps the promise
    path = files.path_here(assembly_id, file)
    if path is None and file.bucket_key is not None:
        return _send_to_bucket(file.bucket_key, name=name, mime=file.mime)
    if path is None or not path.is_file():
        # The Assembly is tidied up at this moment: the file moves before its entry says so.
        path = service(ResultFiles).path(assembly_id, file_id)
    return _send(path, name=name, mime=file.mime)


def _send_to_bucket(key: str, *, name: str, mime: str | None) -> Response:
    """Where the file lies that another host made; a browser does there with it as here. Raises NotFound."""
    store = service(Resources).stores.shared
    if store is None:
        raise NotFound("This file is not here any more.")
    is_shown = bool(SHOWN.fullmatch(mime or ""))
    url = store.answering_url(
        key,
        expires_in=min(BUCKET_LIFETIME, _link_lifetime()),
        content_type=mime if mime and is_shown else "application/octet-stream",
        content_disposition="inline" if is_shown else f"attachment; filename*=UTF-8''{quote(name, safe='')}",
    )
    headers = {
        "Location": url,
        "Cache-Control": "no-store",
        "Cross-Origin-Resource-Policy": "cross-origin",
    }
    return Response(status=302, headers=headers)


def _link_lifetime() -> timedelta:
    """Time until the link of this request ends."""
    return timedelta(seconds=max(1, int(request.args["expires"]) - int(now())))


def _check_link(path: str) -> None:
    links, arguments = service(Links), request.args
    if not links.allows(path, expires=arguments.get("expires", ""), signature=arguments.get("signature", "")):
        raise LinkExpired("This link is not valid, or not any more. Ask for the status to get a new one.")


def _send(path: Path | None, *, name: str, mime: str | None) -> Response:
    """The bytes with Range support. Raises NotFound."""
    if path is None or not path.is_file():
        raise NotFound("This file is not here any more.")
    response = file_answer(path, mimetype=mime, download_name=name, max_age=3600)
    if not SHOWN.fullmatch(response.mimetype or ""):
        response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
