"""Apache, which `make run` starts with FRONT=apache in the place of nginx and of the site's gunicorn.

The site runs in a process of mod_wsgi. The engine listens on a socket in a folder that only this user may
enter, as behind nginx.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from apache_configuration import ApachePlan, Places, apache_configuration
from front import LONGEST_SOCKET_PATH, FrontUnavailable

ROOM = Path(__file__).resolve().parent.parent / "web-application"
MODULES = Path("/usr/lib/apache2/modules")
# Debian's mod_wsgi has this Python in it.
DEBIANS_PYTHON = Path("/usr/bin/python3")
PACKAGES = "sudo apt install apache2 libapache2-mod-wsgi-py3 libapache2-mod-xsendfile"
# In the configuration, others would need quotes of several kinds.
PLAIN_PATH = re.compile(r"[\w./+-]+")


@dataclass(frozen=True)
class Apache:
    """Apache, ready to be started in `folder`. sockets: the folder in which the engine listens."""

    program: str
    folder: Path
    sockets: Path

    @property
    def argv(self) -> list[str]:
        return [self.program, "-f", str(self.folder / "httpd.conf"), "-D", "FOREGROUND"]

    @property
    def leftovers(self) -> list[Path]:
        """File that a killed Apache leaves. If its number is another's by then, the next does not start."""
        return [self.folder / "httpd.pid"]

    @property
    def room_sockets(self) -> list[Path]:
        return [self.sockets / "engine.sock"]

    @property
    def room_settings(self) -> dict[str, str]:
        """Settings of the rooms with it."""
        return {"WORKER_SOCKET": str(self.room_sockets[0]), "SEND_FILES": "x-sendfile"}

    def close(self) -> None:
        """Remove the folder of the sockets, if it is not in the state folder."""
        if self.sockets != self.folder:
            shutil.rmtree(self.sockets, ignore_errors=True)


def prepare_apache(data: Path, plan: ApachePlan) -> Apache:
    """Write Apache's configuration into the state folder. Raises FrontUnavailable."""
    program, mod_wsgi = find_apache(), find_mod_wsgi()
    if not PLAIN_PATH.fullmatch(f"{data}{ROOM}{sys.prefix}"):
        raise FrontUnavailable(
            "its folders have a space or a sign in their names, which Apache would misread"
        )
    folder = data / "apache"
    folder.mkdir(mode=0o700, exist_ok=True)
    sockets = folder
    if len(os.fsencode(folder / "wsgi.0000000.0.0.sock")) > LONGEST_SOCKET_PATH:
        sockets = Path(tempfile.mkdtemp(prefix="cattube-"))
    for socket in sockets.glob("wsgi.*.sock"):
        socket.unlink()
    apache = Apache(program, folder, sockets)
    places = Places(
        modules=MODULES,
        mod_wsgi=mod_wsgi,
        python_home=Path(sys.prefix),
        room=ROOM,
        data=data,
        folder=folder,
        sockets=sockets,
    )
    (folder / "httpd.conf").write_text(apache_configuration(plan, places))
    _check(apache)
    return apache


def find_apache() -> str:
    """Path of Debian's Apache, if this user may run it with what is needed. Raises FrontUnavailable."""
    if os.geteuid() == 0:
        raise FrontUnavailable(
            "Apache serves nothing as root; start CatTube as another user (docs/apache.md)"
        )
    program = shutil.which("apache2", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if program is None or not (MODULES / "mod_xsendfile.so").exists():
        raise FrontUnavailable(f"Apache or its mod_xsendfile is missing (Debian: {PACKAGES})")
    return program


def find_mod_wsgi() -> Path:
    """mod_wsgi that was built for the Python in use. Raises FrontUnavailable."""
    package = importlib.util.find_spec("mod_wsgi")
    for folder in (package.submodule_search_locations or []) if package else []:
        for module in Path(folder).glob("server/mod_wsgi*.so"):
            return module
    debians = MODULES / "mod_wsgi.so"
    if debians.exists() and Path(sys.executable).resolve() == DEBIANS_PYTHON.resolve():
        return debians
    raise FrontUnavailable(
        f"there is no mod_wsgi for {Path(sys.executable).resolve()}. For Debian's Python: {PACKAGES}. For "
        "another one, install the package mod_wsgi into .venv; it needs apache2-dev and a compiler"
    )


def _check(apache: Apache) -> None:
    """Have Apache read its configuration. Raises FrontUnavailable with its complaint."""
    argv = [*apache.argv, "-t"]
    checked = subprocess.run(argv, cwd=apache.folder, capture_output=True, text=True, check=False)
    if checked.returncode != 0:
        apache.close()
        raise FrontUnavailable(f"{apache.program} does not start ({checked.stderr.strip()[-300:]})")
