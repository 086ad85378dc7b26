"""Renders the library page with and without thumbnails, in turn; prints the p95 of each in milliseconds.

Run by `library.py` in a process of its own, on an empty state folder.
"""

from __future__ import annotations

import gc
import json
import logging
import os
import sys
import time

import django

VIDEOS = 100
ROUNDS = 120
WARM_UP = 10


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "cattube.settings"
    django.setup()
    logging.disable()
    from django.core.management import call_command
    from django.test import Client

    from cattube.web.pages.library import library as views

    call_command("migrate", verbosity=0)
    views.VIDEOS_PER_PAGE = VIDEOS
    _fill()
    client = Client(headers={"host": "localhost"})
    spent: dict[str, list[float]] = {"bare": [], "pictured": []}
    for number in range(WARM_UP + ROUNDS):
        if number == WARM_UP:
            # As gunicorn.conf.py does: else whichever page meets the collector pays for all that was loaded.
            gc.collect()
            gc.freeze()
        for tag, times in spent.items():
            times.append(_milliseconds(client, tag))
    json.dump({tag: _p95(times[WARM_UP:]) for tag, times in spent.items()}, sys.stdout)


def _fill() -> None:
    """Two lots of the same videos, told apart by their tags: one lot has no thumbnails."""
    from django.contrib.auth.models import User

    from cattube.videos.models import Asset, Video

    alice = User.objects.create_user("alice")
    for tag in ("bare", "pictured"):
        for number in range(VIDEOS):
            video = Video.objects.create(
                owner=alice, title=f"Cat {number}", visibility="public", status="ready", duration_seconds=10
            )
            video.set_tags([tag])
            if tag == "pictured":
                key = f"thumbnail/{number:032x}/cat_0.jpg"
                Asset.objects.create(video=video, role="thumbnail", object_key=key, content_type="image/jpeg")


def _milliseconds(client: object, tag: str) -> float:
    began = time.perf_counter()
    response = client.get("/", {"tag": tag})  # type: ignore[attr-defined]
    spent = time.perf_counter() - began
    content = response.content.decode()
    assert content.count("X-Amz-Signature") == (VIDEOS if tag == "pictured" else 0)
    assert content.count("card__title") == VIDEOS
    return 1000 * spent


def _p95(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.95)]


main()
