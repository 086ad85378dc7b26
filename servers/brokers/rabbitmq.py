"""RabbitMQ: a new, empty broker for a test run, which tests may kill, start again and wipe."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from servers.brokers.process import BrokerProcess, running_broker
from servers.certificates import make_certificates
from servers.processes import ServerUnavailable, free_port, require

# Those on PATH would become another user first.
_PROGRAMS = Path("/usr/lib/rabbitmq/bin")
# As long as a job may take: none of the messages here is acknowledged so late, but tests of others may try.
_CONFIGURATION = "consumer_timeout = 43200000\n"


@contextmanager
def rabbitmq() -> Iterator[RabbitMQ]:
    """A running RabbitMQ on the loopback interface; it takes some ten seconds to start.

    Raises ServerUnavailable.
    """
    require("epmd", install="sudo apt install rabbitmq-server (Debian, Ubuntu)")
    if not (_PROGRAMS / "rabbitmq-server").exists():
        raise ServerUnavailable(
            "rabbitmq-server: not found. Install it: sudo apt install rabbitmq-server (Debian, Ubuntu)"
        )
    with running_broker(RabbitMQ) as broker:
        yield broker


class RabbitMQ(BrokerProcess):
    """One broker. All its ports stay the same."""

    what, user, password = "RabbitMQ", "guest", "guest"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._names_port, self._nodes_port, self._tls_port = free_port(), free_port(), free_port()
        self._certificates = make_certificates(folder)
        (folder / "enabled_plugins").write_text("[].\n")
        (folder / "rabbitmq.conf").write_text(_CONFIGURATION + self._tls_configuration())

    @property
    def url(self) -> str:
        return self.url_for(self.password)

    def url_for(self, password: str) -> str:
        """Address without a queue, for the user with this password."""
        return f"amqp://{self.user}:{password}@127.0.0.1:{self.port}//"

    def tls_url_for(self, password: str) -> str:
        """The same of the door that speaks TLS."""
        return f"amqps://{self.user}:{password}@127.0.0.1:{self._tls_port}//"

    @property
    def authority(self) -> Path:
        """File with the certificate of whoever signed the broker's."""
        return self._certificates.authority

    def start(self) -> None:
        names = ["epmd", "-port", str(self._names_port), "-address", "127.0.0.1"]
        # Left to itself the server starts one that stays for ever.
        self._run(names, what="epmd", port=self._names_port)
        self._start([_PROGRAMS / "rabbitmq-server"], environment=self._environment())

    def wipe(self) -> None:
        """Remove all that the broker keeps, queues and messages; it must not run."""
        shutil.rmtree(self._folder / "db")

    def control(self, *command: str) -> str:
        """What `rabbitmqctl` prints for the command."""
        done = subprocess.run(
            [_PROGRAMS / "rabbitmqctl", "--quiet", *command],
            env={**os.environ, **self._environment()},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    def _tls_configuration(self) -> str:
        settings = {
            "listeners.ssl.1": f"127.0.0.1:{self._tls_port}",
            "ssl_options.cacertfile": self._certificates.authority,
            "ssl_options.certfile": self._certificates.certificate,
            "ssl_options.keyfile": self._certificates.key,
            "ssl_options.verify": "verify_none",
        }
        return "".join(f"{name} = {value}\n" for name, value in settings.items())

    def _environment(self) -> dict[str, str]:
        folder = self._folder
        return {
            # Where Erlang keeps the secret of its nodes.
            "HOME": str(folder),
            # Has the script become the server, so that what is killed is the server.
            "detached": "true",
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_EPMD_PORT": str(self._names_port),
            "RABBITMQ_NODENAME": "cattube@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(self._nodes_port),
            "RABBITMQ_MNESIA_BASE": str(folder / "db"),
            "RABBITMQ_LOG_BASE": str(folder / "log"),
            "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "enabled_plugins"),
            "RABBITMQ_PID_FILE": str(folder / "pid"),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
        }
