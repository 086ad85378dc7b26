"""What nginx has to be able to do, and what it is told."""

from __future__ import annotations

import pytest
from e2e.site import ROOT

from front import unfitness
from front_settings import REQUESTS, UPLOADS, Setting, engine_limits, plan_of
from nginx_configuration import configuration, listen_address
from site_processes import StartError

SITE = {"HOST": "127.0.0.1", "WEB_PORT": "8000", "WORKER_PORT": "5678"}
PARTS = "configure arguments: --with-http_realip_module --with-stream --with-threads"


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        (f"nginx version: nginx/1.25.5\n{PARTS}", ""),
        (f"nginx version: nginx/1.31.3\n{PARTS}", ""),
        (f"nginx version: nginx/1.22.1\n{PARTS}", "is older than 1.25.5"),
        ("nginx version: nginx/1.28.0\n--with-stream=dynamic", "was built without --with-stream"),
        ("nginx version: nginx/1.28.0\n--with-stream", "was built without --with-http_realip_module"),
        ("command not found", "is older than 1.25.5"),
    ],
    ids=["oldest", "new", "too old", "module apart", "module missing", "no nginx"],
)
def test_nginx_that_lacks_what_is_needed_is_refused_with_the_reason(facts: str, reason: str) -> None:
    assert unfitness(facts).startswith(reason)
    assert bool(unfitness(facts)) is bool(reason)


@pytest.mark.parametrize(
    ("host", "listens"),
    [
        ("127.0.0.1", "127.0.0.1:80"),
        ("0.0.0.0", "0.0.0.0:80"),
        ("::", "[::]:80 ipv6only=off"),
        ("localhost", "localhost:80"),
    ],
)
def test_front_listens_where_the_site_would(host: str, listens: str) -> None:
    assert listen_address(host, "80") == listens


def test_front_lets_the_engine_have_the_uploads_that_it_takes() -> None:
    """Its own answer, that there are too many, has the better words; so a few more get through."""
    plan = plan_of(SITE, {"MAX_CONCURRENT_UPLOADS": "300"})

    assert "limit_conn uploads 312;" in configuration(plan, sockets="")["nginx.conf"]


def test_limits_of_the_engine_in_its_config_file_count() -> None:
    assert engine_limits(ROOT / "worker" / "config.json") == {"DELETE_TMP_FILES": "True"}
    assert engine_limits(ROOT / "no such file") == {}


def test_wrong_number_stops_the_start_by_name() -> None:
    with pytest.raises(StartError, match="MAX_UPLOADS_PER_ADDRESS=many: expected a whole number above zero"):
        plan_of({**SITE, "MAX_UPLOADS_PER_ADDRESS": "many"}, {})


@pytest.mark.parametrize("setting", [REQUESTS, UPLOADS], ids=lambda setting: setting.name)
def test_setting_of_the_front_is_documented(setting: Setting) -> None:
    page = (ROOT / "docs" / "configuration.md").read_text()

    assert f"| `{setting.name}` | `{setting.default}` | {setting.meaning} |" in page
