"""Captions that two change at the same time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from web.api.captions.caption_requests import WEBVTT, get, put

from cattube.captions.models import CaptionTrack
from cattube.videos.models import Video


def test_change_of_what_somebody_else_has_changed_is_refused_d86(
    as_alice: Client, client: Client, video: Video
) -> None:
    """D86"""
    first = put(as_alice, video)["ETag"]
    second = put(as_alice, video, body=WEBVTT.replace("From", "Of"), headers={"if-match": first})["ETag"]

    late = put(as_alice, video, headers={"if-match": first})
    late_end = as_alice.delete(f"/api/videos/{video.pk}/captions/en", headers={"if-match": first})

    assert (late.status_code, late.json()["error"]) == (412, "CHANGED_MEANWHILE")
    assert late_end.status_code == 412
    assert "Of the Café" in get(client, video).content.decode()
    assert get(client, video)["ETag"] == second != first


@pytest.mark.parametrize(
    ("header", "is_there", "status"),
    [
        ({"if-none-match": "*"}, False, 204),
        ({"if-none-match": "*"}, True, 412),
        ({"if-match": "*"}, True, 204),
        ({"if-match": "*"}, False, 412),
        ({"if-match": '"1-1"'}, False, 412),
    ],
)
def test_new_captions_can_be_kept_from_replacing_others_d86(
    as_alice: Client, video: Video, header: dict[str, str], is_there: bool, status: int
) -> None:
    """D86"""
    if is_there:
        put(as_alice, video)

    assert put(as_alice, video, headers=header).status_code == status


def test_each_change_is_told_apart_though_the_clock_is_set_back_d86(as_alice: Client, video: Video) -> None:
    """D86"""
    etags = {put(as_alice, video)["ETag"]}
    CaptionTrack.objects.update(updated_at=timezone.now() + timedelta(days=1))

    etags |= {put(as_alice, video)["ETag"] for _ in range(3)}

    assert len(etags) == 4
