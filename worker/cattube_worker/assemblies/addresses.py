"""The addresses of an assembly, below the one clients reach this engine at."""

from __future__ import annotations

import json
from urllib.parse import urlencode, urlsplit, urlunsplit

from cattube_worker.assemblies.model import Assembly


def tus_url(base_url: str) -> str:
    """Where uploads are: the address of each begins with this."""
    return f"{base_url}/resumable/files/"


def assembly_tus_url(assembly: Assembly) -> str:
    """Where the files of this assembly are announced. It says whose they are, for parts have no metadata."""
    return f"{assembly_url(assembly)}/resumable/files/"


def assembly_url(assembly: Assembly) -> str:
    """Where the status is, and where it is cancelled."""
    return f"{assembly.base_url}/assemblies/{assembly.id}"


def events_url(base_url: str) -> str:
    """Where the live streams are; "?assembly=" names one."""
    return f"{base_url}/events"


def redirect_url(assembly: Assembly) -> str | None:
    """Where a form goes after its upload, told of the assembly in the query; None when it stays."""
    wanted = json.loads(assembly.merged_params).get("redirect_url")
    if not isinstance(wanted, str) or not wanted.startswith(("http://", "https://")):
        return None
    parts = urlsplit(wanted)
    told = urlencode({"assembly_id": assembly.id, "assembly_url": assembly_url(assembly)})
    return urlunsplit(parts._replace(query=f"{parts.query}&{told}" if parts.query else told))
