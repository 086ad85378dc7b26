"""WebVTT files, written. Pure."""

from collections.abc import Iterable

from cattube.captions.formats.timed_text import TimedText
from cattube.captions.formats.times import written_time


def written_webvtt(cues: Iterable[TimedText]) -> str:
    """File with the cues, whose texts and settings are clean."""
    return "\n".join(["WEBVTT\n", *(_block(cue) for cue in cues)])


def _block(cue: TimedText) -> str:
    times = f"{written_time(cue.start_seconds)} --> {written_time(cue.end_seconds)} {cue.settings}".rstrip()
    return f"{times}\n{cue.text}\n"
