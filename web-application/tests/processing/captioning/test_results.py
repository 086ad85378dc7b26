"""What an engine has made of speech: taken, refused, and told to the owner."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from engine_double import EngineDouble
from processing.captioning.captioning_steps import RESULT, WEBVTT, ask, assembly, captioning, completed, go_on

from cattube.captions.formats.reading import read_captions
from cattube.captions.models import CaptionTrack
from cattube.captions.tracks import cues_of, save_track
from cattube.processing.captioning.assembly import assembly_params, path_at_engine, read_status
from cattube.processing.captioning.rounds import USELESS, advance_captionings
from cattube.processing.captioning.steps import LOST, NOTHING_SAID
from cattube.videos.models import Video


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
