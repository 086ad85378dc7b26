"""The form of a request: its text fields, and its files, which are put where uploads lie."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import request
from werkzeug.datastructures import FileStorage

from cattube_worker.assemblies.received_files import ReceivedFile
from cattube_worker.assemblies.uploads import new_upload_id
from cattube_worker.protocol.file_names import clean_name
from cattube_worker.protocol.params import RESERVED_FIELDS
from cattube_worker.tus.upload_files import UploadFiles, disk_errors


def text_fields() -> dict[str, str]:
    """The form's fields that are the user's own."""
    return {name: value for name, value in request.form.items() if name not in RESERVED_FIELDS}


@contextmanager
def received_files(upload_files: UploadFiles, assembly_id: str) -> Iterator[list[ReceivedFile]]:
    """The files of a multipart form, lying where uploads lie; removed again if the block raises."""
    files = []
    try:
        for fieldname, part in request.files.items(multi=True):
            files.append(_save(upload_files, assembly_id, fieldname, part))
        yield files
    except BaseException:
        for file in files:
            upload_files.remove(file.id)
        raise


def _save(upload_files: UploadFiles, assembly_id: str, fieldname: str, part: FileStorage) -> ReceivedFile:
    upload_id = new_upload_id(assembly_id)
    upload_files.create(upload_id)
    with disk_errors():
        part.save(upload_files.path(upload_id))
    return ReceivedFile(
        id=upload_id,
        filename=clean_name(part.filename or ""),
        fieldname=fieldname,
        size_bytes=upload_files.offset(upload_id) or 0,
    )
