"""Answers with a file: sent by the engine itself, or by nginx or Apache before it (SEND_FILES)."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flask import Response, send_file

from cattube_worker.routes.services import service
from cattube_worker.settings import Settings


def file_answer(path: Path, **facts: Any) -> Response:
    """The file, or the part of it that the request asks for; 304 if the client has it.

    facts: for Flask's send_file. Raises FileNotFoundError, HTTPException.
    """
    response = send_file(path, conditional=True, **facts)
    internal_path = _internal_path(path)
    if internal_path is None or response.status_code not in (200, 206):
        return response
    return _sent_by_front(response, path, internal_path)


def _internal_path(path: Path) -> str | None:
    """The file as nginx knows it; None if neither nginx nor Apache is to send it.

    They send from folders of the state folder alone (SENT_FOLDERS in deploy/).
    """
    settings = service(Settings)
    if settings.send_files == "self":
        return None
    folders = (settings.bucket_dir, settings.results_dir, settings.tmp_dir, settings.uploads_dir)
    for folder in folders:
        for root in (folder, folder.resolve()):
            if path.is_relative_to(root):
                return f"{folder.name}/{path.relative_to(root).as_posix()}"
    return None


def _sent_by_front(response: Response, path: Path, internal_path: str) -> Response:
    """The same answer with a word to the front in the place of its bytes.

    The front adds the headers of ranges. nginx reads `Range` in another way than Werkzeug, which has judged
    it, so it is told if there is to be a part.
    """
    is_part = response.status_code == 206
    response.close()
    headers = response.headers.copy()
    for name in ("Content-Length", "Content-Range"):
        headers.pop(name, None)
    if service(Settings).send_files == "x-sendfile":
        # Debian's mod_xsendfile takes the bytes as they are.
        headers["X-Sendfile"] = os.fsencode(path).decode("latin-1")
    else:
        headers.pop("Accept-Ranges", None)
        headers["X-Accel-Redirect"] = f"/.files/{'part' if is_part else 'whole'}/{quote(internal_path)}"
    return Response(status=200, headers=headers)
