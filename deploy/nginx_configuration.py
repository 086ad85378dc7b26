"""nginx's configuration, as texts."""

from __future__ import annotations

import json
import os
import resource
import string
from dataclasses import dataclass
from pathlib import Path

TEMPLATE = Path(__file__).resolve().parent / "nginx.conf.template"
CONNECTIONS = 6144
# Senders besides uploads, to be told by the engine that there are too many.
MORE_SENDERS = 12
# Forms that bring files, of all and of one address. Senders and forms leave threads of the engine to others.
FORMS, FORMS_OF_ONE = 32, 10
# Bodies that one address may be sending, and those that do not fit into memory: of all and of one address.
BODIES_OF_ONE = 100
LONG_BODIES, LONG_BODIES_OF_ONE = 16, 4
# Answers that are not taken yet, of all and of one address.
ANSWERS, ANSWERS_OF_ONE = 1024, 64
# Long notifications from this machine, and as many from elsewhere.
NOTIFICATIONS = 4
# Of an answer, what may lie on the disk. With all long bodies, and the pages' own files, that is 232 MiB:
# less than the engine's reserve. What an answer may have in all is known to the site
# (web/middleware/large_answers.py).
ANSWER_FILE_BYTES = 128 * 1024
STATIC_BYTES = 32 * 1024**2
# A worker of nginx takes over so often, and the one before has as long to end.
WORKER_SECONDS = 6 * 3600
# Folders of the state folder from which rooms may have a file sent.
SENT_FOLDERS = ("bucket", "results", "tmp", "uploads")
# Headers of a room's answer that nginx drops when it sends a file instead.
TAKEN_OVER = (
    "Access-Control-Allow-Origin",
    "Access-Control-Expose-Headers",
    "Content-Security-Policy",
    "Cross-Origin-Opener-Policy",
    "Cross-Origin-Resource-Policy",
    "ETag",
    "Permissions-Policy",
    "Referrer-Policy",
    "Strict-Transport-Security",
    "Vary",
    "X-Content-Type-Options",
    "X-Frame-Options",
)
# Visitors, as they are counted: an IPv4 address, or the network of 64 bits that a line has of IPv6. This
# machine is not counted, since a proxy that runs on it stands for everybody.
VISITORS = r"""
"~^(::ffff:)?127\." "";
::1 "";
"~^(?<line>([0-9a-f]+:){1,4})" $line;
default $remote_addr;
"""
REAL_IP = "set_real_ip_from 0.0.0.0/0; set_real_ip_from ::/0; real_ip_header X-Forwarded-For;"


@dataclass(frozen=True)
class Refusal:
    """An answer of nginx itself. error: Transloadit's code."""

    status: int
    error: str
    message: str


STARTING = "CatTube is being started. Try again in a moment."
# By their names in nginx.conf.template.
REFUSALS = {
    "large": Refusal(413, "INVALID_FORM_DATA", "This request is larger than it may be."),
    "many": Refusal(
        429,
        "RATE_LIMIT_REACHED",
        "Too many requests are under way, from your address or in all. Try again in a moment.",
    ),
    "away": Refusal(503, "RATE_LIMIT_REACHED", STARTING),
    "away-poll": Refusal(429, "RATE_LIMIT_REACHED", STARTING),
}
# What a page gets that listens meanwhile: it connects again after a second.
STREAM_WHILE_AWAY = """\
location = /.front/away.stream {
  internal;
  add_header Access-Control-Allow-Origin * always;
  add_header Cache-Control no-store always;
  add_header X-Content-Type-Options nosniff always;
  return 200 'retry: 1000\\n\\n';
}
"""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What nginx is to do.

    site, engine: what it listens on, as `listen` has it.
    requests, uploads: most of one address at the same time. engine_uploads: most of all.
    stall_seconds: silence after which the engine cuts an upload.
    trusts_proxy: visitors are those that X-Forwarded-For names.
    """

    site: str
    engine: str
    requests: int
    uploads: int
    engine_uploads: int
    stall_seconds: int
    trusts_proxy: bool


def listen_address(host: str, port: str) -> str:
    """Parameters of `listen` for a host, which may be a name or an address of IPv6."""
    return f"[{host}]:{port} ipv6only=off" if ":" in host else f"{host}:{port}"


def configuration(plan: Plan, *, sockets: str) -> dict[str, str]:
    """Texts of nginx's files, by name.

    sockets: the folder in which the rooms listen, with a slash at its end; "" is nginx's own.
    """
    return {
        "nginx.conf": _Template(TEMPLATE.read_text()).substitute(_values(plan), rooms=sockets),
        "visitor.map": VISITORS,
        "limits.conf": _limits({**_limits_of_files(plan), **_limits_of_answers(plan)}),
        "limits-of-files.conf": _limits(_limits_of_files(plan)),
        "limits-of-notifications.conf": _limits(
            {**_limits_of_notifications(plan), **_limits_of_answers(plan)}
        ),
        "answers.conf": "".join(
            [
                *map(_refusal, REFUSALS),
                STREAM_WHILE_AWAY,
                _sent_files("part", 1, requests=plan.requests),
                _sent_files("whole", 0, requests=plan.requests),
            ]
        ),
    }


class _Template(string.Template):
    """nginx has variables with a dollar of its own."""

    delimiter = "@"


def _values(plan: Plan) -> dict[str, object]:
    return {
        # Root's nginx would run as another user, to whom the state folder is shut.
        "user": "user root;" if os.geteuid() == 0 else "",
        "open_files": _open_files(),
        "connections": CONNECTIONS,
        # With a proxy before it all connections come from there.
        "connections_of_one": CONNECTIONS if plan.trusts_proxy else 2 * plan.requests,
        "longest_request_seconds": f"{WORKER_SECONDS}s",
        "answer_file_bytes": ANSWER_FILE_BYTES,
        "static_bytes": STATIC_BYTES,
        "requests_of_one": plan.requests,
        "uploads_of_one": plan.uploads,
        "uploads": plan.engine_uploads + MORE_SENDERS,
        "forms_of_one": min(plan.uploads, FORMS_OF_ONE),
        "forms": FORMS,
        # The engine's own cut comes first, with its words.
        "stall_seconds": f"{plan.stall_seconds + 15}s",
        "site_address": plan.site,
        "engine_address": plan.engine,
        "real_ip": REAL_IP if plan.trusts_proxy else "",
        "trusts_proxy": "1" if plan.trusts_proxy else "",
    }


def _limits_of_files(plan: Plan) -> dict[str, int]:
    """Bounds for requests whose answers are sent from here, or as they come."""
    long_bodies = {"long_bodies": LONG_BODIES, "long_bodies_of_one": LONG_BODIES_OF_ONE}
    return {**_limits_of_any(plan), **long_bodies}


def _limits_of_notifications(plan: Plan) -> dict[str, int]:
    """Bounds for reports to the site."""
    return {**_limits_of_any(plan), "notifications": NOTIFICATIONS}


def _limits_of_any(plan: Plan) -> dict[str, int]:
    return {"requests": plan.requests, "bodies_of_one": min(plan.requests, BODIES_OF_ONE)}


def _limits_of_answers(plan: Plan) -> dict[str, int]:
    """Bounds for requests whose answers wait here, besides."""
    return {"answers": ANSWERS, "answers_of_one": min(plan.requests, ANSWERS_OF_ONE)}


def _limits(most: dict[str, int]) -> str:
    return "".join(f"limit_conn {zone} {count};\n" for zone, count in most.items())


def _open_files() -> int:
    """Most files that nginx may have open: as many as its connections need, if this user may."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = 2 * CONNECTIONS
    return needed if hard == resource.RLIM_INFINITY else min(needed, hard)


def _refusal(name: str) -> str:
    """Locations of the refusal with that name, one for people and one for programs."""
    refusal = REFUSALS[name]
    document = {
        "error": refusal.error,
        "message": refusal.message,
        "http_code": refusal.status,
        "info": {"retryIn": 5},
    }
    bodies = {
        "html": f"<!doctype html><title>CatTube</title><p>{refusal.message}</p>",
        "json": json.dumps(document),
    }
    return "".join(
        f"""\
location = /.front/{name}.{form} {{
  internal;
  add_header Access-Control-Allow-Origin * always;
  add_header Cache-Control no-store always;
  add_header Content-Security-Policy "default-src 'none'" always;
  add_header Retry-After 5 always;
  add_header X-Content-Type-Options nosniff always;
  return {refusal.status} '{body}';
}}
"""
        for form, body in bodies.items()
    )


def _sent_files(mode: str, max_ranges: int, *, requests: int) -> str:
    """Location of files that a room names in X-Accel-Redirect.

    The room has judged the conditions and the range of the request already. mode: "part" for the one part
    that was asked for, "whole" for all of the file, whatever was asked for.
    """
    headers = [f"add_header {name} {_room_said(name)} always;" for name in TAKEN_OVER]
    return f"""\
location ~ ^/\\.files/{mode}/(?<sent>(?:{"|".join(SENT_FOLDERS)})/.+)$ {{
  internal;
  alias ../$sent;
  # None of the answers that are counted.
  limit_conn requests {requests};
  max_ranges {max_ranges};
  # A paused player takes nothing for minutes. One that is cut off asks for the rest when it goes on.
  send_timeout 10m;
  etag off;
  if_modified_since off;
  add_header Accept-Ranges bytes;
  {f"{chr(10)}  ".join(headers)}
}}
"""


def _room_said(header: str) -> str:
    """Variable with a header of the room's answer."""
    return f"$upstream_http_{header.lower().replace('-', '_')}"
