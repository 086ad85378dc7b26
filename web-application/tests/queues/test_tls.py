"""Brokers that are asked by TLS, and are not what they should be. The engine has the same clients."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from servers.certificates import Certificates, make_certificates
from servers.tls_server import tls_server

from cattube.queues.address import QueueAddress, read_address
from cattube.queues.brokers import open_receiver, open_sender
from cattube.queues.queue import Message, QueueError, QueueRefused
from cattube.queues.state import state_of

ADDRESSES = {
    "kombu": "amqps://cats:meow@{host}:{port}/?queue=cats&ca={ca}",
    "aiokafka": "kafka+ssl://cats:meow@{host}:{port}/cats?ca={ca}",
}
MakeAddress = Callable[..., QueueAddress]


@pytest.fixture
def certificates(tmp_path: Path) -> Certificates:
    return make_certificates(tmp_path)


@pytest.fixture
def unknown(tmp_path: Path) -> Path:
    """The authority of somebody else."""
    folder = tmp_path / "others"
    folder.mkdir()
    return make_certificates(folder).authority


@pytest.fixture(params=list(ADDRESSES))
def address(request: pytest.FixtureRequest) -> MakeAddress:
    pytest.importorskip(request.param)

    def make(port: int, ca: Path, host: str = "127.0.0.1") -> QueueAddress:
        text = ADDRESSES[request.param].format(host=host, port=port, ca=ca)
        return read_address(text, default_name="")

    return make


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A server that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield int(listener.getsockname()[1])


def refusals(queue: QueueAddress) -> Iterator[str]:
    """What a sender, a receiver and whoever counts are told."""
    with pytest.raises(QueueRefused) as refusal, closing(open_sender(queue)) as sender:
        sender.send(Message(b"meow"))
    yield str(refusal.value)
    with pytest.raises(QueueRefused) as refusal, closing(open_receiver(queue)) as receiver:
        receiver.receive(0.1)
    yield str(refusal.value)
    with pytest.raises(QueueRefused) as refusal:
        state_of(queue)
    yield str(refusal.value)


def test_w137_broker_with_a_certificate_of_an_unknown_authority_is_told_in_one_sentence(
    address: MakeAddress, certificates: Certificates, unknown: Path
) -> None:
    with tls_server(certificates) as port:
        queue = address(port, unknown)

        assert set(refusals(queue)) == {
            f"{queue} cannot be used: its certificate does not hold (unable to get local issuer certificate);"
            " ca=FILE in its address names the authority that signed it"
        }


def test_w137_broker_with_a_certificate_for_another_address_is_refused(
    address: MakeAddress, certificates: Certificates
) -> None:
    with tls_server(certificates, host="127.0.0.2") as port:
        told = set(refusals(address(port, certificates.authority, host="127.0.0.2")))

    assert len(told) == 1
    assert "not valid for '127.0.0.2'" in told.pop()


@pytest.mark.parametrize(("content", "reason"), [(None, "No such file"), (b"meow", "no certificate")])
def test_w137_file_that_holds_no_authority_is_named(
    address: MakeAddress, tmp_path: Path, content: bytes | None, reason: str
) -> None:
    file = tmp_path / "authority.pem"
    if content is not None:
        file.write_bytes(content)

    (told,) = set(refusals(address(1, file)))

    assert re.search(rf"{file} has no certificate of an authority \(.*{reason}", told, re.IGNORECASE)


def test_w137_broker_that_never_shakes_hands_is_given_up(
    address: MakeAddress, silent_port: int, certificates: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cattube.queues.kafka.connection.ANSWER_SECONDS", 0.2)
    monkeypatch.setattr("cattube.queues.amqp.connection.CONNECT_SECONDS", 0.2)
    queue = address(silent_port, certificates.authority)

    with pytest.raises(QueueError, match="cannot be used"), closing(open_sender(queue)) as sender:
        sender.send(Message(b"meow"))
