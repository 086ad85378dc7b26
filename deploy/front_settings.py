"""Settings of the front: its own, and those of the rooms that it has to agree with."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from apache_configuration import ApachePlan
from nginx_configuration import Plan, listen_address
from site_processes import StartError

YES = ("1", "true", "yes", "on")


@dataclass(frozen=True)
class Setting:
    """A number that an operator may set, in the environment or in `.env` of the site."""

    name: str
    default: int
    meaning: str


REQUESTS = Setting(
    "MAX_REQUESTS_PER_ADDRESS",
    600,
    "Requests of one address that are answered at the same time; it may hold twice as many connections",
)
UPLOADS = Setting(
    "MAX_UPLOADS_PER_ADDRESS", 64, "Requests by which one address sends to the engine at the same time"
)
# Of the engine, with its default.
STALL_SECONDS = ("UPLOAD_STALL_SECONDS", 60)


def plan_of(site: Mapping[str, str], engine: Mapping[str, str]) -> Plan:
    """What nginx is to do. Raises StartError.

    site, engine: texts of the settings that the rooms have, by name.
    """
    return Plan(
        site=listen_address(site["HOST"], site["WEB_PORT"]),
        engine=listen_address(site["HOST"], site["WORKER_PORT"]),
        requests=_number(site, REQUESTS.name, REQUESTS.default),
        uploads=_number(site, UPLOADS.name, UPLOADS.default),
        engine_uploads=_number(engine, "MAX_CONCURRENT_UPLOADS", 100),
        stall_seconds=_number(engine, *STALL_SECONDS),
        trusts_proxy=_trusts_proxy(site),
    )


def apache_plan_of(site: Mapping[str, str], engine: Mapping[str, str]) -> ApachePlan:
    """What Apache is to do. Raises StartError. site, engine: as in `plan_of`."""
    return ApachePlan(
        host=site["HOST"],
        site_port=site["WEB_PORT"],
        engine_port=site["WORKER_PORT"],
        site_threads=_number(site, "WEB_THREADS", 16),
        stall_seconds=_number(engine, *STALL_SECONDS),
        trusts_proxy=_trusts_proxy(site),
    )


def engine_limits(config: Path) -> dict[str, str]:
    """Settings in the engine's config.json; none when it cannot be read, of which the engine will tell."""
    try:
        content = json.loads(config.read_text())
    except (OSError, ValueError):
        return {}
    return {name: str(value) for name, value in content.items()} if isinstance(content, dict) else {}


def _trusts_proxy(site: Mapping[str, str]) -> bool:
    return site.get("TRUST_PROXY", "").lower() in YES


def _number(texts: Mapping[str, str], name: str, default: int) -> int:
    text = texts.get(name) or str(default)
    if not text.isdecimal() or int(text) == 0:
        raise StartError(f"{name}={text}: expected a whole number above zero")
    return int(text)
