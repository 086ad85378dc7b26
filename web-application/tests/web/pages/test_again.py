"""A failed video is tried again from its card and from its page."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from conftest import MakeVideo
from django.test import Client
from django.utils import timezone
from engine_double import EngineDouble
from pytest_django import Settings
from statuses import ASSEMBLY_ID

from cattube.processing.lifecycle.next_try import (
    KEPT_FILE,
    LOST_FILE,
    OTHER_FILE,
    SAME_FILE,
    NextTry,
    next_try,
)
from cattube.videos.models import Video

LONG_AGO = timezone.now() - timedelta(days=2)


@pytest.fixture
def failed_video(make_video: MakeVideo) -> Video:
    return make_video(
        status="failed",
        visibility="public",
        assembly_id=ASSEMBLY_ID,
        error_code="INTERNAL_COMMAND_ERROR",
        error_message="It broke.",
    )


def send(client: Client, video: Video, page: str = "/") -> Any:
    return client.post(
        f"/videos/{video.pk}/again", headers={"Referer": f"http://testserver{page}"}, follow=True
    )


@pytest.mark.parametrize("page", ["/", "/?status=failed", "/videos/{id}"])
def test_w156_one_press_has_the_kept_file_processed_again(
    as_alice: Client, engine_double: EngineDouble, failed_video: Video, page: str
) -> None:
    """W156"""
    page = page.format(id=failed_video.pk)
    before = as_alice.get(page).content.decode()

    answer = send(as_alice, failed_video, page)

    assert f'action="/videos/{failed_video.pk}/again"' in before
    assert "It broke. The file is still here." in before
    assert answer.redirect_chain == [(page, 302)]
    assert "is processed again." in answer.content.decode()
    assert [assembly for assembly, _ in engine_double.replayed] == [ASSEMBLY_ID]
    assert Video.objects.get().status == "processing"


def test_w156_file_is_asked_for_where_the_engine_has_it_no_more(
    as_alice: Client, engine_double: EngineDouble, failed_video: Video
) -> None:
    """W156"""
    engine_double.replay_answer = (400, {"error": "ASSEMBLY_CANNOT_BE_REPLAYED"})

    answer = send(as_alice, failed_video)

    assert answer.redirect_chain == [(f"/upload/?retry={failed_video.pk}", 302)]
    assert "is not kept any more. Choose it once more." in answer.content.decode()
    assert Video.objects.get().status == "failed"


def test_w156_engine_that_is_away_is_told_of(as_alice: Client, failed_video: Video) -> None:
    """W156"""
    answer = send(as_alice, failed_video)

    assert "The engine does not answer. Try again in a moment." in answer.content.decode()
    assert Video.objects.get().status == "failed"


def test_w156_second_press_changes_nothing(
    as_alice: Client, engine_double: EngineDouble, failed_video: Video
) -> None:
    """W156"""
    send(as_alice, failed_video)

    answer = send(as_alice, failed_video)

    assert "notice" not in answer.content.decode()
    assert len(engine_double.replayed) == 1


@pytest.mark.parametrize("page", ["/", "/videos/{id}"])
def test_w156_card_and_page_say_that_the_file_has_to_be_chosen(
    as_alice: Client, failed_video: Video, page: str
) -> None:
    """W156"""
    Video.objects.update(attempted_at=LONG_AGO)

    shown = as_alice.get(page.format(id=failed_video.pk)).content.decode()

    assert "It broke. The file is not kept any more." in shown
    assert f'href="/upload/?retry={failed_video.pk}"' in shown
    assert "/again" not in shown


@pytest.mark.parametrize(
    ("fields", "offered"),
    [
        pytest.param({}, KEPT_FILE, id="failed-now"),
        pytest.param({"attempted_at": LONG_AGO}, LOST_FILE, id="failed-long-ago"),
        pytest.param({"attempted_at": LONG_AGO, "checked_at": timezone.now()}, KEPT_FILE, id="slow"),
        pytest.param({"assembly_id": ""}, LOST_FILE, id="never-at-the-engine"),
        pytest.param({"error_code": "ASSEMBLY_EXPIRED"}, SAME_FILE, id="never-arrived"),
        pytest.param({"error_code": "INVALID_INPUT_ERROR"}, OTHER_FILE, id="no-video"),
        pytest.param({"error_code": "MAX_SIZE_EXCEEDED"}, OTHER_FILE, id="too-large"),
    ],
)
def test_w156_what_is_offered_follows_from_why_and_when_it_failed(
    failed_video: Video, fields: dict[str, Any], offered: NextTry
) -> None:
    """W156"""
    Video.objects.update(**fields)

    assert next_try(Video.objects.get()) == offered


def test_w156_file_of_a_site_that_uploads_to_the_bucket_is_asked_for(
    failed_video: Video, settings: Settings
) -> None:
    """W156"""
    settings.UPLOAD_TO = "bucket"

    assert next_try(failed_video) == LOST_FILE
