"""Videos that a site has without having processed them."""

from __future__ import annotations

import os

from e2e.site import Site

ADD = """
from cattube.videos.models import Asset, Video
from django.contrib.auth.models import User
owner = User.objects.get(username="admin")
facts = dict(title="Cat", visibility="public", status="ready", duration_seconds=10)
video = Video.objects.create(owner=owner, **facts)
Asset.objects.create(video=video, role="watermarked", object_key={key!r}, content_type={content_type!r})
print(video.pk)
"""


def add_video(site: Site, content: bytes, *, name: str = "cat.mp4", content_type: str = "video/mp4") -> str:
    """A public video whose file has that content; the path of a link to it."""
    key = f"watermarked/{os.urandom(16).hex()}/{name}"
    path = site.data / "bucket" / key
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    video_id = site.run(ADD.format(key=key, content_type=content_type)).strip()
    link: str = site.get_json(f"/api/videos/{video_id}")["transcoded"]
    return link.removeprefix(site.url)
