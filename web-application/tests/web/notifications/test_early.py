"""Messages of our engine before the end: the Assembly is there, and all that people wait for is stored."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from typing import Any

import pytest
from conftest import MakeVideo
from django.contrib.auth.models import User
from django.test import Client
from engine_double import EngineDouble
from statuses import (
    ASSEMBLY_ID,
    NOTIFICATION_URL,
    OTHER_ASSEMBLY_ID,
    executing_status,
    ladder_status,
    notification,
    published_status,
    put_objects,
    uploading_status,
)

from cattube.processing.lifecycle.deletion import delete_forever
from cattube.processing.lifecycle.retry import start_new_attempt
from cattube.processing.models import Abandonment
from cattube.processing.reconcile import reconcile
from cattube.processing.transloadit.signature import sign
from cattube.videos.models import Video


def tell(client: Client, status: dict[str, Any]) -> int:
    return client.post(NOTIFICATION_URL, notification(status)).status_code


def created_status(video: Video, **more: Any) -> dict[str, Any]:
    """The status of an Assembly to which no byte has come yet."""
    return uploading_status(video, received=0, expected=0, **more)


def row(video: Video) -> dict[str, Any]:
    return dict(Video.objects.filter(pk=video.pk).values().get())


def test_t72_options_ask_the_engine_to_tell_of_the_assembly_at_once(as_alice: Client) -> None:
    new = as_alice.post("/api/uploads", {"title": "Cat"}, content_type="application/json").json()

    params = json.loads(new["assembly"]["params"])
    assert params["notify_url"].endswith(NOTIFICATION_URL)
    assert params["fields"]["notify_early"] is True


def test_t72_site_knows_the_assembly_as_soon_as_it_is_there_and_shows_how_far_it_is(
    client: Client, as_alice: Client, alice_video: Video, engine_double: EngineDouble
) -> None:
    engine_double.knows(uploading_status(alice_video, received=70))

    assert tell(client, created_status(alice_video)) == 200

    answer = as_alice.get(f"/api/videos/{alice_video.pk}").json()
    assert (answer["status"], answer["progress"], answer["assembly_id"]) == ("uploading", 70, ASSEMBLY_ID)
    assert engine_double.searched == []


def test_t72_video_is_ready_for_everybody_once_its_publication_is_told(
    client: Client, alice_video: Video
) -> None:
    tell(client, published_status(alice_video))

    alice_video.refresh_from_db()
    assert (alice_video.status, alice_video.phase) == ("ready", "improving")


ALL = [created_status, published_status, ladder_status]


@pytest.mark.parametrize(
    "order",
    [*itertools.permutations(ALL)],
    ids=lambda order: "-".join(status.__name__ for status in order),
)
@pytest.mark.parametrize("times", [1, 2])
def test_t72_messages_may_come_in_any_order_and_twice(
    client: Client, alice_video: Video, order: tuple[Callable[[Video], dict[str, Any]], ...], times: int
) -> None:
    put_objects(ladder_status(alice_video))

    codes = {tell(client, status(alice_video)) for status in order for _ in range(times)}

    video = Video.objects.get(pk=alice_video.pk)
    assert codes == {200}
    assert (video.status, video.phase, video.assembly_id) == ("ready", "", ASSEMBLY_ID)
    assert {asset.role for asset in video.assets.all()} >= {"watermarked", "thumbnail", "hls"}


@pytest.mark.parametrize("lost", ALL, ids=lambda lost: lost.__name__)
def test_t72_any_one_message_may_be_lost(
    client: Client,
    alice_video: Video,
    engine_double: EngineDouble,
    lost: Callable[[Video], dict[str, Any]],
) -> None:
    engine_double.knows(ladder_status(alice_video))
    for status in ALL:
        if status is not lost:
            tell(client, status(alice_video))
    Video.objects.update(checked_at=None)
    reconcile()

    assert (row(alice_video)["status"], row(alice_video)["phase"]) == ("ready", "")


def test_t72_creation_that_overtakes_the_record_is_asked_to_come_again(client: Client, alice: User) -> None:
    video = Video(owner=alice, title="Not committed yet")

    early = tell(client, created_status(video))
    video.save()

    assert (early, tell(client, created_status(video))) == (404, 200)
    assert row(video)["assembly_id"] == ASSEMBLY_ID


def test_t73_forged_creation_is_refused_in_words_and_changes_nothing(
    client: Client, alice_video: Video
) -> None:
    before, text = row(alice_video), json.dumps(created_status(alice_video))

    answer = client.post(
        NOTIFICATION_URL, {"transloadit": text, "signature": sign(text, secret="bob guesses")}
    )

    assert (answer.status_code, answer.json()["error"]) == (403, "INVALID_SIGNATURE")
    assert answer.json()["message"]
    assert row(alice_video) == before


def test_t73_creation_with_fields_of_the_uploaders_own_is_of_the_signed_video(
    client: Client, make_video: MakeVideo
) -> None:
    signed, other = make_video(), make_video()

    tell(client, created_status(signed, fields={"video": other.pk, "attempt": 1}))

    assert (row(signed)["assembly_id"], row(other)["assembly_id"]) == (ASSEMBLY_ID, "")


def test_t73_second_assembly_does_not_take_over_a_video_that_is_ready(
    client: Client, ready_video: Video
) -> None:
    before = row(ready_video)

    assert tell(client, created_status(ready_video, assembly_id=OTHER_ASSEMBLY_ID)) == 200

    assert row(ready_video) == before


@pytest.mark.parametrize("late", ALL, ids=lambda late: late.__name__)
def test_t74_message_of_an_earlier_attempt_changes_nothing(
    client: Client, alice_video: Video, late: Callable[[Video], dict[str, Any]]
) -> None:
    earlier = late(alice_video)
    video = start_new_attempt(alice_video.pk)
    tell(client, created_status(video, assembly_id=OTHER_ASSEMBLY_ID))
    before = row(video)

    assert tell(client, earlier) == 200

    assert row(video) == before
    assert row(video)["assembly_id"] == OTHER_ASSEMBLY_ID


def test_t75_assembly_that_is_told_of_after_its_video_was_deleted_is_ended(
    client: Client, alice_video: Video, engine_double: EngineDouble
) -> None:
    """A script that sends nothing but the file would go on for nobody, and keep places from others."""
    engine_double.knows(uploading_status(alice_video))
    delete_forever(alice_video)
    tell(client, created_status(alice_video))

    reconcile()

    assert engine_double.asked[-1] == f"DELETE {ASSEMBLY_ID}"
    assert engine_double.assemblies[ASSEMBLY_ID]["ok"] == "ASSEMBLY_CANCELED"


def test_t75_assembly_of_a_video_that_was_tried_again_is_ended(
    client: Client, alice_video: Video, engine_double: EngineDouble
) -> None:
    earlier = executing_status(alice_video)
    engine_double.knows(earlier)
    start_new_attempt(alice_video.pk)
    tell(client, earlier)

    reconcile()

    assert Abandonment.objects.get().assembly_id == ASSEMBLY_ID
    assert engine_double.assemblies[ASSEMBLY_ID]["ok"] == "ASSEMBLY_CANCELED"
