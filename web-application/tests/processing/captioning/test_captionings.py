"""Captions that the engine makes of speech: asked for, followed, taken; and what can go wrong with them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from conftest import MakeVideo
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from engine_double import EngineDouble
from json_requests import post
from pytest_django import Settings

from cattube.captions.formats.reading import read_captions
from cattube.captions.models import Captioning, CaptionTrack
from cattube.captions.tracks import cues_of, save_track
from cattube.processing.captioning import work
from cattube.processing.captioning.assembly import assembly_params, path_at_engine, read_status
from cattube.processing.captioning.work import (
    GIVEN_UP,
    LOST,
    MOST_TRIES,
    NOTHING_SAID,
    USELESS,
    advance_captionings,
)
from cattube.processing.lifecycle.deletion import delete_forever
from cattube.processing.transloadit.client import EngineClient, EngineUnreachable
from cattube.videos.models import Video
from cattube.videos.trash import move_to_trash, restore

BEGUN = (200, {"ok": "ASSEMBLY_EXECUTING"})
RESULT = "/results/a/cat.vtt"
WEBVTT = "WEBVTT\n\n00:00:00.500 --> 00:00:02.000\nGood <script>morning\n"


@pytest.fixture(autouse=True)
def manual(settings: Settings) -> None:
    settings.CAPTIONS = "manual"


@pytest.fixture
def engine(engine_double: EngineDouble) -> EngineDouble:
    engine_double.creation_answer = BEGUN
    return engine_double


@pytest.fixture
def video(ready_video: Video) -> Video:
    Video.objects.update(visibility="public")
    return ready_video


def ask(client: Client, video: Video, **wish: Any) -> Any:
    return post(client, f"/api/videos/{video.pk}/captions", {"automatic": True, **wish})


def captioning(client: Client, video: Video) -> Any:
    return client.get(f"/api/videos/{video.pk}").json()["captioning"]


def assembly() -> str:
    """Id of the Assembly that makes the only captions."""
    return Captioning.objects.get().assembly_id


def unanswered(*args: Any, **fields: Any) -> Any:
    """A request that the engine takes, and answers too late."""
    raise EngineUnreachable("timed out")


def go_on() -> None:
    """As if some time had passed since the engine was asked."""
    Captioning.objects.update(checked_at=timezone.now() - timedelta(minutes=1))
    advance_captionings()


def completed(engine: EngineDouble, text: str = WEBVTT, *, language: Any = "en", url: Any = None) -> None:
    """The engine has made captions, and shows them to whoever has the link."""
    engine.files[RESULT] = text
    entry = {"ssl_url": url or f"https://engine.example{RESULT}?sig=1", "meta": {"language": language}}
    engine.knows({"ok": "ASSEMBLY_COMPLETED", "assembly_id": assembly(), "results": {"transcribed": [entry]}})


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


@pytest.mark.parametrize(
    ("status", "error"),
    [
        pytest.param({"error": "INTERNAL_COMMAND_ERROR", "message": "No model."}, "No model.", id="failed"),
        pytest.param({"error": {"x": 1}, "message": 5}, "could not make captions", id="odd-error"),
        pytest.param({"ok": "ASSEMBLY_CANCELED"}, "ASSEMBLY_CANCELED", id="cancelled"),
        pytest.param({"ok": "ASSEMBLY_COMPLETED"}, NOTHING_SAID, id="no-results"),
        pytest.param(
            {"ok": "ASSEMBLY_COMPLETED", "results": {"transcribed": [[]]}}, NOTHING_SAID, id="odd-results"
        ),
    ],
)
def test_failure_is_told_to_the_owner_alone_and_can_be_tried_again_d91(
    as_alice: Client, client: Client, video: Video, engine: EngineDouble, status: Any, error: str
) -> None:
    """D91"""
    ask(as_alice, video)
    advance_captionings()
    engine.knows({"assembly_id": assembly(), **status})

    go_on()

    told = captioning(as_alice, video)
    assert told["state"] == "failed"
    assert error in told["error"]
    assert captioning(client, video)["error"] is None
    assert ask(as_alice, video).json()["state"] == "waiting"


@pytest.mark.parametrize(
    "text",
    ["WEBVTT\n", "", "<html>", "x" * 100, "WEBVTT\n\n00:09.000 --> 00:01.000\nBackwards\n"],
)
def test_result_is_checked_like_an_upload_d91(
    as_alice: Client, video: Video, engine: EngineDouble, text: str
) -> None:
    """D91"""
    ask(as_alice, video)
    advance_captionings()
    completed(engine, text)

    go_on()

    assert captioning(as_alice, video)["error"] == NOTHING_SAID
    assert not CaptionTrack.objects.exists()


@pytest.mark.parametrize(
    ("language", "tag"), [(None, "und"), ("../x", "und"), ("pt_br", "pt-BR"), (["en"], "und")]
)
def test_language_that_is_none_is_called_unknown_d91(
    as_alice: Client, video: Video, engine: EngineDouble, language: Any, tag: str
) -> None:
    """D91"""
    ask(as_alice, video)
    advance_captionings()
    completed(engine, language=language)

    go_on()

    assert CaptionTrack.objects.get().language == tag


def test_result_that_another_host_made_is_fetched_from_the_bucket(
    as_alice: Client, video: Video, engine: EngineDouble
) -> None:
    ask(as_alice, video)
    advance_captionings()
    completed(engine, url=f"{engine.address}/elsewhere?sig=1")
    engine.moved["/elsewhere?sig=1"] = f"{engine.address}{RESULT}?sig=1"

    go_on()

    assert captioning(as_alice, video)["state"] == "done"


def test_result_that_is_gone_is_lost_d91(as_alice: Client, video: Video, engine: EngineDouble) -> None:
    """D91"""
    ask(as_alice, video)
    advance_captionings()
    completed(engine)
    engine.files.clear()

    go_on()

    assert captioning(as_alice, video)["error"] == LOST


def test_what_people_wrote_is_never_replaced_d91(
    as_alice: Client, video: Video, engine: EngineDouble
) -> None:
    """D91"""
    save_track(video, "en", read_captions(WEBVTT.replace("Good", "Bad").encode()))
    ask(as_alice, video)
    advance_captionings()
    completed(engine)

    go_on()

    assert "They stay as they are" in captioning(as_alice, video)["error"]
    assert cues_of(CaptionTrack.objects.get())[0].text == "Bad morning"


def test_engine_that_is_away_or_busy_only_delays_d91(
    as_alice: Client, video: Video, engine: EngineDouble
) -> None:
    """D91"""
    ask(as_alice, video)
    answers: list[tuple[int, dict[str, Any]]] = [
        (503, {"error": "SERVER_BUSY"}),
        (413, {"error": "RATE_LIMIT_REACHED"}),
        (200, {"error": 1}),
    ]
    for busy in answers:
        engine.creation_answer = busy
        go_on()
        assert captioning(as_alice, video)["state"] == "waiting"

    engine.creation_answer = BEGUN
    go_on()
    completed(engine, url="http://127.0.0.1:1/elsewhere?sig=1")
    engine.http_status, engine.body = 500, b"no"
    go_on()
    assert captioning(as_alice, video)["state"] == "working"

    engine.http_status, engine.body = 200, None
    completed(engine)
    go_on()
    assert captioning(as_alice, video)["state"] == "done"


@pytest.mark.parametrize("result", ["x" * 2_000_001, "WEBVTT\n\udcff"], ids=["too-large", "not-utf-8"])
def test_result_that_can_never_be_read_is_asked_for_once_d98(
    as_alice: Client, video: Video, engine: EngineDouble, result: str
) -> None:
    """D98"""
    ask(as_alice, video)
    advance_captionings()
    completed(engine, result)

    go_on()

    assert captioning(as_alice, video) == {"state": "failed", "percent": 0, "error": USELESS}


def test_captions_that_never_get_on_hold_up_no_others_and_have_an_end_d93(
    as_alice: Client, video: Video, make_video: MakeVideo, engine: EngineDouble
) -> None:
    """D93"""
    ask(as_alice, video)
    engine.creation_answer = (500, {"error": "INTERNAL"})
    advance_captionings()
    engine.creation_answer = BEGUN
    others = [make_video(status="ready", title=f"Cat {number}") for number in range(2)]
    for number, other in enumerate(others):
        other.assets.create(role="watermarked", object_key=f"watermarked/{number}/cat.mp4")
        ask(as_alice, other)
    advance_captionings()
    first, second = (Captioning.objects.get(video=other).assembly_id for other in others)
    engine.knows({"assembly_id": first, "ok": ["odd"], "error": "RATE_LIMIT_REACHED"})
    engine.knows({"assembly_id": second, "error": "BROKEN", "message": "No sound."})

    go_on()

    assert [captioning(as_alice, other)["state"] for other in others] == ["working", "failed"]
    assert captioning(as_alice, video)["state"] == "working"
    Captioning.objects.filter(video=others[0]).update(tries=MOST_TRIES - 1)
    go_on()
    assert captioning(as_alice, others[0])["error"] == GIVEN_UP
    assert f"DELETE {first}" in engine.asked


def test_progress_gives_captions_more_time_and_an_engine_that_is_away_takes_none_d93(
    as_alice: Client, video: Video, engine: EngineDouble, settings: Settings
) -> None:
    """D93"""
    ask(as_alice, video)
    advance_captionings()
    Captioning.objects.update(tries=MOST_TRIES - 1)

    settings.TRANSLOADIT_SERVICE = "http://127.0.0.1:1"
    go_on()
    settings.TRANSLOADIT_SERVICE = engine.address
    engine.knows({"ok": "ASSEMBLY_EXECUTING", "assembly_id": assembly(), "progress_combined": 1})
    go_on()

    assert captioning(as_alice, video)["state"] == "working"
    assert Captioning.objects.get().tries < MOST_TRIES / 2


def test_captions_whose_beginning_is_not_answered_are_made_once_d94(
    as_alice: Client, video: Video, engine: EngineDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    """D94"""
    ask(as_alice, video)
    with monkeypatch.context() as patch:
        patch.setattr(EngineClient, "request", unanswered)
        patch.setattr(work, "can_transcribe", lambda: True)
        advance_captionings()
    named = assembly()
    assert captioning(as_alice, video)["state"] == "working"
    go_on()  # The engine does not know it.
    engine.creation_answer = (504, {"error": "GATEWAY_TIMEOUT"})
    go_on()
    engine.creation_answer = (400, {"error": "DO_NOT_REUSE_ASSEMBLY_IDS"})
    go_on()
    assert engine.created_ids == [named, named]

    completed(engine)
    go_on()

    assert captioning(as_alice, video)["state"] == "done"


def test_captions_wait_for_an_engine_that_lacks_what_they_need_d95(
    as_alice: Client, video: Video, make_video: MakeVideo, engine: EngineDouble, settings: Settings
) -> None:
    """D95"""
    ask(as_alice, video)
    advance_captionings()
    first = assembly()
    engine.knows({"assembly_id": first, "error": "INTERNAL_COMMAND_ERROR", "message": "No model."})
    engine.health = {"captions": {"model": "small", "missing": "There is no model."}}
    settings.CAPTIONS = "auto"
    make_video(status="ready", title="Not asked for")

    for _ in range(3):
        go_on()
    assert captioning(as_alice, video)["state"] == "waiting"
    assert (Captioning.objects.count(), engine.created_ids) == (1, [first])

    engine.health["captions"]["elsewhere"] = True
    settings.CAPTIONS = "manual"
    go_on()
    assert assembly() != first
    assert captioning(as_alice, video)["state"] == "working"


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


def test_captions_hold_up_no_video_and_two_at_most_are_at_work_d91(
    video: Video, make_video: MakeVideo, engine: EngineDouble, as_alice: Client
) -> None:
    """D91"""
    for number in range(3):
        more = make_video(status="ready", title=f"Cat {number}")
        more.assets.create(role="watermarked", object_key=f"watermarked/{number}/cat.mp4")
        ask(as_alice, more)

    for _ in range(3):
        advance_captionings()

    assert len(engine.created) == 2
    assert set(Video.objects.values_list("status", flat=True)) == {"ready"}


def test_hosted_service_is_told_a_provider_and_its_results_are_read_where_they_lie() -> None:
    own = assembly_params(object_key="a", language="", is_hosted=False, owner="o")["steps"]["transcribed"]
    hosted = assembly_params(object_key="a", language="", is_hosted=True, owner="o")["steps"]["transcribed"]

    assert (own["provider"], hosted["provider"]) == ("auto", "aws")
    assert "source_language" not in own
    assert path_at_engine("https://cdn.example/a?b=c", is_hosted=True) == "https://cdn.example/a?b=c"
    assert path_at_engine("https://evil.example//a?b=c", is_hosted=False) == "/a?b=c"
    assert path_at_engine("file:///etc/passwd", is_hosted=True) == "/etc/passwd"


@pytest.mark.parametrize("progress", [None, "x", -5, 1e9, True, [1]])
def test_odd_progress_is_a_number_of_percent_d91(progress: Any) -> None:
    """D91"""
    assert 0 <= read_status({"ok": "ASSEMBLY_EXECUTING", "progress_combined": progress}).percent <= 99
