"""The engine's own documents, as both rooms' suites read them: what the site makes of each."""

from pathlib import Path
from typing import Any

import pytest
from conftest import MakeVideo
from contract_files import golden
from django.test import Client
from django.utils import timezone
from pytest_django import Settings
from statuses import NOTIFICATION_URL

from cattube.processing.lifecycle import error_messages
from cattube.processing.models import BucketUpload
from cattube.processing.transloadit.status.assembly_status import Phase
from cattube.processing.transloadit.status.status_parser import parse_status
from cattube.processing.webhook import webhook_url
from cattube.videos.models import Asset, Video

STATUSES, NOTIFICATIONS = golden("statuses/*.json"), golden("notifications/*.json")
WAYS = golden("videos/*.json")
PHASES = {
    "uploading": Phase.UPLOADING,
    "executing": Phase.QUEUED,
    "improving": Phase.IMPROVING,
    "replaying": Phase.PROCESSING,
    "completed": Phase.COMPLETED,
}
# What went wrong, and what its owner reads. All that is not above has failed.
ERRORS = {
    "failed": ("INVALID_INPUT_ERROR", '"letter.mp4" is not a video we can read.'),
    "declined": ("FILE_FILTER_DECLINED_FILE", error_messages.UNREADABLE),
    "canceled": ("ASSEMBLY_CANCELED", error_messages.MESSAGES["ASSEMBLY_CANCELED"]),
    "request_aborted": ("REQUEST_ABORTED", error_messages.MESSAGES["REQUEST_ABORTED"]),
    "expired": ("ASSEMBLY_EXPIRED", error_messages.MESSAGES["ASSEMBLY_EXPIRED"]),
    "timed_out": (
        "INTERNAL_COMMAND_TIMEOUT",
        "The file took longer to process than the 8 hours that are allowed: try a shorter one.",
    ),
    "not_stored": ("BACKBLAZE_STORE_ACCESS_DENIED", error_messages.NOT_STORED),
    "not_imported": ("HTTP_IMPORT_FAILURE", error_messages.BROKEN),
    "without_credentials": ("TEMPLATE_CREDENTIALS_INJECTION_ERROR", error_messages.BROKEN),
    "given_up": ("WORKER_JOB_ERROR", error_messages.BROKEN),
    "broken": ("INTERNAL_COMMAND_ERROR", error_messages.BROKEN),
}
VIDEO_ID = "abcdefghijk"


@pytest.mark.parametrize("name", STATUSES)
def test_status_of_the_contract_is_read(name: str) -> None:
    report = parse_status(STATUSES[name])

    assert (report.video_id, report.attempt) == (VIDEO_ID, 1)
    assert report.phase is PHASES.get(name, Phase.FAILED)
    if report.phase is Phase.FAILED:
        words = error_messages.message_for(report.error_code, report.error_words)
        assert (report.error_code, words) == ERRORS[name]


def test_completed_status_has_the_objects_that_pages_know() -> None:
    report = parse_status(STATUSES["completed"])

    keys = {result.role: result.object_key for result in report.results}
    assert set(keys) == set(Asset.Role.values)
    for role, key in keys.items():
        assert key.lstrip(":").startswith(f"{role}/{report.folder}/")
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
    video = Video.objects.get(pk=VIDEO_ID)
    expected = ("ready", "") if name == "completed" else ("failed", ERRORS[name][0])
    assert (video.status, video.error_code) == expected


@pytest.mark.parametrize("name", WAYS)
def test_notification_of_an_announced_video_ends_it(
    client: Client, make_video: MakeVideo, settings: Settings, name: str
) -> None:
    report = WAYS[name]["notification"]
    video = make_video(id=VIDEO_ID)
    for key in filter(None, (report["outputObject"], report["thumbnail"])):
        put_object(Path(settings.BUCKET_FOLDER) / key)
    announced(video, WAYS[name]["request"]["inputObject"])

    answer = client.post(
        webhook_url("", video_id=VIDEO_ID, attempt=1), report, content_type="application/json"
    )

    video.refresh_from_db()
    assert answer.status_code == 200
    assert (video.status, video.error_code) == (
        ("ready", "") if report["status"] == "success" else ("failed", report["error"])
    )


def announced(video: Video, object_key: str) -> None:
    """The video's file lies in the bucket, and a worker without Assemblies has taken it on."""
    now = timezone.now()
    sizes = {"size_bytes": 4, "part_bytes": 4}
    BucketUpload.objects.create(
        video=video, attempt=1, object_key=object_key, completed_at=now, announced_at=now, **sizes
    )


def put_object(path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.write_bytes(b"meow")
