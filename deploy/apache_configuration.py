"""Apache's configuration, as a text."""

from __future__ import annotations

import string
from dataclasses import dataclass
from pathlib import Path

TEMPLATE = Path(__file__).resolve().parent / "apache.conf.template"
# Requests at the same time: in so many processes of Apache, so many threads in each.
CHILDREN, THREADS_OF_CHILD = 8, 64
# Of an answer, what Apache takes from the site at once: the bound of web/middleware/large_answers.py.
SMALL_ANSWER_BYTES = 350_000
# Folders of the state folder from which rooms may have a file sent.
SENT_FOLDERS = ("bucket", "results", "tmp", "uploads")
SCHEME_OF_THIS_SERVER = 'RequestHeader set X-Forwarded-Proto "expr=%{REQUEST_SCHEME}"'
# The proxy before it tells the scheme, and the visitor by the last address that it names.
VISITOR_OF_PROXY = r"""SetEnvIf X-Forwarded-For "([^,\s]+)\s*$" visitor=$1
  RequestHeader set X-Real-IP "%{visitor}e" env=visitor"""


@dataclass(frozen=True, kw_only=True)
class ApachePlan:
    """What Apache is to do.

    host: address to listen on. site_threads: requests that the site answers at the same time.
    stall_seconds: silence after which the engine cuts an upload.
    trusts_proxy: visitors are those that X-Forwarded-For names.
    """

    host: str
    site_port: str
    engine_port: str
    site_threads: int
    stall_seconds: int
    trusts_proxy: bool


@dataclass(frozen=True, kw_only=True)
class Places:
    """Where things are on this machine.

    modules: folder of Apache's. mod_wsgi: the module for the Python in use. python_home: its environment.
    room: the site's folder. data: the state folder. folder: Apache's own. sockets: where the engine listens.
    """

    modules: Path
    mod_wsgi: Path
    python_home: Path
    room: Path
    data: Path
    folder: Path
    sockets: Path


def apache_configuration(plan: ApachePlan, places: Places) -> str:
    """Text of Apache's one file."""
    return _Template(TEMPLATE.read_text()).substitute(
        modules=places.modules,
        mod_wsgi=places.mod_wsgi,
        python_home=places.python_home,
        room=places.room,
        folder=places.folder,
        sockets=places.sockets,
        sent_folders="\n".join(f'XSendFilePath "{places.data / name}"' for name in SENT_FOLDERS),
        site_address=_listen_address(plan.host, plan.site_port),
        engine_address=_listen_address(plan.host, plan.engine_port),
        site_port=plan.site_port,
        engine_port=plan.engine_port,
        site_threads=plan.site_threads,
        # The engine's own cut comes first, with its words.
        stall_seconds=plan.stall_seconds + 15,
        children=CHILDREN,
        threads_of_child=THREADS_OF_CHILD,
        spare_threads=3 * THREADS_OF_CHILD,
        requests=CHILDREN * THREADS_OF_CHILD,
        small_answer_bytes=SMALL_ANSWER_BYTES,
        visitor=VISITOR_OF_PROXY if plan.trusts_proxy else SCHEME_OF_THIS_SERVER,
    )


class _Template(string.Template):
    """Apache has variables with a dollar of its own."""

    delimiter = "@"


def _listen_address(host: str, port: str) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
