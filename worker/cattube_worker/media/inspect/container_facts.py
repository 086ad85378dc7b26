"""Facts that ffmpeg's releases do not tell in the same way, read from the file's own container."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from pathlib import Path
from typing import Any

from cattube_worker.media.container_track import ContainerTrack
from cattube_worker.media.matroska.tracks import read_tracks as read_matroska_tracks
from cattube_worker.media.mp4.tracks import read_tracks as read_mp4_tracks

Document = dict[str, Any]

_READERS: dict[str, Callable[[Path], list[ContainerTrack]]] = {
    "mov": read_mp4_tracks,
    "matroska": read_matroska_tracks,
}


def add_container_facts(document: Document, path: Path) -> None:
    """Add crops, and the lengths of tracks where they are missing, to ffprobe's document about a file."""
    container = document.setdefault("format", {})
    reader = _READERS.get(str(container.get("format_name", "")).partition(",")[0])
    if reader is None:
        return
    tracks, streams = reader(path), document["streams"]
    if not _are_alike(tracks, streams):
        return
    if reader is read_mp4_tracks:
        container["is_fragmented"] = any(track.is_fragmented for track in tracks)
    for track, stream in zip(tracks, streams, strict=True):
        _add(track, stream, container)


def add_decodability(document: Document, decodable: Set[str]) -> None:
    """Mark the streams that cannot be decoded. decodable: names of codecs; empty when these are not known."""
    for stream in document["streams"]:
        codec = stream.get("codec_name") or "unknown"
        if codec in {"unknown", "none"} or (decodable and codec not in decodable):
            stream["is_decodable"] = False


def _are_alike(tracks: Sequence[ContainerTrack], streams: Sequence[Document]) -> bool:
    """Tell if the tracks are the streams that ffmpeg found, in the same order."""
    kinds = [kind if kind in {"video", "audio"} else "other" for kind in _kinds(streams)]
    return [track.kind for track in tracks] == kinds


def _kinds(streams: Sequence[Document]) -> list[str]:
    return [str(stream.get("codec_type")) for stream in streams]


def _add(track: ContainerTrack, stream: Document, container: Document) -> None:
    if track.duration_seconds is not None and "duration" not in stream:
        stream["duration"] = track.duration_seconds
        stream.setdefault("start_time", (container.get("start_time") or 0) + track.start_seconds)
    if track.is_mirrored:
        stream["is_mirrored"] = True
    if track.samples == 0:
        stream["is_empty"] = True
    # What is left of a crop that holds for other frames than these is not known.
    if track.crop is not None and track.crop.stored.width == stream.get("width"):
        stream["crop"] = track.crop
        if track.pixel_shape is not None:
            shape = track.pixel_shape
            stream["sample_aspect_ratio"] = f"{shape.numerator}:{shape.denominator}"
