"""Progress of unfinished videos: the server's first words are those of the script that follows."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from conftest import MakeVideo
from django.conf import settings
from django.test import Client
from django.utils import timezone
from django.utils.html import escape

from cattube.web import presentation

CASES = json.loads((settings.FRONTEND_FOLDER / "tests" / "progress-words.json").read_text())


class StoppedClock:
    time = timezone.now()

    @classmethod
    def now(cls) -> Any:
        return cls.time


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["page"])
def test_w164_card_and_page_say_at_once_what_their_script_will_say(
    as_alice: Client, make_video: MakeVideo, case: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """W164"""
    monkeypatch.setattr(presentation, "timezone", StoppedClock)
    facts = case["video"]
    status = "uploading" if facts["phase"] == "uploading" else "processing"
    left = facts["seconds_left"]
    video = make_video(
        status=status,
        phase=facts["phase"],
        progress=facts["progress"],
        queue_position=facts["queue_position"],
        ends_at=None if left is None else StoppedClock.time + timedelta(seconds=left),
    )

    library, page, embed = (
        as_alice.get(path).content.decode() for path in ("/", f"/videos/{video.pk}", f"/embed/{video.pk}")
    )

    assert f"data-state-word>{escape(case['card'])}</span>" in library
    assert f"data-time-left>{escape(case['left'])}</small>" in library
    assert f'data-role="words">{escape(case["page"])}</h2>' in page
    assert f'data-role="words">{escape(case["page"])}</h2>' in embed
