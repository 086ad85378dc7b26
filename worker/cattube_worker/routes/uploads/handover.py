"""Requests about an upload that another host has: handed on to that host, which answers them.

A redirection would not do. Clients of tus do not follow one, and tus-js-client takes any answer to HEAD but
2xx and 423 for the end of an upload, which it then begins anew.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from functools import wraps
from typing import TYPE_CHECKING

from flask import Response, request

from cattube_worker.assemblies.model import Upload
from cattube_worker.execution.job_files.errors import SourceAway
from cattube_worker.execution.job_files.held_uploads import HeldUploads
from cattube_worker.execution.uploads.uploads import Uploads
from cattube_worker.routes.requests.client_address import CLIENT, holders_of, own_network
from cattube_worker.routes.services import service
from cattube_worker.routes.uploads.other_hosts import OtherHosts, away
from cattube_worker.settings import Settings
from cattube_worker.tus.protocol import UploadLocked
from cattube_worker.tus.receive import open_reader

if TYPE_CHECKING:
    import httpcore

View = Callable[[str], Response]
TIMEOUTS = {"connect": 10.0, "read": 60.0, "write": 60.0, "pool": 10.0}
# Of a request without a body: a host that is there answers it at once, or when it has cut a sender off.
SHORT_TIMEOUTS = {"connect": 3.0, "read": 25.0, "write": 25.0, "pool": 3.0}
BLOCK_BYTES = 64 * 1024
SLOT_ADVICE = "This one can go on in a moment."
# So that a wrong INTERNAL_URL does not send a request in circles.
MARK = "CatTube-Handed-On"
KEPT_HEADERS = ("upload-", "tus-", "content-type", "content-length", "index-offset", "x-http-method-override")
# Answers after which some clients of tus do not ask again, or begin a new upload.
BUSY = (429, 503)
ANSWERED_HEADERS = ("upload-", "location", "content-type", "retry-after")


def at_its_host(view: View) -> View:
    """The view, for uploads of this host. Requests about others are answered by the hosts that have them."""

    @wraps(view)
    def answer(upload_id: str) -> Response:
        uploads = service(Uploads)
        if uploads.files.host is None:
            return view(upload_id)
        upload, _ = uploads.find(upload_id)
        host_url = _host_url(upload)
        return view(upload_id) if host_url is None else _hand_on(upload, host_url)

    return answer


def _host_url(upload: Upload) -> str | None:
    """Address of the other host that has the upload. Raises UploadLocked when it has none that helps."""
    try:
        host_url = service(HeldUploads).host_url(upload)
    except SourceAway as error:
        raise UploadLocked(str(error)) from error
    if host_url is not None and MARK in request.headers:
        raise UploadLocked(f"INTERNAL_URL of {upload.host} does not lead to that host.")
    return host_url


def _hand_on(upload: Upload, host_url: str) -> Response:
    """The other host's answer. Raises UploadLocked when it gives none, TryLater."""
    uploads, hosts = service(Uploads), service(OtherHosts)
    hosts.check(host_url)
    holders = holders_of(upload.assembly_id)
    if request.content_length == 0 or request.method in ("HEAD", "DELETE"):
        with hosts.waiting(holders):
            return _sent(host_url, None)
    # A lock of its own name: it only tells those who cut slow senders off how much came.
    with (
        uploads.slot(holders, SLOT_ADVICE),
        uploads.locks.hold(f"{upload.id}.{uuid.uuid4().hex}") as lock,
        open_reader(
            request.environ,
            lock,
            stall_seconds=service(Settings).upload_stall_seconds,
            max_bytes=service(Settings).max_upload_bytes,
        ) as read,
    ):
        return _sent(host_url, iter(lambda: read(BLOCK_BYTES), b""))


def _sent(host_url: str, body: Iterator[bytes] | None) -> Response:
    # Imported when the first request is handed on: an engine that is alone does without it.
    import httpcore

    try:
        with (
            httpcore.ConnectionPool() as pool,
            pool.stream(
                request.method,
                host_url + request.path,
                headers=_headers(),
                content=body,
                extensions={"timeout": SHORT_TIMEOUTS if body is None else TIMEOUTS},
            ) as response,
        ):
            return _answered(response)
    except (httpcore.NetworkError, httpcore.TimeoutException) as error:
        # With a body, any but these may be due to its sender.
        if body is None or isinstance(error, httpcore.ConnectError | httpcore.ConnectTimeout):
            service(OtherHosts).failed(host_url)
        raise away() from error
    except httpcore.ProtocolError as error:
        raise away() from error


def _headers() -> list[tuple[bytes, bytes]]:
    """Headers for the other host. A server gives those of a request as Latin-1, whatever they were."""
    kept = [(name, text) for name, text in request.headers if name.lower().startswith(KEPT_HEADERS)]
    client = service(HeldUploads).signed_client(request.path, own_network() or "")
    own = [(MARK, "1"), (CLIENT, client)]
    return [(name.encode("latin-1"), text.encode("latin-1")) for name, text in [*kept, *own]]


def _answered(response: httpcore.Response) -> Response:
    """The other host's answer to the client. Raises UploadLocked when it has no place for the request."""
    if response.status in BUSY:
        raise UploadLocked("The host that has this upload is busy. Try again in a moment.")
    headers = [(name.decode("latin-1"), text.decode("latin-1")) for name, text in response.headers]
    kept = [(name, text) for name, text in headers if name.lower().startswith(ANSWERED_HEADERS)]
    return Response(response.read(), status=response.status, headers=kept)
