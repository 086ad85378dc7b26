"""Whose request it is that comes over the socket of the front."""

from __future__ import annotations

import pytest
from django.test import RequestFactory
from pytest_django import Settings

from cattube.accounts.client_address import client_address
from cattube.web.middleware.socket_address import SocketAddressMiddleware


def seen(remote: str, named: str) -> str:
    """Address of the client of a request. remote: that of the connection; named: X-Real-IP."""
    request = RequestFactory(REMOTE_ADDR=remote).get("/", headers={"X-Real-IP": named})
    SocketAddressMiddleware(lambda _: None)(request)  # type: ignore[arg-type,return-value]
    return client_address(request)


@pytest.mark.parametrize(
    ("socket", "remote", "expected"),
    [
        ("/run/site.sock", "", "203.0.113.9"),
        ("/run/site.sock", "127.0.0.1", "127.0.0.1"),
        ("", "127.0.0.1", "127.0.0.1"),
        ("", "", "unknown"),
    ],
    ids=["over the socket", "by another way", "without a socket", "nobody"],
)
def test_w51_address_is_believed_from_the_front_alone(
    settings: Settings, socket: str, remote: str, expected: str
) -> None:
    settings.WEB_SOCKET = socket

    assert seen(remote, "203.0.113.9") == expected
