"""Requests about captions, and what they carry."""

from __future__ import annotations

from typing import Any

from django.test import Client

from cattube.videos.models import Video

WEBVTT = """WEBVTT

STYLE
::cue { background: url(https://evil.example/x) }

00:01.000 --> 00:03.500 line:0
<v Anna>Come <script>alert(1)</script><i>down</i>

00:04.000 --> 00:05.000
From the Café
"""
CLEAN = """WEBVTT

00:00:01.000 --> 00:00:03.500 line:0
<v Anna>Come alert(1)<i>down</i></v>

00:00:04.000 --> 00:00:05.000
From the Café
"""
SUBRIP = "1\n00:00:01,000 --> 00:00:02,000\nKomm runter\n"


def put(client: Client, video: Video, language: str = "en", body: Any = WEBVTT, **more: Any) -> Any:
    content_type = more.pop("content_type", "text/vtt")
    address = f"/api/videos/{video.pk}/captions/{language}{more.pop('query', '')}"
    return client.put(address, body, content_type, **more)


def get(client: Client, video: Video, language: str = "en", **more: Any) -> Any:
    return client.get(f"/api/videos/{video.pk}/captions/{language}", **more)


def transcript(client: Client, video: Video, **query: Any) -> dict[str, Any]:
    answer: dict[str, Any] = client.get(f"/api/videos/{video.pk}/transcript", query).json()
    return answer
