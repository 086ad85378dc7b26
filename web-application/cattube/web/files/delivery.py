"""Answers with the bytes of a local object."""

import os
from typing import Any, BinaryIO
from urllib.parse import quote

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import http_date

from cattube.storage.media_types import shown_as
from cattube.web.files.file_slice import FileSlice
from cattube.web.files.ranges import ByteRange, RangeNotSatisfiable, read_range


class SliceResponse(FileResponse):
    block_size = 64 * 1024


def deliver(
    request: HttpRequest, file: BinaryIO, *, object_key: str, content_type: str, max_age_seconds: int
) -> HttpResponseBase:
    """Answer 200, 206, 304 or 416 with the bytes that the request asks for. Closes `file` when sent.

    object_key: of the local object that `file` is.
    """
    facts = os.fstat(file.fileno())
    etag = f'"{facts.st_mtime_ns:x}-{facts.st_size:x}"'
    headers = {
        "Accept-Ranges": "bytes",
        "Cache-Control": f"private, max-age={max_age_seconds}",
        "ETag": etag,
        "Last-Modified": http_date(facts.st_mtime),
    }
    if etag in (tag.strip() for tag in request.headers.get("If-None-Match", "").split(",")):
        file.close()
        return HttpResponse(status=304, headers=headers)
    try:
        part = _requested_range(request, etag=etag, size=facts.st_size)
    except RangeNotSatisfiable:
        file.close()
        return HttpResponse(status=416, headers={**headers, "Content-Range": f"bytes */{facts.st_size}"})
    if settings.SENDS_FILES_ITSELF:
        return _send(file, part, size=facts.st_size, content_type=content_type, headers=headers)
    file.close()
    return _have_sent(object_key, part, content_type=content_type, headers=headers)


def _requested_range(request: HttpRequest, *, etag: str, size: int) -> ByteRange | None:
    if request.headers.get("If-Range", etag) != etag:
        return None  # the client's first part is of another file: it needs the whole of this one
    return read_range(request.headers.get("Range", ""), size=size)


def _have_sent(
    object_key: str, part: ByteRange | None, *, content_type: str, headers: dict[str, str]
) -> HttpResponse:
    """Answer by which nginx or Apache sends the file, or the part of it that the request asks for.

    They add the headers of ranges. nginx reads `Range` in another way than we do, so it is told if there is
    to be a part (deploy/nginx_configuration.py).
    """
    shown_type, disposition = shown_as(content_type)
    response = HttpResponse(content_type=shown_type, headers=headers)
    response["Content-Disposition"] = disposition
    if settings.APACHE_SENDS_FILES:
        # Debian's mod_xsendfile takes the bytes as they are.
        response["X-Sendfile"] = os.fsencode(settings.BUCKET_FOLDER / object_key).decode("latin-1")
    else:
        del response["Accept-Ranges"]
        response["X-Accel-Redirect"] = f"/.files/{'part' if part else 'whole'}/bucket/{quote(object_key)}"
    return response


def _send(
    file: BinaryIO, part: ByteRange | None, *, size: int, content_type: str, headers: dict[str, Any]
) -> HttpResponseBase:
    shown_type, disposition = shown_as(content_type)
    body = FileSlice(file, part or ByteRange(0, size - 1))
    response = SliceResponse(
        body,
        status=206 if part else 200,
        content_type=shown_type,
        headers=headers,
    )
    response["Content-Disposition"] = disposition
    response["Content-Length"] = str(part.length if part else size)
    if part:
        response["Content-Range"] = f"bytes {part.first}-{part.last}/{size}"
    return response
