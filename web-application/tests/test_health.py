"""/healthz answers while the site does, and says in words what does not work."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings


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
            "bucket": "The bucket folder cannot be written to.",
            "engine": "The engine does not answer, so nothing can be uploaded.",
        },
    }
