"""Fills a site with a library of the size that is named, and times its pages; prints the p95 of each.

Run by `library.py` in a process of its own, on an empty state folder and database. Milliseconds
from the request to the whole answer, without a network: what the server itself takes.
"""

from __future__ import annotations

import gc
import json
import logging
import os
import random
import sys
import time
from collections.abc import Callable
from typing import Any

import django

ROUNDS = 60
WARM_UP = 5
PEOPLE_PER_VIDEO, CUES_PER_VIDEO, VIEWS_PER_VIDEO = 0.1, 10, 10
# Words that are neither in every tenth video nor in none.
FREQUENT_WORDS = 300

Request = tuple[str, dict[str, str]]


def main(videos: int) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "cattube.settings"
    django.setup()
    logging.disable()
    from django.core.management import call_command
    from django.test import Client

    call_command("migrate", verbosity=0)
    people, cues, views = (
        int(share * videos) for share in (PEOPLE_PER_VIDEO, CUES_PER_VIDEO, VIEWS_PER_VIDEO)
    )
    call_command("seed_library", videos=videos, people=people, cues=cues, views=views, verbosity=0)
    client = Client(headers={"host": "localhost"})
    json.dump({name: _p95(client, ask) for name, ask in _requests().items()}, sys.stdout)


def _requests() -> dict[str, Callable[[], Request]]:
    """Pages by what the table calls them; each time somebody asks for something else."""
    from cattube.search.seeding import phrases
    from cattube.videos.models import Video

    chance = random.Random(7)
    words = phrases.words()[:FREQUENT_WORDS]
    ids = list(Video.objects.filter(visibility="public", status="ready").values_list("pk", flat=True)[:200])
    return {
        "home": lambda: ("/", {}),
        "search of two words": lambda: ("/", {"q": " ".join(chance.sample(words, 2))}),
        "type-ahead": lambda: ("/api/suggest", {"q": chance.choice(words)[: chance.randint(2, 4)]}),
        "watch": lambda: (f"/videos/{chance.choice(ids)}", {}),
    }


def _p95(client: Any, ask: Callable[[], Request]) -> float:
    times = [_milliseconds(client, *ask()) for _ in range(WARM_UP)]
    # As gunicorn.conf.py does: else whichever page meets the collector pays for all that was loaded.
    gc.collect()
    gc.freeze()
    times = [_milliseconds(client, *ask()) for _ in range(ROUNDS)]
    return sorted(times)[int(len(times) * 0.95)]


def _milliseconds(client: Any, path: str, parameters: dict[str, str]) -> float:
    began = time.perf_counter()
    response = client.get(path, parameters)
    spent = time.perf_counter() - began
    assert response.status_code == 200, response.status_code
    return 1000 * spent


main(int(sys.argv[1]))
