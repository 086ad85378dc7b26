"""Captions by the engine, from the wish to the end: which videos get some, and how often."""

from __future__ import annotations

from datetime import timedelta

import pytest
from conftest import MakeVideo
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from engine_double import EngineDouble
from processing.captioning.captioning_steps import WEBVTT, ask, assembly, captioning, completed, go_on
from pytest_django import Settings

from cattube.captions.formats.reading import read_captions
from cattube.captions.models import Captioning, CaptionTrack
from cattube.captions.tracks import cues_of, save_track
from cattube.processing.captioning.rounds import advance_captionings
from cattube.processing.lifecycle.deletion import delete_forever
from cattube.videos.models import Video
from cattube.videos.trash import move_to_trash, restore


def test_captions_are_asked_for_followed_and_there(
    as_alice: Client, client: Client, video: Video, engine: EngineDouble
) -> None:
    assert ask(as_alice, video, language="EN").json() == {"state": "waiting", "percent": 0, "error": None}
    advance_captionings()
    engine.knows({"ok": "ASSEMBLY_EXECUTING", "assembly_id": assembly(), "progress_combined": 34.5})
    go_on()
    assert captioning(client, video) == {"state": "working", "percent": 34, "error": None}
    assert "34 %" in as_alice.get(f"/videos/{video.pk}/captions").content.decode()

    completed(engine)
    go_on()

    assert captioning(client, video)["state"] == "done"
    track = CaptionTrack.objects.get()
    assert (track.language, track.label, track.source) == ("en", "English", "automatic")
    assert [cue.text for cue in cues_of(track)] == ["Good morning"]
    steps = engine.created[0]["steps"]
    assert steps["imported"]["path"] == video.assets.get(role="watermarked").object_key
    assert steps["transcribed"]["source_language"] == "en"


def test_captions_of_a_video_in_the_trash_stop_and_begin_anew_with_it_d96(
    as_alice: Client, video: Video, engine: EngineDouble
) -> None:
    """D96"""
    ask(as_alice, video)
    advance_captionings()
    first = assembly()
    engine.knows({"assembly_id": first, "ok": "ASSEMBLY_EXECUTING"})

    move_to_trash(video)
    go_on()
    go_on()
    assert engine.asked == ["GET healthz", f"DELETE {first}"]
    assert len(engine.created) == 1

    restore(video)
    go_on()
    assert len(set(engine.created_ids)) == 2


def test_captions_end_with_their_video_d96(as_alice: Client, video: Video, engine: EngineDouble) -> None:
    """D96"""
    ask(as_alice, video)
    advance_captionings()
    named = assembly()

    delete_forever(video)

    assert f"DELETE {named}" in engine.asked


def test_once_all_videos_have_captions_only_new_ones_are_looked_at_for_a_while_d97(
    video: Video, make_video: MakeVideo, engine: EngineDouble, settings: Settings
) -> None:
    """D97"""
    settings.CAPTIONS = "auto"
    Video.objects.update(uploaded_at=timezone.now() - timedelta(days=2))
    track = save_track(video, "en", read_captions(WEBVTT.encode()))
    advance_captionings()
    track.delete()
    advance_captionings()
    assert not Captioning.objects.exists()

    new = make_video(status="ready", title="New")
    advance_captionings()
    assert Captioning.objects.get().video_id == new.pk

    cache.clear()  # As after ten minutes.
    advance_captionings()
    assert Captioning.objects.filter(video=video).exists()


def test_engine_that_refuses_is_not_asked_again(as_alice: Client, video: Video, engine: EngineDouble) -> None:
    ask(as_alice, video)
    engine.creation_answer = (400, {"error": "ASSEMBLY_STEP_UNKNOWN_ROBOT", "message": "No such robot."})

    advance_captionings()
    advance_captionings()

    assert captioning(as_alice, video) == {"state": "failed", "percent": 0, "error": "No such robot."}
    assert len(engine.created) == 1


def test_wish_that_is_repeated_begins_once(as_alice: Client, video: Video, engine: EngineDouble) -> None:
    for _ in range(3):
        assert ask(as_alice, video).status_code == 202
        advance_captionings()

    assert len(engine.created) == 1


@pytest.mark.parametrize(
    ("mode", "status", "code"), [("off", "ready", "CAPTIONS_OFF"), ("manual", "failed", "NOT_READY")]
)
def test_wish_that_cannot_be_fulfilled_is_refused(
    as_alice: Client, make_video: MakeVideo, settings: Settings, mode: str, status: str, code: str
) -> None:
    settings.CAPTIONS = mode
    video = make_video(status=status)

    assert ask(as_alice, video).json()["error"] == code
    page = as_alice.post(f"/videos/{video.pk}/captions/automatic", follow=True).content.decode()
    assert "Make captions" not in page
    assert not Captioning.objects.exists()


def test_every_video_without_captions_gets_some_where_the_site_is_set_so(
    video: Video, make_video: MakeVideo, engine: EngineDouble, settings: Settings
) -> None:
    captioned = make_video(status="ready", title="Has captions")
    save_track(captioned, "en", read_captions(WEBVTT.encode()))
    make_video(status="processing", title="Not ready")
    advance_captionings()
    assert engine.created == []

    settings.CAPTIONS = "auto"
    advance_captionings()
    completed(engine)
    go_on()
    CaptionTrack.objects.filter(video=video).delete()
    go_on()

    assert len(engine.created) == 1  # what its owner has deleted is not made again
    assert Captioning.objects.get().video_id == video.pk
