"""An upload on its way into a program, through a pipe."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import logging
import os
import threading
from threading import Event
from types import TracebackType
from typing import Self

from cattube_worker.execution.streaming.growing_file import GrowingFile, NotStreamable
from cattube_worker.execution.streaming.stream_layout import StreamLayout

log = logging.getLogger(__name__)
# The most that Linux gives an ordinary user. What a program leaves unread at the end must fit in it.
_PIPE_BYTES = 2**20


class PipeWriter:
    """Writes an upload in its layout to a program, in a with block that outlasts the program.

    stop: set when the upload breaks off, to end the program.
    """

    def __init__(self, upload: GrowingFile, layout: StreamLayout, stop: Event) -> None:
        self._upload, self._layout, self._stop = upload, layout, stop
        self._thread = threading.Thread(target=self._run, name="engine-pipe-writer", daemon=True)
        self._md5hash: str | None = None
        self.failure: NotStreamable | None = None
        self._reading: int | None
        self._writing: int | None
        self._reading, self._writing = os.pipe()
        with contextlib.suppress(OSError):  # All pipes of a user together have a limit.
            fcntl.fcntl(self._reading, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self._stop.set()
        if self._reading is not None:  # Nobody came to read: writing must fail, and not wait.
            os.close(self.take_stdin())
        self._thread.join()
        # Only now after a failure: a reader must not take the end of the pipe for the end of the file.
        self._close()

    def take_stdin(self) -> int:
        """The end to read from. Given once; the caller closes it."""
        if self._reading is None:
            raise ValueError("it was taken before")
        stdin, self._reading = self._reading, None
        return stdin

    def md5hash(self) -> str:
        """The MD5 of the whole upload, every byte of which was read and handed out. Raises NotStreamable."""
        self._thread.join()
        if self._md5hash is None:
            raise self.failure or NotStreamable("the program stopped reading before the end")
        return self._md5hash

    def _run(self) -> None:
        try:
            digest = hashlib.md5(usedforsecurity=False)
            for start, block in self._upload.blocks():
                digest.update(block)
                for piece in self._layout.pieces(start, block):
                    self._write(piece)
            self._md5hash = digest.hexdigest()
            self._close()
        except NotStreamable as error:
            self.failure = error
            self._stop.set()
        except BrokenPipeError:
            self.failure = NotStreamable("the program stopped reading before the end")
        except Exception:
            log.exception("an upload could not be read while it arrived")
            self._stop.set()

    def _write(self, piece: bytes) -> None:
        left = memoryview(piece)
        while left and self._writing is not None:
            left = left[os.write(self._writing, left) :]

    def _close(self) -> None:
        if self._writing is not None:
            os.close(self._writing)
            self._writing = None
