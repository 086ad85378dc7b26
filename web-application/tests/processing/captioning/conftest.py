"""A site whose owners may ask for captions, an engine that makes them, and a video."""

from __future__ import annotations

import pytest
from engine_double import EngineDouble
from processing.captioning.captioning_steps import BEGUN
from pytest_django import Settings

from cattube.videos.models import Video


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
