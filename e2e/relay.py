"""A network between browser and engine that can break: every connection at once, as when the Wi-Fi goes."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from urllib.parse import urlsplit

PIECE_BYTES = 65_536
STREAM = b"GET /events?"


class Relay:
    """Passes connections on to `target`. opened_streams: how often an event stream was asked for."""

    def __init__(self, target: str) -> None:
        self._target = urlsplit(target)
        self._sockets: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.opened_streams = 0
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def cut(self) -> int:
        """Break every connection, and say how many; new ones are taken at once."""
        with self._lock:
            broken, self._sockets = self._sockets, set()
        for each in broken:
            _shut(each)
        return len(broken) // 2

    def close(self) -> None:
        _shut(self._listener)
        self.cut()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                browser, _ = self._listener.accept()
                engine = socket.create_connection((self._target.hostname, self._target.port))
                with self._lock:
                    self._sockets |= {browser, engine}
                for pair in ((browser, engine), (engine, browser)):
                    threading.Thread(target=self._pass_on, args=pair, daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while piece := source.recv(PIECE_BYTES):
                if piece.startswith(STREAM):
                    with self._lock:
                        self.opened_streams += 1
                target.sendall(piece)
        for each in (source, target):
            with self._lock:
                self._sockets.discard(each)
            _shut(each)


def _shut(each: socket.socket) -> None:
    with suppress(OSError):
        each.shutdown(socket.SHUT_RDWR)
    each.close()
