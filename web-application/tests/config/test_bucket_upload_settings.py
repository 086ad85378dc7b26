"""The settings of uploads into the bucket: what is missing is said at start, in words."""

from __future__ import annotations

from pathlib import Path

import pytest
from manage_command import manage

BUCKET = {
    "UPLOAD_TO": "bucket",
    "AWS_PRIVATE_BUCKET_NAME": "cats",
    "AWS_S3_REGION_NAME": "eu-central-003",
    "AWS_ACCESS_KEY_ID": "id",
    "AWS_SECRET_ACCESS_KEY": "key",
}
PRINT = "from django.conf import settings; print(settings.TRANSCODER_WEBHOOK, len(settings.VIDEOS_TOKEN))"


def test_worker_next_door_is_told_unless_said_otherwise(tmp_path: Path) -> None:
    done = manage(tmp_path, "shell", "--no-imports", "-c", PRINT, WORKER_PORT="6001", **BUCKET)

    assert done.stdout.strip() == "http://127.0.0.1:6001/videos 64", done.stderr


@pytest.mark.parametrize(
    ("overrides", "words"),
    [
        ({"UPLOAD_TO": "bucket"}, "UPLOAD_TO=bucket needs a bucket: set AWS_PRIVATE_BUCKET_NAME"),
        ({"UPLOAD_TO": "cloud"}, "UPLOAD_TO=cloud: expected engine or bucket"),
        (
            {**BUCKET, "TRANSLOADIT_SERVICE": "https://engine.example.org"},
            "UPLOAD_TO=bucket needs a worker that takes videos from the bucket: set TRANSCODER_WEBHOOK",
        ),
        (
            {**BUCKET, "TRANSCODER_WEBHOOK": "redis://broker/videos"},
            "TRANSCODER_WEBHOOK=redis://broker/videos: expected an address that starts with http:// or https://",
        ),
    ],
)
def test_what_is_missing_is_named(tmp_path: Path, overrides: dict[str, str], words: str) -> None:
    done = manage(tmp_path, "check", **overrides)

    assert done.returncode != 0
    assert words in done.stderr
