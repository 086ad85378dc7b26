"""What a request says: its form in either encoding, its files on our disk, the host it came to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from flask import request
from werkzeug.datastructures import FileStorage

from cattube_worker.assemblies.received_files import ReceivedFile
from cattube_worker.assemblies.uploads import new_upload_id
from cattube_worker.engine import Engine
from cattube_worker.errors import BadRequest
from cattube_worker.protocol.file_names import clean_name
from cattube_worker.protocol.params import RESERVED_FIELDS
from cattube_worker.tus.upload_files import disk_errors

HOST = re.compile(r"[A-Za-z0-9.\-]+(:[0-9]{1,5})?|\[[0-9A-Fa-f:.]+\](:[0-9]{1,5})?")


def base_url(engine: Engine) -> str:
    """The address clients reach this engine at: as configured, else as this one did.

    X-Forwarded-* are not read: anybody can send them (T23). Behind a proxy PUBLIC_URL says it.
    """
    if engine.settings.public_url:
        return engine.settings.public_url
    host = request.headers.get("Host", "")
    if not HOST.fullmatch(host):
        raise BadRequest("The Host header is not a host name.")
    return f"{request.scheme}://{host}"


def text_fields() -> dict[str, str]:
    """The form's fields that are the user's own."""
    return {name: value for name, value in request.form.items() if name not in RESERVED_FIELDS}


@contextmanager
def received_files(engine: Engine, assembly_id: str) -> Iterator[list[ReceivedFile]]:
    """The files of a multipart form, lying where uploads lie; removed again if the block raises."""
    files = []
    try:
        for fieldname, part in request.files.items(multi=True):
            files.append(_keep(engine, assembly_id, fieldname, part))
        yield files
    except BaseException:
        for file in files:
            engine.upload_files.remove(file.id)
        raise


def _keep(engine: Engine, assembly_id: str, fieldname: str, part: FileStorage) -> ReceivedFile:
    upload_id = new_upload_id(assembly_id)
    engine.upload_files.create(upload_id)
    with disk_errors():
        part.save(engine.upload_files.path(upload_id))
    return ReceivedFile(
        id=upload_id,
        filename=clean_name(part.filename or ""),
        fieldname=fieldname,
        size_bytes=engine.upload_files.offset(upload_id) or 0,
    )
