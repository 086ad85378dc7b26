"""Run of ffmpeg or ffprobe, sandboxed, limited, watched, and killed as a group. Nothing else starts them."""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from cattube_worker.disk_room import DiskRoom
from cattube_worker.errors import NO_ROOM, DiskFull
from cattube_worker.media.errors import CommandFailed, CommandTimeout
from cattube_worker.media.process.limits import Limits
from cattube_worker.media.process.sandbox import Sandbox, limited, sandboxed
from cattube_worker.media.process.stall_detector import StallDetector

MAX_ERROR_BYTES = 16 * 1024
MAX_OUTPUT_BYTES = 4 * 2**20
_CHUNK_BYTES = 64 * 1024
_POLL_SECONDS = 0.2
# Between two questions for room on the disk.
_ROOM_SECONDS = 0.5
# Nothing of our own environment: no secret may reach a program that reads strangers' files. Many small malloc
# arenas would use up the address space on machines with many cores.
_ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C", "HOME": "/nonexistent", "MALLOC_ARENA_MAX": "4"}


class Stopped(Exception):
    """The work was asked to end before it was done."""


@dataclass(frozen=True, kw_only=True)
class RunResult:
    """Result of a run. exit_code: negative for a signal. errors: the end of standard error."""

    exit_code: int
    output: bytes
    errors: str


def run(
    program: Path,
    arguments: Sequence[str],
    *,
    sandbox: Sandbox,
    limits: Limits,
    timeout_seconds: float,
    reads: Iterable[Path] = (),
    writes: Iterable[Path] = (),
    stop: Event | None = None,
    stall_seconds: float | None = None,
    stdin: int | None = None,
    room: DiskRoom | None = None,
    on_output: Callable[[bytes], None] | None = None,
) -> RunResult:
    """Run `program` until it ends; nothing it started outlives this call.

    reads, writes: the files and folders it may reach, where the sandbox can enforce that.
    stall_seconds: ends a program that uses no processor for so long; None for one that may have to wait.
    stdin: a descriptor to read from; it is closed here, so that its other end notices when the program ends.
    room: on the disk that the program writes to; it is ended when only the reserve is left.
    on_output: receives standard output as it comes; the result then has none.
    Raises Stopped, CommandTimeout, DiskFull, CommandFailed when it cannot be started or stalls.
    """
    argv = sandboxed(
        [str(program), *arguments],
        sandbox=sandbox,
        program=program,
        reads=tuple(reads),
        writes=tuple(writes),
    )
    argv = limited(
        argv,
        max_file_bytes=limits.max_output_bytes,
        max_memory_bytes=limits.max_memory_bytes,
        niceness=limits.niceness,
    )
    try:
        process = subprocess.Popen(
            argv,
            stdin=subprocess.DEVNULL if stdin is None else stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=_ENVIRONMENT,
            start_new_session=True,
        )
    except OSError as error:
        raise CommandFailed(f"{program.name} could not be started.", retryable=True) from error
    finally:
        if stdin is not None:
            os.close(stdin)
    watch = _Watch(
        process,
        stop=stop,
        ends_at=time.monotonic() + timeout_seconds,
        stall_detector=None if stall_seconds is None else StallDetector(process.pid, stall_seconds),
        room=room,
        on_output=on_output,
    )
    try:
        return watch.until_end()
    finally:
        _kill_group(process)


class _Watch:
    """Reads both pipes so that neither fills up, and checks the clocks and the stop flag in between."""

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        *,
        stop: Event | None,
        ends_at: float,
        stall_detector: StallDetector | None,
        room: DiskRoom | None,
        on_output: Callable[[bytes], None] | None,
    ) -> None:
        self._process, self._stop, self._ends_at, self._on_output = process, stop, ends_at, on_output
        self._stall_detector = stall_detector
        self._room, self._room_asked_at = room, 0.0
        self._output, self._errors = bytearray(), bytearray()

    def until_end(self) -> RunResult:
        assert self._process.stdout is not None  # noqa: S101 - both are pipes
        assert self._process.stderr is not None  # noqa: S101
        with self._process.stdout, self._process.stderr, selectors.DefaultSelector() as selector:
            selector.register(self._process.stdout, selectors.EVENT_READ, self._take_output)
            selector.register(self._process.stderr, selectors.EVENT_READ, self._take_error)
            while selector.get_map():
                self._check()
                for key, _ in selector.select(_POLL_SECONDS):
                    chunk = os.read(key.fd, _CHUNK_BYTES)
                    key.data(chunk)
                    if not chunk:
                        selector.unregister(key.fileobj)
        while True:
            self._check()
            with suppress(subprocess.TimeoutExpired):
                exit_code = self._process.wait(_POLL_SECONDS)
                errors = self._errors.decode("utf-8", "replace")
                return RunResult(exit_code=exit_code, output=bytes(self._output), errors=errors)

    def _check(self) -> None:
        if self._stop is not None and self._stop.is_set():
            raise Stopped
        if time.monotonic() > self._ends_at:
            raise CommandTimeout("The file took longer to process than is allowed: try a shorter one.")
        if self._stall_detector is not None and self._stall_detector.is_stalled():
            raise CommandFailed("The program at work stood still, and was ended.", retryable=True)
        if self._room is not None and time.monotonic() - self._room_asked_at > _ROOM_SECONDS:
            self._room_asked_at = time.monotonic()
            if self._room.left_bytes < 0:
                raise DiskFull(NO_ROOM)

    def _take_output(self, chunk: bytes) -> None:
        if self._on_output is not None:
            self._on_output(chunk)
        elif len(self._output) < MAX_OUTPUT_BYTES:
            self._output += chunk

    def _take_error(self, chunk: bytes) -> None:
        self._errors += chunk
        del self._errors[:-MAX_ERROR_BYTES]


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    """Kill what is left of the process group, then reap its leader."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
