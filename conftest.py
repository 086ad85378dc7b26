"""A real S3 server for the tests of both rooms; it starts when the first test asks for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from servers.ceph import ceph
from servers.faults import Faults, faulty
from servers.s3_server import S3Server
from servers.swift import swift

SERVERS = {"swift": swift, "ceph": ceph}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--s3-server", choices=SERVERS, default="swift", help="what plays the bucket service")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Have `-m s3` choose the tests that use the server."""
    for item in items:
        if "s3_server" in getattr(item, "fixturenames", ()):
            item.add_marker("s3")


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
