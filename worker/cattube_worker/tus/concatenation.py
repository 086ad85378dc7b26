"""The concatenation extension: a file sent as several uploads in parallel, joined when all are complete.

The header Upload-Concat is "partial" for a part, and "final;<address> <address> …" for the whole.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from cattube_worker.tus.protocol import Headers, TusError
from cattube_worker.tus.upload_files import UPLOAD_ID

PARTIAL, FINAL = "partial", "final;"
# Clients send up to ten or so; most servers refuse a header with many more.
MOST_PARTS = 64
PART_PATH = re.compile(rf"/resumable/files/({UPLOAD_ID.pattern})/?$")


def read_concat(headers: Headers) -> str:
    """Value of Upload-Concat; "" without one. Raises TusError when it is neither of the two."""
    concat = headers.get("Upload-Concat") or ""
    if concat and concat != PARTIAL and not concat.startswith(FINAL):
        raise TusError(f'Upload-Concat must be "{PARTIAL}", or "{FINAL}" and the addresses of the parts.')
    return concat


def read_parts(concat: str) -> list[str]:
    """Upload ids of the parts that a final upload names, in its order. Raises TusError.

    An address may be absolute or relative, and with any name of this host: only the id in it counts.
    """
    addresses = concat.removeprefix(FINAL).split()
    if not 1 <= len(addresses) <= MOST_PARTS:
        raise TusError(f"A final upload is made of 1 to {MOST_PARTS} parts.")
    ids = [_part_id(address) for address in addresses]
    if len(set(ids)) < len(ids):
        raise TusError("Upload-Concat names a part twice.")
    return ids


def _part_id(address: str) -> str:
    try:
        path = urlsplit(address).path
    except ValueError:
        path = ""
    # At the end only: a proxy may have put the engine below a path of its own.
    match = PART_PATH.search(path)
    if not match:
        raise TusError("Upload-Concat holds an address that is no upload of this engine.")
    return match[1]
