"""How large an object may be. Pure."""

from __future__ import annotations

from cattube_worker.size_in_words import excess_in_words
from cattube_worker.storage.errors import ObjectTooLarge


def check_size(key: str, size_bytes: int, *, max_bytes: int | None) -> None:
    """Check that an object is not too large, before there is asked for room. Raises ObjectTooLarge."""
    if max_bytes is not None and size_bytes > max_bytes:
        raise ObjectTooLarge(f'"{key}" has {excess_in_words(size_bytes, max_bytes)}.')
