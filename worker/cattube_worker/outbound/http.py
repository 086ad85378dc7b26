"""HTTP to addresses that clients name.

Every address is checked after its name was resolved and right before the connection is made, and exactly
that address is connected to: a name that resolves to another one in between gains nothing (W12, W13, W14).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from urllib.parse import quote, urljoin, urlsplit

import httpcore

from cattube_worker.disk_room import DiskRoom
from cattube_worker.outbound.addresses import check_url, is_public, resolve
from cattube_worker.outbound.errors import ForbiddenAddress, OutboundError
from cattube_worker.outbound.pinned_backend import PinnedBackend
from cattube_worker.outbound.responses import header, read_start, save, start_of_part
from cattube_worker.outbound.trusted_hosts import TrustedHosts

POST_SECONDS = 10.0
FETCH_SECONDS = 60.0
DOWNLOAD_SECONDS = 3600.0
STALL_SECONDS = 60.0
MAX_REDIRECTS = 3
DEFAULT_PORTS = {"http": 80, "https": 443}
REDIRECTS = frozenset({301, 302, 303, 307, 308})
MAX_ANSWER_BYTES = 64 * 1024


@dataclass(frozen=True)
class Answer:
    """Response to a POST. status: of HTTP. body: its start, decoded leniently."""

    status: int
    body: str


@dataclass(frozen=True)
class Download:
    """A file that was downloaded. url: after redirects. disposition: the header with its name.

    starts_at_byte: where the part that was asked for begins in the file; None when all of it came.
    """

    url: str
    disposition: str
    starts_at_byte: int | None = None


@dataclass(frozen=True)
class Outbound:
    """HTTP client for public hosts, and for those that the operator trusts for this purpose.

    room: on the disk, for what is fetched; None: nothing is kept free. download_seconds: for one download.
    connect_seconds: until a host has taken a connection.
    """

    trusted: TrustedHosts = field(default_factory=TrustedHosts)
    resolve: Callable[[str, int], list[str]] = resolve
    room: DiskRoom | None = None
    download_seconds: float = DOWNLOAD_SECONDS
    connect_seconds: float = STALL_SECONDS

    def check(self, url: str) -> None:
        """Check that another client, which connects by itself, may be sent to `url`. Raises OutboundError."""
        check_url(url)
        parts = urlsplit(url)
        try:
            self.addresses_of(parts.hostname or "", parts.port or DEFAULT_PORTS[parts.scheme])
        except OSError as error:
            raise OutboundError(f"{parts.hostname} could not be found.") from error

    def addresses_of(self, host: str, port: int) -> list[str]:
        """Addresses of a host, all of which may be contacted. Raises ForbiddenAddress, OSError."""
        addresses = self.resolve(host, port)
        if not self.trusted.include(host, port) and not all(is_public(address) for address in addresses):
            setting = self.trusted.setting
            raise ForbiddenAddress(f"{host}:{port} is a private address that {setting} does not name.")
        return addresses

    def post(self, url: str, body: bytes, *, content_type: str) -> Answer:
        """Response to a POST, whatever its status; redirects are not followed. Raises OutboundError."""
        headers = {"Content-Type": content_type}
        with self._request("POST", url, headers, body, seconds=POST_SECONDS) as response:
            text = read_start(response, MAX_ANSWER_BYTES).decode(errors="replace")
            return Answer(response.status, text)

    def fetch(self, url: str, target: Path, *, max_bytes: int) -> None:
        """Write the file at `url` to `target`. Raises OutboundError, DiskFull."""
        with self._request("GET", url, {}, b"", seconds=FETCH_SECONDS) as response:
            save(response, url, target, max_bytes=max_bytes, room=self.room)

    def open(
        self, url: str, *, headers: Mapping[str, str], stop: Event | None = None
    ) -> AbstractContextManager[httpcore.Response]:
        """Response to a GET, whatever its status, whose body is not read yet; redirects are not followed.

        stop: once set, reading ends. Entering and reading raise OutboundError.
        """
        return self._request("GET", url, headers, b"", seconds=self.download_seconds, stop=stop)

    def download(
        self,
        url: str,
        target: Path,
        *,
        max_bytes: int,
        headers: Mapping[str, str] | None = None,
        stop: Event | None = None,
    ) -> Download:
        """Like `fetch`, with time for a large file and up to three redirects, each checked like the first.

        headers: not sent on to another host than the first. stop: once set, the transfer is given up.
        Raises OutboundError, DiskFull.
        """
        deadline, first_origin = time.monotonic() + self.download_seconds, _origin(url)
        for _ in range(MAX_REDIRECTS + 1):
            own_headers = (headers or {}) if _origin(url) == first_origin else {}
            seconds = deadline - time.monotonic()
            with self._request("GET", url, own_headers, b"", seconds=seconds, stop=stop) as response:
                if response.status not in REDIRECTS:
                    start = start_of_part(response) if "Range" in own_headers else None
                    status = 200 if start is None else 206
                    save(response, url, target, max_bytes=max_bytes, room=self.room, status=status)
                    return Download(url, header(response, b"content-disposition"), start)
                url = _redirected(url, header(response, b"location"))
        raise OutboundError(f"{urlsplit(url).hostname} redirects again and again.", retryable=False)

    @contextmanager
    def _request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: bytes,
        *,
        seconds: float,
        stop: Event | None = None,
    ) -> Iterator[httpcore.Response]:
        check_url(url)
        backend = PinnedBackend(self.addresses_of, deadline=time.monotonic() + seconds, stop=stop or Event())
        timeouts = dict.fromkeys(("connect", "read", "write", "pool"), min(seconds, STALL_SECONDS))
        timeouts["connect"] = min(timeouts["connect"], self.connect_seconds)
        all_headers = {"User-Agent": "CatTube", **headers, "Accept-Encoding": "identity"}
        try:
            with (
                httpcore.ConnectionPool(network_backend=backend) as pool,
                pool.stream(
                    method,
                    url,
                    headers=list(all_headers.items()),
                    content=body or None,
                    extensions={"timeout": timeouts},
                ) as response,
            ):
                yield response
        except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError, OSError) as error:
            host, kind = urlsplit(url).hostname, type(error).__name__
            raise OutboundError(f"{host} could not be asked: {kind}.") from error


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc


def _redirected(url: str, location: str) -> str:
    try:
        return urljoin(url, quote(location, safe="%/:=&?~#+!$,;'@()*[]"))
    except ValueError:
        raise ForbiddenAddress("A redirect leads to something that is no address.") from None
