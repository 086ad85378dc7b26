"""What the doctor says about a proxy before the site."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import Settings

from cattube.accounts.models import ProxySighting
from cattube.doctor.finding import Verdict
from cattube.doctor.proxy import check_proxy

HEADERS = {"X-Forwarded-For": "203.0.113.9"}


@pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Forwarded-Proto", "Forwarded"])
def test_proxy_that_is_not_trusted_is_told_d41(db: None, header: str) -> None:
    Client(REMOTE_ADDR="127.0.0.1").get("/", headers={header: "203.0.113.9"})

    (finding,) = check_proxy()
    assert finding.verdict is Verdict.WARNING
    assert header in finding.sentence
    assert "TRUST_PROXY=true" in finding.fix


def test_site_without_a_proxy_is_well(db: None) -> None:
    Client(REMOTE_ADDR="127.0.0.1").get("/")

    (finding,) = check_proxy()
    assert finding.verdict is Verdict.OK


def test_header_from_afar_may_be_made_up_and_is_no_proxy(db: None) -> None:
    Client(REMOTE_ADDR="8.8.8.8").get("/", headers=HEADERS)

    assert not ProxySighting.objects.exists()


def test_proxy_that_is_trusted_is_well(db: None, settings: Settings) -> None:
    settings.TRUST_PROXY = True
    Client(REMOTE_ADDR="127.0.0.1").get("/", headers=HEADERS)

    (finding,) = check_proxy()
    assert finding.verdict is Verdict.OK
    assert not ProxySighting.objects.exists()
