"""Addresses of an assembly, below the one where clients reach this engine."""

from __future__ import annotations

import json
from urllib.parse import urlencode, urlsplit, urlunsplit

from cattube_worker.assemblies.model import Assembly


def tus_url(base_url: str) -> str:
    """Address below which uploads have theirs."""
    return f"{base_url}/resumable/files/"


def assembly_tus_url(assembly: Assembly) -> str:
    """Address where uploads of this assembly are created; in it, for parts have no metadata to name one."""
    return f"{assembly_url(assembly)}/resumable/files/"


def assembly_url(assembly: Assembly) -> str:
    """Address of the status; a DELETE there cancels the assembly."""
    return f"{assembly.base_url}/assemblies/{assembly.id}"


def events_url(base_url: str) -> str:
    """Address of the event streams; "?assembly=" names one."""
    return f"{base_url}/events"


def redirect_url(assembly: Assembly) -> str | None:
    """Address of the page after a form's upload, with the assembly in its query; None without one."""
    url = json.loads(assembly.merged_params).get("redirect_url")
    if not isinstance(url, str) or not url.startswith(("http://", "https://")):
        return None
    parts = urlsplit(url)
    query = urlencode({"assembly_id": assembly.id, "assembly_url": assembly_url(assembly)})
    return urlunsplit(parts._replace(query=f"{parts.query}&{query}" if parts.query else query))
