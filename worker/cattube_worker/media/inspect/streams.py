"""Choice of the streams that people are to see and hear, among all those of a file. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Document = Mapping[str, Any]

# Sound beside the film's own: what somebody says about it, or says for those who cannot see it.
_BESIDE = ("comment", "visual_impaired", "hearing_impaired", "clean_effects", "karaoke", "lyrics")
_BESIDE_VIDEO = ("still_image", "timed_thumbnails", "dependent")
# Codecs of pictures: beside a video, such a stream is its cover, which not every container says of it.
_PICTURE_CODECS = frozenset({"mjpeg", "png", "bmp", "gif", "tiff", "webp", "jpegxl"})
_NO_LANGUAGE = {"", "und", "zxx", "mul"}


@dataclass(frozen=True, kw_only=True)
class ChosenStreams:
    """Video and audio of a file; None where there is none that can be decoded.

    video_number, audio_number: among the streams of its kind, as ffmpeg counts in "0:V:1" and "0:a:1".
    audio_count: audio streams that can be decoded.
    """

    video: Document | None
    audio: Document | None
    video_number: int = 0
    audio_number: int = 0
    audio_count: int = 0


def choose_streams(document: Document) -> ChosenStreams:
    """The streams of a file that is described as by ffprobe.

    A stream must be one that can be decoded, and hold something. Of several, audio of the video's own
    programme comes first, then what is no commentary, what the file calls its default, what is in the
    video's language, and what comes first.
    """
    videos = [stream for stream in streams_of(document, "video") if not is_artwork(stream)]
    audios = streams_of(document, "audio")
    video = max(
        (stream for stream in videos if is_playable(stream)),
        key=lambda stream: (
            not _is_any(stream, _BESIDE_VIDEO),
            stream.get("codec_name") not in _PICTURE_CODECS,
            _is_any(stream, ("default",)),
        ),
        default=None,
    )
    playable = [stream for stream in audios if is_playable(stream)]
    programmes = _programmes_with(video, document)
    audio = max(
        playable,
        key=lambda stream: (
            not programmes or any(_index(stream) in programme for programme in programmes),
            not _is_any(stream, _BESIDE),
            _is_any(stream, ("default",)),
            video is not None and _language(stream) == _language(video) != "",
        ),
        default=None,
    )
    return ChosenStreams(
        video=video,
        audio=audio,
        video_number=_number(video, videos),
        audio_number=_number(audio, audios),
        audio_count=len(playable),
    )


def streams_of(document: Document, kind: str) -> list[Document]:
    """Streams of that kind, in the order of the file."""
    return [stream for stream in document.get("streams", []) if stream.get("codec_type") == kind]


def is_artwork(stream: Document) -> bool:
    """Tell if it is the picture on the cover of a song."""
    return _is_any(stream, ("attached_pic",))


def is_playable(stream: Document) -> bool:
    """Tell if there is something in it, and this machine can decode it, as far as the document knows."""
    if not stream.get("is_decodable", True) or stream.get("is_empty"):
        return False
    if stream.get("codec_type") == "video":
        return bool(stream.get("width") and stream.get("height"))
    # A stream that its container announces, and of which no packet ever came, has neither.
    return stream.get("channels") not in {0, "0"} and stream.get("sample_rate") not in {0, "0"}


def _number(stream: Document | None, streams: Sequence[Document]) -> int:
    return next((number for number, other in enumerate(streams) if other is stream), 0)


def _programmes_with(video: Document | None, document: Document) -> list[set[int]]:
    """Indexes of the streams of each programme that the video is part of."""
    programmes = [
        {_index(stream) for stream in programme.get("streams", [])}
        for programme in document.get("programs", [])
    ]
    return [] if video is None else [programme for programme in programmes if _index(video) in programme]


def _index(stream: Document) -> int:
    return int(stream.get("index", -1))


def _is_any(stream: Document, dispositions: Sequence[str]) -> bool:
    return any(stream.get("disposition", {}).get(name) for name in dispositions)


def _language(stream: Document) -> str:
    language = str(stream.get("tags", {}).get("language", "")).lower()
    return "" if language in _NO_LANGUAGE else language
