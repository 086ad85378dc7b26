"""Files that go straight into the bucket, on a real S3 server, with a worker that is told about them."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pytest
from django.contrib.auth.models import User
from django.db import models
from django.test import Client
from django.utils import timezone
from engine_double import EngineDouble
from pytest_django import Settings
from servers.faults import Faults, LostAnswer, first
from servers.s3_server import S3Server
from statuses import ASSEMBLY_ID, completed_status, executing_status, failed_status

from cattube.processing.bucket.announcements import GIVE_UP_AFTER, pause_after
from cattube.processing.bucket.resume_uploads import LONGEST_SILENCE
from cattube.processing.bucket.upload_objects import MIB, new_object_key, part_bytes_for
from cattube.processing.models import BucketUpload
from cattube.processing.reconcile import UPLOAD_LIFETIME, reconcile
from cattube.processing.webhook import BadWebhook, read_webhook, webhook_url
from cattube.storage.object_keys import is_safe
from cattube.videos.models import Video

PART_BYTES = 8 * MIB
CONTENT = os.urandom(PART_BYTES) + b"the end of the file"


@dataclass(frozen=True)
class Bucket:
    """The private bucket of the test, as its owner sees it."""

    server: S3Server
    name: str

    def content(self, object_key: str) -> bytes:
        body: bytes = self.server.client.get_object(Bucket=self.name, Key=object_key)["Body"].read()
        return body

    @property
    def keys(self) -> list[str]:
        listed = self.server.client.list_objects_v2(Bucket=self.name)
        return [each["Key"] for each in listed.get("Contents", ())]

    @property
    def unfinished(self) -> list[str]:
        return self.server.unfinished(self.name)


@pytest.fixture
def worker(engine_double: EngineDouble) -> EngineDouble:
    engine_double.taken_on = (202, {"assembly_id": ASSEMBLY_ID})
    return engine_double


@pytest.fixture
def bucket(settings: Settings, s3_server: S3Server, s3_bucket: str, worker: EngineDouble) -> Bucket:
    """The site is set up for it, with a worker that takes videos on."""
    settings.UPLOAD_TO = "bucket"
    settings.AWS_S3_ENDPOINT_URL = s3_server.endpoint_url
    settings.AWS_S3_REGION_NAME = s3_server.region
    settings.AWS_ACCESS_KEY_ID = s3_server.key_id
    settings.AWS_SECRET_ACCESS_KEY = s3_server.secret
    settings.AWS_PRIVATE_BUCKET_NAME = s3_bucket
    settings.TRANSCODER_WEBHOOK = f"{worker.address}/videos"
    settings.VIDEOS_TOKEN = "shared token"
    return Bucket(s3_server, s3_bucket)


def begin(client: Client, **fields: Any) -> Any:
    new = {"title": "Cat", "filename": "Cat on a roof.MP4", "size_bytes": len(CONTENT), **fields}
    return client.post("/api/uploads", new, content_type="application/json")


def part(client: Client, video_id: str, number: int) -> Any:
    return client.post(f"/api/uploads/{video_id}/parts/{number}")


def put_part(client: Client, video_id: str, number: int, content: bytes = CONTENT) -> httpx.Response:
    link = part(client, video_id, number).json()
    start = (number - 1) * PART_BYTES
    return httpx.put(link["url"], content=content[start : start + PART_BYTES])


def complete(client: Client, video_id: str, **headers: str) -> Any:
    return client.post(f"/api/uploads/{video_id}/complete", headers=headers)


@pytest.fixture
def begun(as_alice: Client, bucket: Bucket) -> str:
    """The id of a video whose upload is open."""
    return str(begin(as_alice).json()["video"]["id"])


@pytest.fixture
def sent(as_alice: Client, begun: str) -> str:
    """The id of a video whose bytes are all in the bucket."""
    for number in (1, 2):
        assert put_part(as_alice, begun, number).status_code == 200
    return begun


@pytest.fixture
def taken_on(as_alice: Client, sent: str) -> Video:
    """A video that the worker works on."""
    assert complete(as_alice, sent).status_code == 200
    return Video.objects.get(pk=sent)


def status_from(make: Callable[..., dict[str, Any]], video: Video, **more: Any) -> dict[str, Any]:
    """A status of the Assembly that the worker made of the announcement."""
    upload = BucketUpload.objects.get(video=video, attempt=video.attempt)
    params = json.dumps({"inputObject": upload.object_key, "webhook": upload.webhook})
    status = {**make(video, **more), "params": params}
    status["results"].pop(":original", None)  # the worker stores it not a second time
    return status


def report(video: Video, **told: Any) -> Any:
    """The worker's short notification about the video."""
    upload = BucketUpload.objects.get(video=video, attempt=video.attempt)
    body = {"status": "success", "inputObject": upload.object_key, "outputObject": None, "thumbnail": None}
    path = upload.webhook.removeprefix("http://127.0.0.1:80")
    return Client().post(path, {**body, **told}, content_type="application/json")


class TestSending:
    def test_record_is_there_before_the_first_byte(self, as_alice: Client, bucket: Bucket) -> None:
        answer = begin(as_alice)

        assert answer.status_code == 201
        assert answer.json()["assembly"] is None
        assert answer.json()["bucket"] == {"size_bytes": len(CONTENT), "part_bytes": PART_BYTES}
        assert answer.json()["video"]["status"] == "uploading"
        assert len(bucket.unfinished) == 1
        assert bucket.keys == []

    def test_parts_become_the_original_and_the_worker_is_told(
        self, as_alice: Client, bucket: Bucket, sent: str, worker: EngineDouble
    ) -> None:
        answer = complete(as_alice, sent)

        assert answer.status_code == 200
        assert answer.json()["status"] == "processing"
        assert answer.json()["assembly_id"] == ASSEMBLY_ID
        assert bucket.unfinished == []
        assert [bucket.content(key) for key in bucket.keys] == [CONTENT]
        ((token, told),) = worker.announced
        assert token == "Bearer shared token"
        assert told["inputObject"] == bucket.keys[0]
        assert read_webhook(told["webhook"]) == (sent, 1)
        asset = Video.objects.get(pk=sent).assets.get()
        assert (asset.role, asset.object_key) == ("original", bucket.keys[0])
        assert (asset.content_type, asset.size_bytes) == ("video/mp4", len(CONTENT))

    def test_completing_twice_is_completing_once(
        self, as_alice: Client, taken_on: Video, worker: EngineDouble
    ) -> None:
        assert complete(as_alice, taken_on.pk).status_code == 200

        assert len(worker.announced) == 1
        assert taken_on.assets.count() == 1

    def test_s3_client_that_completes_gets_the_answer_it_knows(self, as_alice: Client, sent: str) -> None:
        answer = complete(as_alice, sent, Accept="application/xml")

        assert answer["Content-Type"] == "application/xml"
        assert b"<CompleteMultipartUploadResult><Location>http://testserver/videos/" in answer.content

    def test_s07_answer_to_the_completion_may_get_lost(
        self, as_alice: Client, bucket: Bucket, sent: str, s3_faults: Faults, settings: Settings
    ) -> None:
        settings.AWS_S3_ENDPOINT_URL = s3_faults.server.endpoint_url
        s3_faults.rule = first(1, LostAnswer(), method="POST", query="uploadId")

        answers = [complete(as_alice, sent).status_code for _ in range(2)]

        assert answers[-1] == 200
        assert [bucket.content(key) for key in bucket.keys] == [CONTENT]

    def test_progress_is_shown_to_others_while_parts_are_sent(self, as_alice: Client, begun: str) -> None:
        put_part(as_alice, begun, 1)
        part(as_alice, begun, 2)
        part(as_alice, begun, 1)

        assert as_alice.get(f"/api/videos/{begun}").json()["progress"] == 99

    def test_object_with_missing_parts_is_not_completed(
        self, as_alice: Client, bucket: Bucket, begun: str
    ) -> None:
        put_part(as_alice, begun, 2)

        refused = complete(as_alice, begun)
        put_part(as_alice, begun, 1)
        done = complete(as_alice, begun)

        assert (refused.status_code, refused.json()["error"]) == (409, "PARTS_MISSING")
        assert done.status_code == 200
        assert [bucket.content(key) for key in bucket.keys] == [CONTENT]

    def test_broken_upload_goes_on_with_the_parts_that_are_there(
        self, as_alice: Client, bucket: Bucket, begun: str
    ) -> None:
        put_part(as_alice, begun, 1)

        again = as_alice.get(f"/api/uploads/{begun}").json()
        listed = as_alice.get(f"/api/uploads/{begun}/parts").json()
        as_s3 = as_alice.get(f"/api/uploads/{begun}/parts", headers={"Accept": "application/xml"})

        assert again["bucket"]["part_bytes"] == PART_BYTES
        assert listed == {"parts": [{"number": 1, "size_bytes": PART_BYTES}]}
        assert as_s3.content.count(b"<PartNumber>") == 1
        assert b"<ListPartsResult><Part><PartNumber>1</PartNumber><ETag>&quot;" in as_s3.content

    @pytest.mark.parametrize("length", [PART_BYTES - 1, PART_BYTES + 1, 0])
    def test_part_of_another_length_is_refused_by_the_bucket(
        self, as_alice: Client, begun: str, length: int
    ) -> None:
        link = part(as_alice, begun, 1).json()

        assert link["size_bytes"] == PART_BYTES
        assert httpx.put(link["url"], content=bytes(length)).status_code == 403

    def test_link_is_good_for_its_own_part_and_for_an_hour(self, as_alice: Client, begun: str) -> None:
        url = httpx.URL(part(as_alice, begun, 2).json()["url"])

        other = url.copy_set_param("partNumber", "1")

        assert url.params["X-Amz-Expires"] == "3600"
        assert httpx.put(other, content=b"the end of the file").status_code == 403
        assert httpx.get(url).status_code == 403

    @pytest.mark.parametrize("number", [0, 3, 10_000])
    def test_part_that_the_file_has_not_is_refused(self, as_alice: Client, begun: str, number: int) -> None:
        assert part(as_alice, begun, number).status_code == 400

    @pytest.mark.parametrize("size", [0, None])
    def test_t20_file_without_a_size_is_refused(
        self, as_alice: Client, bucket: Bucket, size: int | None
    ) -> None:
        assert begin(as_alice, size_bytes=size).status_code == 400
        assert not Video.objects.exists()

    def test_t07_file_over_the_limit_is_refused(self, as_alice: Client, bucket: Bucket) -> None:
        answer = begin(as_alice, size_bytes=10**16)

        assert (answer.status_code, answer.json()["error"]) == (400, "INVALID_FIELDS")
        assert begin(as_alice, size_bytes=2**40).status_code == 413
        assert bucket.unfinished == []

    def test_s07_bucket_that_does_not_answer_leaves_no_record(
        self, as_alice: Client, bucket: Bucket, settings: Settings
    ) -> None:
        settings.AWS_SECRET_ACCESS_KEY = "wrong"

        answer = begin(as_alice)

        assert (answer.status_code, answer.json()["error"]) == (503, "BUSY")
        assert not Video.objects.exists()


class TestWhoMaySend:
    @pytest.mark.parametrize(
        ("method", "path"),
        [
            ("GET", "/api/uploads/{}"),
            ("GET", "/api/uploads/{}/parts"),
            ("POST", "/api/uploads/{}/parts/1"),
            ("POST", "/api/uploads/{}/complete"),
        ],
    )
    def test_t13_owner_alone_gets_links_and_completes(
        self, as_bob: Client, as_carol: Client, begun: str, method: str, path: str
    ) -> None:
        for client, code in ((as_bob, 404), (as_carol, 404), (Client(), 401)):
            assert client.generic(method, path.format(begun)).status_code == code

    def test_d04_change_needs_the_csrf_token(self, alice: User, begun: str) -> None:
        client = Client(enforce_csrf_checks=True)
        client.force_login(alice)

        assert part(client, begun, 1).status_code == 403
        assert complete(client, begun).status_code == 403

    def test_t16_nothing_is_signed_once_the_file_is_there(self, as_alice: Client, taken_on: Video) -> None:
        for answer in (
            part(as_alice, taken_on.pk, 1),
            as_alice.get(f"/api/uploads/{taken_on.pk}/parts"),
            as_alice.get(f"/api/uploads/{taken_on.pk}"),
        ):
            assert (answer.status_code, answer.json()["error"]) == (409, "NOT_UPLOADING")


class TestKeys:
    @pytest.mark.parametrize(
        ("filename", "ending"),
        [
            ("Cat on a roof.MP4", "/Cat-on-a-roof.mp4"),
            ("../../etc/passwd", "/passwd"),
            ("..\\..\\boot.ini", "/boot.ini"),
            ("", "/video"),
            ("…/\u202egnp.exe\r\nX: y", "/gnp.exexy"),
            ("Кот.webm", "/video.webm"),
            ("${assembly.id}.mp4", "/assembly-id.mp4"),
            ("a" * 300 + ".mov", f"/{'a' * 80}.mov"),
        ],
    )
    def test_s01_key_keeps_only_what_is_harmless_of_a_name(self, filename: str, ending: str) -> None:
        key = new_object_key(filename)

        assert is_safe(key)
        assert key.startswith(":original/")
        assert key[len(":original/") + 32 :] == ending

    def test_s02_same_name_twice_makes_two_keys(self) -> None:
        assert new_object_key("cat.mp4") != new_object_key("cat.mp4")

    @pytest.mark.parametrize("size", [1, PART_BYTES, 8 * 2**30, 4 * 2**40])
    def test_file_has_at_most_a_thousand_parts_that_the_bucket_takes(self, size: int) -> None:
        part_bytes = part_bytes_for(size)

        assert 5 * MIB <= part_bytes <= 5 * 2**30
        assert -(-size // part_bytes) <= 1000


class TestWorker:
    def test_s07_worker_that_is_away_is_told_later(
        self, as_alice: Client, sent: str, worker: EngineDouble
    ) -> None:
        worker.taken_on = (503, {})
        answer = complete(as_alice, sent)
        assert (answer.status_code, answer.json()["assembly_id"]) == (200, None)

        assert BucketUpload.objects.get().due_at is not None
        BucketUpload.objects.update(due_at=timezone.now() + timedelta(hours=1))
        reconcile()  # too early: nobody is asked in the meantime
        assert len(worker.announced) == 1
        worker.taken_on = (202, {"assembly_id": ASSEMBLY_ID})
        BucketUpload.objects.update(due_at=timezone.now())
        reconcile()

        assert len(worker.announced) == 2
        assert Video.objects.get(pk=sent).assembly_id == ASSEMBLY_ID
        reconcile()
        assert len(worker.announced) == 2

    def test_worker_that_never_takes_it_on_is_given_up_after_a_day(
        self, as_alice: Client, sent: str, worker: EngineDouble
    ) -> None:
        worker.taken_on = (401, {"error": "SERVER_401"})
        complete(as_alice, sent)
        BucketUpload.objects.update(
            due_at=timezone.now(), completed_at=timezone.now() - GIVE_UP_AFTER - timedelta(minutes=1)
        )

        reconcile()
        reconcile()

        video = as_alice.get(f"/api/videos/{sent}").json()
        assert video["status"] == "failed"
        assert "Your file was fine" in video["error"]["message"]
        assert len(worker.announced) == 2

    def test_pauses_between_announcements_grow(self) -> None:
        seconds = [pause_after(count).total_seconds() for count in range(1, 30)]

        assert seconds[:4] == [5, 10, 20, 40]
        assert seconds == sorted(seconds)
        assert seconds[-1] == 300

    def test_engine_tells_how_far_it_is(
        self, as_alice: Client, taken_on: Video, worker: EngineDouble
    ) -> None:
        worker.knows(status_from(executing_status, taken_on, percent=40))

        video = as_alice.get(f"/api/videos/{taken_on.pk}").json()

        assert (video["status"], video["progress"]) == ("processing", 40)

    def test_finished_assembly_brings_the_other_three_assets(
        self, as_alice: Client, taken_on: Video, worker: EngineDouble
    ) -> None:
        worker.knows(status_from(completed_status, taken_on))

        assert as_alice.get(f"/api/videos/{taken_on.pk}").json()["status"] == "ready"
        roles = set(taken_on.assets.values_list("role", flat=True))
        assert roles == {"original", "resized", "watermarked", "thumbnail"}

    def test_assembly_of_another_announcement_is_not_taken_for_ours(
        self, as_alice: Client, taken_on: Video, worker: EngineDouble
    ) -> None:
        status = status_from(completed_status, taken_on)
        forged = webhook_url("http://site.test", video_id=taken_on.pk, attempt=1)[:-1] + "_"
        worker.knows({**status, "params": json.dumps({"inputObject": "x", "webhook": forged})})

        assert as_alice.get(f"/api/videos/{taken_on.pk}").json()["status"] == "processing"


class TestNotification:
    def test_report_makes_the_site_ask_what_became_of_it(self, taken_on: Video, worker: EngineDouble) -> None:
        worker.knows(status_from(completed_status, taken_on))

        answer = report(taken_on, outputObject="not/to/believe", thumbnail="nor/this/one")

        assert answer.status_code == 200
        taken_on.refresh_from_db()
        assert taken_on.is_ready
        assert taken_on.duration_seconds == 12.5
        assert not taken_on.assets.filter(object_key="not/to/believe").exists()

    def test_w04_report_that_comes_twice_changes_nothing(self, taken_on: Video, worker: EngineDouble) -> None:
        worker.knows(status_from(completed_status, taken_on))
        report(taken_on)

        before = snapshot(Video), snapshot(Video.assets.rel.related_model)
        assert report(taken_on).status_code == 200
        assert report(taken_on, status="failed").status_code == 200

        assert (snapshot(Video), snapshot(Video.assets.rel.related_model)) == before

    def test_w07_failure_after_the_end_does_not_go_back(self, taken_on: Video, worker: EngineDouble) -> None:
        worker.knows(status_from(completed_status, taken_on))
        report(taken_on)
        worker.knows(status_from(failed_status, taken_on))

        assert report(taken_on, status="failed").status_code == 200

        taken_on.refresh_from_db()
        assert taken_on.is_ready

    def test_file_that_is_no_video_fails_with_the_reason(
        self, as_alice: Client, taken_on: Video, worker: EngineDouble
    ) -> None:
        worker.knows(status_from(failed_status, taken_on))

        report(taken_on, status="failed")

        video = as_alice.get(f"/api/videos/{taken_on.pk}").json()
        assert (video["status"], video["error"]["message"]) == ("failed", "Not a video we can read")

    def test_w01_address_that_we_have_not_made_is_refused(self, taken_on: Video) -> None:
        upload = BucketUpload.objects.get()
        body = {"status": "success", "inputObject": upload.object_key}

        for token in ("x", f"{taken_on.pk}:1", f"{taken_on.pk}:1:{'a' * 43}", upload.webhook[-50:]):
            answer = Client().post(f"/notifications/videos/{token}", body, content_type="application/json")
            assert (answer.status_code, answer.json()["error"]) == (403, "NOT_ALLOWED")

    def test_report_about_another_object_is_refused(self, taken_on: Video) -> None:
        assert report(taken_on, inputObject=":original/other/cat.mp4").status_code == 400

    @pytest.mark.parametrize(
        "body", [b"", b"[]", b"{" * 9000, b'{"a":' * 9000, b"\xff", b'{"x": "' + b"x" * 70_000 + b'"}']
    )
    def test_w08_body_that_is_no_report_is_refused(self, taken_on: Video, body: bytes) -> None:
        path = BucketUpload.objects.get().webhook.removeprefix("http://127.0.0.1:80")

        assert Client().post(path, body, content_type="application/json").status_code == 400

    def test_w06_early_report_has_to_come_again(
        self, as_alice: Client, sent: str, worker: EngineDouble
    ) -> None:
        worker.taken_on = (503, {})
        complete(as_alice, sent)

        assert report(Video.objects.get(pk=sent)).status_code == 503

    def test_report_while_the_engine_is_away_has_to_come_again(
        self, taken_on: Video, worker: EngineDouble
    ) -> None:
        worker.body = b"not json"

        assert report(taken_on).status_code == 503

    def test_report_about_a_deleted_video_is_taken_and_forgotten(
        self, as_alice: Client, taken_on: Video
    ) -> None:
        path = BucketUpload.objects.get().webhook.removeprefix("http://127.0.0.1:80")
        as_alice.delete(f"/api/videos/{taken_on.pk}?permanent=true")

        assert Client().post(path, {"status": "success"}, content_type="application/json").status_code == 200
        assert not Video.objects.exists()


class TestWorkerWithoutAssemblies:
    """Any program may stand behind TRANSCODER_WEBHOOK: then its report is all there is."""

    @pytest.fixture
    def plain(self, worker: EngineDouble, as_alice: Client, sent: str) -> Video:
        worker.taken_on = (200, {"ok": True})
        complete(as_alice, sent)
        return Video.objects.get(pk=sent)

    def test_success_is_believed(self, as_alice: Client, plain: Video) -> None:
        answer = report(plain, outputObject="out/1/cat.mp4", thumbnail="out/1/cat.jpg")

        assert answer.status_code == 200
        assert as_alice.get(f"/api/videos/{plain.pk}").json()["status"] == "ready"
        assert dict(plain.assets.values_list("role", "content_type")) == {
            "original": "video/mp4",
            "watermarked": "video/mp4",
            "thumbnail": "image/jpeg",
        }

    def test_failure_is_believed_once(self, as_alice: Client, plain: Video) -> None:
        report(plain, status="failed", error="INTERNAL_COMMAND_TIMEOUT")
        report(plain, outputObject="out/1/cat.mp4")

        video = as_alice.get(f"/api/videos/{plain.pk}").json()
        assert (video["status"], video["error"]["code"]) == ("failed", "INTERNAL_COMMAND_TIMEOUT")

    def test_silence_ends_after_a_day(self, as_alice: Client, plain: Video) -> None:
        reconcile()
        assert as_alice.get(f"/api/videos/{plain.pk}").json()["status"] == "processing"
        BucketUpload.objects.update(announced_at=timezone.now() - LONGEST_SILENCE - timedelta(minutes=1))

        reconcile()

        assert as_alice.get(f"/api/videos/{plain.pk}").json()["error"]["code"] == "INTERNAL_COMMAND_TIMEOUT"

    @pytest.mark.parametrize("key", ["../secret/x.mp4", "/a/b", 7, "a//b", "a\\b/c/d"])
    def test_w08_key_that_leads_elsewhere_is_refused(self, plain: Video, key: Any) -> None:
        assert report(plain, outputObject=key).status_code == 400


class TestGivingUp:
    def test_s08_cancelled_upload_leaves_nothing_in_the_bucket(
        self, as_alice: Client, bucket: Bucket, begun: str
    ) -> None:
        put_part(as_alice, begun, 1)

        as_alice.delete(f"/api/videos/{begun}?permanent=true")

        assert bucket.unfinished == []

    def test_s08_new_attempt_frees_the_parts_of_the_one_before(
        self, as_alice: Client, bucket: Bucket, begun: str
    ) -> None:
        put_part(as_alice, begun, 1)
        before = bucket.unfinished

        answer = as_alice.post(f"/api/videos/{begun}/retry")

        assert answer.status_code == 201
        assert answer.json()["bucket"]["part_bytes"] == PART_BYTES
        assert len(bucket.unfinished) == 1
        assert bucket.unfinished != before

    def test_s08_upload_that_never_ends_is_aborted_after_a_day(
        self, as_alice: Client, bucket: Bucket, begun: str
    ) -> None:
        put_part(as_alice, begun, 1)
        Video.objects.update(attempted_at=timezone.now() - UPLOAD_LIFETIME - timedelta(minutes=1))

        reconcile()

        assert bucket.unfinished == []
        assert as_alice.get(f"/api/videos/{begun}").json()["error"]["code"] == "ASSEMBLY_EXPIRED"
        reconcile()  # nothing is left to do

    def test_s09_deleted_video_takes_its_original_along(
        self, as_alice: Client, bucket: Bucket, taken_on: Video, worker: EngineDouble
    ) -> None:
        worker.knows(status_from(executing_status, taken_on))

        as_alice.delete(f"/api/videos/{taken_on.pk}?permanent=true")

        assert bucket.keys == []
        assert f"DELETE {ASSEMBLY_ID}" in worker.asked


class TestWebhook:
    def test_address_says_what_was_signed(self) -> None:
        url = webhook_url("https://tube.example.org", video_id="m3Zt8_aQp1s", attempt=3)

        assert url.startswith("https://tube.example.org/notifications/videos/")
        assert read_webhook(url) == ("m3Zt8_aQp1s", 3)

    @pytest.mark.parametrize("changed", ["m3Zt8_aQp1t:3", "m3Zt8_aQp1s:4", "", "::"])
    def test_w02_changed_address_says_nothing(self, changed: str) -> None:
        url = webhook_url("https://tube.example.org", video_id="m3Zt8_aQp1s", attempt=3)

        with pytest.raises(BadWebhook):
            read_webhook(url.replace("m3Zt8_aQp1s:3", changed))


def snapshot(model: type[models.Model]) -> list[dict[str, Any]]:
    return list(model._default_manager.order_by("pk").values())
