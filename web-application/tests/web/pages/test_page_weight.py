"""What pages weigh before their pictures: page, styles and scripts, as a browser gets them."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client

from cattube.channels.models import Channel, Follow
from cattube.videos.models import Asset, Video
from cattube.viewing.models import WatchedVideo
from cattube.web.pages.library.shelves import MOST_VIDEOS

MOST_BYTES = 60_000
FILES = re.compile(r'(?:src|href)="/static/(assets/[^"]+\.(?:js|css))"')
BUILT = settings.FRONTEND_FOLDER / "dist"

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not (BUILT / "manifest.json").exists(), reason="the front end is not built"),
]


@pytest.fixture
def member(alice: User) -> Client:
    """Somebody who has begun videos and follows people, on a site with a library."""
    call_command("seed_library", videos=120, people=10, cues=0, views=0, verbosity=0)
    videos = list(Video.objects.filter(visibility="public", status="ready"))
    Asset.objects.bulk_create(
        Asset(
            video=video,
            role=role,
            object_key=f"{role}/{video.pk}",
            content_type="image/jpeg",
            width=1600,
            height=900,
        )
        for video in videos
        for role in ("thumbnail", "storyboard")
    )
    now = videos[0].uploaded_at
    WatchedVideo.objects.bulk_create(
        WatchedVideo(user=alice, video=video, seconds=3, watched_at=now) for video in videos[:8]
    )
    for owner in {video.owner for video in videos[-8:]}:
        channel = Channel.objects.create(owner=owner, name=owner.username)
        Follow.objects.create(user=alice, channel=channel)
    client = Client(headers={"Accept-Encoding": "gzip"})
    client.force_login(alice)
    return client


def test_w141_home_page_of_a_member_is_light_before_its_pictures(member: Client) -> None:
    """W141"""
    response = member.get("/")
    page = member.get("/", headers={"Accept-Encoding": "identity"}).content.decode()

    assert page.count('class="card"') >= 24 + 2 * MOST_VIDEOS
    files = set(FILES.findall(page))
    assert any(name.endswith(".css") for name in files)
    assert any("library" in name for name in files)
    parts = {"the page": len(response.content)} | {
        name: (BUILT / f"{name}.gz").stat().st_size for name in files
    }
    assert sum(parts.values()) <= MOST_BYTES, parts
