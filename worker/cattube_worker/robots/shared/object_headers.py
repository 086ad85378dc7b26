"""Headers that a step wants an object to be kept with, and what they come to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator

_METADATA = re.compile(r"(?:x-amz-meta-|x-bz-info-)([a-z0-9!#$%&'*+.^_`|~-]{1,50})")
# ours: the digest by which a store knows bytes again.
_OURS = frozenset({"sha256"})
_KEPT = frozenset(
    {"content-type", "cache-control", "content-disposition", "content-encoding", "content-language"}
)


def _checked(headers: dict[str, str]) -> dict[str, str]:
    for name, text in headers.items():
        metadata = _METADATA.fullmatch(name.lower())
        if name.lower() not in _KEPT and (metadata is None or metadata[1] in _OURS):
            raise ValueError(f'"{name[:50]}" is no header that an object can be kept with here')
        if not text.isascii() or not text.isprintable() or len(text) > 1000:
            raise ValueError(f"the header {name} holds characters that no header may hold")
    return headers


ObjectHeaders = Annotated[dict[str, str], AfterValidator(_checked)]


def header(headers: Mapping[str, str], wanted: str) -> str | None:
    """The value of the header `wanted`, however its name is written; None for none or an empty one."""
    return next((text for name, text in headers.items() if name.lower() == wanted and text), None)


def metadata_in(headers: Mapping[str, str]) -> dict[str, str]:
    """What "x-amz-meta-" and "X-Bz-Info-" headers say, by the rest of their names."""
    found = ((_METADATA.fullmatch(name.lower()), text) for name, text in headers.items())
    return {each[1]: text for each, text in found if each is not None}
