"""A video without captions, which whoever has its link may watch."""

from __future__ import annotations

import pytest
from conftest import MakeVideo

from cattube.videos.models import Video


@pytest.fixture
def video(make_video: MakeVideo) -> Video:
    return make_video(visibility="unlisted", status="ready")
