"""A network before a server of this machine, which can be cut, slowed down and listened to."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from enum import Enum

LOOPBACK = "127.0.0.1"
_PIECE_BYTES = 16 * 1024


class Cut(Enum):
    """TORN: connections end, and new ones are refused. SILENT: nothing passes until the network is back.

    FORGOTTEN: silent, and the connections there were are of no use afterwards.
    """

    TORN = "torn"
    SILENT = "silent"
    FORGOTTEN = "forgotten"


class Relay:
    """Passes connections on to a port of this machine's loopback interface.

    address: of this machine, where they are taken. on_piece: is given each piece of bytes that passes.
    """

    def __init__(
        self, port: int, *, address: str = LOOPBACK, on_piece: Callable[[bytes], object] | None = None
    ) -> None:
        self._target, self._on_piece = port, on_piece
        self._listener = socket.create_server((address, 0))
        self.address = address
        self.port = int(self._listener.getsockname()[1])
        self._lock = threading.Lock()
        self._sockets: set[socket.socket] = set()
        self._passed_bytes = 0
        self._passes = threading.Event()
        self._passes.set()
        self._cut: Cut | None = None
        self._bytes_per_second: float | None = None
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def passed_bytes(self) -> int:
        """Of all connections so far, in both directions."""
        with self._lock:
            return self._passed_bytes

    def through(self, url: str) -> str:
        """The address of the server, by way of this relay."""
        return url.replace(f"{LOOPBACK}:{self._target}", f"{self.address}:{self.port}", 1)

    def cut(self, cut: Cut) -> None:
        self._cut = cut
        if cut is Cut.TORN:
            self.tear()
        else:
            self._passes.clear()

    def tear(self) -> int:
        """End every connection, and say how many; new ones are taken."""
        with self._lock:
            broken, self._sockets = self._sockets, set()
        for end in broken:
            _shut(end)
        return len(broken) // 2

    def heal(self) -> None:
        """Have all pass, at full speed."""
        cut, self._cut, self._bytes_per_second = self._cut, None, None
        if cut is Cut.FORGOTTEN:
            self.tear()
        self._passes.set()

    def slow(self, bytes_per_second: float) -> None:
        """Let each connection pass so much in each direction."""
        self._bytes_per_second = bytes_per_second

    def close(self) -> None:
        _shut(self._listener)
        self._passes.set()
        self.tear()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                if self._cut is Cut.TORN:
                    _shut(client)
                else:
                    threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        self._passes.wait()
        try:
            server = socket.create_connection((LOOPBACK, self._target))
        except OSError:
            _shut(client)
            return
        with self._lock:
            self._sockets |= {client, server}
        threading.Thread(target=self._pass_on, args=(server, client), daemon=True).start()
        self._pass_on(client, server)

    def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while piece := source.recv(_PIECE_BYTES):
                self._passes.wait()
                if self._bytes_per_second:
                    time.sleep(len(piece) / self._bytes_per_second)
                self._note(piece)
                target.sendall(piece)
        for end in (source, target):
            with self._lock:
                self._sockets.discard(end)
            _shut(end)

    def _note(self, piece: bytes) -> None:
        """Before it is passed on: whoever gets it finds it noted."""
        with self._lock:
            self._passed_bytes += len(piece)
        if self._on_piece is not None:
            self._on_piece(piece)


def _shut(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
