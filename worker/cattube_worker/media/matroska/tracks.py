"""Tracks of a Matroska or WebM file, as its header describes them.

Source: RFC 9559, "Matroska Media Container Format".
"""

from __future__ import annotations

from fractions import Fraction
from itertools import islice
from pathlib import Path

from cattube_worker.media.container_track import ContainerTrack, TrackKind
from cattube_worker.media.crop import Crop
from cattube_worker.media.matroska.elements import elements_in, walk_elements

_SEGMENT, _TRACKS, _TRACK = 0x18538067, 0x1654AE6B, 0xAE
_KIND, _VIDEO = 0x83, 0xE0
_WIDTH, _HEIGHT, _SHOWN_WIDTH, _SHOWN_HEIGHT = 0xB0, 0xBA, 0x54B0, 0x54BA
_BOTTOM, _TOP, _LEFT, _RIGHT = 0x54AA, 0x54BB, 0x54CC, 0x54DD
_KINDS: dict[int, TrackKind] = {1: "video", 2: "audio"}
_MAX_ELEMENTS = 64  # in front of the tracks
_MAX_HEADER_BYTES = 4 * 2**20
_MAX_TRACKS = 256


def read_tracks(path: Path) -> list[ContainerTrack]:
    """Tracks in the order of the file; none when it is of another kind, or describes them elsewhere."""
    size_bytes = path.stat().st_size
    with path.open("rb") as file:

        def read(start: int, count: int) -> bytes:
            file.seek(start)
            return file.read(count)

        top = islice(walk_elements(read, 0, size_bytes), 2)
        segment = next((element for element in top if element.id == _SEGMENT), None)
        if segment is None:
            return []
        inside = islice(walk_elements(read, segment.content_start, size_bytes), _MAX_ELEMENTS)
        tracks = next((element for element in inside if element.id == _TRACKS), None)
        if tracks is None or tracks.end is None or tracks.end - tracks.content_start > _MAX_HEADER_BYTES:
            return []
        content = read(tracks.content_start, tracks.end - tracks.content_start)
    entries = (entry for element_id, entry in elements_in(content) if element_id == _TRACK)
    return [_track(dict(elements_in(entry))) for entry in islice(entries, _MAX_TRACKS)]


def _track(entry: dict[int, bytes]) -> ContainerTrack:
    kind = _KINDS.get(_number(entry.get(_KIND)), "other")
    video = dict(elements_in(entry.get(_VIDEO, b"")))
    crop = _crop(video) if kind == "video" else None
    return ContainerTrack(
        kind=kind, crop=crop, pixel_shape=None if crop is None else _pixel_shape(video, crop)
    )


def _crop(video: dict[int, bytes]) -> Crop | None:
    width, height = _number(video.get(_WIDTH)), _number(video.get(_HEIGHT))
    left, right, top, bottom = (_number(video.get(side)) for side in (_LEFT, _RIGHT, _TOP, _BOTTOM))
    return Crop.within(
        width, height, width=width - left - right, height=height - top - bottom, left=left, top=top
    )


def _pixel_shape(video: dict[int, bytes], crop: Crop) -> Fraction | None:
    """Shape of a pixel: the size at which a frame is shown, in whatever unit, is that of its part."""
    width, height = _number(video.get(_SHOWN_WIDTH)), _number(video.get(_SHOWN_HEIGHT))
    return Fraction(width * crop.height, height * crop.width) if width and height else Fraction(1)


def _number(content: bytes | None) -> int:
    return int.from_bytes(content or b"")
