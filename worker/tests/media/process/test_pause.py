"""Pause of a program: it stands still with all that it started, and nothing holds that against it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from cattube_worker.errors import DiskFull
from cattube_worker.media.errors import CommandFailed, CommandTimeout
from cattube_worker.media.process import run as run_module
from cattube_worker.media.process.fence.sandbox import ONLY_LIMITS, Sandbox, sandboxed
from cattube_worker.media.process.limits import Limits
from cattube_worker.media.process.process_group import ProcessGroup, stats_of
from cattube_worker.media.process.run import Stopped
from cattube_worker.media.process.tools import Tools
from cattube_worker.media.process.work_clock import WorkClock
from cattube_worker.media.workspace import Workspace
from cattube_worker.storage import Stores

from ...conftest import TestClock
from ...server.conftest import PATIENCE_SECONDS, wait_until
from .conftest import Script, running, start, wait_until_gone

needs_leash = pytest.mark.skipif(shutil.which("setpriv") is None, reason="needs setpriv, of util-linux")


def new_mark() -> str:
    """A number of seconds that no other program sleeps."""
    return f"3600.{uuid.uuid4().int % 10**9}"


def states(mark: str) -> set[str]:
    """The states of the programs that have `mark` among their arguments, and of all in their groups.

    Not of one that has just ended: until its parent has been told, which may stand still, it is in no other.
    """
    groups = set()
    for pid in running(mark):
        with suppress(ProcessLookupError):  # It has ended in this moment.
            groups.add(os.getpgid(pid))
    return {fields[0] for group in groups - {os.getpgid(0)} for _, fields in stats_of(group)} - {"Z", "X"}


@dataclass
class Pause:
    """A pause that begins when it is told to, and ends once the marked program was seen to stand still.

    on_stopped: called then.
    """

    mark: str
    on_stopped: Callable[[], None] = lambda: None
    gives_up_at: float | None = None
    seen: list[set[str]] = field(default_factory=list)

    def begin(self, chunk: bytes = b"") -> None:
        self.gives_up_at = self.gives_up_at or time.monotonic() + PATIENCE_SECONDS

    def must_pause(self) -> bool:
        if self.gives_up_at is None or self.seen:
            return False
        if (now := states(self.mark)) == {"T"}:
            self.seen.append(now)
            self.on_stopped()
            return False
        # No clock of the run counts a pause.
        assert time.monotonic() < self.gives_up_at, f"it does not stand still: {now}"
        return True


@needs_leash
def test_f80_a_program_stands_still_with_its_children_and_goes_on_where_it_was(
    program: Script, sandbox: Sandbox
) -> None:
    pause, output = Pause(mark := new_mark()), bytearray()
    # The child prints from beginning to end; its parent waits for it.
    counting = "i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done; echo $i"

    def note(chunk: bytes) -> None:
        output.extend(chunk)
        pause.begin()

    result = start(
        program(f"({counting}) &", "echo begun", "wait"),
        sandbox,
        mark,
        must_pause=pause.must_pause,
        on_output=note,
        timeout_seconds=600,
    )

    assert pause.seen == [{"T"}]
    assert (result.exit_code, bytes(output)) == (0, b"begun\n300000\n")


def test_f80_no_program_is_started_during_a_pause(program: Script, tmp_path: Path) -> None:
    trace, asked = tmp_path / "trace", list[bool]()

    def must_pause() -> bool:
        asked.append(trace.exists())
        return len(asked) < 3

    result = start(program(f"touch {trace}"), ONLY_LIMITS, must_pause=must_pause)

    assert result.exit_code == 0
    assert asked[:3] == [False, False, False]


@needs_leash
def test_f81_neither_clock_counts_a_pause(program: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = TestClock()
    monkeypatch.setattr(run_module, "WorkClock", lambda: WorkClock(clock))
    pause = Pause(mark := new_mark(), on_stopped=lambda: clock.advance(1_000_000))
    working = program("echo begun", "i=0; while [ $i -lt 1000000 ]; do i=$((i+1)); done", "echo done >&2")

    result = start(
        working,
        ONLY_LIMITS,
        mark,
        must_pause=pause.must_pause,
        on_output=pause.begin,
        timeout_seconds=60,
        stall_seconds=30,
    )

    assert pause.seen
    assert (result.exit_code, result.errors) == (0, "done\n")


@needs_leash
@pytest.mark.parametrize(
    ("stall_seconds", "error"),
    [pytest.param(None, CommandTimeout, id="wall clock"), pytest.param(30, CommandFailed, id="stall")],
)
def test_f81_both_clocks_go_on_after_a_pause(
    program: Script,
    monkeypatch: pytest.MonkeyPatch,
    stall_seconds: float | None,
    error: type[Exception],
) -> None:
    clock = TestClock()
    monkeypatch.setattr(run_module, "WorkClock", lambda: WorkClock(clock))
    pause = Pause(mark := new_mark())

    def must_pause() -> bool:
        must = pause.must_pause()
        if pause.seen:
            clock.advance(20)  # At each look, and the program does nothing any more.
        return must

    with pytest.raises(error):
        start(
            # Without a child: a shell that has begun to start one does not stop before that has become it.
            program("echo begun", f"exec sleep {mark}"),
            ONLY_LIMITS,
            mark,
            must_pause=must_pause,
            on_output=pause.begin,
            timeout_seconds=60,
            stall_seconds=stall_seconds,
        )

    wait_until_gone(mark)


@needs_leash
def test_f82_a_stop_ends_a_program_that_stands_still(program: Script, sandbox: Sandbox) -> None:
    stop = threading.Event()
    pause = Pause(mark := new_mark(), on_stopped=stop.set)

    with pytest.raises(Stopped):
        start(
            program(f"sleep {mark} &", "echo begun", "wait"),
            sandbox,
            mark,
            stop=stop,
            must_pause=lambda: pause.must_pause() or bool(pause.seen),
            on_output=pause.begin,
        )

    wait_until_gone(mark)


def test_f82_a_stop_ends_the_wait_for_a_turn(program: Script) -> None:
    stop, (reading, writing) = threading.Event(), os.pipe()

    def must_pause() -> bool:
        stop.set()
        return True

    with pytest.raises(Stopped):
        start(program("exit 0"), ONLY_LIMITS, stop=stop, must_pause=must_pause, stdin=reading)

    with pytest.raises(BrokenPipeError):  # Its reader is gone.
        os.write(writing, b"more")
    os.close(writing)


@needs_leash
def test_f83_a_program_that_stands_still_dies_with_a_killed_worker(program: Script, sandbox: Sandbox) -> None:
    mark = new_mark()
    code = (
        "import sys; from pathlib import Path; from cattube_worker.media.process.run import run;"
        "from cattube_worker.media.process.limits import Limits; begun = [];"
        "run(Path(sys.argv[1]), sys.argv[2:3], sandbox=tuple(sys.argv[3:]), limits=Limits(),"
        " timeout_seconds=60, must_pause=lambda: bool(begun), on_output=begun.append)"
    )
    hanging = program("echo begun", f"exec sleep {mark}")
    worker = subprocess.Popen(
        [sys.executable, "-c", code, hanging, mark, *sandbox], cwd=Path(__file__).parents[3], process_group=0
    )
    wait_until(lambda: worker.poll() is not None or states(mark) >= {"T"})

    worker.send_signal(signal.SIGKILL)
    worker.wait()

    wait_until_gone(mark)


def test_f83_a_program_that_a_killed_worker_would_leave_behind_is_not_stopped(
    program: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cattube_worker.media.process.fence.sandbox.shutil.which", lambda name: None)
    begun = threading.Event()

    result = start(
        program("echo begun", "echo done >&2"),
        ONLY_LIMITS,
        must_pause=begun.is_set,
        on_output=lambda chunk: begun.set(),
    )

    assert (result.exit_code, result.errors) == (0, "done\n")


@needs_leash
def test_f83_a_program_is_stopped_only_once_its_leash_is_tied(tmp_path: Path) -> None:
    leashed = sandboxed(["sleep", new_mark()], sandbox=ONLY_LIMITS, program=Path("/bin/sleep"))
    command = ["/bin/sh", "-c", 'read line; exec "$@"', "sh", *leashed]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)
    group = ProcessGroup(process.pid, command)
    try:
        assert not group.stop()
        assert process.stdin is not None
        with process.stdin:
            process.stdin.write(b"\n")

        wait_until(group.stop)

        assert [fields[0] for _, fields in stats_of(process.pid)] in (["T"], ["R"], ["S"])
        wait_until(lambda: [fields[0] for _, fields in stats_of(process.pid)] == ["T"])
    finally:
        group.kill()
        process.wait()


@needs_leash
def test_f87_disk_that_fills_up_during_a_pause_is_told_as_that(program: Script, tmp_path: Path) -> None:
    full = tmp_path / "full"
    pause = Pause(mark := new_mark(), on_stopped=full.touch)
    writing = program(
        "echo out_time_us=1000000",
        f"while [ ! -e {full} ]; do :; done",
        'echo "av_interleaved_write_frame(): No space left on device" >&2',
        "exit 228",
    )
    workspace = Workspace(
        folder=tmp_path,
        tools=Tools(ffmpeg=writing, ffprobe=None, version="", sandbox=ONLY_LIMITS),
        limits=Limits(),
        report=lambda share: pause.begin(),
        stop=threading.Event(),
        stores=Stores(),
        must_pause=pause.must_pause,
    )

    with pytest.raises(DiskFull) as caught:
        workspace.run([mark], reads=[], name="cat.mp4", duration_seconds=10)

    assert pause.seen
    assert caught.value.retryable
