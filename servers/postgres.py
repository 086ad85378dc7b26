"""PostgreSQL: a new, empty cluster for a test run."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from servers.processes import ServerUnavailable, free_port, leash, running, wait_until

USER = "cattube"
_INITDB = ("-A", "trust", "-U", USER, "--no-sync", "-E", "UTF8", "--locale=C.UTF-8")


@contextmanager
def postgres() -> Iterator[str]:
    """The address of a running PostgreSQL: "postgresql://cattube@127.0.0.1:port/postgres".

    Its user may create databases and needs no password; the server listens on the loopback interface alone
    and syncs nothing to the disk. Raises ServerUnavailable.
    """
    programs, user = _programs(), _user()
    # Not below a test's own folder: PostgreSQL refuses to be root, and nobody else may look in there.
    with tempfile.TemporaryDirectory(prefix="cattube-postgres-") as name:
        folder, port = Path(name), free_port()
        if user is not None:
            shutil.chown(folder, user)
        log, state = folder / "log", folder / "state"
        subprocess.run(
            [*leash(user), programs / "initdb", "-D", state, *_INITDB],
            check=True,
            capture_output=True,
            cwd=folder,
        )
        argv: list[str | Path] = [programs / "postgres", "-D", state, "-p", str(port), *_options(folder)]
        # SIGTERM would wait for every client to leave.
        with running(argv, log=log, user=user, stop_signal=signal.SIGINT) as process:
            ready: list[str | Path] = [programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)]
            wait_until(
                lambda: subprocess.run(ready).returncode == 0, what="PostgreSQL", process=process, log=log
            )
            yield f"postgresql://{USER}@127.0.0.1:{port}/postgres"


def _options(folder: Path) -> list[str]:
    options = {
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": str(folder),
        "fsync": "off",
        "max_connections": "500",
    }
    return [part for name, value in options.items() for part in ("-c", f"{name}={value}")]


def _programs() -> Path:
    """The folder of the newest PostgreSQL. Debian keeps it off PATH."""
    versions = [path for path in Path("/usr/lib/postgresql").glob("*/bin") if (path / "initdb").exists()]
    if versions:
        return max(versions, key=lambda path: int(path.parent.name))
    found = shutil.which("initdb")
    if found is None:
        raise ServerUnavailable("PostgreSQL is not installed. Debian, Ubuntu: sudo apt install postgresql")
    return Path(found).resolve().parent


def _user() -> str | None:
    """Whom to run as; None is whoever we are."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"
