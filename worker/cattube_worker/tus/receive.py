"""From the connection into the file, without holding more than one buffer.

The fast path reads the server's own socket into one reused buffer: a third of the CPU of reading through
WSGI (docs/decisions.md). It leans on names inside gunicorn, so whatever is not as expected leads to the
plain path, and a test fails when the fast one is no longer taken.
"""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import FileIO
from typing import Any, Protocol

from cattube_worker.tus.locks import Turn

BUFFER_BYTES = 256 * 1024
# Smaller, because a cut connection may lose one block that was read but not handed out.
STREAM_BLOCK_BYTES = 64 * 1024


class InputFile(Protocol):
    """A request's body."""

    def copy_to(self, file: FileIO, size_bytes: int, turn: Turn) -> int:
        """Append at most `size_bytes` of the body to `file`, and say how many.

        Ends early, with what came, when the client leaves or stalls, or when the turn is interrupted.
        Raises OSError only for the file's sake.
        """
        ...

    def has_more(self) -> bool:
        """Whether a body of unknown length goes on after what was copied."""
        ...


def open_body(environ: Mapping[str, Any], *, stall_seconds: float) -> InputFile:
    """The best way to read the body of this request."""
    connection = environ.get("gunicorn.socket") or environ.get("werkzeug.socket")
    if isinstance(connection, socket.socket):
        connection.settimeout(stall_seconds)
    reader = getattr(environ["wsgi.input"], "reader", None)
    buffered = getattr(getattr(reader, "unreader", None), "take_buffered", None)
    if isinstance(connection, socket.socket) and hasattr(reader, "length") and callable(buffered):
        return SocketBody(connection=connection, body=environ["wsgi.input"], take_buffered=buffered)
    return StreamBody(connection=connection, body=environ["wsgi.input"])


@dataclass(frozen=True, kw_only=True)
class SocketBody:
    """A body read straight from gunicorn's socket."""

    connection: socket.socket
    body: Any
    take_buffered: Callable[[], bytes]

    def copy_to(self, file: FileIO, size_bytes: int, turn: Turn) -> int:
        turn.on_interrupt(lambda: _hang_up(self.connection))
        size_bytes = left = min(size_bytes, int(self.body.reader.length))
        try:
            left -= self._copy_read_ahead(file, left)
            left -= self._copy_socket(file, left, turn)
        finally:
            self.body.reader.length -= size_bytes - left
            # Where the next request begins is unknown now: the server must close this connection.
            self.body.failed = self.body.failed or left > 0
        return size_bytes - left

    def has_more(self) -> bool:
        return bool(self.body.reader.length)

    def _copy_read_ahead(self, file: FileIO, left: int) -> int:
        early = self.body.buf.getvalue() + self.take_buffered()
        if self.body.buf.tell():
            self.body.buf.seek(0)
            self.body.buf.truncate()
        if len(early) > left:
            self.body.reader.unreader.unread(early[left:])
        return _write(file, memoryview(early)[:left])

    def _copy_socket(self, file: FileIO, size_bytes: int, turn: Turn) -> int:
        buffer = memoryview(bytearray(min(BUFFER_BYTES, size_bytes)))
        done = 0
        while done < size_bytes and not turn.is_interrupted:
            try:
                count = self.connection.recv_into(buffer, min(len(buffer), size_bytes - done))
            except OSError:
                break
            if not count:
                break
            turn.hear()
            done += _write(file, buffer[:count])
        return done


@dataclass(frozen=True, kw_only=True)
class StreamBody:
    """A body read through WSGI, as any server offers it."""

    connection: socket.socket | None
    body: Any

    def copy_to(self, file: FileIO, size_bytes: int, turn: Turn) -> int:
        if self.connection is not None:
            connection = self.connection
            turn.on_interrupt(lambda: _hang_up(connection))
        # read1 gives what has arrived; plain read would wait for a whole buffer, and lose it to a cut.
        read = getattr(self.body, "read1", self.body.read)
        done = 0
        while done < size_bytes and not turn.is_interrupted:
            try:
                block = read(min(STREAM_BLOCK_BYTES, size_bytes - done))
            except (OSError, EOFError):
                break
            if not block:
                break
            turn.hear()
            done += _write(file, memoryview(block))
        return done

    def has_more(self) -> bool:
        return bool(self.body.read(1))


def _write(file: FileIO, block: memoryview) -> int:
    """Write all of `block`: the kernel may take less at once, for instance when the disk fills up."""
    done = 0
    while done < len(block):
        done += file.write(block[done:])
    return done


def _hang_up(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):  # The client may have been quicker.
        connection.shutdown(socket.SHUT_RD)
