"""Changes of captions: whole tracks, each in one transaction."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from django.db import transaction
from django.db.models import Sum
from django.db.models.functions import Length
from django.utils import timezone

from cattube.captions.conditions import ALWAYS, Condition
from cattube.captions.formats.markup import plain_text
from cattube.captions.formats.timed_text import TimedText
from cattube.captions.languages import language_name
from cattube.captions.models import CaptionTrack, Cue, Source
from cattube.captions.signals import transcript_changed
from cattube.errors import NotFound, SiteError
from cattube.videos.models import Video

MAX_LANGUAGES = 100
# In all languages: of three hours in fifty of them there are seven million.
MAX_CHARACTERS = 10_000_000
ROWS_PER_INSERT = 2000


class NoCaptions(NotFound):
    def __init__(self) -> None:
        super().__init__("This video has no captions in this language.")


class TooManyLanguages(SiteError):
    code, status = "TOO_MANY_LANGUAGES", 409

    def __init__(self) -> None:
        super().__init__(f"A video has captions in {MAX_LANGUAGES} languages at most. Delete one first.")


class TooMuchText(SiteError):
    code, status = "TOO_MUCH_TEXT", 409

    def __init__(self) -> None:
        super().__init__(
            f"The captions of a video have {MAX_CHARACTERS // 1_000_000} million characters at most, "
            "in all languages together. Delete some first."
        )


def save_track(
    video: Video,
    language: str,
    cues: Sequence[TimedText],
    *,
    label: str | None = None,
    kind: str | None = None,
    source: str = Source.UPLOADED,
    condition: Condition = ALWAYS,
) -> CaptionTrack:
    """Put `cues` in the place of the captions in this language. None leaves label and kind as they are.

    Raises ChangedMeanwhile, TooManyLanguages, TooMuchText, and NotFound when the video was deleted meanwhile.
    """
    with transaction.atomic():
        _lock(video)
        track = CaptionTrack.objects.filter(video=video, language=language).first()
        condition.check(track)
        _check_room(video, language, cues)
        track = track or _new_track(video, language)
        track.label = label or track.label
        track.kind = kind or track.kind
        track.source = source
        # Clocks may stand still, or be set back.
        track.updated_at = max(timezone.now(), track.updated_at + timedelta(microseconds=1))
        track.save()
        _replace_cues(track, cues)
        _tell(track, cues)
    return track


def delete_track(video: Video, language: str, *, condition: Condition = ALWAYS) -> None:
    """Delete the captions in this language. Raises NoCaptions, ChangedMeanwhile."""
    with transaction.atomic():
        _lock(video)
        track = CaptionTrack.objects.filter(video=video, language=language).first()
        if track is None:
            raise NoCaptions
        condition.check(track)
        _tell(track, [])
        track.delete()


def track_in(video: Video, language: str) -> CaptionTrack:
    """Captions of the video in this language. Raises NoCaptions."""
    track = CaptionTrack.objects.filter(video=video, language=language).first()
    if track is None:
        raise NoCaptions
    return track


def cues_of(track: CaptionTrack, part: slice = slice(None)) -> list[TimedText]:
    """Cues in order, or some of them, clean."""
    rows = track.cues.values_list("start_seconds", "end_seconds", "text", "settings")[part]
    return [TimedText(*row) for row in rows]


def characters_in(cues: Sequence[TimedText]) -> int:
    return sum(len(cue.text) for cue in cues)


def _lock(video: Video) -> None:
    """Let no other change of captions, nor the video's end, come between. Raises NotFound."""
    rows = Video.objects.select_for_update().filter(pk=video.pk, trashed_at=None)
    if rows.order_by("pk").values_list("pk", flat=True).first() is None:
        raise NotFound


def _new_track(video: Video, language: str) -> CaptionTrack:
    if CaptionTrack.objects.filter(video=video).count() >= MAX_LANGUAGES:
        raise TooManyLanguages
    return CaptionTrack(video=video, language=language, label=language_name(language))


def _check_room(video: Video, language: str, cues: Sequence[TimedText]) -> None:
    others = Cue.objects.filter(track__video=video).exclude(track__language=language)
    characters = others.aggregate(sum=Sum(Length("text"), default=0))["sum"]
    if characters + characters_in(cues) > MAX_CHARACTERS:
        raise TooMuchText


def _replace_cues(track: CaptionTrack, cues: Sequence[TimedText]) -> None:
    track.cues.all().delete()
    rows = [
        Cue(
            track=track,
            start_seconds=cue.start_seconds,
            end_seconds=cue.end_seconds,
            text=cue.text,
            settings=cue.settings,
        )
        for cue in cues
    ]
    Cue.objects.bulk_create(rows, batch_size=ROWS_PER_INSERT)


def _tell(track: CaptionTrack, cues: Sequence[TimedText]) -> None:
    spoken = [replace(cue, text=plain_text(cue.text)) for cue in cues]
    transcript_changed.send(CaptionTrack, track=track, cues=spoken)
