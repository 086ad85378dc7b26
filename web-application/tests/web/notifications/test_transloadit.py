import json
import logging
from pathlib import Path
from typing import Any

import pytest
from conftest import MakeVideo
from django.contrib.auth.models import User
from django.test import Client
from statuses import (
    ASSEMBLY_ID,
    NOTIFICATION_URL,
    OTHER_ASSEMBLY_ID,
    completed_status,
    executing_status,
    failed_status,
    notification,
    objects_in_bucket,
    put_objects,
)

from cattube.processing.lifecycle.deletion import delete_forever
from cattube.processing.lifecycle.retry import start_new_attempt
from cattube.processing.transloadit.signature import sign
from cattube.videos.models import Video
from cattube.videos.trash import move_to_trash


def row(video: Video) -> dict[str, Any]:
    return dict(Video.objects.filter(pk=video.pk).values().get())


def test_finished_assembly_makes_its_video_ready(client: Client, alice_video: Video) -> None:
    response = client.post(NOTIFICATION_URL, notification(completed_status(alice_video)))

    alice_video.refresh_from_db()
    assert response.status_code == 200
    assert (alice_video.status, alice_video.progress, alice_video.assembly_id) == ("ready", 100, ASSEMBLY_ID)
    assert (alice_video.width, alice_video.height, alice_video.duration_seconds) == (1280, 720, 12.5)
    assert {asset.role for asset in alice_video.assets.all()} == {
        "original",
        "resized",
        "watermarked",
        "thumbnail",
    }


def test_failed_assembly_tells_the_owner_why(client: Client, as_alice: Client, alice_video: Video) -> None:
    client.post(NOTIFICATION_URL, notification(failed_status(alice_video)))

    video = as_alice.get(f"/api/videos/{alice_video.pk}").json()
    assert video["status"] == "failed"
    assert video["error"] == {"code": "INVALID_INPUT_ERROR", "message": "cat.mp4 is not a video we can read"}


def test_repeated_notification_changes_nothing_w04(client: Client, alice_video: Video) -> None:
    form = notification(completed_status(alice_video))
    client.post(NOTIFICATION_URL, form)
    first, assets = row(alice_video), list(alice_video.assets.values())

    codes = {client.post(NOTIFICATION_URL, form).status_code for _ in range(100)}

    assert codes == {200}
    assert (row(alice_video), list(alice_video.assets.values())) == (first, assets)


def test_late_report_does_not_bring_an_end_back_w07(client: Client, ready_video: Video) -> None:
    before = row(ready_video)

    for status in (executing_status(ready_video), failed_status(ready_video)):
        assert client.post(NOTIFICATION_URL, notification(status)).status_code == 200

    assert row(ready_video) == before


def forged(form: dict[str, str], **changes: str) -> dict[str, str]:
    return {**form, **changes}


@pytest.mark.parametrize(
    "forge",
    [
        pytest.param(lambda form: {"transloadit": form["transloadit"]}, id="W01-without-signature"),
        pytest.param(lambda form: forged(form, signature=form["signature"][:-1]), id="W01-truncated"),
        pytest.param(lambda form: forged(form, signature="sha384:" + "0" * 96), id="W01-wrong"),
        pytest.param(
            lambda form: forged(form, signature=form["signature"].partition(":")[2]), id="W01-bare-hex"
        ),
        pytest.param(
            lambda form: forged(form, transloadit=form["transloadit"] + " "), id="W02-one-byte-more"
        ),
        pytest.param(
            lambda form: forged(form, signature=sign(form["transloadit"], secret="another")),
            id="W05-other-key",
        ),
        pytest.param(lambda form: {}, id="empty"),
    ],
)
def test_forged_notification_is_refused_logged_and_changes_nothing(
    client: Client, alice_video: Video, forge: Any, caplog: pytest.LogCaptureFixture
) -> None:
    before = row(alice_video)

    with caplog.at_level(logging.WARNING, logger="cattube"):
        response = client.post(NOTIFICATION_URL, forge(notification(completed_status(alice_video))))

    assert response.status_code == 403
    assert response.json()["error"] == "INVALID_SIGNATURE"
    assert "Refused a notification" in caplog.text
    assert row(alice_video) == before


def test_notification_that_overtakes_its_record_is_asked_to_come_again_w06(
    client: Client, alice: User
) -> None:
    video = Video(owner=alice, title="Not committed yet")
    form = notification(completed_status(video))

    early = client.post(NOTIFICATION_URL, form)
    video.save()
    again = client.post(NOTIFICATION_URL, form)

    assert (early.status_code, early.json()["error"]) == (404, "NOT_FOUND")
    assert again.status_code == 200
    assert Video.objects.get(pk=video.pk).is_ready


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("{}", id="empty"),
        pytest.param("[]", id="list"),
        pytest.param("not json", id="text"),
        pytest.param('{"assembly_id": NaN}', id="nan"),
        pytest.param("[" * 100_000, id="deep"),
    ],
)
def test_signed_nonsense_is_a_400_w08(client: Client, db: None, text: str) -> None:
    response = client.post(NOTIFICATION_URL, notification(text))

    assert (response.status_code, response.json()["error"]) == (400, "INVALID_FORM_DATA")


def test_huge_notification_is_refused_unread_w08(client: Client, db: None) -> None:
    body = b"transloadit=" + b"x" * 3_000_000

    response = client.generic("POST", NOTIFICATION_URL, body, "application/x-www-form-urlencoded")

    assert response.status_code == 413


def test_get_is_not_a_notification(client: Client, db: None) -> None:
    assert client.get(NOTIFICATION_URL).status_code == 405


def test_report_of_an_earlier_attempt_changes_nothing_and_leaves_no_objects(
    client: Client, alice_video: Video
) -> None:
    late = completed_status(alice_video)
    start_new_attempt(alice_video.pk)
    put_objects(late)
    before = row(alice_video)

    response = client.post(NOTIFICATION_URL, notification(late))

    assert response.json()["outcome"] == "unwanted"
    assert row(alice_video) == before
    assert objects_in_bucket() == []


def test_report_about_an_erased_video_leaves_no_objects_s09(client: Client, alice_video: Video) -> None:
    late = completed_status(alice_video)
    delete_forever(alice_video)
    put_objects(late)

    codes = [client.post(NOTIFICATION_URL, notification(late)).status_code for _ in range(2)]

    assert codes == [200, 200]
    assert objects_in_bucket() == []
    assert not Video.objects.exists()


def test_second_assembly_of_a_finished_video_leaves_no_objects(client: Client, ready_video: Video) -> None:
    objects = objects_in_bucket()
    second = completed_status(ready_video, assembly_id=OTHER_ASSEMBLY_ID)
    put_objects(second)

    client.post(NOTIFICATION_URL, notification(second))

    assert objects_in_bucket() == objects
    assert row(ready_video)["assembly_id"] == ASSEMBLY_ID


def test_notification_wins_over_the_assembly_id_that_the_browser_claimed(
    client: Client, make_video: MakeVideo
) -> None:
    video = make_video(assembly_id=OTHER_ASSEMBLY_ID)

    client.post(NOTIFICATION_URL, notification(completed_status(video)))

    assert row(video)["assembly_id"] == ASSEMBLY_ID


def test_objects_that_cannot_be_removed_make_the_engine_come_again(
    client: Client, alice_video: Video, settings: Any
) -> None:
    late = completed_status(alice_video)
    delete_forever(alice_video)
    Path(settings.BUCKET_FOLDER).mkdir(parents=True)
    in_the_way = Path(settings.BUCKET_FOLDER) / "watermarked"
    in_the_way.touch()

    response = client.post(NOTIFICATION_URL, notification(late))

    assert response.status_code == 503
    assert response["Retry-After"]


def test_video_in_the_trash_still_becomes_ready(client: Client, alice_video: Video) -> None:
    move_to_trash(alice_video)

    client.post(NOTIFICATION_URL, notification(completed_status(alice_video)))

    assert row(alice_video)["status"] == "ready"


def test_unsigned_fields_name_no_other_video_w11(client: Client, make_video: MakeVideo) -> None:
    signed, other = make_video(), make_video()
    status = completed_status(signed, fields={"video": other.pk, "attempt": 1})

    client.post(NOTIFICATION_URL, notification(json.dumps(status)))

    assert (row(signed)["status"], row(other)["status"]) == ("ready", "uploading")
