"""Fetching an upload from the host that holds it, by ranges: what broke off goes on where it ended."""

from __future__ import annotations

import logging
import re
from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from cattube_worker.execution.job_files.errors import SourceAway
from cattube_worker.media.process.run import Stopped

if TYPE_CHECKING:
    import httpcore

log = logging.getLogger(__name__)
_CONNECT_SECONDS = 10.0
# Between questions for bytes that have not come yet.
_ARRIVING_SECONDS = 0.3
_GONE, _REFUSED = frozenset({404, 410}), 403


class Room(Protocol):
    """Room on the disk, as DiskRoom has it."""

    def note_written(self, size_bytes: int) -> None:
        """Count bytes that were written. Raises DiskFull."""
        ...


def fetch_from_host(
    url: Callable[[], str | None], target: Path, *, size_bytes: int, room: Room, stop: Event
) -> bool:
    """Bring what is missing of `target`; False when the host has no such file any more.

    url: signs the address anew, as a transfer may take longer than an address lasts; None when it is this
    host that should have the file. Raises SourceAway, DiskFull, Stopped.
    """
    target.touch()
    while (start := target.stat().st_size) < size_bytes:
        address = url()
        if address is None:
            return False
        try:
            if not _fetch_rest(address, target, start=start, size_bytes=size_bytes, room=room, stop=stop):
                return False
        except SourceAway as error:
            if target.stat().st_size == start:
                raise
            log.info("%s; going on at byte %d", error, target.stat().st_size)
        if stop.is_set():
            raise Stopped
    return True


def follow_upload(
    url: Callable[[], str | None], target: Path, *, size_bytes: int, room: Room, stop: Event
) -> None:
    """Add the bytes of an upload to `target` as they come to its host, until it is whole or gone.

    url: signs the address anew. Raises SourceAway, DiskFull, Stopped.
    """
    while (start := target.stat().st_size) < size_bytes:
        address = url()
        if address is None:
            return
        try:
            if not _fetch_rest(address, target, start=start, size_bytes=size_bytes, room=room, stop=stop):
                return
        except SourceAway as error:
            log.debug("%s", error)
        # Asked again, not kept waiting: a thread of the other host would wait as well.
        if stop.wait(0 if target.stat().st_size > start else _ARRIVING_SECONDS):
            raise Stopped


def arrived_bytes(url: str, *, stop: Event) -> int:
    """How much of an upload has come to its host. Raises SourceAway."""
    from cattube_worker.outbound.responses import header

    with _asked(url, {"Range": "bytes=0-0"}, stop) as response:
        match = re.fullmatch(r"bytes 0-0/(\d+)", header(response, b"content-range"))
        return int(match[1]) if match is not None and response.status == 206 else 0


def fetch_index(url: str, *, stop: Event) -> bytes | None:
    """What was sent ahead of an upload, if its host has that. Raises SourceAway."""
    with _asked(url, {}, stop) as response:
        return response.read() if response.status == 200 else None


def md5_at_host(url: str, *, stop: Event) -> str:
    """MD5 in hexadecimal of the whole upload, as its host reads it. Raises SourceAway."""
    from cattube_worker.outbound.responses import header

    with _asked(url, {"Range": "bytes=0-0", "Want-Repr-Digest": "md5=10"}, stop) as response:
        match = re.search(r"\bmd5=:([A-Za-z0-9+/=]{24}):", header(response, b"repr-digest"))
    if match is None:
        raise SourceAway(f"{_host(url)} does not say what its file should be.")
    return b64decode(match[1]).hex()


def _fetch_rest(url: str, target: Path, *, start: int, size_bytes: int, room: Room, stop: Event) -> bool:
    from cattube_worker.outbound.responses import start_of_part

    with _asked(url, {"Range": f"bytes={start}-"}, stop) as response:
        if response.status in _GONE:
            return False
        if response.status == _REFUSED:
            raise SourceAway(f"{_host(url)} refuses a file to this host. Do both have one ENGINE_SECRET?")
        if response.status != 206 or start_of_part(response) != start:
            raise SourceAway(f"{_host(url)} answered {response.status} instead of the rest of a file.")
        _append(response, target, most_bytes=size_bytes - start, room=room)
    return True


@contextmanager
def _asked(url: str, headers: Mapping[str, str], stop: Event) -> Iterator[httpcore.Response]:
    """Response of the other host. Raises SourceAway, also where its body breaks off."""
    # Imported when the first file is fetched: an idle engine does without it.
    from cattube_worker.outbound.errors import OutboundError
    from cattube_worker.outbound.http import Outbound
    from cattube_worker.outbound.trusted_hosts import TrustedHosts

    # The operator has named the host: it may have a private address.
    trusted = TrustedHosts((_host(url),), setting="INTERNAL_URL")
    outbound = Outbound(trusted, connect_seconds=_CONNECT_SECONDS)
    try:
        with outbound.open(url, headers=headers, stop=stop) as response:
            yield response
    except OutboundError as error:
        raise SourceAway(f"{_host(url)} does not give a file to this host: {error}") from error


def _append(response: httpcore.Response, target: Path, *, most_bytes: int, room: Room) -> None:
    with target.open("ab") as file:
        for block in response.iter_stream():
            file.write(block[:most_bytes])
            most_bytes -= len(block)
            room.note_written(len(block))
            if most_bytes <= 0:
                return


def _host(url: str) -> str:
    """Host and port, as TrustedHosts has them."""
    parts = urlsplit(url)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return f"{host}:{parts.port or {'http': 80, 'https': 443}[parts.scheme]}"
