"""Connections of httpcore to addresses that were checked, with a deadline for the whole conversation."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Iterable
from threading import Event
from typing import Any

import httpcore

from cattube_worker.transfer_rate import TransferRate

# Of what a host sends, and over how long: one that drips would hold a thread until the deadline.
LEAST_BYTES_PER_SECOND = 4000
RATE_SECONDS = 60.0
_POLL_SECONDS = 1.0


class PinnedBackend(httpcore.NetworkBackend):
    """Backend that connects to the very address that was checked (W14), and only until a deadline.

    addresses_of: resolves a host and port, and raises ForbiddenAddress. deadline: of the monotonic clock.
    stop: once set, reading ends.
    """

    def __init__(
        self, addresses_of: Callable[[str, int], list[str]], *, deadline: float, stop: Event
    ) -> None:
        self._addresses_of, self._deadline, self._stop = addresses_of, deadline, stop
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        addresses = self._addresses_of(host, port)
        timeout = _remaining_seconds(self._deadline, timeout)
        stream = self._inner.connect_tcp(addresses[0], port, timeout, local_address, socket_options)
        return _DeadlineStream(stream, self._deadline, self._stop)


class _DeadlineStream(httpcore.NetworkStream):
    """Connection with a deadline and a least rate: a host that drips byte by byte gains no time."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: float, stop: Event) -> None:
        self._inner, self._deadline, self._stop = inner, deadline, stop
        self._rate = TransferRate(now=time.monotonic())

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Bytes from the host. Waits in short turns, so that `stop` ends it while the host is silent."""
        until = time.monotonic() + _remaining_seconds(self._deadline, timeout)
        while not self._stop.is_set():
            now = time.monotonic()
            if self._rate.is_below(LEAST_BYTES_PER_SECOND, window_seconds=RATE_SECONDS, now=now):
                raise httpcore.ReadTimeout("too little came")
            try:
                block = self._inner.read(max_bytes, min(_POLL_SECONDS, _remaining_seconds(until, None)))
            except httpcore.ReadTimeout:
                if time.monotonic() >= until:
                    raise
            else:
                self._rate.received_bytes += len(block)
                return block
        raise httpcore.ReadError("given up")

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, _remaining_seconds(self._deadline, timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        timeout = _remaining_seconds(self._deadline, timeout)
        stream = self._inner.start_tls(ssl_context, server_hostname, timeout)
        return _DeadlineStream(stream, self._deadline, self._stop)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


def _remaining_seconds(deadline: float, timeout: float | None) -> float:
    seconds = deadline - time.monotonic()
    if seconds <= 0:
        raise httpcore.ReadTimeout("the whole took too long")
    return seconds if timeout is None else min(seconds, timeout)
