"""What the tests of both rooms share: a real S3 server that the first test to ask starts, and an order."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from servers.brokers.broker import Broker, kafka_broker, rabbitmq_broker, tansu_broker
from servers.ceph import ceph
from servers.faults import Faults, faulty
from servers.s3_server import S3Server
from servers.swift import swift

SERVERS = {"swift": swift, "ceph": ceph}
KAFKAS = {"kafka": kafka_broker, "tansu": tansu_broker}
# Folders and markers.
SLOWEST_FIRST = ("e2e", "ffmpeg", "s3")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--s3-server", choices=SERVERS, default="swift", help="what plays the bucket service")
    parser.addoption("--kafka-server", choices=KAFKAS, default="kafka", help="what plays Apache Kafka")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Have `-m s3` choose the tests that use the server, and several workers begin with what takes long."""
    for item in items:
        if "s3_server" in getattr(item, "fixturenames", ()):
            item.add_marker("s3")
    if hasattr(config, "workerinput"):
        _slowest_first(items)


def _slowest_first(items: list[pytest.Item]) -> None:
    """Sort the files, which workers take one by one, so that the short ones are left for the end."""
    ranks: dict[Path, int] = {}
    for item in items:
        ranks[item.path] = min(_rank(item), ranks.get(item.path, len(SLOWEST_FIRST)))
    items.sort(key=lambda item: ranks[item.path])


def _rank(item: pytest.Item) -> int:
    """The place in SLOWEST_FIRST of a test's kind."""
    folder = item.path.relative_to(item.config.rootpath).parts[0]
    kinds = {folder, *(marker.name for marker in item.iter_markers())}
    return next((rank for rank, kind in enumerate(SLOWEST_FIRST) if kind in kinds), len(SLOWEST_FIRST))


@pytest.fixture(scope="session")
def s3_server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    """The server that `--s3-server` names, for all tests together."""
    name = request.config.getoption("--s3-server")
    with SERVERS[name](tmp_path_factory.mktemp(name)) as server:
        yield server


@pytest.fixture
def s3_bucket(s3_server: S3Server) -> str:
    """The name of an empty bucket in which DELETE frees the object."""
    return s3_server.make_bucket()


@pytest.fixture
def b2_bucket(s3_server: S3Server) -> str:
    """The name of an empty bucket in which DELETE only hides the object, as it does in B2."""
    return s3_server.make_bucket(is_versioned=True)


@pytest.fixture
def s3_faults(s3_server: S3Server) -> Iterator[Faults]:
    """A way to the server on which calls come to harm as its `rule` says."""
    with faulty(s3_server) as faults:
        yield faults


@pytest.fixture(
    scope="session",
    params=[
        pytest.param("rabbitmq", marks=pytest.mark.cluster),
        pytest.param("kafka", marks=pytest.mark.kafka),
    ],
)
def broker(request: pytest.FixtureRequest) -> Iterator[Broker]:
    """A broker of queues, for all tests together: each test runs once for RabbitMQ, and once for Kafka."""
    kafka = KAFKAS[request.config.getoption("--kafka-server")]
    with {"rabbitmq": rabbitmq_broker, "kafka": kafka}[request.param]() as broker:
        yield broker


@pytest.fixture
def full_broker(broker: Broker) -> Broker:
    """A broker that asks for passwords, and keeps over a restart what it has confirmed."""
    if not broker.is_full:
        pytest.skip("Tansu lets everybody in and keeps all in memory: this needs Kafka, which Maven brings.")
    return broker
