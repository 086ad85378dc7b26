"""Links that people share, turned into addresses where the file itself lies. Pure."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

_GOOGLE_FORMATS = {"document": "docx", "spreadsheets": "xlsx", "presentation": "pptx"}


def direct(url: str) -> str:
    """The address of the file behind a link to Dropbox, Google or OneDrive; any other stays as it is."""
    parts = urlsplit(url)
    find = _DIRECT.get((parts.hostname or "").removeprefix("www."))
    return (find(url) if find is not None and parts.scheme == "https" else None) or url


def _dropbox(url: str) -> str:
    parts = urlsplit(url)
    query = [(key, value) for key, value in parse_qsl(parts.query) if key not in {"dl", "raw"}]
    return urlunsplit(parts._replace(query=urlencode([*query, ("dl", "1")])))


def _google_drive(url: str) -> str | None:
    parts = urlsplit(url)
    match = re.fullmatch(r"/file/d/([\w-]+)(/.*)?", parts.path)
    file_id = match[1] if match else dict(parse_qsl(parts.query)).get("id")
    if file_id is None:
        return None
    return "https://drive.google.com/uc?" + urlencode({"export": "download", "id": file_id})


def _google_docs(url: str) -> str | None:
    match = re.fullmatch(r"/(document|spreadsheets|presentation)/d/([\w-]+)(/.*)?", urlsplit(url).path)
    if match is None:
        return None
    # Slides name the format in the path, the others in the query.
    end = f"export/{_GOOGLE_FORMATS[match[1]]}" if match[1] == "presentation" else "export"
    query = "" if match[1] == "presentation" else "?" + urlencode({"format": _GOOGLE_FORMATS[match[1]]})
    return f"https://docs.google.com/{match[1]}/d/{match[2]}/{end}{query}"


def _onedrive(url: str) -> str:
    """Microsoft's own encoding of shared links: base64 for URLs, unpadded, after "u!"."""
    token = base64.urlsafe_b64encode(url.encode()).decode().rstrip("=")
    return f"https://api.onedrive.com/v1.0/shares/u!{token}/root/content"


_DIRECT: dict[str, Callable[[str], str | None]] = {
    "dropbox.com": _dropbox,
    "drive.google.com": _google_drive,
    "docs.google.com": _google_docs,
    "1drv.ms": _onedrive,
    "onedrive.live.com": _onedrive,
}
