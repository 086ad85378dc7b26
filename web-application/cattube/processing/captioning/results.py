"""Captions that the engine has made, as they are saved."""

from cattube.captions.conditions import Condition
from cattube.captions.formats.reading import read_captions
from cattube.captions.languages import normal_language
from cattube.captions.models import CaptionTrack, Source
from cattube.captions.tracks import save_track
from cattube.errors import InvalidFields, SiteError
from cattube.processing.captioning.assembly import UNKNOWN_LANGUAGE
from cattube.videos.models import Video


class WrittenAlready(SiteError):
    code, status = "WRITTEN_ALREADY", 409

    def __init__(self, track: CaptionTrack) -> None:
        super().__init__(f"There are captions in {track.label} already. They stay as they are.")


def save_result(video: Video, language: str, text: str) -> None:
    """Save a file of WebVTT, as if it had been uploaded.

    What people have written is never replaced. Raises UnreadableCaptions, WrittenAlready, SiteError.
    """
    cues = read_captions(text.encode(), is_webvtt=True)
    track = CaptionTrack.objects.filter(video=video, language=language).first()
    if track and track.source == Source.UPLOADED:
        raise WrittenAlready(track)
    # Somebody may write some at this moment.
    condition = Condition(etags=[track.etag]) if track else Condition(is_new=True)
    save_track(video, language, cues, source=Source.AUTOMATIC, condition=condition)


def language_of_result(name: str) -> str:
    """The tag of a language that the engine names."""
    try:
        return normal_language(name)
    except InvalidFields:
        return UNKNOWN_LANGUAGE
