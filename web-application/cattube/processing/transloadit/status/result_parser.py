"""Parser of the results in an Assembly Status. Pure."""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from cattube.processing.transloadit.status.assembly_status import Result
from cattube.storage.media_types import PLAYLIST, piece_type
from cattube.storage.object_keys import folder_of, key_in_url

MAX_RESULTS = 200


def results_in(steps: Any, folders: Sequence[str]) -> tuple[Result, ...]:
    """Results that lie in our bucket, in one of the folders, by `results` of a status.

    Results at other addresses are left out: temporary URLs are gone tomorrow.
    """
    if not isinstance(steps, dict):
        return ()
    stored = [
        _recordable([result for entry in entries if (result := _result(step, entry, folders))])
        for step, entries in steps.items()
        if isinstance(entries, list) and len(step) <= 100
    ]
    # Pieces of a stream come by the thousand, and before what names them: they must not crowd out the rest.
    return tuple(result for results in sorted(stored, key=len) for result in results)[:MAX_RESULTS]


def _recordable(results: list[Result]) -> list[Result]:
    """All of a step's results; of playlists and their pieces only the playlist that a player opens first.

    That is the one highest up, and the last such: renditions are written before what names them. It counts
    as large as all of them together.
    """
    playlists = [result for result in results if piece_type(result.object_key) == PLAYLIST]
    if not playlists:
        return results
    master = min(reversed(playlists), key=lambda result: result.object_key.count("/"))
    size_bytes = sum(result.size_bytes or 0 for result in results) or None
    folder = folder_of(master.object_key)
    return [replace(master, content_type=PLAYLIST, folder=folder, size_bytes=size_bytes)]


def _result(step: str, entry: Any, folders: Sequence[str]) -> Result | None:
    if not isinstance(entry, dict):
        return None
    url = entry.get("ssl_url") or entry.get("url")
    key = key_in_url(url, step=step, folders=folders) if isinstance(url, str) else None
    if key is None:
        return None
    meta = entry["meta"] if isinstance(entry.get("meta"), dict) else {}
    mime = entry.get("mime")
    return Result(
        role=step.lstrip(":"),
        object_key=key,
        content_type=mime if isinstance(mime, str) and len(mime) <= 100 else "",
        size_bytes=whole_number(entry.get("size")),
        width=whole_number(meta.get("width")),
        height=whole_number(meta.get("height")),
        duration_seconds=number(meta.get("duration")),
    )


def number(value: Any) -> float | None:
    """The number `value`, if it is one from 0 to 2^53."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 <= value <= 2**53 and math.isfinite(value) else None


def whole_number(value: Any) -> int | None:
    """The number `value` without its fraction; None for 0 too, which means unknown."""
    amount = number(value)
    return int(amount) if amount else None
