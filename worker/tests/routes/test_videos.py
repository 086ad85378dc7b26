"""The older way in: an object is announced, and a webhook is told how it ended."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from cattube_worker.assemblies.video_requests import IMPORT_STEP, VideoRequest, steps_for
from cattube_worker.outbound.http import Answer, Outbound

from ..conftest import TestEngine, open_test_engine

TOKEN = {"Authorization": "Bearer shared token"}
WEBHOOK = "http://site.test/done"
VIDEO = {"inputObject": "raw/cat.mp4", "webhook": WEBHOOK}


@dataclass(frozen=True)
class Webhook(Outbound):
    """Stands at the network's border and keeps what it is told."""

    got: list[tuple[str, Any]] = field(default_factory=list)

    def post(self, url: str, body: bytes, *, content_type: str) -> Answer:
        assert content_type == "application/json"
        self.got.append((url, json.loads(body)))
        return Answer(204, "")


@pytest.fixture
def door(tmp_path: Path) -> Iterator[TestEngine]:
    engine = open_test_engine(tmp_path, videos_token="shared token")
    yield engine
    engine.close()


def put(engine: TestEngine, key: str, source: bytes | Path) -> None:
    target = engine.settings.bucket_dir / key
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(source if isinstance(source, bytes) else source.read_bytes())


def told(engine: TestEngine) -> list[tuple[str, Any]]:
    """What the webhook hears once all work is done."""
    webhook = Webhook()
    engine.work()
    while engine.outbox(webhook).deliver_one():
        pass
    return webhook.got


def test_it_is_answered_at_once_and_nothing_has_run_yet(door: TestEngine) -> None:
    response = door.client.post("/videos", json=VIDEO, headers=TOKEN)

    assert response.status_code == 202
    answer = response.get_json()
    assert answer["inputObject"] == "raw/cat.mp4"
    assert door.status(answer)["ok"] == "ASSEMBLY_EXECUTING"


def test_an_object_that_is_not_there_is_told_as_a_failure(door: TestEngine) -> None:
    door.client.post("/videos", json=VIDEO, headers=TOKEN)

    ((url, note),) = told(door)

    assert url == WEBHOOK
    assert note == {
        "status": "failed",
        "inputObject": "raw/cat.mp4",
        "outputObject": None,
        "thumbnail": None,
        "error": "S3_IMPORT_NOT_FOUND",
        "message": 'There is no object called "raw/cat.mp4".',
    }


def test_a_key_that_looks_like_a_variable_is_taken_as_it_is(door: TestEngine) -> None:
    put(door, "${assembly.id}.txt", b"no video")
    door.client.post("/videos", json={**VIDEO, "inputObject": "${assembly.id}.txt"}, headers=TOKEN)

    ((_, note),) = told(door)

    assert (note["status"], note["outputObject"]) == ("success", None)  # found, and nothing to see in it


@pytest.mark.ffmpeg
def test_the_webhook_is_told_where_video_and_picture_lie(door: TestEngine, tmp_path: Path) -> None:
    import subprocess

    clip = tmp_path / "clip.mp4"
    make = "-f lavfi -i testsrc2=s=64x36:r=5:d=1 -c:v libx264 -preset ultrafast -pix_fmt yuv420p"
    subprocess.run(["ffmpeg", "-v", "error", *make.split(), clip], check=True)
    put(door, "raw/cat.mp4", clip)
    answer = door.client.post("/videos", json=VIDEO, headers=TOKEN).get_json()

    ((_, note),) = told(door)

    assembly_id = answer["assembly_id"]
    assert note == {
        "status": "success",
        "inputObject": "raw/cat.mp4",
        "outputObject": f"watermarked/{assembly_id}/cat.mp4",
        "thumbnail": f"thumbnail/{assembly_id}/cat.jpg",
    }
    for key in (note["outputObject"], note["thumbnail"]):
        assert (door.settings.bucket_dir / key).stat().st_size > 0


@pytest.mark.parametrize(
    "headers", [{}, {"Authorization": "Bearer other"}, {"Authorization": "Bearer "}, {"Authorization": ""}]
)
def test_w11_without_the_token_nothing_is_taken_on(door: TestEngine, headers: dict[str, str]) -> None:
    response = door.client.post("/videos", json=VIDEO, headers=headers)

    assert (response.status_code, response.get_json()["error"]) == (401, "SERVER_401")


def test_w11_where_no_token_is_set_nobody_has_it(engine: TestEngine) -> None:
    for headers in ({}, {"Authorization": "Bearer "}, {"Authorization": "Bearer x"}):
        assert engine.client.post("/videos", json=VIDEO, headers=headers).status_code == 401


def test_anybody_may_announce_where_the_operator_says_so(tmp_path: Path) -> None:
    engine = open_test_engine(tmp_path, allow_anonymous_videos="true")

    assert engine.client.post("/videos", json=VIDEO).status_code == 202
    assert engine.client.post("/videos", json=VIDEO, headers=TOKEN).status_code == 401
    engine.close()


@pytest.mark.parametrize(
    "body",
    [
        pytest.param([], id="a-list"),
        pytest.param({}, id="nothing"),
        pytest.param({**VIDEO, "inputObject": "../secret"}, id="w08-upwards"),
        pytest.param({**VIDEO, "inputObject": "/etc/passwd"}, id="w08-absolute"),
        pytest.param({**VIDEO, "inputObject": "a\0b"}, id="w08-nul"),
        pytest.param({**VIDEO, "inputObject": "folder/"}, id="w08-folder"),
        pytest.param({**VIDEO, "inputObject": 7}, id="w08-number"),
        pytest.param({**VIDEO, "webhook": "file:///etc/passwd"}, id="w12-file"),
        pytest.param({**VIDEO, "webhook": "http://user@x/"}, id="w12-user"),
        pytest.param({**VIDEO, "webhook": "amqp://queue.test/videos"}, id="a-queue"),
        pytest.param({**VIDEO, "webhook": "http://x\r\ny/"}, id="w12-header"),
        pytest.param({**VIDEO, "webhook": "javascript:alert(1)"}, id="w08-script"),
        pytest.param({**VIDEO, "webhook": "http://x/" + "x" * 20_000}, id="w08-long"),
    ],
)
def test_w08_keys_and_webhooks_are_checked(door: TestEngine, body: Any) -> None:
    assert door.client.post("/videos", json=body, headers=TOKEN).status_code == 400


def test_w08_a_body_that_is_no_json_is_refused(door: TestEngine) -> None:
    assert door.client.post("/videos", data=b"{" * 9000, headers=TOKEN).status_code == 400


def test_the_import_takes_the_uploads_place_and_is_not_stored_again() -> None:
    steps = {
        ":original": {"robot": "/upload/handle"},
        "a": {"robot": "/video/encode"},
        "b": {"robot": "/video/thumbs", "use": {"steps": [":original"]}},
        "kept": {"robot": "/s3/store", "use": [":original", "a"]},
        "kept too": {"robot": "/s3/store", "use": ":original"},
    }

    made = steps_for(VideoRequest(input_key="x.mp4", webhook=WEBHOOK), steps, credentials="c")

    assert list(made) == [IMPORT_STEP, "a", "b", "kept"]
    assert made["a"]["use"] == IMPORT_STEP
    assert made["b"]["use"] == {"steps": [IMPORT_STEP]}
    assert made["kept"]["use"] == ["a"]
