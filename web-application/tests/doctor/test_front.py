"""What the doctor says about who answers visitors."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from pytest_django import Settings

from cattube.doctor.finding import Verdict
from cattube.doctor.front import check_front

NOWHERE = "http://127.0.0.1:9"


@contextmanager
def answered_by(name: str) -> Iterator[str]:
    """Address of a server that says that name of itself."""

    class Handler(BaseHTTPRequestHandler):
        def version_string(self) -> str:
            return name

        def do_GET(self) -> None:
            self.send_response(204)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("server", "verdict"),
    [("gunicorn", Verdict.WARNING), ("nginx", Verdict.OK), ("Caddy", Verdict.OK)],
)
def test_w46_site_that_answers_slow_visitors_itself_is_told(server: str, verdict: Verdict) -> None:
    with answered_by(server) as address:
        (finding,) = check_front(address)

    assert finding.verdict is verdict
    assert ("make run" in finding.fix) is (verdict is Verdict.WARNING)


def test_site_whose_files_are_sent_by_nginx_is_well(settings: Settings) -> None:
    settings.SENDS_FILES_ITSELF = False

    (finding,) = check_front(NOWHERE)

    assert finding.verdict is Verdict.OK


def test_site_that_does_not_run_is_not_looked_at() -> None:
    (finding,) = check_front(NOWHERE)

    assert finding.verdict is Verdict.SKIPPED


def test_site_whose_files_are_sent_by_apache_is_well(settings: Settings) -> None:
    settings.SENDS_FILES_ITSELF, settings.APACHE_SENDS_FILES = False, True

    (finding,) = check_front(NOWHERE)

    assert (finding.verdict, finding.sentence.split()[0]) == (Verdict.OK, "Apache")
