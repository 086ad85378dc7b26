"""The address under which clients reach this engine."""

from __future__ import annotations

import re

from flask import request

from cattube_worker.errors import BadRequest
from cattube_worker.routes.services import service
from cattube_worker.settings import Settings

HOST = re.compile(r"[A-Za-z0-9.\-]+(:[0-9]{1,5})?|\[[0-9A-Fa-f:.]+\](:[0-9]{1,5})?")


def base_url() -> str:
    """PUBLIC_URL, or where it is not set the host that this request was sent to. Raises BadRequest.

    X-Forwarded-* are not read: anybody can send them (T23). Behind a proxy PUBLIC_URL says it.
    """
    public_url = service(Settings).public_url
    if public_url:
        return public_url
    host = request.headers.get("Host", "")
    if not HOST.fullmatch(host):
        raise BadRequest("The Host header is not a host name.")
    return f"{request.scheme}://{host}"
