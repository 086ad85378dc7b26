"""JSON of the captions and chapters of a video."""

from dataclasses import asdict
from typing import Any

from django.urls import reverse

from cattube.captions.models import CaptionTrack
from cattube.captions.video_texts import captioning_of, chapters_of, tracks_of
from cattube.videos.models import Video


def caption_list(video: Video, *, site: str) -> list[dict[str, Any]]:
    """Captions in their order. site: origin to put before links, as in `video_json`."""
    return [caption_json(track, site=site) for track in tracks_of(video)]


def caption_json(track: CaptionTrack, *, site: str) -> dict[str, Any]:
    return {
        "language": track.language,
        "label": track.label,
        "kind": track.kind,
        "source": track.source,
        "url": site + reverse("api:captions", args=[track.video_id, track.language]),
    }


def captioning_json(video: Video, *, is_owner: bool) -> dict[str, Any] | None:
    """Captions in the making; None without any. The reason of a failure is for the owner."""
    captioning = captioning_of(video)
    if captioning is None:
        return None
    error = captioning.error if is_owner else ""
    return {"state": captioning.state, "percent": captioning.percent, "error": error or None}


def chapter_list(video: Video) -> list[dict[str, Any]]:
    return [asdict(mark) for mark in chapters_of(video)]
