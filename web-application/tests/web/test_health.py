"""/healthz answers while the site does, and says in words what does not work."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings
from servers.faults import Faults, Refusal, always

from cattube.version import VERSION


@pytest.mark.django_db
def test_health_names_the_parts_that_do_not_work_and_why(
    client: Client, settings: Settings, tmp_path: Path
) -> None:
    settings.BUCKET_FOLDER = tmp_path / "a file, not a folder"
    settings.BUCKET_FOLDER.touch(mode=0o600)

    response = client.get("/healthz")

    assert response.status_code == 200
    assert response.json() == {
        "ok": False,
        "degraded": {
            "bucket": "The bucket cannot be used; `manage.py doctor` says why.",
            "engine": "The engine does not answer, so nothing can be uploaded.",
        },
        "version": VERSION,
    }


@pytest.mark.django_db
def test_w46_health_tells_of_a_front_that_could_not_be_started(client: Client, settings: Settings) -> None:
    settings.FRONT_IS_MISSING = True

    assert "nginx" in client.get("/healthz").json()["degraded"]["front"]


@pytest.mark.django_db
def test_health_asks_the_bucket_now_and_then_s07(
    client: Client, settings: Settings, s3_faults: Faults, s3_bucket: str
) -> None:
    server = s3_faults.server
    settings.AWS_PRIVATE_BUCKET_NAME, settings.AWS_S3_ENDPOINT_URL = s3_bucket, server.endpoint_url
    settings.AWS_ACCESS_KEY_ID, settings.AWS_SECRET_ACCESS_KEY = server.key_id, server.secret
    settings.AWS_S3_REGION_NAME = server.region

    healthy = [client.get("/healthz").json()["degraded"].get("bucket") for _ in range(3)]
    asked = len(s3_faults.calls)
    cache.clear()
    s3_faults.rule = always(Refusal(403, "InvalidAccessKeyId"))
    refused = client.get("/healthz").json()["degraded"]["bucket"]

    assert (healthy, asked) == ([None, None, None], 1)
    assert refused == "The bucket cannot be used; `manage.py doctor` says why."
