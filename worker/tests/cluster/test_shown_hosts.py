"""Hosts and queues as the host tells them to which clients send: to the site, and to Prometheus."""

from __future__ import annotations

import json
import uuid
from typing import Any
from urllib.parse import urlencode

from cattube_worker.protocol.signature import sign

from ..conftest import SECRET
from ..server.conftest import expires, wait_until
from .conftest import Site
from .test_worker_hosts import SLOW, clip  # noqa: F401  a fixture


def signed_path(path: str) -> str:
    auth = {"key": "key", "expires": expires(), "nonce": uuid.uuid4().hex}
    params = json.dumps({"auth": auth})
    return f"{path}?{urlencode({'params': params, 'signature': sign(params, secret=SECRET)})}"


def running_at(site: Site, name: str) -> list[Any]:
    hosts = site.door.get(signed_path("/hosts"))["hosts"]
    return next(host["running"] for host in hosts if host["name"] == name)


def test_job_says_where_it_runs_while_it_does(site: Site, clip: bytes) -> None:  # noqa: F811
    site.start_worker("fence")
    assembly = site.upload(clip, SLOW)

    told: list[tuple[str, str]] = []

    def is_told() -> bool:
        told.extend((job["assembly_id"], job["node"]) for job in running_at(site, "fence"))
        return bool(told)

    wait_until(is_told)
    assert told == [(assembly["assembly_id"], "small")]
    site.door.wait_for_end(assembly)
    # The door had the probe, and reports every few seconds.
    wait_until(lambda: not running_at(site, "fence") and not running_at(site, "door"))
