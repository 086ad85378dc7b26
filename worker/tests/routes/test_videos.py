"""POST /videos: an object is announced, and its end is reported to a webhook."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from cattube_worker.assemblies.creation.video_requests import IMPORT_STEP, VideoRequest, steps_for
from cattube_worker.outbound.http import Answer, Outbound

from ..conftest import TestEngine, open_test_engine

TOKEN = {"Authorization": "Bearer shared token"}
WEBHOOK = "http://site.test/done"
VIDEO = {"inputObject": "raw/cat.mp4", "webhook": WEBHOOK}


@dataclass(frozen=True)
class Webhook(Outbound):
    """A webhook in place of the HTTP client, which keeps the reports."""

    reports: list[tuple[str, Any]] = field(default_factory=list)

    def post(self, url: str, body: bytes, *, content_type: str) -> Answer:
        assert content_type == "application/json"
        self.reports.append((url, json.loads(body)))
        return Answer(204, "")


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[TestEngine]:
    engine = open_test_engine(tmp_path, videos_token="shared token")
    yield engine
    engine.close()


def put(engine: TestEngine, key: str, source: bytes | Path) -> None:
    target = engine.settings.bucket_dir / key
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(source if isinstance(source, bytes) else source.read_bytes())


def reports(engine: TestEngine) -> list[tuple[str, Any]]:
    """The reports to the webhook once all work is done."""
    webhook = Webhook()
    engine.work()
    while engine.outbox(webhook).deliver_one():
        pass
    return webhook.reports


def test_it_is_answered_at_once_and_nothing_has_run_yet(engine: TestEngine) -> None:
    response = engine.client.post("/videos", json=VIDEO, headers=TOKEN)

    assert response.status_code == 202
    answer = response.get_json()
    assert answer["inputObject"] == "raw/cat.mp4"
    assert engine.status(answer)["ok"] == "ASSEMBLY_EXECUTING"


def test_an_object_that_is_not_there_is_told_as_a_failure(engine: TestEngine) -> None:
    engine.client.post("/videos", json=VIDEO, headers=TOKEN)

    ((url, note),) = reports(engine)

    assert url == WEBHOOK
    assert note == {
        "status": "failed",
        "inputObject": "raw/cat.mp4",
        "outputObject": None,
        "thumbnail": None,
        "error": "S3_IMPORT_NOT_FOUND",
        "message": 'There is no object called "raw/cat.mp4".',
    }


def test_a_key_that_looks_like_a_variable_is_taken_as_it_is(engine: TestEngine) -> None:
    put(engine, "${assembly.id}.txt", b"no video")
    engine.client.post("/videos", json={**VIDEO, "inputObject": "${assembly.id}.txt"}, headers=TOKEN)

    ((_, note),) = reports(engine)

    assert (note["status"], note["outputObject"]) == ("success", None)  # found, and nothing to see in it


@pytest.mark.ffmpeg
def test_the_webhook_is_told_where_video_and_picture_lie(engine: TestEngine, tmp_path: Path) -> None:
    import subprocess

    clip = tmp_path / "clip.mp4"
    make = "-f lavfi -i testsrc2=s=64x36:r=5:d=1 -c:v libx264 -preset ultrafast -pix_fmt yuv420p"
    subprocess.run(["ffmpeg", "-v", "error", *make.split(), clip], check=True)
    put(engine, "raw/cat.mp4", clip)
    engine.client.post("/videos", json={**VIDEO, "outputFolder": "roof-7"}, headers=TOKEN)

    ((_, note),) = reports(engine)

    assert note == {
        "status": "success",
        "inputObject": "raw/cat.mp4",
        "outputObject": "watermarked/roof-7/cat.mp4",
        "thumbnail": "thumbnail/roof-7/cat.jpg",
    }
    for key in (note["outputObject"], note["thumbnail"]):
        assert (engine.settings.bucket_dir / key).stat().st_size > 0


def test_d45_without_a_folder_of_the_clients_objects_get_a_random_one(engine: TestEngine) -> None:
    """Their keys are public, and the id of an Assembly opens it."""
    answers = [engine.client.post("/videos", json=VIDEO, headers=TOKEN).get_json() for _ in range(2)]

    folders = [engine.status(answer)["fields"]["folder"] for answer in answers]

    assert len({*folders, *(answer["assembly_id"] for answer in answers)}) == 4
    assert all(len(folder) == 32 for folder in folders)


def test_w11_token_that_announced_a_video_reads_its_status_for_good(engine: TestEngine) -> None:
    """D49"""
    answer = engine.client.post("/videos", json=VIDEO, headers=TOKEN).get_json()
    other = engine.assembly(expected=0)
    engine.work()
    engine.clock.advance(2 * 3600)
    path, foreign = (f"/assemblies/{assembly['assembly_id']}" for assembly in (answer, other))

    assert engine.client.get(path).status_code == 403
    assert engine.client.get(path, headers=TOKEN).get_json()["error"] == "S3_IMPORT_NOT_FOUND"
    assert engine.client.delete(path, headers=TOKEN).status_code == 200
    assert engine.client.get(foreign, headers=TOKEN).status_code == 401


@pytest.mark.parametrize(
    "headers", [{}, {"Authorization": "Bearer other"}, {"Authorization": "Bearer "}, {"Authorization": ""}]
)
def test_w11_without_the_token_nothing_is_taken_on(engine: TestEngine, headers: dict[str, str]) -> None:
    response = engine.client.post("/videos", json=VIDEO, headers=headers)

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
        pytest.param({**VIDEO, "outputFolder": "../other"}, id="w08-folder-upwards"),
        pytest.param({**VIDEO, "outputFolder": "${assembly.id}"}, id="w08-folder-variable"),
        pytest.param({**VIDEO, "outputFolder": ""}, id="w08-folder-empty"),
        pytest.param({**VIDEO, "outputFolder": 7}, id="w08-folder-number"),
        pytest.param({**VIDEO, "webhook": "file:///etc/passwd"}, id="w12-file"),
        pytest.param({**VIDEO, "webhook": "http://user@x/"}, id="w12-user"),
        pytest.param({**VIDEO, "webhook": "amqp://queue.test/videos"}, id="a-queue"),
        pytest.param({**VIDEO, "webhook": "http://x\r\ny/"}, id="w12-header"),
        pytest.param({**VIDEO, "webhook": "javascript:alert(1)"}, id="w08-script"),
        pytest.param({**VIDEO, "webhook": "http://x/" + "x" * 20_000}, id="w08-long"),
    ],
)
def test_w08_keys_and_webhooks_are_checked(engine: TestEngine, body: Any) -> None:
    assert engine.client.post("/videos", json=body, headers=TOKEN).status_code == 400


def test_w08_a_body_that_is_no_json_is_refused(engine: TestEngine) -> None:
    assert engine.client.post("/videos", data=b"{" * 9000, headers=TOKEN).status_code == 400


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
