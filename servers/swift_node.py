"""Swift's four servers under one process: `python -m servers.swift_node FOLDER PORT ORIGIN...`.

Run by `servers.swift`, with the account's secret in SWIFT_SECRET.
"""

from __future__ import annotations

import ctypes
import os
import secrets
import signal
import sys
from collections.abc import Callable
from configparser import RawConfigParser
from functools import partial
from pathlib import Path

import swift.account.server  # loaded once, before the processes part
import swift.container.server
import swift.obj.server
from swift.common.ring import RingBuilder
from swift.common.utils import set_swift_dir
from swift.common.wsgi import run_wsgi

from servers.processes import free_port

STORAGE = ("account", "container", "object")
FILTERS = (
    *("catch_errors", "healthcheck", "cache", "listing_formats", "s3api", "tempauth"),
    *("bulk", "copy", "slo", "versioned_writes", "symlink"),
)
PR_SET_PDEATHSIG = 1


def main(folder: Path, port: int, origins: list[str]) -> None:
    secret = os.environ.pop("SWIFT_SECRET")
    ports = {kind: free_port() for kind in STORAGE}
    _write(folder / "swift.conf", {"swift-hash": {"swift_hash_path_prefix": secrets.token_hex(8)}})
    for kind in STORAGE:
        _write(folder / f"{kind}.conf", _storage(folder, kind, ports[kind]))
        _write_ring(folder, kind, ports[kind])
        (folder / "devices" / "disk").mkdir(parents=True, exist_ok=True)
    _write(folder / "proxy.conf", _proxy(folder, port, origins, secret))
    set_swift_dir(str(folder))
    for kind in STORAGE:
        _fork(partial(run_wsgi, str(folder / f"{kind}.conf"), f"{kind}-server", **_callback(kind)))
    run_wsgi(str(folder / "proxy.conf"), "proxy-server")


def _callback(kind: str) -> dict[str, object]:
    return {"global_conf_callback": swift.obj.server.global_conf_callback} if kind == "object" else {}


def _storage(folder: Path, kind: str, port: int) -> dict[str, dict[str, object]]:
    return {
        "DEFAULT": {
            **_server(folder, port),
            "devices": folder / "devices",
            "mount_check": "false",
            "disable_fallocate": "true",
        },
        "pipeline:main": {"pipeline": f"{kind}-server"},
        f"app:{kind}-server": {"use": f"egg:swift#{kind}"},
    }


def _proxy(folder: Path, port: int, origins: list[str], secret: str) -> dict[str, dict[str, object]]:
    allowed = ",".join(origins)
    cors = {
        "cors_allow_origin": allowed,
        "cors_expose_headers": "etag,content-range,accept-ranges,content-length",
        "strict_cors_mode": "false",
    }
    own: dict[str, dict[str, object]] = {
        "s3api": {
            "s3_acl": "false",
            "location": "us-east-1",
            "max_upload_part_num": 10_000,
            "cors_preflight_allow_origin": allowed,
        },
        "tempauth": {"user_cat_tube": f"{secret} .admin"},
        "versioned_writes": {"allow_object_versioning": "true"},
        "cache": {"use": "egg:swift#memcache"},
    }
    filters = {f"filter:{name}": {"use": f"egg:swift#{name}", **own.get(name, {})} for name in FILTERS}
    return {
        "DEFAULT": {**_server(folder, port), **cors},
        "pipeline:main": {"pipeline": " ".join([*FILTERS, "proxy-server"])},
        "app:proxy-server": {"use": "egg:swift#proxy", "account_autocreate": "true"},
        **filters,
    }


def _server(folder: Path, port: int) -> dict[str, object]:
    return {
        "bind_ip": "127.0.0.1",
        "bind_port": port,
        "workers": 0,
        "swift_dir": folder,
        "log_level": "WARNING",
    }


def _write(path: Path, sections: dict[str, dict[str, object]]) -> None:
    config = RawConfigParser()
    config.read_dict(sections)
    with path.open("w") as file:
        path.chmod(0o600)
        config.write(file)


def _write_ring(folder: Path, kind: str, port: int) -> None:
    """One partition power of 4, one replica, no wait between moves: one disk is all there is."""
    builder = RingBuilder(4, 1, 1)
    address = {"ip": "127.0.0.1", "port": port, "replication_ip": "127.0.0.1", "replication_port": port}
    builder.add_dev({"id": 0, "region": 1, "zone": 1, "device": "disk", "weight": 1, "meta": "", **address})
    builder.rebalance()
    builder.get_ring().save(str(folder / f"{kind}.ring.gz"))


def _fork(run: Callable[[], object]) -> None:
    if os.fork() == 0:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        run()
        os._exit(0)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
