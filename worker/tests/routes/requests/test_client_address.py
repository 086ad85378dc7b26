"""What counts as one client."""

from __future__ import annotations

import pytest

from cattube_worker.routes.requests.client_address import SocketAddress, client_network


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.9", "203.0.113.9/32"),
        ("192.168.1.20", "192.168.1.20/32"),
        ("2001:db8:1:2:3::9", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.9", "203.0.113.9/32"),
        ("127.0.0.1", None),
        ("::1", None),
        ("", None),
        (None, None),
    ],
)
def test_client_is_told_by_its_address(address: str | None, network: str | None) -> None:
    assert client_network(address) == network


@pytest.mark.parametrize(
    ("remote", "seen"), [("", "203.0.113.9"), ("127.0.0.1", "127.0.0.1")], ids=["socket", "another way"]
)
def test_w51_address_is_believed_from_the_front_alone(remote: str, seen: str) -> None:
    environ = {"REMOTE_ADDR": remote, "HTTP_X_REAL_IP": "203.0.113.9"}

    SocketAddress(lambda environ, start_response: [])(environ, lambda *_: lambda _: None)

    assert environ == {"REMOTE_ADDR": seen}
