"""PATCH /api/videos/<id> with the Assembly that carries the file, as older scripts send it."""

from __future__ import annotations

from typing import Any

import pytest
from conftest import MakeVideo
from django.test import Client
from engine_double import EngineDouble
from statuses import (
    ASSEMBLY_ID,
    NOTIFICATION_URL,
    OTHER_ASSEMBLY_ID,
    completed_status,
    executing_status,
    notification,
    uploading_status,
)

from cattube.processing.lifecycle.retry import start_new_attempt
from cattube.videos.models import Video


def name(client: Client, video: Video, assembly_id: str, **more: str) -> tuple[int, dict[str, Any]]:
    """Status and body of the answer to a script that names an Assembly."""
    body = {"assembly_id": assembly_id, **more}
    answer = client.patch(f"/api/videos/{video.pk}", body, content_type="application/json")
    return answer.status_code, answer.json()


def test_named_assembly_shows_at_once_how_far_it_is(
    as_alice: Client, alice_video: Video, engine_double: EngineDouble
) -> None:
    engine_double.knows(uploading_status(alice_video, received=20))

    code, video = name(as_alice, alice_video, ASSEMBLY_ID)

    assert (code, video["assembly_id"], video["progress"]) == (200, ASSEMBLY_ID, 20)


def test_assembly_that_was_told_of_already_may_be_named_even_when_the_video_is_ready(
    client: Client, as_alice: Client, alice_video: Video
) -> None:
    client.post(NOTIFICATION_URL, notification(completed_status(alice_video)))

    code, video = name(as_alice, alice_video, ASSEMBLY_ID)

    assert (code, video["status"]) == (200, "ready")


@pytest.mark.parametrize("whose", ["another video's", "an earlier attempt's", "nobody's", "unsigned"])
def test_t73_foreign_assembly_is_refused_in_words_and_nothing_else_is_changed(
    as_alice: Client, alice_video: Video, make_video: MakeVideo, engine_double: EngineDouble, whose: str
) -> None:
    status: dict[str, Any] = executing_status(alice_video)
    if whose == "another video's":
        status = executing_status(make_video())
    elif whose == "an earlier attempt's":
        alice_video = start_new_attempt(alice_video.pk)
    elif whose == "nobody's":
        status["params"] = "{}"
    else:
        status["params"] = status["params"].replace(alice_video.folder, "f" * 32)
    engine_double.knows(status)

    code, answer = name(as_alice, alice_video, ASSEMBLY_ID, title="Never")

    alice_video.refresh_from_db()
    assert (code, answer["error"]) == (409, "FOREIGN_ASSEMBLY")
    assert "was not made with the options" in answer["message"]
    assert (alice_video.assembly_id, alice_video.status) == ("", "uploading")
    assert alice_video.title == "Cat on a roof"


def test_t73_wrong_name_does_not_replace_the_assembly_that_is_known(
    client: Client, as_alice: Client, alice_video: Video, engine_double: EngineDouble
) -> None:
    client.post(NOTIFICATION_URL, notification(uploading_status(alice_video)))

    code, answer = name(as_alice, alice_video, OTHER_ASSEMBLY_ID)

    alice_video.refresh_from_db()
    assert (code, answer["error"]) == (409, "FOREIGN_ASSEMBLY")
    assert alice_video.assembly_id == ASSEMBLY_ID


def test_t73_right_name_replaces_one_that_nothing_confirmed(
    as_alice: Client, alice_video: Video, engine_double: EngineDouble
) -> None:
    first = name(as_alice, alice_video, OTHER_ASSEMBLY_ID)
    engine_double.knows(uploading_status(alice_video))

    code, video = name(as_alice, alice_video, ASSEMBLY_ID)

    assert (first[0], code, video["assembly_id"]) == (200, 200, ASSEMBLY_ID)
