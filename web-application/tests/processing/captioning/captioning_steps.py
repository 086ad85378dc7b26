"""Captions that an engine makes of speech: what owner and engine do about them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone
from engine_double import EngineDouble
from json_requests import post

from cattube.captions.models import Captioning
from cattube.processing.captioning.rounds import advance_captionings
from cattube.processing.transloadit.client import EngineUnreachable
from cattube.videos.models import Video

BEGUN = (200, {"ok": "ASSEMBLY_EXECUTING"})
RESULT = "/results/a/cat.vtt"
WEBVTT = "WEBVTT\n\n00:00:00.500 --> 00:00:02.000\nGood <script>morning\n"


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
