"""Where the engine is told to report to: the site, or a queue that is named without its broker."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

QUEUE = "amqp://cats:meow@broker.lan/tube?queue=cats.notifications"


def new_params(client: Client) -> dict[str, Any]:
    answer = client.post("/api/uploads", {"title": "Cat"}, content_type="application/json").json()
    params: dict[str, Any] = json.loads(answer["assembly"]["params"])
    return params


def test_w92_uploaders_learn_the_name_of_the_queue_and_nothing_of_its_broker(
    as_alice: Client, settings: Settings
) -> None:
    settings.NOTIFICATIONS_URL = QUEUE

    params = new_params(as_alice)

    assert params["notify_url"] == "amqp:cats.notifications"
    assert params["fields"]["notify_early"] is True
    assert "broker.lan" not in json.dumps(params)


def test_engine_reports_to_the_address_that_it_reaches_the_site_by(
    as_alice: Client, settings: Settings
) -> None:
    settings.SITE_URL, settings.NOTIFICATIONS_URL = "https://tube.example.org", "http://site.lan:8000"

    assert new_params(as_alice)["notify_url"] == "http://site.lan:8000/notifications/transloadit"


@pytest.mark.parametrize("site_url", ["", "https://tube.example.org"])
def test_hosted_transloadit_knows_no_queue(as_alice: Client, settings: Settings, site_url: str) -> None:
    settings.TRANSLOADIT_SERVICE, settings.SITE_URL = "https://api2.transloadit.com", site_url
    settings.NOTIFICATIONS_URL = QUEUE

    notify_url = new_params(as_alice).get("notify_url")

    assert notify_url == (f"{site_url}/notifications/transloadit" if site_url else None)
