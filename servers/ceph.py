"""Ceph's object gateway over one small disk: a full S3 server, bucket policies and CORS rules included."""

from __future__ import annotations

import os
import secrets
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from servers.processes import ServerUnavailable, accepts, free_port, require, running, wait_until
from servers.s3_server import S3Server

PACKAGES = "ceph-mon ceph-osd ceph-common radosgw"
PROGRAMS = ("ceph-mon", "ceph-osd", "ceph", "ceph-authtool", "monmaptool", "radosgw", "radosgw-admin")
DISK_BYTES = 12 * 2**30
_ALL = ("--cap", "mon", "allow *", "--cap", "osd", "allow *", "--cap", "mgr", "allow *")


@contextmanager
def ceph(folder: Path) -> Iterator[S3Server]:
    """A running gateway with its state in `folder`, which grows by what is stored, to 12 GiB at most.

    It takes some twenty seconds to start. Raises ServerUnavailable.
    """
    require(*PROGRAMS, install=f"sudo apt install {PACKAGES} (Debian, Ubuntu)")
    folder.mkdir(parents=True, exist_ok=True)
    cluster = _Cluster(folder)
    with ExitStack() as stack:
        cluster.start_monitor(stack)
        cluster.start_disk(stack)
        server = cluster.start_gateway(stack)
        yield server
        server.client.close()


@dataclass(frozen=True)
class _Cluster:
    """One monitor, one disk in a file, one gateway."""

    folder: Path

    @cached_property
    def id(self) -> str:
        return str(uuid.uuid4())

    @cached_property
    def addresses(self) -> str:
        """Of the monitor, in both versions of its protocol: a client of either needs its own."""
        return f"[v2:127.0.0.1:{free_port()},v1:127.0.0.1:{free_port()}]"

    @cached_property
    def gateway_port(self) -> int:
        return free_port()

    @property
    def log(self) -> Path:
        return self.folder / "ceph.log"

    def start_monitor(self, stack: ExitStack) -> None:
        keyring, monmap = self.folder / "keyring", self.folder / "monmap"
        (self.folder / "ceph.conf").write_text(self._configuration())
        self._run("ceph-authtool", "-C", keyring, "--gen-key", "-n", "mon.", "--cap", "mon", "allow *")
        self._run("ceph-authtool", keyring, "--gen-key", "-n", "client.admin", *_ALL)
        self._run("monmaptool", "--create", "--fsid", self.id, "--addv", "a", self.addresses, monmap)
        self._run("ceph-mon", "--mkfs", "-i", "a", "--monmap", monmap, "--keyring", keyring)
        self._start(stack, "ceph-mon", "-f", "-i", "a")

    def start_disk(self, stack: ExitStack) -> None:
        # The same id in both: else the disk stays down, and nothing says why.
        disk, key = str(uuid.uuid4()), self.folder / "disk-key"
        self._run("ceph", "osd", "create", disk, "0")
        allowed = self._run(
            "ceph", "auth", "get-or-create", "osd.0", "mon", "allow profile osd", "osd", "allow *"
        )
        key.write_text(allowed)
        self._run("ceph-authtool", self.folder / "keyring", "--import-keyring", key)
        (self.folder / "osd").mkdir()
        self._run("ceph-osd", "-i", "0", "--mkfs", "--osd-uuid", disk)
        process = self._start(stack, "ceph-osd", "-f", "-i", "0")
        wait_until(
            lambda: "1 up" in self._run("ceph", "osd", "stat"),
            what="Ceph's disk",
            process=process,
            log=self.log,
        )
        self._run("ceph", "osd", "crush", "add", "osd.0", "1.0", "root=default", "host=localhost")

    def start_gateway(self, stack: ExitStack) -> S3Server:
        process = self._start(stack, "radosgw", "-f", "-n", "client.admin")
        wait_until(lambda: accepts(self.gateway_port), what="Ceph's gateway", process=process, log=self.log)
        key, secret = "cat-tube", secrets.token_hex(16)
        user = ("user", "create", "--uid", "cat", "--display-name", "cat")
        self._run("radosgw-admin", *user, "--access-key", key, "--secret-key", secret)
        server = S3Server(f"http://127.0.0.1:{self.gateway_port}", key, secret, refuses_taken_keys=False)
        wait_until(server.answers, what="Ceph's gateway", process=process, log=self.log)
        return server

    def _configuration(self) -> str:
        state = {
            **{f"{kind} data": self.folder / kind for kind in ("mon", "osd")},
            "run dir": self.folder,
            "admin socket": self.folder / "$cluster-$name.asok",
            "log file": self.folder / "$cluster-$name.log",
            "pid file": self.folder / "$name.pid",
            "crash dir": self.folder / "crash",
            "keyring": self.folder / "keyring",
        }
        network = {"mon host": self.addresses, "public addr": "127.0.0.1", "ms bind ipv6": "false"}
        pool = {"size": 1, "min size": 1, "pg num": 1, "pgp num": 1}
        allowed = {
            "mon allow pool size one": "true",
            "mon warn on pool no redundancy": "false",
            "mon max pg per osd": 1000,
            "mon data avail crit": 1,
            # One machine holds all copies, of which there is one.
            "osd crush chooseleaf type": 0,
        }
        gateway = {
            "rgw frontends": f"beast endpoint=127.0.0.1:{self.gateway_port}",
            "rgw enable apis": "s3",
            "rgw data": self.folder / "gateway",
            "rgw dynamic resharding": "false",
        }
        disk = {
            "osd objectstore": "bluestore",
            "bluestore block size": DISK_BYTES,
            "osd memory target": 2**30,
        }
        pools = {f"osd pool default {name}": value for name, value in pool.items()}
        options = {"fsid": self.id, **state, **network, **pools, **allowed, **disk, **gateway}
        return "\n".join(["[global]", *(f"{name} = {value}" for name, value in options.items()), ""])

    def _start(self, stack: ExitStack, *argv: str) -> subprocess.Popen[bytes]:
        return stack.enter_context(running(argv, log=self.log, environment=self._environment()))

    def _run(self, *argv: str | Path) -> str:
        environment = {**os.environ, **self._environment()}
        done = subprocess.run(argv, capture_output=True, text=True, timeout=60, env=environment)
        if done.returncode:
            raise ServerUnavailable(f"{argv[0]} failed. It said:\n{done.stderr[-2000:]}")
        return done.stdout

    def _environment(self) -> dict[str, str]:
        return {"CEPH_CONF": str(self.folder / "ceph.conf")}
