"""Walls of the sandbox: each is tried, for what the kernel promises may not be what it does here."""

from __future__ import annotations

import os
import socket
import tempfile
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Literal, get_args

from cattube_worker.errors import AssemblyError
from cattube_worker.media.process.fence import fence
from cattube_worker.media.process.fence.sandbox import Sandbox
from cattube_worker.media.process.limits import Limits
from cattube_worker.media.process.run import run

Wall = Literal["read", "write", "connect", "signal"]
WALLS: tuple[Wall, ...] = get_args(Wall)
IN_WORDS: Mapping[Wall, str] = {
    "read": "read the files of the engine",
    "write": "change files that are not its own",
    "connect": "open connections",
    "signal": "signal other programs",
}
_ATTEMPTS = Path(__file__).with_name("wall_attempts.py")
_DONE = b"all were tried"
_TIMEOUT_SECONDS = 30


def open_walls(sandbox: Sandbox, *, folder: Path | None = None) -> tuple[Wall, ...]:
    """Walls that do not hold: what a program in the sandbox can do although it must not.

    folder: where the engine keeps its files; None tries in the system's folder for temporary ones. If nothing
    can be tried, no wall counts as holding.
    """
    with tempfile.TemporaryDirectory(prefix=".walls-", dir=folder) as name:
        secret, target = Path(name, "secret"), Path(name, "target")
        secret.write_text("nobody in the sandbox may read this")
        with closing(_listener()) as listener:
            output = _attempt(sandbox, [str(secret), str(target), *_addresses(listener)])
    lines = output.split(b"\n")
    return tuple(wall for wall in WALLS if wall.encode() in lines) if _DONE in lines else WALLS


def _listener() -> socket.socket:
    """A socket that takes connections from this machine, where there is a network."""
    listener = socket.socket()
    try:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
    except OSError:
        pass  # Nobody can connect then, in the sandbox or outside.
    return listener


def _addresses(listener: socket.socket) -> list[str]:
    """Port and process that are tried, and the namespace in which the process has its number."""
    try:
        namespace = str(Path("/proc/self/ns/pid").readlink())
    except OSError:
        namespace = ""
    return [str(listener.getsockname()[1]), str(os.getpid()), namespace]


def _attempt(sandbox: Sandbox, arguments: list[str]) -> bytes:
    try:
        result = run(
            fence.PYTHON,
            ["-I", "-S", str(_ATTEMPTS), *arguments],
            sandbox=sandbox,
            limits=Limits(),
            timeout_seconds=_TIMEOUT_SECONDS,
            reads=[fence.PYTHON_FOLDER, _ATTEMPTS],
        )
    except AssemblyError:
        return b""
    return result.output
