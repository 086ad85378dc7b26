"""Apache Kafka: a new, empty broker for a test run, which tests may stop, kill and start again.

python -m servers.brokers.kafka: have Maven bring it. Fails when it cannot, in words.
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

from servers.brokers.process import BrokerProcess, running_broker
from servers.certificates import make_certificates
from servers.processes import ServerUnavailable, free_port, leash, require

FOLDER = Path(__file__).parents[1] / "kafka-jars"
# What Maven has brought, beside its description; in no commit.
JARS = FOLDER / ".jars"
SCRAM = "SCRAM-SHA-512"
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

    what, user, password = "Kafka", "cats", "meow"

    def __init__(self, folder: Path, jars: Path) -> None:
        super().__init__(folder)
        self._sasl_port, self._tls_port, self._controller_port = free_port(), free_port(), free_port()
        self._certificates = make_certificates(folder)
        self._java = ["java", *_JVM, "-cp", f"{jars}/*"]
        self._settings = folder / "server.properties"
        self._settings.write_text(self._properties(folder / "state"))
        self._format()

    @property
    def url(self) -> str:
        return f"kafka://127.0.0.1:{self.port}"

    def url_for(self, password: str) -> str:
        """Address without a topic, of the door that asks the user for this password."""
        return f"kafka://{self.user}:{password}@127.0.0.1:{self._sasl_port}"

    def tls_url_for(self, password: str) -> str:
        """The same of the door that speaks TLS, and knows passwords by SCRAM too."""
        return f"kafka+ssl://{self.user}:{password}@127.0.0.1:{self._tls_port}"

    @property
    def authority(self) -> Path:
        """File with the certificate of whoever signed the broker's."""
        return self._certificates.authority

    def start(self) -> None:
        self._start([*self._java, "kafka.Kafka", str(self._settings)])

    def _format(self) -> None:
        cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().strip("=").replace("-", "A")
        argv = [*leash(None), *self._java, "kafka.tools.StorageTool", "format"]
        user = ["--add-scram", f"{SCRAM}=[name={self.user},password={self.password}]"]
        done = subprocess.run(
            [*argv, "--cluster-id", cluster, "--config", str(self._settings), *user],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise ServerUnavailable(f"Kafka's folder could not be made: {done.stdout}{done.stderr}")

    def _properties(self, state: Path) -> str:
        ports = {"PLAIN": self.port, "SASL": self._sasl_port, "TLS": self._tls_port}
        doors = {name: f"{name}://127.0.0.1:{port}" for name, port in ports.items()}
        protocols = "PLAIN:PLAINTEXT,SASL:SASL_PLAINTEXT,TLS:SASL_SSL,CONTROLLER:PLAINTEXT"
        properties = {
            "process.roles": "broker,controller",
            "node.id": "1",
            "controller.quorum.voters": f"1@127.0.0.1:{self._controller_port}",
            "controller.listener.names": "CONTROLLER",
            "inter.broker.listener.name": "PLAIN",
            "listeners": ",".join([*doors.values(), f"CONTROLLER://127.0.0.1:{self._controller_port}"]),
            "advertised.listeners": ",".join(doors.values()),
            "listener.security.protocol.map": protocols,
            **_passwords("sasl", "PLAIN"),
            **_passwords("tls", "PLAIN", SCRAM),
            "listener.name.tls.ssl.keystore.type": "PEM",
            "listener.name.tls.ssl.keystore.location": str(self._certificates.store),
            "log.dirs": str(state),
            "auto.create.topics.enable": "false",
            "offsets.topic.num.partitions": "2",
            "offsets.topic.replication.factor": "1",
            "transaction.state.log.replication.factor": "1",
            "transaction.state.log.min.isr": "1",
            "group.initial.rebalance.delay.ms": "0",
        }
        return "".join(f"{name}={value}\n" for name, value in properties.items())


def _passwords(door: str, *mechanisms: str) -> dict[str, str]:
    """Settings of a door that asks for passwords in these ways."""
    packages = "org.apache.kafka.common.security"
    logins = {
        "PLAIN": f'{packages}.plain.PlainLoginModule required user_{Kafka.user}="{Kafka.password}";',
        SCRAM: f"{packages}.scram.ScramLoginModule required;",
    }
    settings = {f"listener.name.{door}.{name.lower()}.sasl.jaas.config": logins[name] for name in mechanisms}
    return {f"listener.name.{door}.sasl.enabled.mechanisms": ",".join(mechanisms), **settings}


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
