"""Addresses of queues, as settings spell them. Pure.

    amqp://user:password@host:5672/vhost?queue=cattube.notifications
    kafka://user:password@host:9092/cattube.notifications?sasl=SCRAM-SHA-512

`amqps://` and `kafka+ssl://` are the same over TLS; `ca=FILE` names the authority of a certificate that the
machine does not trust by itself. Several brokers of one cluster stand in a row: `host1:9092,host2:9092`.
`idempotence=off` is for brokers of Kafka's kind that number no producers, or forbid it: what is sent again
after a lost answer may come twice there.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.util import find_spec
from urllib.parse import parse_qsl, unquote, urlsplit

EXPECTED = "an address like amqp://host/vhost?queue=name or kafka://host:9092/topic"
# A name that both brokers take, and that stands in a reference as it is.
NAME = re.compile(r"[A-Za-z0-9._-]{1,200}")
REFERENCE = re.compile(r"(amqp|kafka):([A-Za-z0-9._-]{1,200})(?:/.*)?")
SASL = ("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512")
IDEMPOTENCE = {"on": True, "off": False}
PACKAGES = {"amqp": "kombu", "kafka": "aiokafka"}


@dataclass(frozen=True)
class _Scheme:
    broker: str
    is_tls: bool
    port: int
    options: frozenset[str]


_SCHEMES = {
    "amqp": _Scheme("amqp", False, 5672, frozenset({"queue", "ca"})),
    "amqps": _Scheme("amqp", True, 5671, frozenset({"queue", "ca"})),
    "kafka": _Scheme("kafka", False, 9092, frozenset({"sasl", "ca", "idempotence"})),
    "kafka+ssl": _Scheme("kafka", True, 9093, frozenset({"sasl", "ca", "idempotence"})),
}


class BadQueueAddress(ValueError):
    """The text is no address of a queue; the message says what was expected."""


@dataclass(frozen=True, kw_only=True)
class QueueAddress:
    """One queue of RabbitMQ, or one topic of Kafka.

    broker: "amqp" or "kafka". servers: host and port of each. vhost: of RabbitMQ. sasl: how user and password
    are told to Kafka. ca_file: authority that signed the brokers' certificates; "" is the machine's own ones.
    is_idempotent: Kafka's broker drops what is sent to it again after a lost answer.
    """

    broker: str
    servers: tuple[tuple[str, int], ...]
    name: str
    user: str = ""
    password: str = field(default="", repr=False)
    vhost: str = "/"
    is_tls: bool = False
    ca_file: str = ""
    sasl: str = "PLAIN"
    is_idempotent: bool = True

    def __str__(self) -> str:
        """The address for people: without user and password."""
        servers = ",".join(f"{host}:{port}" for host, port in self.servers)
        return f"{self.name} at {self.broker}://{servers}"

    @property
    def reference(self) -> str:
        """The queue for whoever has the address already: it tells nobody where the broker is."""
        return f"{self.broker}:{self.name}"

    @property
    def dead_letters(self) -> QueueAddress:
        """Where messages go that nobody can use; of dead letters, the same."""
        name = self.name.removesuffix(".dead")
        return replace(self, name=f"{name}.dead")


def is_queue_address(text: str) -> bool:
    """True when the text begins as the address of a queue does, right or wrong."""
    return text.partition("://")[0].lower() in _SCHEMES


def is_queue_reference(text: str) -> bool:
    """True for `amqp:name` or `kafka:name`, with or without more after a slash."""
    return REFERENCE.fullmatch(text) is not None


def without_password(text: str) -> str:
    """The text of an address as a message may repeat it."""
    return re.sub(r"//[^/?#]*@", "//***@", text)


@cache
def read_address(text: str, *, default_name: str) -> QueueAddress:
    """The queue that `text` names. default_name: where it names none. Raises BadQueueAddress."""
    try:
        parts = urlsplit(text)
        scheme = _SCHEMES[parts.scheme]
        options = dict(parse_qsl(parts.query, strict_parsing=bool(parts.query)))
        credentials, _, hosts = parts.netloc.rpartition("@")
        servers = tuple(_server(host, scheme.port) for host in hosts.split(","))
    except (KeyError, ValueError):
        raise BadQueueAddress(f"expected {EXPECTED}") from None
    unknown = sorted(options.keys() - scheme.options)
    if unknown:
        raise BadQueueAddress(f"{unknown[0]} is no option: expected {' or '.join(sorted(scheme.options))}")
    user, _, password = credentials.partition(":")
    path = unquote(parts.path.removeprefix("/"))
    name = (options.get("queue") if scheme.broker == "amqp" else path) or default_name
    sasl = options.get("sasl", "PLAIN").upper()
    if not NAME.fullmatch(name):
        raise BadQueueAddress("the name of the queue or topic has to be of letters, digits, . _ and -")
    idempotence = options.get("idempotence", "on")
    if idempotence not in IDEMPOTENCE:
        raise BadQueueAddress(f"idempotence has to be {' or '.join(IDEMPOTENCE)}")
    if sasl not in SASL:
        raise BadQueueAddress(f"sasl has to be {', '.join(SASL[:-1])} or {SASL[-1]}")
    return QueueAddress(
        broker=scheme.broker,
        servers=servers,
        name=name,
        user=unquote(user),
        password=unquote(password),
        vhost=(path or "/") if scheme.broker == "amqp" else "/",
        is_tls=scheme.is_tls,
        ca_file=options.get("ca", ""),
        sasl=sasl,
        is_idempotent=IDEMPOTENCE[idempotence],
    )


def missing_package(address: QueueAddress) -> str:
    """Name of the package that is needed for the broker and not installed; "" when it is there."""
    name = PACKAGES[address.broker]
    # Celery has loaded kombu, which takes its own place without what `find_spec` looks for.
    return "" if name in sys.modules or find_spec(name) else name


def _server(text: str, default_port: int) -> tuple[str, int]:
    parts = urlsplit(f"//{text}")
    if not parts.hostname or parts.path or parts.port == 0:
        raise ValueError(text)
    return parts.hostname, parts.port or default_port
