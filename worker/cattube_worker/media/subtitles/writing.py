"""SRT and WebVTT files of cues."""

from __future__ import annotations

from collections.abc import Sequence

from cattube_worker.media.subtitles.cues import Cue


def srt(cues: Sequence[Cue]) -> str:
    """SRT file with the cues."""
    return "\n".join(
        f"{number}\n{_srt_time(cue.start_seconds)} --> {_srt_time(cue.end_seconds)}\n{cue.text}\n"
        for number, cue in enumerate(cues, start=1)
    )


def webvtt(cues: Sequence[Cue]) -> str:
    """WebVTT file with the cues, whose text is shown as it stands and is no markup."""
    return "\n".join(
        [
            "WEBVTT\n",
            *(
                f"{_vtt_time(cue.start_seconds)} --> {_vtt_time(cue.end_seconds)}\n{_vtt_text(cue.text)}\n"
                for cue in cues
            ),
        ]
    )


def _srt_time(seconds: float) -> str:
    ms = round(seconds * 1000)
    return f"{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02},{ms % 1000:03}"


def _vtt_time(seconds: float) -> str:
    return _srt_time(seconds).replace(",", ".")


def _vtt_text(text: str) -> str:
    # With its ">" an arrow in a text would begin a cue of its own.
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
