"""Apache Kafka: a new, empty broker for a test run, which tests may stop, kill and start again.

python -m servers.kafka: have Maven bring it. Fails when it cannot, in words.
"""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from servers.broker_process import BrokerProcess, running_broker
from servers.processes import ServerUnavailable, free_port, leash, require

FOLDER = Path(__file__).parent / "kafka-jars"
# What Maven has brought, beside its description; in no commit.
JARS = FOLDER / ".jars"
USER, PASSWORD = "cats", "meow"
# Quick to start, and small: nothing here is measured.
_JVM = ("-Xms64m", "-Xmx384m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Dlog4j2.level=ERROR")


@contextmanager
def kafka() -> Iterator[Kafka]:
    """A running Kafka on the loopback interface. Raises ServerUnavailable."""
    jars = _jars()
    with running_broker(lambda folder: Kafka(folder, jars)) as broker:
        yield broker


class Kafka(BrokerProcess):
    """One broker, its own controller. All its ports stay the same."""

    what = "Kafka"

    def __init__(self, folder: Path, jars: Path) -> None:
        super().__init__(folder)
        self._sasl_port, self._controller_port = free_port(), free_port()
        self._java = ["java", *_JVM, "-cp", f"{jars}/*"]
        self._settings = folder / "server.properties"
        self._settings.write_text(self._properties(folder / "state"))
        self._format()

    @property
    def url(self) -> str:
        return f"kafka://127.0.0.1:{self.port}"

    def url_for(self, user: str, password: str) -> str:
        """Address without a topic, of the door that asks for user and password."""
        return f"kafka://{user}:{password}@127.0.0.1:{self._sasl_port}"

    def start(self) -> None:
        self._start([*self._java, "kafka.Kafka", str(self._settings)])

    def _format(self) -> None:
        cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().strip("=").replace("-", "A")
        argv = [*leash(None), *self._java, "kafka.tools.StorageTool", "format"]
        done = subprocess.run(
            [*argv, "--cluster-id", cluster, "--config", str(self._settings)],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise ServerUnavailable(f"Kafka's folder could not be made: {done.stdout}{done.stderr}")

    def _properties(self, state: Path) -> str:
        doors = {"PLAIN": self.port, "SASL": self._sasl_port, "CONTROLLER": self._controller_port}
        addresses = {name: f"{name}://127.0.0.1:{port}" for name, port in doors.items()}
        login = "org.apache.kafka.common.security.plain.PlainLoginModule required"
        properties = {
            "process.roles": "broker,controller",
            "node.id": "1",
            "controller.quorum.voters": f"1@127.0.0.1:{self._controller_port}",
            "controller.listener.names": "CONTROLLER",
            "inter.broker.listener.name": "PLAIN",
            "listeners": ",".join(addresses.values()),
            "advertised.listeners": f"{addresses['PLAIN']},{addresses['SASL']}",
            "listener.security.protocol.map": "PLAIN:PLAINTEXT,SASL:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT",
            "listener.name.sasl.sasl.enabled.mechanisms": "PLAIN",
            "listener.name.sasl.plain.sasl.jaas.config": f'{login} user_{USER}="{PASSWORD}";',
            "log.dirs": str(state),
            "auto.create.topics.enable": "false",
            "offsets.topic.num.partitions": "2",
            "offsets.topic.replication.factor": "1",
            "transaction.state.log.replication.factor": "1",
            "transaction.state.log.min.isr": "1",
            "group.initial.rebalance.delay.ms": "0",
        }
        return "".join(f"{name}={value}\n" for name, value in properties.items())


def _jars() -> Path:
    """The folder with Kafka in it, brought by Maven the first time. Raises ServerUnavailable."""
    require("java", "mvn", install="sudo apt install openjdk-17-jre-headless maven (Debian, Ubuntu)")
    description = FOLDER / "pom.xml"
    if not JARS.exists() or JARS.stat().st_mtime < description.stat().st_mtime:
        partial = JARS.with_suffix(f".{os.getpid()}")
        argv = ["mvn", "--batch-mode", "--quiet", "--file", str(description)]
        goal = ["dependency:copy-dependencies", f"-DoutputDirectory={partial}"]
        done = subprocess.run([*argv, *goal], capture_output=True, text=True, check=False)
        if done.returncode:
            shutil.rmtree(partial, ignore_errors=True)
            raise ServerUnavailable(f"Maven could not bring Kafka: {done.stdout[-2000:]}")
        shutil.rmtree(JARS, ignore_errors=True)
        partial.rename(JARS)
    return JARS


def main() -> int:
    try:
        _jars()
    except ServerUnavailable as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
