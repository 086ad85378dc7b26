"""Sandbox of ffmpeg: its command, wrapped so that it reaches and uses less."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

Sandbox = Literal["bwrap", "rlimits"]

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
    reads: Iterable[Path] = (),
    writes: Iterable[Path] = (),
) -> list[str]:
    """Command that ends when this process does and, with "bwrap", reaches only those files and no network.

    program: the executable, which may lie outside the system's folders.
    """
    if sandbox == "rlimits":
        # Without it a killed worker would leave its ffmpeg running for hours.
        death_signal = ["setpriv", "--pdeathsig", "KILL", "--"] if shutil.which("setpriv") else []
        return [*death_signal, *argv]
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
    for path in [program, *reads]:
        command += ["--ro-bind", str(path), str(path)]
    for path in writes:
        command += ["--bind", str(path), str(path)]
    return [*command, "--", *argv]
