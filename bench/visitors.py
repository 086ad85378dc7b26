"""Those who ask a server: clients that keep their connection, and pages that watch as Uppy's do."""

from __future__ import annotations

import http.client
import random
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from urllib.parse import urlsplit

POLL_SECONDS = 2.0
FORM = "application/x-www-form-urlencoded"


class Client:
    """One connection to a server, used again and again."""

    def __init__(self, address: str) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=30)

    def ask(self, path: str, form: str | None = None) -> bytes:
        """The answer to a GET, or to a POST of `form`. Raises RuntimeError for any but 200."""
        if form is None:
            self._connection.request("GET", path)
        else:
            self._connection.request("POST", path, form, {"Content-Type": FORM})
        response = self._connection.getresponse()
        body = response.read()
        if response.status != 200:
            raise RuntimeError(f"{path} answered {response.status}: {body[:200]!r}")
        return body

    def open_stream(self, path: str) -> bool:
        """Whether the server sends events from now on. They stay unread: there is no news here."""
        self._connection.request("GET", path, headers={"Accept": "text/event-stream"})
        response = self._connection.getresponse()
        is_open = response.status == 200
        if not is_open:
            response.read()
        return is_open

    def close(self) -> None:
        self._connection.close()


@contextmanager
def watching(address: str, paths: Sequence[str], streams: Sequence[str]) -> Iterator[list[float]]:
    """Pages that watch until the block ends; the list fills with the seconds that each poll took.

    streams: where pages may be told by events; one that is refused there polls, as do those that have none.
    """
    clients = [Client(address) for _ in paths]
    told = [client for client, stream in zip(clients, streams, strict=False) if client.open_stream(stream)]
    polling = [(client, path) for client, path in zip(clients, paths, strict=True) if client not in told]
    stop, seconds = threading.Event(), list[float]()
    with ThreadPoolExecutor(len(polling)) as pool:
        pages = [pool.submit(_poll, client, path, stop, seconds) for client, path in polling]
        try:
            yield seconds
        finally:
            stop.set()
    for client in clients:
        client.close()
    for page in pages:
        page.result()  # A poll that was not answered raises here.


def _poll(client: Client, path: str, stop: threading.Event, seconds: list[float]) -> None:
    stop.wait(random.uniform(0, POLL_SECONDS))
    while not stop.is_set():
        start = time.perf_counter()
        client.ask(path)
        seconds.append(time.perf_counter() - start)
        stop.wait(POLL_SECONDS)
