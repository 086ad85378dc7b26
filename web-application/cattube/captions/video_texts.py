"""Captions and chapters that a video has, as pages and API show them."""

from django.conf import settings

from cattube.captions.chapters import ChapterMark, chapters_in
from cattube.captions.models import Captioning, CaptionTrack, Chapter, Source
from cattube.prepared_query import PreparedQuery
from cattube.videos.models import Video

_TRACKS = PreparedQuery(lambda: CaptionTrack.objects.filter(video=""))
_CAPTIONINGS = PreparedQuery(lambda: Captioning.objects.filter(video=""))
_CHAPTERS = PreparedQuery(lambda: Chapter.objects.filter(video=""))


def related() -> list[str]:
    """Relations to prefetch for a list of videos."""
    captionings = [] if settings.CAPTIONS == "off" else ["captionings"]
    return ["caption_tracks", "chapters", *captionings]


def tracks_of(video: Video) -> list[CaptionTrack]:
    """Captions of the video, what people wrote before what a machine did, each by language.

    Who has chosen no language is shown the first. Costs no query when they were prefetched.
    """
    is_read = "caption_tracks" in _prefetched(video)
    tracks = list(video.caption_tracks.all()) if is_read else _TRACKS.read(video.pk)
    return sorted(tracks, key=lambda track: (track.source == Source.AUTOMATIC, track.language))


def chapters_of(video: Video) -> list[ChapterMark]:
    """Chapters of the video. Costs no query when they were prefetched."""
    rows = list(video.chapters.all()) if "chapters" in _prefetched(video) else _CHAPTERS.read(video.pk)
    if rows:
        return [ChapterMark(row.start_seconds, row.title) for row in rows]
    return chapters_in(video.description, duration_seconds=video.duration_seconds)


def captioning_of(video: Video) -> Captioning | None:
    """Captions that a machine makes of it, or has made. Costs no query when they were prefetched."""
    if settings.CAPTIONS == "off":
        return None
    is_read = "captionings" in _prefetched(video)
    return next(iter(video.captionings.all() if is_read else _CAPTIONINGS.read(video.pk)), None)


def _prefetched(video: Video) -> dict[str, object]:
    return getattr(video, "_prefetched_objects_cache", {})
