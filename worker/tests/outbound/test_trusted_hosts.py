"""What a list of hosts lets the engine contact (W43)."""

from __future__ import annotations

import pytest

from cattube_worker.outbound.trusted_hosts import TrustedHosts


@pytest.mark.parametrize(
    ("name", "host", "port", "is_included"),
    [
        ("minio.lan:9000", "minio.lan", 9000, True),
        ("minio.lan:9000", "MINIO.lan.", 9000, True),
        ("minio.lan:9000", "minio.lan", 443, False),
        ("minio.lan:9000", "minio.lan", 90000, False),
        ("minio.lan", "minio.lan", 443, True),
        ("minio.lan", "minio.lan", 80, True),
        ("minio.lan", "minio.lan", 9000, False),
        ("minio.lan", "x.minio.lan", 443, False),
        ("minio.lan:*", "minio.lan", 9000, True),
        ("[::1]:8000", "::1", 8000, True),
        ("[::1]", "::1", 443, True),
        ("127.0.0.1:*", "127.1", 8000, False),
    ],
)
def test_w43_a_host_is_trusted_on_the_ports_that_are_named(
    name: str, host: str, port: int, is_included: bool
) -> None:
    assert TrustedHosts({name}).include(host, port) == is_included
