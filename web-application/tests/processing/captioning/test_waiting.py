"""Captions that wait: for an engine that is away, busy, slow, or lacks what they need."""

from __future__ import annotations

from typing import Any

import pytest
from conftest import MakeVideo
from django.test import Client
from engine_double import EngineDouble
from processing.captioning.captioning_steps import (
    BEGUN,
    ask,
    assembly,
    captioning,
    completed,
    go_on,
    unanswered,
)
from pytest_django import Settings

from cattube.captions.models import Captioning
from cattube.processing.captioning import rounds
from cattube.processing.captioning.rounds import GIVEN_UP, MOST_TRIES, advance_captionings
from cattube.processing.transloadit.client import EngineClient
from cattube.videos.models import Video


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
        patch.setattr(rounds, "can_transcribe", lambda: True)
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
