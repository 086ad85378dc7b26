"""What Apache is told, and when it is not started."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

import apache
from apache import find_apache, find_mod_wsgi
from apache_configuration import ApachePlan, Places, apache_configuration
from front import FrontUnavailable
from front_settings import apache_plan_of
from site_processes import StartError

ADDRESSES = {"HOST": "127.0.0.1", "WEB_PORT": "8000", "WORKER_PORT": "5678"}
PLACES = Places(
    modules=Path("/usr/lib/apache2/modules"),
    mod_wsgi=Path("/usr/lib/apache2/modules/mod_wsgi.so"),
    python_home=Path("/srv/cattube/.venv"),
    room=Path("/srv/cattube/web-application"),
    data=Path("/srv/cattube/data"),
    folder=Path("/srv/cattube/data/apache"),
    sockets=Path("/srv/cattube/data/apache"),
)


def told(plan: ApachePlan) -> list[str]:
    """Lines of the configuration, without their indents."""
    return [line.strip() for line in apache_configuration(plan, PLACES).splitlines()]


def test_w96_site_has_one_process_and_the_threads_that_its_streams_are_counted_by() -> None:
    lines = told(apache_plan_of({**ADDRESSES, "WEB_THREADS": "40"}, {}))

    assert any(line.startswith("WSGIDaemonProcess site processes=1 threads=40 ") for line in lines)


def test_wrong_number_of_threads_stops_the_start_by_name() -> None:
    with pytest.raises(StartError, match="WEB_THREADS=many"):
        apache_plan_of({**ADDRESSES, "WEB_THREADS": "many"}, {})


@pytest.mark.parametrize(
    ("host", "listens"), [("127.0.0.1", "Listen 127.0.0.1:8000"), ("::", "Listen [::]:8000")]
)
def test_apache_listens_where_the_site_would(host: str, listens: str) -> None:
    assert listens in told(apache_plan_of({**ADDRESSES, "HOST": host}, {}))


def test_engine_cuts_an_upload_that_stalls_before_apache_does() -> None:
    lines = told(apache_plan_of(ADDRESSES, {"UPLOAD_STALL_SECONDS": "300"}))

    assert "Timeout 315" in lines
    assert "RequestReadTimeout header=15 body=315,MinRate=500" in lines


def test_w51_apache_believes_the_address_of_a_proxy_if_it_is_told_to() -> None:
    alone, behind_proxy = (
        told(apache_plan_of({**ADDRESSES, "TRUST_PROXY": trusted}, {})) for trusted in ("false", "true")
    )

    assert not any("X-Forwarded-For" in line for line in alone)
    assert 'RequestHeader set X-Forwarded-Proto "expr=%{REQUEST_SCHEME}"' in alone
    assert 'RequestHeader set X-Real-IP "%{visitor}e" env=visitor' in behind_proxy
    assert not any(line.startswith("RequestHeader set X-Forwarded-Proto") for line in behind_proxy)


def test_apache_is_not_started_as_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)

    with pytest.raises(FrontUnavailable, match="as root; start CatTube as another user"):
        find_apache()


def test_w97_mod_wsgi_for_another_python_is_not_taken(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "mod_wsgi.so").touch()
    ours, other = tmp_path / "python3.11", tmp_path / "python3.13"
    monkeypatch.setattr(apache, "MODULES", tmp_path)
    monkeypatch.setattr(apache, "DEBIANS_PYTHON", ours)

    monkeypatch.setattr(sys, "executable", str(ours))
    assert find_mod_wsgi() == tmp_path / "mod_wsgi.so"

    monkeypatch.setattr(sys, "executable", str(other))
    with pytest.raises(FrontUnavailable, match=r"no mod_wsgi for .*python3\.13"):
        find_mod_wsgi()
