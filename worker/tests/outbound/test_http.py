"""Hosts that the engine may contact for a stranger, and hosts that it never contacts."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from cattube_worker.outbound import http, pinned_backend
from cattube_worker.outbound.addresses import is_public
from cattube_worker.outbound.errors import ForbiddenAddress, OutboundError
from cattube_worker.outbound.http import Outbound
from cattube_worker.outbound.trusted_hosts import TrustedHosts

LOOPBACK = TrustedHosts({"127.0.0.1:*"})
PRIVATE = [
    "127.0.0.1", "127.8.9.10", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254",
    "100.64.0.1", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1%eth0", "fd00::1", "ff02::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b:1::1", "64:ff9b::7f00:1",
]  # fmt: skip


@dataclass
class Neighbour:
    """A server on this machine that notes each request."""

    url: str
    requests: list[str] = field(default_factory=list)


@pytest.fixture
def neighbour() -> Iterator[Neighbour]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            double.requests.append(self.path)
            if self.path == "/moved":
                self.send_response(302)
                self.send_header("Location", f"{double.url}/secret")
                self.end_headers()
                return
            self.send_response(404 if self.path == "/missing" else 200)
            self.end_headers()
            for _ in range(64):
                self.wfile.write(b"x" * 16384)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.do_GET()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    double = Neighbour(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield double
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("address", PRIVATE)
def test_private_address_is_never_contacted(address: str, tmp_path: Path) -> None:
    """W12"""
    assert not is_public(address)
    host = f"[{address}]" if ":" in address else address

    with pytest.raises(ForbiddenAddress):
        Outbound(resolve=lambda _host, _port: [address]).fetch(
            f"http://{host.replace('%eth0', '')}/", tmp_path / "x", max_bytes=10
        )


def test_public_addresses_may_be_contacted() -> None:
    assert is_public("93.184.216.34")
    assert is_public("2606:2800:220:1:248:1893:25c8:1946")


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "127.1", "localhost", "localhost.", "0177.0.0.1"])
def test_loopback_in_disguise_is_not_contacted(host: str, neighbour: Neighbour, tmp_path: Path) -> None:
    """W12"""
    port = neighbour.url.rsplit(":", 1)[1]

    with pytest.raises(OutboundError):
        Outbound().fetch(f"http://{host}:{port}/", tmp_path / "x", max_bytes=10)

    assert neighbour.requests == []


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "gopher://x/",
        "http://user@x/",
        "http://",
        "//x/",
        "http://x\r\ny/",
        "http://x:y/",
        "",
    ],
)
def test_address_that_is_not_plain_http_is_refused(url: str, tmp_path: Path) -> None:
    """W12"""
    with pytest.raises(ForbiddenAddress):
        Outbound().fetch(url, tmp_path / "x", max_bytes=10)


def test_redirect_is_not_followed(neighbour: Neighbour, tmp_path: Path) -> None:
    """W13"""
    trusting = Outbound(LOOPBACK)

    assert trusting.post(f"{neighbour.url}/moved", b"x", content_type="text/plain").status == 302
    with pytest.raises(OutboundError, match="302"):
        trusting.fetch(f"{neighbour.url}/moved", tmp_path / "x", max_bytes=10)
    assert neighbour.requests == ["/moved", "/moved"]


def test_name_that_changes_its_mind_is_resolved_once(neighbour: Neighbour, tmp_path: Path) -> None:
    """W14"""
    answers = [["93.184.216.34", "127.0.0.1"], ["127.0.0.1"]]
    resolved = []

    def rebind(host: str, _port: int) -> list[str]:
        resolved.append(host)
        return answers[len(resolved) - 1]

    with pytest.raises(ForbiddenAddress):
        Outbound(resolve=rebind).fetch("http://rebinding.test/", tmp_path / "x", max_bytes=10)
    assert (resolved, neighbour.requests) == (["rebinding.test"], [])


def test_host_that_the_operator_trusts_may_be_private(neighbour: Neighbour, tmp_path: Path) -> None:
    Outbound(LOOPBACK).fetch(f"{neighbour.url}/logo", tmp_path / "logo", max_bytes=2**20)

    assert (tmp_path / "logo").stat().st_size == 2**20


def test_file_above_the_size_limit_is_given_up(neighbour: Neighbour, tmp_path: Path) -> None:
    """W15"""
    with pytest.raises(OutboundError, match="more than the 512 KiB that are allowed"):
        Outbound(LOOPBACK).fetch(f"{neighbour.url}/logo", tmp_path / "x", max_bytes=2**19)

    assert (tmp_path / "x").stat().st_size <= 2**19


def test_long_answer_is_read_only_in_part(neighbour: Neighbour) -> None:
    """W17"""
    answer = Outbound(LOOPBACK).post(f"{neighbour.url}/", b"x", content_type="text/plain")

    assert len(answer.body) == http.MAX_ANSWER_BYTES


def test_host_that_drips_is_given_up_when_the_whole_took_too_long(
    neighbour: Neighbour, monkeypatch: pytest.MonkeyPatch
) -> None:
    """W15, W17"""
    monkeypatch.setattr(http, "POST_SECONDS", 0.0)

    with pytest.raises(OutboundError, match="Timeout"):
        Outbound(LOOPBACK).post(f"{neighbour.url}/", b"x", content_type="text/plain")


def test_m39_host_that_sends_less_than_any_line_is_given_up(
    neighbour: Neighbour, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """W15"""
    monkeypatch.setattr(pinned_backend, "LEAST_BYTES_PER_SECOND", 1e15)
    monkeypatch.setattr(pinned_backend, "RATE_SECONDS", 0.0)

    with pytest.raises(OutboundError, match="Timeout"):
        Outbound(LOOPBACK).download(f"{neighbour.url}/", tmp_path / "x", max_bytes=2**30)


def test_host_that_does_not_answer_is_an_error_that_may_pass(tmp_path: Path) -> None:
    with pytest.raises(OutboundError) as caught:
        Outbound(LOOPBACK).fetch("http://127.0.0.1:1/", tmp_path / "x", max_bytes=10)

    assert caught.value.retryable
