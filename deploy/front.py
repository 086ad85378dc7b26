"""The front: nginx, which `make run` starts before site and engine.

nginx holds the visitors' connections, so that slow and silent ones cost no thread of a room. Each room
listens on a socket in a folder that only this user may enter. So what comes by it comes from nginx, and the
rooms believe the address that it names.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from nginx_configuration import Plan, configuration

# `pass`, by which connections are counted before they have said a word.
OLDEST_NGINX = (1, 25, 5)
NEEDED_PARTS = ("--with-stream", "--with-http_realip_module")
# sockaddr_un has 108 bytes.
LONGEST_SOCKET_PATH = 100


class FrontUnavailable(Exception):
    """nginx cannot be used here. The message goes on after a colon."""


@dataclass(frozen=True)
class Front:
    """nginx, ready to be started in `folder`. sockets: the folder in which the rooms listen."""

    nginx: str
    folder: Path
    sockets: Path

    @property
    def argv(self) -> list[str]:
        return [self.nginx, "-p", f"{self.folder}/", "-c", "nginx.conf", "-e", "stderr"]

    @property
    def leftovers(self) -> list[Path]:
        """Sockets that a killed nginx leaves, and over which the next one stumbles."""
        return [self.folder / f"{room}-visitors.sock" for room in ("site", "engine")]

    @property
    def room_sockets(self) -> list[Path]:
        return [self.sockets / f"{room}.sock" for room in ("site", "engine")]

    @property
    def room_settings(self) -> dict[str, str]:
        """Settings of the rooms behind it."""
        site, engine = map(str, self.room_sockets)
        return {"WEB_SOCKET": site, "WORKER_SOCKET": engine, "SEND_FILES": "x-accel-redirect"}

    def close(self) -> None:
        """Remove the folder of the sockets, if it is not in the state folder."""
        if self.sockets != self.folder:
            shutil.rmtree(self.sockets, ignore_errors=True)


def prepare_front(data: Path, plan: Plan) -> Front:
    """Write nginx's configuration into the state folder. Raises FrontUnavailable."""
    nginx = find_nginx()
    folder = data / "front"
    folder.mkdir(mode=0o700, exist_ok=True)
    sockets = folder
    if len(os.fsencode(folder / "engine.sock")) > LONGEST_SOCKET_PATH:
        sockets = Path(tempfile.mkdtemp(prefix="cattube-"))
    front = Front(nginx, folder, sockets)
    for name, text in configuration(plan, sockets="" if sockets == folder else f"{sockets}/").items():
        (folder / name).write_text(text)
    _check(front)
    return front


def find_nginx() -> str:
    """Path of an nginx that can do what is needed. Raises FrontUnavailable."""
    nginx = shutil.which("nginx")
    if nginx is None:
        raise FrontUnavailable("there is no nginx on PATH")
    try:
        facts = subprocess.run([nginx, "-V"], capture_output=True, text=True, check=False).stderr
    except OSError as error:
        raise FrontUnavailable(f"{nginx} cannot be run ({error.strerror})") from error
    if reason := unfitness(facts):
        raise FrontUnavailable(f"{nginx} {reason}")
    return nginx


def unfitness(facts: str) -> str:
    """Reason why an nginx will not do, by what its `-V` prints; "" when it will."""
    version = re.search(r"nginx/(\d+)\.(\d+)\.(\d+)", facts)
    if version is None or tuple(map(int, version.groups())) < OLDEST_NGINX:
        return f"is older than {'.'.join(map(str, OLDEST_NGINX))}"
    missing = [part for part in NEEDED_PARTS if part not in facts.split()]
    return f"was built without {missing[0]}" if missing else ""


def _check(front: Front) -> None:
    """Have nginx read its configuration. Raises FrontUnavailable with its complaint."""
    argv = [*front.argv, "-t", "-q"]
    checked = subprocess.run(argv, cwd=front.folder, capture_output=True, text=True, check=False)
    if checked.returncode != 0:
        front.close()
        raise FrontUnavailable(f"{front.nginx} does not start ({checked.stderr.strip()[-300:]})")
