"""Queues are named once, and both rooms know them."""

from __future__ import annotations

from pathlib import Path

import pytest

from apache import Apache
from front import Front
from site_processes import without
from start import share_queues, site_processes

ANNOUNCEMENTS, NOTIFICATIONS = "amqp://broker.lan/?queue=in", "kafka://broker.lan/out"


def test_engine_takes_announcements_from_the_queue_that_the_site_puts_them_in() -> None:
    by_environment = {"TRANSCODER_WEBHOOK": ANNOUNCEMENTS}
    by_file: dict[str, str] = {}

    share_queues(by_environment, site_file={}, engine_file={})
    share_queues(by_file, site_file={"TRANSCODER_WEBHOOK": ANNOUNCEMENTS}, engine_file={})

    assert by_environment["ANNOUNCEMENTS_URL"] == ANNOUNCEMENTS
    assert by_file == {"ANNOUNCEMENTS_URL": ANNOUNCEMENTS}


def test_engine_puts_notifications_into_the_queue_that_the_site_takes_them_from() -> None:
    environment: dict[str, str] = {}

    assert share_queues(environment, site_file={"NOTIFICATIONS_URL": NOTIFICATIONS}, engine_file={})
    assert environment == {"NOTIFICATIONS_URL": NOTIFICATIONS}


def test_engine_with_an_account_of_its_own_at_the_broker_keeps_it() -> None:
    environment: dict[str, str] = {}
    site = {"TRANSCODER_WEBHOOK": ANNOUNCEMENTS, "NOTIFICATIONS_URL": NOTIFICATIONS}
    engine = {
        "ANNOUNCEMENTS_URL": "amqp://engine@broker.lan/",
        "NOTIFICATIONS_URL": "amqp://engine@broker.lan/",
    }

    assert share_queues(environment, site_file=site, engine_file=engine)
    assert environment == {}


@pytest.mark.parametrize("url", ["", "http://site.lan:8000"])
def test_site_that_is_notified_by_posts_has_no_further_process(url: str) -> None:
    environment = {"NOTIFICATIONS_URL": url, "TRANSCODER_WEBHOOK": "http://127.0.0.1:5678/videos"}

    consumes = share_queues(environment, site_file={}, engine_file={})

    assert "ANNOUNCEMENTS_URL" not in environment
    assert [process.name for process in site_processes(None, consumes=consumes)] == ["engine", "web app"]


def test_consumer_of_notifications_gets_no_secret_of_the_engine() -> None:
    consumer = site_processes(None, consumes=True)[-1]

    assert consumer.name == "consumer of notifications"
    assert {"ENGINE_SECRET", "ANNOUNCEMENTS_URL"} <= set(consumer.withheld)


@pytest.mark.parametrize(
    "front",
    [Front("nginx", Path(), Path()), Apache("apache2", Path(), Path()), None],
    ids=["nginx", "apache", "none"],
)
def test_d50_password_of_the_broker_is_for_the_engine_alone(front: Front | Apache | None) -> None:
    password = "amqp://user:password@broker.lan//"

    told = {
        process.name
        for process in site_processes(front, consumes=True)
        if password in without({"BROKER_URL": password}, process.withheld).values()
    }

    assert told == {"engine"}
