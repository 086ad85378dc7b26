"""The engine may notify a site that lies on a private address without being told so twice."""

from __future__ import annotations

import pytest

from start import share_site_address

SITE = {"SITE_URL": "https://tube.lan:8443"}


def test_engine_may_notify_the_site_at_its_own_address() -> None:
    environment: dict[str, str] = {}

    share_site_address(environment, site_file=SITE, engine_file={})

    assert environment == {"NOTIFY_HOSTS": "127.0.0.1:*,localhost:*,tube.lan:8443"}


@pytest.mark.parametrize("name", ["NOTIFY_HOSTS", "TRUSTED_HOSTS"])
def test_engine_that_was_told_whom_it_may_notify_is_told_nothing_else(name: str) -> None:
    by_environment = {name: "other.lan"}
    by_file: dict[str, str] = {}

    share_site_address(by_environment, site_file=SITE, engine_file={})
    share_site_address(by_file, site_file=SITE, engine_file={name: "other.lan"})

    assert (by_environment, by_file) == ({name: "other.lan"}, {})


def test_engine_may_notify_the_site_at_the_address_that_is_for_the_engine_alone() -> None:
    environment = {"NOTIFICATIONS_URL": "http://site.lan:8000"}

    share_site_address(environment, site_file=SITE, engine_file={})

    assert environment["NOTIFY_HOSTS"] == "127.0.0.1:*,localhost:*,tube.lan:8443,site.lan:8000"


def test_broker_of_a_queue_is_nobody_to_be_notified_by_post() -> None:
    environment = {"NOTIFICATIONS_URL": "amqp://cats:meow@broker.lan/"}

    share_site_address(environment, site_file={}, engine_file={})

    assert "NOTIFY_HOSTS" not in environment


def test_site_without_an_address_of_its_own_is_notified_on_this_machine() -> None:
    environment: dict[str, str] = {}

    share_site_address(environment, site_file={}, engine_file={})

    assert environment == {}
