"""Sandbox of ffmpeg: its command, wrapped so that it reaches and uses less."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

from cattube_worker.media.process.fence import fence

# bubblewrap: namespaces without network, other processes and foreign files. landlock: no foreign files.
# seccomp: no network, no other processes, less of the kernel. Limits are set in any case.
Layer = Literal["bubblewrap", "landlock", "seccomp"]
Sandbox = tuple[Layer, ...]
LAYERS: Sandbox = ("bubblewrap", "landlock", "seccomp")
ONLY_LIMITS: Sandbox = ()
# Words by which a program dies with the engine. They stand in a command until it has become the program, and
# in that of bubblewrap, which stays in between.
LEASHES = ("--pdeathsig", "--die-with-parent")

# Folders that a dynamically linked ffmpeg needs. /etc/alternatives: Debian's libblas is a link into it.
_SYSTEM = ("/usr", "/etc/alternatives", "/etc/ld.so.cache")
_MERGED_INTO_USR = ("/bin", "/lib", "/lib32", "/lib64", "/libx32", "/sbin")

# The shell's ulimit and not a preexec function: those run Python between fork and exec, which can deadlock
# in a process with threads. -f counts blocks of 512 bytes, -v KiB. The encoder yields to the web server.
# A limit that cannot be set is one that the system has set lower already.
_LIMIT_SCRIPT = """
ulimit -c 0
ulimit -f "$1" 2>/dev/null || :
ulimit -v "$2" 2>/dev/null || :
niceness=$3
shift 3
exec nice -n "$niceness" "$@"
"""


def limited(
    argv: Sequence[str], *, max_file_bytes: int, max_memory_bytes: int, niceness: int = 5
) -> list[str]:
    """Command with that much address space at most, which writes no file longer than that."""
    blocks, kibibytes = max_file_bytes // 512, max_memory_bytes // 1024
    return ["/bin/sh", "-c", _LIMIT_SCRIPT, "sh", str(blocks), str(kibibytes), str(niceness), *argv]


def sandboxed(
    argv: Sequence[str],
    *,
    sandbox: Sandbox,
    program: Path,
    reads: Sequence[Path] = (),
    writes: Sequence[Path] = (),
) -> list[str]:
    """Command that ends when this process does, in the layers of the sandbox.

    program: the executable, which may lie outside the system's folders. reads, writes: the files and folders
    that it may reach, where a layer can enforce that.
    """
    command = list(argv)
    is_fenced = "landlock" in sandbox or "seccomp" in sandbox
    if is_fenced:
        command = fence.fenced(
            command,
            files="landlock" in sandbox,
            calls="seccomp" in sandbox,
            program=program,
            reads=reads,
            writes=writes,
        )
    if "bubblewrap" in sandbox:
        fence_files = [fence.PYTHON_FOLDER, fence.PYTHON, fence.PROGRAM] if is_fenced else []
        return _in_bubblewrap(command, reads=[program, *fence_files, *reads], writes=writes)
    # Without it a killed worker would leave its ffmpeg running for hours.
    death_signal = ["setpriv", "--pdeathsig", "KILL", "--"] if shutil.which("setpriv") else []
    return [*death_signal, *command]


def _in_bubblewrap(argv: Sequence[str], *, reads: Iterable[Path], writes: Iterable[Path]) -> list[str]:
    # No --new-session: what bwrap starts stays in the group that a kill reaches, as bwrap ties its life to
    # ours only after the program runs. There is no terminal to keep from it: the group has none.
    command = ["bwrap", "--unshare-all", "--die-with-parent", "--cap-drop", "ALL"]
    for folder in _SYSTEM:
        command += ["--ro-bind-try", folder, folder]
    for link in _MERGED_INTO_USR:
        if Path(link).is_symlink():
            command += ["--symlink", str(Path(link).readlink()), link]
        else:
            command += ["--ro-bind-try", link, link]
    command += ["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"]  # noqa: S108 - a private, empty one
    for path in reads:
        command += ["--ro-bind", str(path), str(path)]
    for path in writes:
        command += ["--bind", str(path), str(path)]
    return [*command, "--", *argv]


def is_available(layer: Layer) -> bool:
    """True when this machine seems to have the layer; only a try can tell."""
    if layer == "bubblewrap":
        return shutil.which("bwrap") is not None
    return fence.can_guard_files() if layer == "landlock" else fence.can_guard_calls()
