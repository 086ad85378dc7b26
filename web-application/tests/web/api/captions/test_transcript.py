"""The transcript of a video, which captions make."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from web.api.captions.caption_requests import WEBVTT, put, transcript

from cattube.captions.models import CaptionTrack
from cattube.captions.signals import transcript_changed
from cattube.videos.models import Video


def test_transcript_is_plain_text_with_times(as_alice: Client, client: Client, video: Video) -> None:
    put(as_alice, video)

    assert transcript(client, video) == {
        "items": [
            {"start_seconds": 1.0, "end_seconds": 3.5, "text": "Anna: Come alert(1)down"},
            {"start_seconds": 4.0, "end_seconds": 5.0, "text": "From the Café"},
        ],
        "next": None,
    }


@pytest.mark.parametrize(
    ("query", "starts"),
    [
        ("CAFE", [4.0]),
        ("down from", [1.0]),
        ("o", [1.0, 4.0]),
        ("dog", []),
        ("%", []),
        ("\0", [1.0, 4.0]),
        (" ", [1.0, 4.0]),
    ],
)
def test_words_are_found_whatever_their_case_and_across_cues(
    as_alice: Client, client: Client, video: Video, query: str, starts: list[float]
) -> None:
    put(as_alice, video)

    assert [item["start_seconds"] for item in transcript(client, video, q=query)["items"]] == starts


def test_transcript_is_of_what_people_wrote_unless_another_language_is_asked_for(
    as_alice: Client, client: Client, video: Video
) -> None:
    put(as_alice, video, "en")
    put(as_alice, video, "fr", WEBVTT.replace("From the", "Du"))
    CaptionTrack.objects.filter(language="en").update(source="automatic")

    assert transcript(client, video)["items"][1]["text"] == "Du Café"
    assert transcript(client, video, language="EN")["items"][1]["text"] == "From the Café"
    assert transcript(client, video, language="de")["error"] == "NOT_FOUND"


def test_transcript_comes_in_pages_and_a_forged_cursor_is_refused(
    as_alice: Client, client: Client, video: Video
) -> None:
    put(as_alice, video)

    first = transcript(client, video, limit=1)
    second = transcript(client, video, limit=1, cursor=first["next"])

    assert [page["items"][0]["start_seconds"] for page in (first, second)] == [1.0, 4.0]
    assert second["next"] is None
    assert transcript(client, video, cursor="9999")["items"] == []
    for cursor in ("-1", "1; DROP", "9" * 30, "\u0661"):
        assert transcript(client, video, cursor=cursor)["error"] == "INVALID_FIELDS"


def test_video_without_captions_has_an_empty_transcript(client: Client, video: Video) -> None:
    assert transcript(client, video) == {"items": [], "next": None}


def test_others_are_told_of_each_change_in_plain_words(as_alice: Client, video: Video) -> None:
    heard: list[tuple[str, str, list[str]]] = []

    def hear(track: CaptionTrack, cues: list[Any], **_: Any) -> None:
        heard.append((track.video_id, track.language, [cue.text for cue in cues]))

    transcript_changed.connect(hear)
    try:
        put(as_alice, video)
        as_alice.delete(f"/api/videos/{video.pk}/captions/en")
    finally:
        transcript_changed.disconnect(hear)

    assert heard == [
        (video.pk, "en", ["Anna: Come alert(1)down", "From the Café"]),
        (video.pk, "en", []),
    ]
