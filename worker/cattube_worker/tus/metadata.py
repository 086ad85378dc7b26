"""The header Upload-Metadata: what a client says about its file."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass

from cattube_worker.tus.protocol import TusError

LONGEST_HEADER = 16 * 1024
# Keys for the engine. All others are metadata of the user.
OWN_KEYS = frozenset({"assembly_url", "filename", "fieldname"})
ASSEMBLY_PATH = re.compile(r"/assemblies/([0-9a-f]{32})/?$")


@dataclass(frozen=True, kw_only=True)
class UploadMetadata:
    """Metadata of one upload; names are the client's, and safe for display only."""

    assembly_id: str
    filename: str
    fieldname: str
    user_meta: Mapping[str, str]


def read_metadata(header: str, *, assembly_id: str | None = None) -> UploadMetadata:
    """Metadata in an Upload-Metadata header. Raises TusError.

    assembly_id: of the assembly in the address of the request. Parts of a file often come without metadata.
    Without it the metadata must name the assembly.
    """
    pairs = read_pairs(header)
    named_id = _named_assembly(pairs)
    if named_id and assembly_id and named_id != assembly_id:
        raise TusError("The assembly_url in Upload-Metadata is not that of the assembly in this address.")
    effective_id = named_id or assembly_id
    if not effective_id:
        raise TusError("Upload-Metadata must carry the assembly_url of the assembly this file is for.")
    return UploadMetadata(
        assembly_id=effective_id,
        filename=pairs.get("filename", ""),
        fieldname=pairs.get("fieldname", "") or "file",
        user_meta={key: value for key, value in pairs.items() if key not in OWN_KEYS},
    )


def _named_assembly(pairs: Mapping[str, str]) -> str | None:
    """Id in the assembly_url, which may be http or https, and with any name of this host."""
    if "assembly_url" not in pairs:
        return None
    match = ASSEMBLY_PATH.search(pairs["assembly_url"].split("?")[0])
    if not match:
        raise TusError("The assembly_url in Upload-Metadata is not the address of an assembly.")
    return match[1]


def read_pairs(header: str) -> dict[str, str]:
    """Keys and decoded values of the header; a key without a value has "". Raises TusError."""
    if len(header) > LONGEST_HEADER:
        raise TusError(f"Upload-Metadata is longer than {LONGEST_HEADER} bytes.")
    pairs: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in header.split(","))):
        key, _, encoded = pair.partition(" ")
        if key in pairs:
            raise TusError("Upload-Metadata names a key twice.")
        pairs[key] = _decode(encoded.strip())
    return pairs


def _decode(encoded: str) -> str:
    try:
        return base64.b64decode(encoded, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        raise TusError("Upload-Metadata holds a value that is not base64 of UTF-8 text.") from None
