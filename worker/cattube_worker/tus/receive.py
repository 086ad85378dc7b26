"""Receiving of a body: from the connection into the file, through one buffer.

The fast path reads the server's own socket into one reused buffer: a third of the CPU of reading through
WSGI (docs/decisions.md). It leans on private names of gunicorn, which docs/decisions.md lists. When one of
them is missing the plain path is taken, and a test fails (tests/test_private_names.py, test_receiving.py).
"""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import FileIO
from typing import TYPE_CHECKING, Any, Protocol

from werkzeug.wsgi import get_input_stream

from cattube_worker.transfer_rate import TransferRate
from cattube_worker.tus.locks import WriteLock

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

BUFFER_BYTES = 256 * 1024
# Smaller, because a cut connection may lose one block that was read but not returned, and because a whole
# block is waited for: that must take less than the window in which the rate of a slow line is judged.
STREAM_BLOCK_BYTES = 16 * 1024


class RequestBody(Protocol):
    """Body of a request, which is read once."""

    def copy_to(self, file: FileIO, size_bytes: int, lock: WriteLock) -> int:
        """Append at most `size_bytes` of the body to `file`; the number of bytes that were.

        Ends early, with the bytes that came, when the client leaves, stalls or is too slow, or when the
        lock is interrupted. Raises OSError for an error of the file alone.
        """
        ...

    def has_more(self) -> bool:
        """Tell if a body of unknown length goes on after the bytes that were copied."""
        ...


def open_body(environ: Mapping[str, Any], *, stall_seconds: float) -> RequestBody:
    """Body of this request, read on the fast path when the server allows it."""
    connection, body = _patient_connection(environ, stall_seconds), environ["wsgi.input"]
    if isinstance(connection, socket.socket) and _has_gunicorns_names(body):
        return SocketBody(connection=connection, body=body)
    return StreamBody(connection=connection, body=body)


@contextmanager
def open_reader(
    environ: WSGIEnvironment, lock: WriteLock, *, stall_seconds: float, max_bytes: int
) -> Iterator[Callable[[int], bytes]]:
    """A function that reads the next bytes of this request. Its sender is cut off as by a RequestBody.

    It raises ClientDisconnected before the end of the body, and RequestEntityTooLarge beyond `max_bytes`.
    """
    connection = _patient_connection(environ, stall_seconds)
    stream = get_input_stream(environ, max_content_length=max_bytes)
    with lock.receiving(lambda: _shut_down(connection)) as rate:

        def read(size_bytes: int) -> bytes:
            block = stream.read(min(size_bytes, STREAM_BLOCK_BYTES))
            rate.received_bytes += len(block)
            return block

        yield read


def _patient_connection(environ: Mapping[str, Any], stall_seconds: float) -> Any:
    """The server's own connection, if it shows it, which waits no longer than that for the next bytes."""
    connection = environ.get("gunicorn.socket") or environ.get("werkzeug.socket")
    if isinstance(connection, socket.socket):
        connection.settimeout(stall_seconds)
    return connection


def _has_gunicorns_names(body: Any) -> bool:
    """Tell if all the names that SocketBody uses are there; a body in chunks has no length."""
    reader = getattr(body, "reader", None)
    unreader = getattr(reader, "unreader", None)
    names = {"buf": body, "failed": body, "length": reader, "take_buffered": unreader, "unread": unreader}
    return all(hasattr(owner, name) for name, owner in names.items())


@dataclass(frozen=True, kw_only=True)
class SocketBody:
    """A body read straight from gunicorn's socket."""

    connection: socket.socket
    body: Any

    def copy_to(self, file: FileIO, size_bytes: int, lock: WriteLock) -> int:
        size_bytes = left = min(size_bytes, int(self.body.reader.length))
        try:
            left -= self._copy_read_ahead(file, left)
            with lock.receiving(lambda: _shut_down(self.connection)) as rate:
                left -= self._copy_socket(file, left, lock, rate)
        finally:
            self.body.reader.length -= size_bytes - left
            # The start of the next request is unknown now: the server must close this connection.
            self.body.failed = self.body.failed or left > 0
        return size_bytes - left

    def has_more(self) -> bool:
        return bool(self.body.reader.length)

    def _copy_read_ahead(self, file: FileIO, left: int) -> int:
        read_ahead = self.body.buf.getvalue() + self.body.reader.unreader.take_buffered()
        if self.body.buf.tell():
            self.body.buf.seek(0)
            self.body.buf.truncate()
        if len(read_ahead) > left:
            self.body.reader.unreader.unread(read_ahead[left:])
        return write_all(file, memoryview(read_ahead)[:left])

    def _copy_socket(self, file: FileIO, size_bytes: int, lock: WriteLock, rate: TransferRate) -> int:
        buffer = memoryview(bytearray(min(BUFFER_BYTES, size_bytes)))
        done = 0
        while done < size_bytes and not lock.is_interrupted:
            try:
                count = self.connection.recv_into(buffer, min(len(buffer), size_bytes - done))
            except OSError:
                break
            if not count:
                break
            lock.note_bytes()
            rate.received_bytes += count
            done += write_all(file, buffer[:count])
        return done


@dataclass(frozen=True, kw_only=True)
class StreamBody:
    """A body read through WSGI, as any server offers it."""

    connection: socket.socket | None
    body: Any

    def copy_to(self, file: FileIO, size_bytes: int, lock: WriteLock) -> int:
        with lock.receiving(lambda: _shut_down(self.connection)) as rate:
            return self._copy(file, size_bytes, lock, rate)

    def has_more(self) -> bool:
        return bool(self.body.read(1))

    def _copy(self, file: FileIO, size_bytes: int, lock: WriteLock, rate: TransferRate) -> int:
        # read1 returns the bytes that have arrived; read would wait for a whole buffer, and lose it to a cut.
        read = getattr(self.body, "read1", self.body.read)
        done = 0
        while done < size_bytes and not lock.is_interrupted:
            try:
                block = read(min(STREAM_BLOCK_BYTES, size_bytes - done))
            except (OSError, EOFError):
                break
            if not block:
                break
            lock.note_bytes()
            rate.received_bytes += len(block)
            done += write_all(file, memoryview(block))
        return done


def write_all(file: FileIO, block: memoryview) -> int:
    """Write all of `block`, and return its length.

    The kernel may take less at once, for instance when the disk fills up.
    """
    done = 0
    while done < len(block):
        done += file.write(block[done:])
    return done


def _shut_down(connection: socket.socket | None) -> None:
    if connection is None:
        return
    with contextlib.suppress(OSError):  # The client may have closed it already.
        connection.shutdown(socket.SHUT_RD)
