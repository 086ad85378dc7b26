"""Responses of httpcore: their headers, and their bodies within a bound."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

import httpcore

from cattube_worker.disk_room import DiskRoom
from cattube_worker.outbound.errors import OutboundError
from cattube_worker.size_in_words import excess_in_words, size_in_words


def header(response: httpcore.Response, name: bytes) -> str:
    """Value of the first header of that lower-case name; "" without one."""
    values = (value for key, value in response.headers if key.lower() == name)
    return next(values, b"").decode("utf-8", "replace")


def start_of_part(response: httpcore.Response) -> int | None:
    """First byte of the part that came; None when the host did not send a part."""
    match = re.match(r"bytes (\d{1,15})-", header(response, b"content-range"))
    return int(match[1]) if match is not None and response.status == 206 else None


def read_start(response: httpcore.Response, max_bytes: int) -> bytes:
    """Start of the body, at most `max_bytes` long; the rest is not read."""
    start = bytearray()
    for block in response.iter_stream():
        start += block[: max_bytes - len(start)]
        if len(start) >= max_bytes:
            break
    return bytes(start)


def save(
    response: httpcore.Response,
    url: str,
    target: Path,
    *,
    max_bytes: int,
    room: DiskRoom | None,
    status: int = 200,
) -> None:
    """Write the body to `target`. status: the one expected. Raises OutboundError, DiskFull."""
    if response.status != status:
        error = OutboundError(
            f"{urlsplit(url).hostname} answered {response.status} instead of the file.",
            retryable=response.status >= 500 or response.status == 429,
        )
        error.answered = response.status
        raise error
    announced = header(response, b"content-length")
    if announced.isdecimal() and int(announced) > max_bytes:
        raise OutboundError(f"The file has {excess_in_words(int(announced), max_bytes)}.", retryable=False)
    if room is not None:
        room.check(int(announced) if announced.isdecimal() else 0)
    with target.open("wb") as file:
        for block in response.iter_stream():
            if file.tell() + len(block) > max_bytes:
                # The host has not said how long it goes on.
                raise OutboundError(
                    f"The file has more than the {size_in_words(max_bytes)} that are allowed.",
                    retryable=False,
                )
            file.write(block)
            if room is not None:
                room.note_written(len(block))
