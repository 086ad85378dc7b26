"""Hostile programs in the sandbox of each make: what a broken decoder would try."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from cattube_worker.media.process.fence import fence
from cattube_worker.media.process.fence.landlock import kernel_version
from cattube_worker.media.process.fence.sandbox import Layer, Sandbox
from cattube_worker.media.process.fence.system_calls import REFUSED, this_architecture
from cattube_worker.media.process.limits import Limits
from cattube_worker.media.process.run import RunResult, run
from cattube_worker.media.process.tools import find_tools

from ..conftest import SANDBOXES

Attempt = Callable[..., str]

PREAMBLE = """
import ctypes, errno, json, os, resource, socket, sys
libc = ctypes.CDLL(None, use_errno=True)
given = json.loads(sys.argv[1])
def call(number, *arguments):
    if libc.syscall(number, *arguments) < 0:
        raise OSError(ctypes.get_errno(), "refused")
try:
"""
EPILOGUE = """
except OSError as error:
    print(errno.errorcode[error.errno])
else:
    print("done")
"""


def those_with(*layers: Layer, whole: bool = False) -> pytest.MarkDecorator:
    """Sandboxes that have one of the layers, or with `whole` all of them."""
    wanted = set(layers)
    fitting = [each for each in SANDBOXES if (wanted <= set(each) if whole else wanted & set(each))]
    return pytest.mark.parametrize("sandbox", fitting, ids="+".join, indirect=True)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "job"
    folder.mkdir()
    return folder


@pytest.fixture
def attempt(tmp_path: Path, folder: Path, sandbox: Sandbox) -> Attempt:
    """Runs one statement of Python in the sandbox, and tells "done" or the name of the error."""

    def make(statement: str, **given: Any) -> str:
        script = tmp_path / "hostile.py"
        script.write_text(PREAMBLE + f"    {statement}" + EPILOGUE)
        result = run(
            fence.PYTHON,
            ["-I", "-S", str(script), json.dumps({"folder": str(folder), **given})],
            sandbox=sandbox,
            limits=Limits(),
            timeout_seconds=30,
            reads=[fence.PYTHON_FOLDER, script],
            writes=[folder],
        )
        assert result.output, result.errors
        return result.output.decode().strip()

    return make


@pytest.fixture
def neighbour() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        yield process
        process.kill()


@those_with("bubblewrap", "landlock")
@pytest.mark.parametrize(
    "statement",
    [
        "open(given['secret']).read()",
        "open(given['secret'], 'w')",
        "os.unlink(given['secret'])",
        "os.rename(given['secret'], given['folder'] + '/mine')",
        "os.link(given['secret'], given['folder'] + '/mine')",
        "os.listdir(os.path.dirname(given['secret']))",
        "open(os.path.dirname(given['secret']) + '/new', 'w')",
        "os.mkdir(os.path.dirname(given['secret']) + '/new')",
        "os.symlink('/etc/passwd', given['folder'] + '/link') or open(given['folder'] + '/link').read()",
        "open('/etc/passwd').read()",
        "open(f'/proc/{given[\"engine\"]}/environ').read()",
        "open(f'/proc/{given[\"engine\"]}/root' + given['secret']).read()",
        "os.execv(given['tool'], ['tool'])",
    ],
)
def test_m23_no_file_is_reached_that_was_not_named(
    attempt: Attempt, sandbox: Sandbox, tmp_path: Path, statement: str
) -> None:
    state = tmp_path / "data"
    state.mkdir()
    secret, tool = state / "secrets.env", state / "tool"
    secret.write_text("canary")
    tool.write_text("#!/bin/sh\necho done\n")
    tool.chmod(0o755)

    answer = attempt(statement, secret=str(secret), tool=str(tool), engine=os.getpid())

    assert answer in ("EACCES", "EPERM", "ENOENT", "EROFS", "EXDEV")
    assert secret.read_text() == "canary"
    assert sorted(path.name for path in state.iterdir()) == ["secrets.env", "tool"]


@those_with("bubblewrap", "seccomp")
@pytest.mark.parametrize(
    "statement",
    [
        "os.chmod(given['secret'], 0o666)",
        "os.utime(given['secret'])",
        "os.truncate(given['secret'], 0)",
        "os.setxattr(given['secret'], 'user.mark', b'x')",
    ],
)
def test_m23_nothing_about_a_foreign_file_is_changed(
    attempt: Attempt, sandbox: Sandbox, tmp_path: Path, statement: str
) -> None:
    secret = tmp_path / "secrets.env"
    secret.write_text("canary")
    secret.chmod(0o600)
    before = secret.stat()

    assert attempt(statement, secret=str(secret)) in ("EPERM", "EACCES", "ENOENT", "EROFS")
    assert secret.read_text() == "canary"
    assert (secret.stat().st_mode, secret.stat().st_mtime_ns) == (before.st_mode, before.st_mtime_ns)


@those_with("landlock", "seccomp")
@pytest.mark.parametrize("target", ["/etc/passwd", "../secrets.env"])
def test_m46_no_link_stands_in_the_place_of_an_output(
    attempt: Attempt, sandbox: Sandbox, folder: Path, target: str
) -> None:
    """M46: the engine, which is in no sandbox, would follow it."""
    statement = "os.symlink(given['target'], given['folder'] + '/made-0')"

    assert attempt(statement, target=target) in ("EPERM", "EACCES")
    assert list(folder.iterdir()) == []


@those_with("bubblewrap", "seccomp")
@pytest.mark.parametrize(
    "statement",
    [
        "socket.create_connection(('127.0.0.1', given['tcp']), 2)",
        "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', given['udp']))",
        "socket.socket(socket.AF_UNIX).connect(given['path'])",
        "socket.socket(socket.AF_UNIX).connect('\\0' + given['name'])",
    ],
    ids=["tcp", "udp", "unix", "abstract"],
)
def test_m23_nothing_is_sent_to_anybody(
    attempt: Attempt, sandbox: Sandbox, tmp_path: Path, statement: str
) -> None:
    name = f"cattube-{os.getpid()}"
    kinds = (
        (socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 0)),
        (socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", 0)),
        (socket.AF_UNIX, socket.SOCK_STREAM, str(tmp_path / "socket")),
        (socket.AF_UNIX, socket.SOCK_STREAM, f"\0{name}"),
    )
    with ExitStack() as stack:
        servers = [stack.enter_context(socket.socket(family, kind)) for family, kind, _ in kinds]
        for server, (_, kind, address) in zip(servers, kinds, strict=True):
            server.bind(address)  # type: ignore[arg-type]  # a path, or host and port
            if kind == socket.SOCK_STREAM:
                server.listen()
        tcp, udp = (server.getsockname()[1] for server in servers[:2])

        attempt(statement, tcp=tcp, udp=udp, path=str(tmp_path / "socket"), name=name)

        assert select.select(servers, [], [], 0)[0] == []


@those_with("landlock", "seccomp", whole=True)
@pytest.mark.parametrize(
    "statement",
    [
        "os.kill(given['pid'], 9)",
        "os.kill(-given['pid'], 9)",
        "os.kill(-1, 0)",
        "os.pidfd_open(given['pid'])",
        "resource.prlimit(given['pid'], resource.RLIMIT_CPU, (1, 1))",
        "os.sched_setaffinity(given['pid'], {0})",
        "os.setpriority(os.PRIO_PROCESS, given['pid'], 19)",
        "os.setsid()",
        "os.setpgid(0, 0)",
        "open(f'/proc/{given[\"pid\"]}/mem', 'rb')",
    ],
)
def test_m23_no_neighbour_is_touched(
    attempt: Attempt, sandbox: Sandbox, neighbour: subprocess.Popen[bytes], statement: str
) -> None:

    assert attempt(statement, pid=neighbour.pid) in ("EPERM", "EACCES", "ESRCH", "ENOENT")
    assert neighbour.poll() is None


@those_with("seccomp")
@pytest.mark.parametrize(
    "name",
    ["ptrace", "unshare", "setns", "mount", "chroot", "keyctl", "bpf", "io_uring_setup", "userfaultfd",
     "perf_event_open", "shmget", "setuid", "personality", "open_by_handle_at", "process_vm_readv"],
)  # fmt: skip
def test_m23_the_kernel_refuses_what_no_encoder_needs(attempt: Attempt, sandbox: Sandbox, name: str) -> None:
    architecture = this_architecture()
    assert architecture is not None

    answer = attempt("call(given['number'], 0, 0, 0, 0, 0, 0)", number=architecture.number(REFUSED[name]))

    assert answer == "EPERM"


@those_with("bubblewrap", "landlock", "seccomp")
def test_m23_a_fenced_program_gains_no_privileges(attempt: Attempt, sandbox: Sandbox) -> None:

    assert attempt("assert libc.prctl(39, 0, 0, 0, 0) == 1") == "done"  # PR_GET_NO_NEW_PRIVS


@pytest.mark.parametrize(
    "statement",
    [
        "open(given['folder'] + '/x', 'w').write('made')",
        "os.mkdir(given['folder'] + '/sub')",
        "os.rename(given['source'], given['folder'] + '/renamed')",
        "os.replace(given['source'], given['folder'] + '/there/renamed')",
        "os.unlink(given['source'])",
        "open(given['source'], 'r+').truncate(1)",
        "open('/dev/null', 'w').write('x')",
        "os.kill(os.getpid(), 0)",
        "__import__('threading').Thread(target=print).start()",
        "__import__('subprocess').run(['/bin/true'], check=True)",
        "os.sched_setaffinity(0, os.sched_getaffinity(0))",
    ],
)
def test_work_in_its_own_folder_is_free(
    attempt: Attempt, folder: Path, sandbox: Sandbox, statement: str
) -> None:
    (folder / "there").mkdir()
    (folder / "source").write_text("source")

    if "'/there/" in statement and "landlock" in sandbox and kernel_version() < 2:
        pytest.skip("the first version of Landlock moves no file to another folder")
    assert attempt(statement, source=str(folder / "source")).endswith("done")


@pytest.mark.parametrize("signal_number", [signal.SIGPIPE, signal.SIGXFSZ])
def test_a_program_is_ended_by_the_signals_that_python_ignores(
    sandbox: Sandbox, tmp_path: Path, signal_number: int
) -> None:
    program = tmp_path / "ffmpeg"
    program.write_text("#!/bin/sh\nexec grep SigIgn /proc/self/status\n")
    program.chmod(0o755)

    result = run(program, [], sandbox=sandbox, limits=Limits(), timeout_seconds=30)

    assert int(result.output.split()[1], 16) >> (signal_number - 1) & 1 == 0


@pytest.mark.ffmpeg
@pytest.mark.parametrize("which", ["of the system", "of the wheel"])
def test_both_ffmpegs_encode_in_it(sandbox: Sandbox, folder: Path, which: str) -> None:
    ffmpeg = find_tools().ffmpeg if which == "of the system" else wheel()
    source, target = folder.parent / "source.mp4", folder / "target.mp4"
    clip = ["-f", "lavfi", "-i", "testsrc2=s=160x90:r=10:d=2", "-f", "lavfi", "-i", "sine=d=2"]
    assert encode(ffmpeg, [*clip, str(source)], (), writes=[folder.parent]).exit_code == 0

    result = encode(ffmpeg, ["-i", str(source), str(target)], sandbox, reads=[source], writes=[folder])

    assert (result.exit_code, result.errors) == (0, "")
    assert target.stat().st_size > 1000


def encode(
    ffmpeg: Path,
    arguments: list[str],
    sandbox: Sandbox,
    *,
    reads: Sequence[Path] = (),
    writes: Sequence[Path],
) -> RunResult:
    command = ["-v", "error", "-nostdin", *arguments[:-1], "-c:v", "libx264", "-c:a", "aac", arguments[-1]]
    return run(
        ffmpeg, command, sandbox=sandbox, limits=Limits(), timeout_seconds=60, reads=reads, writes=writes
    )


def wheel() -> Path:
    imageio_ffmpeg = pytest.importorskip("imageio_ffmpeg")
    return Path(imageio_ffmpeg.get_ffmpeg_exe()).resolve()
