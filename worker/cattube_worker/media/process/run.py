"""Run of ffmpeg or ffprobe, sandboxed, limited, watched, and killed as a group. Nothing else starts them.

A run can be made to stand still: its group is stopped then, and its clocks with it.
"""

from __future__ import annotations

import os
import selectors
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
from cattube_worker.media.length_in_words import length_in_words
from cattube_worker.media.process.fence.sandbox import Sandbox, limited, sandboxed
from cattube_worker.media.process.limits import Limits
from cattube_worker.media.process.process_group import ProcessGroup
from cattube_worker.media.process.stall_detector import StallDetector
from cattube_worker.media.process.work_clock import WorkClock

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
    must_pause: Callable[[], bool] = lambda: False,
    stall_seconds: float | None = None,
    stdin: int | None = None,
    room: DiskRoom | None = None,
    on_output: Callable[[bytes], None] | None = None,
    max_error_bytes: int = MAX_ERROR_BYTES,
) -> RunResult:
    """Run `program` until it ends; nothing it started outlives this call.

    reads, writes: the files and folders it may reach, where the sandbox can enforce that.
    must_pause: asked several times a second if the program has to stand still, which counts as no time at
    all; as long as it has to, it is not started either.
    stall_seconds: ends a program that uses no processor for so long; None for one that may have to wait.
    stdin: a descriptor to read from; it is closed here, so that its other end notices when the program ends.
    room: on the disk that the program writes to; it is ended when only the reserve is left.
    on_output: receives standard output as it comes; the result then has none.
    max_error_bytes: so much of the end of standard error is kept.
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
    stop = stop or Event()
    try:
        wait_while(must_pause, stop)
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
    group, clock = ProcessGroup(process.pid, argv), WorkClock()
    watch = _Watch(
        process,
        stop=stop,
        pause=_Pause(group, clock, must_pause),
        clock=clock,
        timeout_seconds=timeout_seconds,
        stall_detector=StallDetector(process.pid, stall_seconds, clock=clock) if stall_seconds else None,
        room=room,
        on_output=on_output,
        max_error_bytes=max_error_bytes,
    )
    try:
        return watch.until_end()
    finally:
        group.kill()
        process.wait()


def wait_while(must_pause: Callable[[], bool], stop: Event) -> None:
    """Wait as long as work has to stand still. Raises Stopped when it has to end."""
    while not stop.is_set() and must_pause():
        stop.wait(_POLL_SECONDS)
    if stop.is_set():
        raise Stopped


class _Pause:
    """Stops a group and its clock when it has to stand still, and continues both."""

    def __init__(self, group: ProcessGroup, clock: WorkClock, must_pause: Callable[[], bool]) -> None:
        self._group, self._clock, self._must_pause = group, clock, must_pause

    def update(self) -> None:
        must_pause, is_paused = self._must_pause(), self._clock.is_stopped
        if must_pause and not is_paused and self._group.stop():
            self._clock.stop()
        elif is_paused and not must_pause:
            self._group.go_on()
            self._clock.go_on()


class _Watch:
    """Reads both pipes so that neither fills up, and looks at stop flag, pause and clocks in between."""

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        *,
        stop: Event,
        pause: _Pause,
        clock: WorkClock,
        timeout_seconds: float,
        stall_detector: StallDetector | None,
        room: DiskRoom | None,
        on_output: Callable[[bytes], None] | None,
        max_error_bytes: int,
    ) -> None:
        self._process, self._stop, self._pause, self._on_output = process, stop, pause, on_output
        self._clock, self._timeout_seconds, self._stall_detector = clock, timeout_seconds, stall_detector
        self._room, self._room_asked_at = room, 0.0
        self._max_error_bytes = max_error_bytes
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
        if self._stop.is_set():
            raise Stopped
        self._pause.update()
        if self._clock() > self._timeout_seconds:
            raise CommandTimeout(
                "The file took longer to process than the "
                f"{length_in_words(self._timeout_seconds)} that are allowed: try a shorter one."
            )
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
        del self._errors[: -self._max_error_bytes]
