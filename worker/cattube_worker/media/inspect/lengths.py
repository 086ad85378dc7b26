"""Length of a file: that of its pictures and its sound, and of nothing else in it. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cattube_worker.media.inspect.numbers import number
from cattube_worker.media.inspect.streams import ChosenStreams, streams_of

Document = Mapping[str, Any]

# Of a track of Matroska: how long it is, which its header does not tell.
_DURATION_TAG = re.compile(r"(?P<h>\d{1,4}):(?P<m>\d\d):(?P<s>\d\d(?:\.\d+)?)")
# A container that counts from elsewhere, and whose own length is measured from there.
_LATE_SECONDS = 1.0


@dataclass(frozen=True, kw_only=True)
class Lengths:
    """Seconds from the beginning of a file to the end of its video, audio, and both; None when unknown."""

    video_seconds: float | None = None
    audio_seconds: float | None = None
    seconds: float | None = None


def lengths(document: Document, chosen: ChosenStreams) -> Lengths:
    """Lengths of the chosen streams of a file that is described as by ffprobe.

    "measured" in its "format" has the seconds of video and audio where they were read packet by packet.
    """
    container = document.get("format", {})
    if "measured" in container:
        video, audio = container["measured"].get("video"), container["measured"].get("audio")
    else:
        video, audio = (
            None if stream is None else _end(stream, document) for stream in (chosen.video, chosen.audio)
        )
    missing = [stream for stream, end in ((chosen.video, video), (chosen.audio, audio)) if stream and not end]
    whole = _of_container(container) if missing and "measured" not in container else 0
    return Lengths(
        video_seconds=video or None,
        audio_seconds=audio or None,
        seconds=max(video or 0, audio or 0, whole) or None,
    )


def is_doubtful(document: Document, chosen: ChosenStreams, *, longest_seconds: float) -> bool:
    """Tell if the length must be measured to be known.

    What is too long to be taken is measured before it is refused. Where only the container tells a length, it
    may be that of a track which nobody sees or hears, or count from elsewhere.
    """
    stated = lengths(document, chosen)
    if (stated.seconds or 0) > longest_seconds:
        return True
    is_by_container = any(
        stream is not None and _end(stream, document) is None for stream in (chosen.video, chosen.audio)
    )
    container = document.get("format", {})
    seen = len(streams_of(document, "video")) + len(streams_of(document, "audio"))
    has_others = seen < len(document.get("streams", []))
    is_late = "flv" in str(container.get("format_name")) and (_start(container) or 0) > _LATE_SECONDS
    return is_by_container and bool(stated.seconds) and (has_others or is_late)


def _end(stream: Document, document: Document) -> float | None:
    """Seconds from the beginning of the file to the end of a stream; None when unknown."""
    container = document.get("format", {})
    begin = _start(container) or 0
    start = _start(stream)
    if seconds := number(stream.get("duration")):
        # Fragments tell when the last of them ends, by the clock that they count from.
        return (
            seconds - begin if container.get("is_fragmented") else seconds + max(0, (start or begin) - begin)
        )
    if match := _DURATION_TAG.fullmatch(str(stream.get("tags", {}).get("DURATION", ""))):
        seconds = int(match["h"]) * 3600 + int(match["m"]) * 60 + float(match["s"])
        # Some programs write the moment of its end there, others how long the track is.
        return seconds - begin if seconds > begin else seconds
    return None


def _of_container(container: Document) -> float:
    """Seconds of the container. In Matroska "duration" is the end of the last frame, from zero."""
    seconds = number(container.get("duration")) or 0
    is_end = "matroska" in str(container.get("format_name")) or container.get("is_fragmented")
    start = (_start(container) or 0) if is_end else 0
    return seconds - start if 0 < start < seconds else seconds


def _start(item: Document) -> float | None:
    return number(item.get("start_time"))
