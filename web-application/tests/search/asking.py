"""A script that searches, and what there is to be found."""

from __future__ import annotations

from typing import Any

from django.test import Client

from cattube.captions.formats.timed_text import TimedText

DECOMPOSED = "U\u0308bung"
PUBLIC = {"visibility": "public", "status": "ready"}
CUES = [
    TimedText(1, 4, "Good morning everybody"),
    TimedText(83.5, 86, "the rope goes in by hand,\nevery turn of it"),
    TimedText(120, 125, "♪"),
    TimedText(591, 600, "you feel whether the rope lies right"),
]


def answer(client: Client, **parameters: Any) -> dict[str, Any]:
    response = client.get("/api/videos", parameters)
    assert response.status_code == 200, response.content
    document: dict[str, Any] = response.json()
    return document


def titles(client: Client, **parameters: Any) -> list[str]:
    return [video["title"] for video in answer(client, **parameters)["items"]]
