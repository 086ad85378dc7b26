"""The only way out of the engine: HTTP to addresses that clients name.

Every address is judged after its name was resolved and right before the connection is made, and exactly
that address is connected to: a name that changes its mind in between gains nothing (W12, W13, W14).
"""

from __future__ import annotations

import ipaddress
import re
import socket
import ssl
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

import httpcore

from cattube_worker.errors import AssemblyError

POST_SECONDS = 10.0
FETCH_SECONDS = 60.0
DOWNLOAD_SECONDS = 3600.0
STALL_SECONDS = 60.0
TURN_SECONDS = 1.0
MOST_REDIRECTS = 3
REDIRECTS = frozenset({301, 302, 303, 307, 308})
LONGEST_ANSWER = 64 * 1024

# Addresses through which a network's translator reaches the IPv4 address in the last 32 bits.
NAT64 = tuple(map(ipaddress.IPv6Network, ("64:ff9b::/96", "64:ff9b:1::/48")))

Resolve = Callable[[str, int], list[str]]


class OutboundError(AssemblyError):
    """The other side could not be asked, or did not answer as it should."""

    code, status, retryable = "FILE_DOWNLOAD_ERROR", 400, True
    answered: int | None = None  # the status of HTTP, when there was an answer


class ForbiddenAddress(OutboundError):
    """The address belongs to this machine or to a private network."""

    retryable = False


@dataclass(frozen=True)
class Answer:
    """status: of HTTP. body: as much as is kept of it, decoded leniently."""

    status: int
    body: str


@dataclass(frozen=True)
class Downloaded:
    """url: where the bytes lay in the end. disposition: what the host said they are called, as a header.

    starts_at_byte: where the part that was asked for begins in the file; None when all of it came.
    """

    url: str
    disposition: str
    starts_at_byte: int | None = None


def resolve(host: str, port: int) -> list[str]:
    """The IP addresses of a host. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_public(address: str) -> bool:
    """Whether an IP address may be contacted for a stranger."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if any(ip in network for network in NAT64):
            return False
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast


@dataclass(frozen=True)
class Outbound:
    """Asks public hosts, and those that the operator trusts although their address is private."""

    trusted_hosts: Collection[str] = field(default_factory=frozenset)
    resolve: Resolve = resolve

    def check(self, url: str) -> None:
        """Check that a client which connects by itself may be sent to `url`. Raises OutboundError."""
        _check_url(url)
        parts = urlsplit(url)
        try:
            self.addresses_of(parts.hostname or "", parts.port or 443)
        except OSError as error:
            raise OutboundError(f"{parts.hostname} could not be found.") from error

    def addresses_of(self, host: str, port: int) -> list[str]:
        """The addresses of a host, all of which may be contacted. Raises ForbiddenAddress, OSError."""
        addresses = self.resolve(host, port)
        if host.lower().rstrip(".") not in self.trusted_hosts:
            for address in addresses:
                if not is_public(address):
                    raise ForbiddenAddress(f"{host} is a private address that TRUSTED_HOSTS does not name.")
        return addresses

    def post(self, url: str, body: bytes, *, content_type: str) -> Answer:
        """The answer to a POST, whatever its status; redirects are not followed. Raises OutboundError."""
        with self._ask("POST", url, {"Content-Type": content_type}, body, seconds=POST_SECONDS) as response:
            text = b"".join(_first(response.iter_stream(), LONGEST_ANSWER))
            return Answer(response.status, text.decode(errors="replace"))

    def fetch(self, url: str, target: Path, *, max_bytes: int) -> None:
        """Write what lies at `url` to `target`. Raises OutboundError."""
        with self._ask("GET", url, {}, b"", seconds=FETCH_SECONDS) as response:
            _keep(response, url, target, max_bytes=max_bytes)

    def download(
        self,
        url: str,
        target: Path,
        *,
        max_bytes: int,
        headers: Mapping[str, str] | None = None,
        stop: Event | None = None,
    ) -> Downloaded:
        """Like `fetch`, with time for a large file and up to three redirects, each judged like the first.

        headers: not sent on to another host than the first. stop: once set, the transfer is given up.
        """
        deadline, first = time.monotonic() + DOWNLOAD_SECONDS, _origin(url)
        for _ in range(MOST_REDIRECTS + 1):
            sent: dict[bytes | str, bytes | str] = {}
            if _origin(url) == first:
                sent.update(headers or {})
            seconds = deadline - time.monotonic()
            with self._ask("GET", url, sent, b"", seconds=seconds, stop=stop) as response:
                if response.status not in REDIRECTS:
                    start = _start_of_part(response) if "Range" in sent else None
                    _keep(response, url, target, max_bytes=max_bytes, status=200 if start is None else 206)
                    return Downloaded(url, _header(response, b"content-disposition"), start)
                url = _next_url(url, _header(response, b"location"))
        raise OutboundError(f"{urlsplit(url).hostname} redirects again and again.", retryable=False)

    @contextmanager
    def _ask(
        self,
        method: str,
        url: str,
        headers: dict[bytes | str, bytes | str],
        body: bytes,
        *,
        seconds: float,
        stop: Event | None = None,
    ) -> Iterator[httpcore.Response]:
        _check_url(url)
        way = _GuardedWay(self, deadline=time.monotonic() + seconds, stop=stop or Event())
        try:
            with (
                httpcore.ConnectionPool(network_backend=way) as pool,
                pool.stream(
                    method,
                    url,
                    headers={"User-Agent": "CatTube", **headers, "Accept-Encoding": "identity"},
                    content=body or None,
                    extensions={
                        "timeout": dict.fromkeys(
                            ("connect", "read", "write", "pool"), min(seconds, STALL_SECONDS)
                        )
                    },
                ) as response,
            ):
                yield response
        except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError, OSError) as error:
            host, kind = urlsplit(url).hostname, type(error).__name__
            raise OutboundError(f"{host} could not be asked: {kind}.") from error


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc


def _header(response: httpcore.Response, name: bytes) -> str:
    found = (value for key, value in response.headers if key.lower() == name)
    return next(found, b"").decode("utf-8", "replace")


def _next_url(url: str, location: str) -> str:
    try:
        return urljoin(url, quote(location, safe="%/:=&?~#+!$,;'@()*[]"))
    except ValueError:
        raise ForbiddenAddress("A redirect leads to something that is no address.") from None


def _start_of_part(response: httpcore.Response) -> int | None:
    """Where the part that came begins in the whole; None when the host sent no part."""
    found = re.match(r"bytes (\d{1,15})-", _header(response, b"content-range"))
    return int(found[1]) if found is not None and response.status == 206 else None


def _keep(response: httpcore.Response, url: str, target: Path, *, max_bytes: int, status: int = 200) -> None:
    if response.status != status:
        error = OutboundError(
            f"{urlsplit(url).hostname} answered {response.status} instead of the file.",
            retryable=response.status >= 500 or response.status == 429,
        )
        error.answered = response.status
        raise error
    too_large = OutboundError(f"The file is larger than {max_bytes} bytes.", retryable=False)
    announced = _header(response, b"content-length")
    if announced.isdecimal() and int(announced) > max_bytes:
        raise too_large
    with target.open("wb") as file:
        for block in response.iter_stream():
            if file.tell() + len(block) > max_bytes:
                raise too_large
            file.write(block)


def _check_url(url: str) -> None:
    try:
        parts = urlsplit(url)
        is_plain = parts.scheme in {"http", "https"} and parts.hostname and parts.username is None
        _ = parts.port
    except ValueError:
        is_plain = False
    if not is_plain or not url.isascii() or not url.isprintable():
        raise ForbiddenAddress("Only plain http:// and https:// addresses may be asked.")


def _first(blocks: Iterable[bytes], most: int) -> Iterator[bytes]:
    for block in blocks:
        yield block[:most]
        most -= len(block)
        if most <= 0:
            return


class _GuardedWay(httpcore.NetworkBackend):
    """Connects only where it may, and only until the deadline of the whole conversation."""

    def __init__(self, outbound: Outbound, *, deadline: float, stop: Event) -> None:
        self._outbound, self._deadline, self._stop = outbound, deadline, stop
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        addresses = self._outbound.addresses_of(host, port)
        left = _left(self._deadline, timeout)
        stream = self._inner.connect_tcp(addresses[0], port, left, local_address, socket_options)
        return _Stream(stream, self._deadline, self._stop)


class _Stream(httpcore.NetworkStream):
    """A connection that knows its deadline: a host that drips byte by byte gains no time."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: float, stop: Event) -> None:
        self._inner, self._deadline, self._stop = inner, deadline, stop

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """In short turns, so that a silent host does not outlive the wish to hear it."""
        until = time.monotonic() + _left(self._deadline, timeout)
        while not self._stop.is_set():
            try:
                return self._inner.read(max_bytes, min(TURN_SECONDS, _left(until, None)))
            except httpcore.ReadTimeout:
                if time.monotonic() >= until:
                    raise
        raise httpcore.ReadError("given up")

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, _left(self._deadline, timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = _left(self._deadline, timeout)
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, left), self._deadline, self._stop)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


def _left(deadline: float, timeout: float | None) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("the whole took too long")
    return left if timeout is None else min(left, timeout)
