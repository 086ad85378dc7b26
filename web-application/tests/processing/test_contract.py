"""The engine's own documents, as both rooms' suites read them: what the site makes of each."""

from typing import Any

import pytest
from conftest import MakeVideo
from contract_files import golden
from django.test import Client
from pytest_django import Settings
from statuses import NOTIFICATION_URL

from cattube.processing.report import Phase, report_from
from cattube.videos.models import Video

STATUSES, NOTIFICATIONS = golden("statuses/*.json"), golden("notifications/*.json")
PHASES = {
    "uploading": Phase.UPLOADING,
    "executing": Phase.EXECUTING,
    "completed": Phase.COMPLETED,
    "failed": Phase.FAILED,
    "canceled": Phase.FAILED,
    "expired": Phase.FAILED,
}
ERRORS = {"failed": "INVALID_INPUT_ERROR", "canceled": "ASSEMBLY_CANCELED", "expired": "ASSEMBLY_EXPIRED"}
ENDS = {"completed": "ready", "failed": "failed", "canceled": "failed"}
VIDEO_ID = "abcdefghijk"


@pytest.mark.parametrize("name", STATUSES)
def test_status_of_the_contract_is_read(name: str) -> None:
    report = report_from(STATUSES[name])

    assert (report.video_id, report.attempt, report.phase) == (VIDEO_ID, 1, PHASES[name])
    assert report.error_code == ERRORS.get(name, "")


def test_completed_status_has_the_four_objects() -> None:
    report = report_from(STATUSES["completed"])

    keys = {result.role: result.object_key for result in report.results}
    assert set(keys) == {"original", "resized", "watermarked", "thumbnail"}
    for role, key in keys.items():
        assert key.lstrip(":").startswith(f"{role}/{report.assembly_id}/")
    watermarked = next(result for result in report.results if result.role == "watermarked")
    assert watermarked.content_type == "video/mp4"
    assert watermarked.width
    assert watermarked.height
    assert watermarked.duration_seconds


@pytest.mark.parametrize("name", NOTIFICATIONS)
def test_notification_of_the_contract_ends_its_video(
    client: Client, make_video: MakeVideo, settings: Settings, name: str
) -> None:
    form: dict[str, Any] = NOTIFICATIONS[name]
    settings.TRANSLOADIT_SECRET = form["secret"]
    make_video(id=VIDEO_ID)

    answer = client.post(
        NOTIFICATION_URL, {"transloadit": form["transloadit"], "signature": form["signature"]}
    )

    assert answer.status_code == 200
    assert Video.objects.get(pk=VIDEO_ID).status == ENDS[name]
