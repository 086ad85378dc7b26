"""Hosted Transloadit: by settings alone, asked at its one address, whatever a status says."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from conftest import MakeVideo
from django.test import Client
from django.utils import timezone
from engine_double import EngineDouble
from manage_command import manage
from pytest_django import Settings
from statuses import ASSEMBLY_ID, completed_status, executing_status, objects_in_bucket, put_objects

from cattube.processing.reconcile import reconcile
from cattube.processing.transloadit.account import Account
from cattube.processing.transloadit.addresses import is_hosted
from cattube.processing.transloadit.client import EngineClient, EngineUnreachable
from cattube.videos.models import Video

HOSTED = "https://api2.transloadit.com"
KEY = {"TRANSLOADIT_KEY": "k", "TRANSLOADIT_SECRET": "s"}
BUCKET = {
    "AWS_PRIVATE_BUCKET_NAME": "cats",
    "AWS_S3_REGION_NAME": "eu-central-003",
    "AWS_ACCESS_KEY_ID": "id",
    "AWS_SECRET_ACCESS_KEY": "key",
}


@pytest.fixture
def hosted(settings: Settings) -> Settings:
    settings.TRANSLOADIT_SERVICE = HOSTED
    return settings


def test_key_without_service_means_the_hosted_service(tmp_path: Path) -> None:
    program = "from django.conf import settings; print(settings.TRANSLOADIT_SERVICE)"

    done = manage(tmp_path, "shell", "--no-imports", "-c", program, **KEY, **BUCKET)

    assert done.stdout.strip() == HOSTED, done.stderr


def test_hosted_service_without_a_bucket_is_refused_at_start(tmp_path: Path) -> None:
    done = manage(tmp_path, "check", **KEY)

    assert done.returncode != 0
    assert "set AWS_PRIVATE_BUCKET_NAME" in done.stderr


@pytest.mark.parametrize(
    ("service", "expected"),
    [
        (HOSTED, True),
        ("https://api2-eu-west-1.transloadit.com", True),
        ("https://api2.transloadit.com.example.org", False),
        ("https://nottransloadit.com", False),
        ("http://127.0.0.1:5678", False),
        ("", False),
    ],
)
def test_only_their_domain_is_the_hosted_service(service: str, expected: bool) -> None:
    assert is_hosted(service) is expected


def test_upload_goes_to_the_hosted_service_and_its_report_comes_to_the_site(
    as_alice: Client, hosted: Settings
) -> None:
    hosted.SITE_URL = "https://tube.example.org"

    assembly = as_alice.post("/api/uploads", {"title": "Cat"}, content_type="application/json").json()[
        "assembly"
    ]

    params = json.loads(assembly["params"])
    assert assembly["service"] == HOSTED
    assert params["notify_url"] == "https://tube.example.org/notifications/transloadit"
    assert "steps" not in params


def test_site_without_an_address_asks_for_no_report_that_could_not_arrive(
    as_alice: Client, hosted: Settings
) -> None:
    answer = as_alice.post("/api/uploads", {"title": "Cat"}, content_type="application/json").json()

    assert "notify_url" not in json.loads(answer["assembly"]["params"])


def test_signed_params_are_used_once_and_soon() -> None:
    now = datetime(2026, 11, 23, 18, tzinfo=UTC)
    account = Account("k", "s")

    first, second = (account.auth(now, timedelta(hours=1), max_size=9) for _ in range(2))

    assert first["expires"] == "2026/11/23 19:00:00+00:00"
    assert first["nonce"] != second["nonce"]
    assert first["max_size"] == 9


def test_upload_page_may_reach_the_machines_of_the_hosted_service(as_alice: Client, hosted: Settings) -> None:
    policy = as_alice.get("/upload/").headers["Content-Security-Policy"]

    directive = next(part for part in policy.split(";") if part.strip().startswith("connect-src"))
    assert {HOSTED, "https://*.transloadit.com"} <= set(directive.split())


def test_pages_without_an_upload_reach_nobody(as_alice: Client, hosted: Settings) -> None:
    assert "transloadit" not in as_alice.get("/").headers["Content-Security-Policy"]


@pytest.mark.parametrize("method", ["status", "cancel"])
def test_engine_is_asked_at_its_own_address_whatever_a_status_names_w22(
    make_video: MakeVideo, engine_double: EngineDouble, method: str
) -> None:
    engine_double.knows(executing_status(make_video(), assembly_ssl_url="http://127.0.0.1:9/assemblies/x"))
    engine = EngineClient(engine_double.address)

    for _ in range(2):
        assert getattr(engine, method)(ASSEMBLY_ID) is not None
    engine.close()

    assert len(engine_double.asked) == 2


@pytest.mark.parametrize(
    ("http_status", "code"),
    [
        (200, "ASSEMBLY_STATUS_FETCHING_RATE_LIMIT_REACHED"),
        (413, "RATE_LIMIT_REACHED"),
        (429, "ASSEMBLY_STATUS_FETCHING_RATE_LIMIT_REACHED"),
        (503, "ASSEMBLY_CANCEL_UNAVAILABLE"),
    ],
)
def test_refused_question_says_nothing_about_the_assembly(
    engine_double: EngineDouble, http_status: int, code: str
) -> None:
    engine_double.http_status = http_status
    engine_double.body = json.dumps({"error": code, "assembly_id": ASSEMBLY_ID}).encode()
    engine = EngineClient(engine_double.address)

    with pytest.raises(EngineUnreachable, match=code):
        engine.status(ASSEMBLY_ID)
    engine.close()


def test_video_is_ready_although_no_notification_ever_comes_f10(
    make_video: MakeVideo, engine_double: EngineDouble
) -> None:
    video = make_video(assembly_id=ASSEMBLY_ID)
    in_bucket = completed_status(video)
    for step, entries in in_bucket["results"].items():
        name = entries[0]["name"]
        url = f"https://f003.backblazeb2.com/file/cats/{step.replace(':', '%3A')}/{ASSEMBLY_ID}/{name}"
        entries[0] |= {"url": url, "ssl_url": url}
    put_objects(in_bucket)
    engine_double.knows(in_bucket)

    reconcile()

    video.refresh_from_db()
    assert video.status == "ready"
    assert {asset.object_key for asset in video.assets.all()} == {
        f":original/{ASSEMBLY_ID}/cat.mp4",
        f"resized/{ASSEMBLY_ID}/cat.mp4",
        f"watermarked/{ASSEMBLY_ID}/cat.mp4",
        f"thumbnail/{ASSEMBLY_ID}/cat_0.jpg",
    }


def test_assembly_that_ended_while_it_was_cancelled_is_looked_at_again(
    make_video: MakeVideo, engine_double: EngineDouble, as_alice: Client
) -> None:
    """The hosted service may answer a cancel with ASSEMBLY_CANCELED although the end was another one."""
    video = make_video(assembly_id=ASSEMBLY_ID, attempted_at=timezone.now())
    engine_double.knows(executing_status(video))
    as_alice.delete(f"/api/videos/{video.pk}?permanent=true")
    ended = completed_status(video)
    put_objects(ended)
    engine_double.knows(ended)

    reconcile()

    assert not Video.objects.exists()
    assert objects_in_bucket() == []


def test_hosted_service_is_healthy_when_its_root_answers() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        assert (request.url.host, request.url.path) == ("api2.transloadit.com", "/")
        return httpx.Response(200, json={"ok": "SERVER_ROOT"})

    engine = EngineClient(HOSTED, transport=httpx.MockTransport(answer))

    assert engine.is_healthy()
    engine.close()
