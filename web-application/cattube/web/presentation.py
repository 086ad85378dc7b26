"""JSON of a video: the one shape that the API, events and pages show."""

import math
from collections.abc import Sequence
from typing import Any

from django.db.models import prefetch_related_objects
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from cattube.captions.video_texts import related
from cattube.community.likes import liked_ids
from cattube.processing.transloadit.live_preview import playlist_name
from cattube.storage.links import seconds_left
from cattube.storage.media_types import PLAYLIST
from cattube.videos.access import can_edit
from cattube.videos.channel_access import channel_beside
from cattube.videos.models import Asset, Video
from cattube.videos.qualities import quality_label
from cattube.videos.states import Status
from cattube.videos.storyboard import storyboard_of
from cattube.web.caption_json import caption_list, captioning_json, chapter_list

UNAVAILABLE = {"code": "NOT_AVAILABLE", "message": "Not available yet"}


def video_json(video: Video, request: HttpRequest, *, site: str) -> dict[str, Any]:
    """The API's Video. The reason of a failure is for the owner; others learn that it is not available.

    site: origin to put before links to files, for scripts that have no page to resolve them by; "" on pages.
    """
    return videos_json([video], request, site=site)[0]


def videos_json(videos: Sequence[Video], request: HttpRequest, *, site: str) -> list[dict[str, Any]]:
    """The API's Video for each of these, with as many queries for many as for two."""
    if len(videos) > 1:  # what one needs is read by prepared queries, which are faster
        prefetch_related_objects(videos, *related())
    liked = liked_ids(request.user, videos)
    return [_video_json(video, request, site=site, liked=video.pk in liked) for video in videos]


def _video_json(video: Video, request: HttpRequest, *, site: str, liked: bool) -> dict[str, Any]:
    is_owner = can_edit(video, request.user)
    channel = channel_beside(video, request.user)
    return {
        "id": video.pk,
        "title": video.title,
        "description": video.description,
        "tags": video.tag_list,
        **_processing_json(video, is_owner=is_owner),
        **_files_json(video, site=site, is_owner=is_owner),
        "duration_seconds": video.duration_seconds,
        "width": video.width,
        "height": video.height,
        "visibility": video.visibility,
        "views": video.views,
        "likes": video.likes,
        "liked": liked,
        "comments_allowed": video.comments_allowed,
        "user": video.owner.get_username(),
        "channel": channel.name if channel else None,
        "uploaded_at": video.uploaded_at.isoformat(),
        # Knowing the id of an Assembly is permission to read and cancel it.
        "assembly_id": (video.assembly_id or None) if is_owner else None,
        "url": video.get_absolute_url(),
        "can_edit": is_owner,
    }


def _processing_json(video: Video, *, is_owner: bool) -> dict[str, Any]:
    return {
        "status": video.status,
        "progress": video.progress,
        "phase": video_phase(video),
        "queue_position": video.queue_position,
        "seconds_left": video_seconds_left(video),
        "error": video_error(video, is_owner=is_owner),
    }


def _files_json(video: Video, *, site: str, is_owner: bool) -> dict[str, Any]:
    """What can be watched, and what belongs to it, by links that expire."""
    sources = [{**source, "url": on_site(site, source["url"])} for source in video_sources(video)]
    stream, thumbnail = video.asset(Asset.Role.HLS), video.thumbnail_url
    return {
        "transcoded": sources[0]["url"] if sources else None,
        "thumbnail": on_site(site, thumbnail) if thumbnail else None,
        "sources": sources,
        "original": video_original(video) if is_owner else None,
        "growing": video_live_preview(video, site=site),
        "hls": on_site(site, stream.url) if stream else None,
        "storyboard": video_storyboard(video, site=site),
        "captions": caption_list(video, site=site),
        "captioning": captioning_json(video, is_owner=is_owner),
        "chapters": chapter_list(video),
        "links_last_seconds": seconds_left(),
    }


def on_site(site: str, url: str) -> str:
    """`url`, with the origin `site` before it unless it has one."""
    return site + url if url.startswith("/") else url


def video_error(video: Video, *, is_owner: bool) -> dict[str, str] | None:
    if not video.error_code:
        return None
    return {"code": video.error_code, "message": video.error_message} if is_owner else UNAVAILABLE


def video_phase(video: Video) -> str | None:
    """Work that is being done; None once there is none."""
    return None if video.is_settled else video.phase or video.status


def video_seconds_left(video: Video) -> int | None:
    """Seconds until the present status is over; None without an estimate, or when it has passed."""
    if video.is_finished or video.ends_at is None:
        return None
    seconds = math.ceil((video.ends_at - timezone.now()).total_seconds())
    return seconds if seconds > 0 else None


def video_original(video: Video) -> dict[str, str] | None:
    """The file as it arrived, for its owner until the video is ready; None before it is all there."""
    if video.status != Status.PROCESSING:
        return None
    if video.original_url:
        return {"url": video.original_url, "type": video.original_type}
    # Of a file that went straight to the bucket.
    asset = next((asset for asset in video.assets.all() if asset.role == Asset.Role.ORIGINAL), None)
    is_video = asset is not None and asset.content_type.startswith("video/")
    return {"url": asset.url, "type": asset.content_type} if asset and is_video else None


def video_live_preview(video: Video, *, site: str) -> dict[str, str] | None:
    """Stream of what is encoded so far, until the video is ready."""
    name = playlist_name(video)
    if video.is_finished or name is None:
        return None
    return {"url": on_site(site, reverse("api:live_preview", args=[video.pk, name])), "type": PLAYLIST}


def video_storyboard(video: Video, *, site: str) -> dict[str, Any] | None:
    board = storyboard_of(video)
    if board is None:
        return None
    cues = reverse("api:storyboard_cues", args=[video.pk])
    return {**board, "url": on_site(site, board["url"]), "cues": site + cues}


def video_sources(video: Video) -> list[dict[str, Any]]:
    """Files that a player may choose from, best first; none until the video is ready."""
    watermarked = video.asset(Asset.Role.WATERMARKED)
    if watermarked is None:
        return []
    width, height = watermarked.width, watermarked.height
    return [
        {
            "url": watermarked.url,
            "type": watermarked.content_type,
            "width": width,
            "height": height,
            "label": quality_label(width, height),
        }
    ]
