"""Lengths of the tracks of a file that was written: players wait for a track that ends before the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from cattube_worker.media.encode.output import Output
from cattube_worker.media.inspect.metadata import UNEVEN_SECONDS
from cattube_worker.media.inspect.video_facts import VideoFacts
from cattube_worker.media.mp4.tracks import read_tracks


def evened_facts(facts: VideoFacts, output: Output, paths: Sequence[Path]) -> VideoFacts | None:
    """Facts by which the tracks of an output come out even; None where they are.

    facts: of the source, by which the output was made. Not every container tells how long its tracks are, but
    an MP4 of our own does.
    """
    is_whole = not (output.is_segmented or output.is_shortest or output.lasts_seconds is not None)
    if "mp4" not in output.container or not is_whole or len(paths) != 1:
        return None
    ends = {
        track.kind: track.start_seconds + (track.duration_seconds or 0) for track in read_tracks(paths[0])
    }
    video, audio = ends.get("video", 0), ends.get("audio", 0)
    if not video or not audio or abs(video - audio) <= UNEVEN_SECONDS:
        return None
    return replace(
        facts,
        duration_seconds=max(video, audio),
        video_seconds=_before(video, facts.video_seconds, facts) if video < audio else 0,
        audio_seconds=_before(audio, facts.audio_seconds, facts) if audio < video else 0,
    )


def _before(end: float, stated: float, facts: VideoFacts) -> float:
    """End of a track of the source, of which `end` came with what was added to it."""
    added = facts.duration_seconds - stated if stated else 0
    return max(end - added, 0.001)
