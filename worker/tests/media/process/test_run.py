"""Run of a program that floods, hangs, outlives its parent, fills the disk, or looks for secrets."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import uuid
from pathlib import Path

import pytest

from cattube_worker.disk_room import DiskRoom
from cattube_worker.errors import DiskFull
from cattube_worker.media.errors import CommandFailed, CommandTimeout
from cattube_worker.media.process.fence.sandbox import ONLY_LIMITS, Sandbox
from cattube_worker.media.process.limits import Limits
from cattube_worker.media.process.run import MAX_ERROR_BYTES, Stopped, run

from ...small_disk import use_small_disk
from .conftest import Script, running, start, wait_until_gone

MIB = 2**20


def test_result_has_output_errors_and_exit_code(program: Script, sandbox: Sandbox) -> None:
    result = start(program('echo "$1"', "echo oh >&2", "exit 7"), sandbox, "hello")

    assert (result.exit_code, result.output, result.errors) == (7, b"hello\n", "oh\n")


def test_m18_a_flood_of_errors_is_drained_and_bounded(program: Script, sandbox: Sandbox) -> None:
    result = start(program("head -c 100000000 /dev/zero >&2", "echo last >&2"), sandbox)

    assert result.exit_code == 0
    assert len(result.errors) <= MAX_ERROR_BYTES
    assert result.errors.endswith("last\n")


@pytest.mark.parametrize("way", ["sleep 3600.{mark}", "kill -STOP $$"], ids=["sleeps", "is-stopped"])
def test_m17_a_program_that_hangs_is_killed_by_the_wall_clock(
    program: Script, sandbox: Sandbox, way: str
) -> None:
    mark = f"3600.{uuid.uuid4().int % 10**9}"

    with pytest.raises(CommandTimeout):
        start(program(way.format(mark=mark.removeprefix("3600."))), sandbox, mark, timeout_seconds=0.3)

    wait_until_gone(mark)


@pytest.mark.parametrize("way", ["sleep 3600.{mark}", "kill -STOP $$"], ids=["sleeps", "is-stopped"])
def test_m17_a_program_that_stalls_is_killed_long_before_the_wall_clock(
    program: Script, sandbox: Sandbox, way: str
) -> None:
    mark = f"3600.{uuid.uuid4().int % 10**9}"

    with pytest.raises(CommandFailed, match="stood still") as raised:
        start(program(way.format(mark=mark.removeprefix("3600."))), sandbox, mark, stall_seconds=0.5)

    assert raised.value.retryable
    wait_until_gone(mark)


def test_a_program_that_is_only_slow_or_whose_children_work_does_not_stall(
    program: Script, sandbox: Sandbox
) -> None:
    counting = "i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done"
    working = program(f"for each in 1 2 3 4 5 6 7 8; do ({counting}) & sleep 0.2; wait; done", "echo done")

    assert start(working, sandbox, stall_seconds=1.0).output == b"done\n"


def test_m17_children_of_a_killed_program_die_with_it(program: Script, sandbox: Sandbox) -> None:
    mark = f"3600.{uuid.uuid4().int % 10**9}"
    stop = threading.Event()
    hanging = program(f"sleep {mark} &", f"sleep {mark} &", "echo started", "wait")

    with pytest.raises(Stopped):
        start(hanging, sandbox, stop=stop, on_output=lambda chunk: stop.set() if chunk else None)

    wait_until_gone(mark)


def test_m17_all_that_a_program_starts_is_in_the_one_group_that_is_killed(
    program: Script, sandbox: Sandbox
) -> None:
    mark = f"3600.{uuid.uuid4().int % 10**9}"
    stop, groups = threading.Event(), set[int]()
    hanging = program(f"sleep {mark} &", "echo started", "wait")

    def note_groups(chunk: bytes) -> None:
        groups.update(os.getpgid(pid) for pid in running(mark))
        stop.set()

    with pytest.raises(Stopped):
        start(hanging, sandbox, mark, stop=stop, on_output=note_groups)

    assert len(groups) == 1
    assert groups != {os.getpgid(0)}


def test_a_child_that_keeps_the_pipes_open_does_not_outlive_the_clock(
    program: Script, sandbox: Sandbox
) -> None:
    mark = f"3600.{uuid.uuid4().int % 10**9}"

    with contextlib.suppress(CommandTimeout):  # with bubblewrap the child is gone, and the run just ends
        start(program(f"sleep {mark} &", "exit 0"), sandbox, timeout_seconds=0.5)

    wait_until_gone(mark)


@pytest.mark.skipif(shutil.which("setpriv") is None, reason="needs setpriv, of util-linux")
def test_f05_ffmpeg_dies_with_a_killed_worker(program: Script, sandbox: Sandbox) -> None:
    mark = f"3600.{uuid.uuid4().int % 10**9}"
    hanging = program(f"exec sleep {mark}")
    code = (
        "import sys; from pathlib import Path; from cattube_worker.media.process.run import run;"
        "from cattube_worker.media.process.limits import Limits;"
        "run(Path(sys.argv[1]), [], sandbox=tuple(sys.argv[2:]), limits=Limits(), timeout_seconds=60)"
    )
    root = Path(__file__).parents[3]
    worker = subprocess.Popen([sys.executable, "-c", code, hanging, *sandbox], cwd=root)
    ends_at = time.monotonic() + 20
    while not running(mark) and time.monotonic() < ends_at:
        time.sleep(0.02)
    assert running(mark)

    worker.send_signal(signal.SIGKILL)
    worker.wait()

    wait_until_gone(mark)


def test_w23_a_program_sees_none_of_our_secrets(
    program: Script, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRANSLOADIT_SECRET", "canary-secret")

    result = start(program("env"), sandbox)

    assert b"PATH=" in result.output
    assert b"canary-secret" not in result.output


def test_m11_no_file_grows_beyond_the_limit(program: Script, sandbox: Sandbox, tmp_path: Path) -> None:
    folder = tmp_path / "output"
    folder.mkdir()
    filling = program("head -c 50000000 /dev/zero > $1/big")

    result = start(filling, sandbox, str(folder), limits=Limits(max_output_bytes=1_000_000), writes=[folder])

    assert result.exit_code != 0
    assert (folder / "big").stat().st_size <= 1_000_000


@pytest.mark.parametrize(
    "sandbox", [("bubblewrap",), ("landlock",), ("landlock", "seccomp")], ids="+".join, indirect=True
)
def test_m23_a_program_sees_only_the_named_files(program: Script, sandbox: Sandbox, tmp_path: Path) -> None:
    """D50: neither the secrets of the site, nor the engine's, nor those that both have."""
    secrets = [tmp_path / name for name in ("secrets.env", "site-secrets.env", "engine-secrets.env")]
    source, folder = tmp_path / "source", tmp_path / "output"
    for secret in secrets:
        secret.write_text("canary")
    source.write_text("source")
    folder.mkdir()
    looking = program(
        f"cat {source}",
        f"cat {' '.join(map(str, secrets))} /etc/passwd",
        f"echo spoilt > {source}",
        f"echo made > {folder}/x",
    )

    result = start(looking, sandbox, reads=[source], writes=[folder])

    assert result.output == b"source"
    assert source.read_text() == "source"
    assert (folder / "x").read_text() == "made\n"


def test_a_program_that_does_not_exist_fails_with_an_exit_code(tmp_path: Path, sandbox: Sandbox) -> None:
    result = start(tmp_path / "nothing", sandbox)

    assert result.exit_code != 0


def test_a_program_can_be_given_a_pipe_whose_writer_notices_its_end(
    program: Script, sandbox: Sandbox
) -> None:
    reading, writing = os.pipe()
    os.write(writing, b"meow\n")

    result = run(
        program("read word", 'echo "$word"'),
        [],
        sandbox=sandbox,
        limits=Limits(),
        timeout_seconds=30,
        stdin=reading,
    )

    assert result.output == b"meow\n"
    with pytest.raises(BrokenPipeError):
        write_on(writing)
    os.close(writing)


def write_on(pipe: int) -> None:
    """What fences the reader in may end a moment after it, and has the pipe until then."""
    for _ in range(10_000):
        os.write(pipe, b"more")
        time.sleep(0.01)


@pytest.mark.parametrize("niceness", [5, 10])
def test_a_program_has_the_niceness_of_its_limits(program: Script, sandbox: Sandbox, niceness: int) -> None:
    limits = Limits(niceness=niceness)

    result = run(program("nice"), [], sandbox=sandbox, limits=limits, timeout_seconds=30)

    assert int(result.output) == min(19, os.nice(0) + niceness)


def test_m37_program_is_ended_before_it_writes_into_the_reserve(
    program: Script, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = use_small_disk(monkeypatch, tmp_path, size_bytes=3 * MIB)
    endless = program(f"while head -c 65536 /dev/zero >> {tmp_path}/output; do sleep 0.02; done")

    with pytest.raises(DiskFull, match="no room left on the disk") as caught:
        start(endless, ONLY_LIMITS, writes=[tmp_path], room=DiskRoom([tmp_path], reserve_bytes=2 * MIB))

    assert caught.value.retryable
    assert disk.free_bytes > 0
    size_bytes = (tmp_path / "output").stat().st_size
    assert size_bytes > MIB


def test_m37_program_that_needs_no_more_than_there_is_ends_by_itself(
    program: Script, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_small_disk(monkeypatch, tmp_path, size_bytes=3 * MIB)
    room = DiskRoom([tmp_path], reserve_bytes=2 * MIB)

    result = start(program(f"head -c 65536 /dev/zero > {tmp_path}/output; sleep 1"), ONLY_LIMITS, room=room)

    assert result.exit_code == 0
