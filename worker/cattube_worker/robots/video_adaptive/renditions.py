"""One input of /video/adaptive on its way to a rendition, and what is said of that."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import chain, count
from pathlib import Path
from typing import Any

from cattube_worker.media.errors import CommandFailed, InvalidInput
from cattube_worker.media.geometry import Size
from cattube_worker.media.inspect.formats import Kind
from cattube_worker.media.streams.playlists import Rendition, Segment, avc_codec, read_segments
from cattube_worker.robots.shared.input_files import InputFile, OutputFile

SOUND_KIND = Kind("audio/mp4", "audio", "mp4")
_KINDS = {
    "m3u8": Kind("application/vnd.apple.mpegurl", None, "m3u8"),
    "mpd": Kind("application/dash+xml", None, "mpd"),
    "ts": Kind("video/mp2t", "video", "ts"),
    "m4s": Kind("video/iso.segment", "video", "m4s"),
    "mp4": Kind("video/mp4", "video", "mp4"),
}
_SOUND_CODECS = {"aac": "mp4a.40.2", "mp3": "mp4a.40.34", "opus": "opus"}
_MISSING_SECONDS, _MISSING_SHARE = 1.0, 0.1


@dataclass(frozen=True, kw_only=True)
class Rung:
    """name: of its rendition, unlike all others. source: ready to be cut without encoding."""

    name: str
    source: InputFile
    origin: InputFile


@dataclass(frozen=True, kw_only=True)
class Cut:
    """What a step asks of the cutting. segment_seconds: at least; the next key frame ends it."""

    segment_seconds: int
    master_name: str
    hls_master_name: str
    is_hls: bool
    is_single_file: bool = False
    groups_sound: bool = False
    may_have_captions: bool = True


def size_name(source: InputFile) -> str:
    picture = source.picture
    return f"{min(picture.width, picture.height)}p" if picture else "audio"


def free_name(name: str, taken: Collection[str]) -> str:
    """The name, or the name with the first number that makes it unlike those taken."""
    numbered = (f"{name}_{number}" for number in count(1))
    return next(each for each in chain([name], numbered) if each not in taken)


def rendition_of(
    rung: Rung,
    segments: Sequence[Segment],
    *,
    uri: str,
    head: Path,
    name: str | None = None,
    is_seen: bool,
    is_heard: bool,
) -> Rendition:
    """What came out, measured. uri: of its playlist. head: the file whose beginning says how to decode it."""
    picture = rung.source.picture if is_seen else None
    return Rendition(
        uri=uri,
        name=name or rung.name,
        segments=segments,
        size=Size(picture.width, picture.height) if picture else None,
        frames_per_second=float(rung.source.meta.get("framerate") or 0) if picture else None,
        codecs=_codecs(rung.source, head, is_seen=picture is not None, is_heard=is_heard),
    )


def segments_of(playlist: Path, rung: Rung) -> list[Segment]:
    """Those that ffmpeg has written down, with their sizes. Raises CommandFailed when there are none."""
    segments = read_segments(playlist.read_text()) if playlist.is_file() else []
    if not segments:
        raise CommandFailed(f'"{rung.origin.name}" could not be cut into segments.')
    folder = playlist.parent
    return [replace(each, size_bytes=(folder / each.uri).stat().st_size) for each in segments]


def check_length(rung: Rung, seconds: float, *, expected_seconds: float | None = None) -> None:
    """Raises InvalidInput when what came of a rung is shorter than its source, or than expected."""
    expected = rung.source.duration_seconds if expected_seconds is None else expected_seconds
    if is_shorter(seconds, than=expected):
        raise InvalidInput(
            f'"{rung.origin.name}" is damaged: '
            f"only {seconds:.0f} of its {expected:.0f} seconds could be read."
        )


def is_shorter(seconds: float, *, than: float) -> bool:
    """Whether it is so by more than the last frames, which may be measured in two ways."""
    return than - seconds > max(_MISSING_SECONDS, than * _MISSING_SHARE)


def product(path: Path, origin: InputFile, *, kind: Kind | None = None, **meta: Any) -> OutputFile:
    ending = path.suffix.removeprefix(".").lower()
    own = _KINDS.get(ending, _KINDS["m3u8"])
    return OutputFile(path=path, name=path.name, source=origin, kind=kind or own, meta=meta)


def playlist_product(path: Path, rung: Rung, rendition: Rendition, *, relative_path: str) -> OutputFile:
    """A rendition's own playlist."""
    facts: dict[str, Any] = {"bandwidth": rendition.peak_bps, "codecs": rendition.codecs}
    if rendition.size:
        facts["resolution"] = f"{rendition.size.width}x{rendition.size.height}"
    return product(path, rung.origin, relative_path=relative_path, stream=rendition.name, **facts)


def master_product(path: Path, origin: InputFile, renditions: Sequence[Rendition]) -> OutputFile:
    """The master playlist of HLS, with what a client wants to know of those it leads to."""
    playlists = []
    for each in renditions:
        folder, _, name = each.uri.rpartition("/")
        size = {"width": each.size.width, "height": each.size.height} if each.size else {}
        meta = {"relative_path": folder, "duration": round(each.duration_seconds, 3), **size}
        playlists.append({"name": name, "relative_path": folder, "stream": each.name, "meta": meta})
    return replace(product(path, origin, relative_path=""), playlists=playlists)


def _codecs(source: InputFile, head: Path, *, is_seen: bool, is_heard: bool) -> str:
    """As players want to know them; "" when one of them is not known for sure."""
    found = []
    if is_seen:
        found.append(avc_codec(_beginning(head)) if source.meta.get("video_codec") == "h264" else "")
    if is_heard and source.has_audio:
        found.append(_SOUND_CODECS.get(str(source.meta.get("audio_codec")), ""))
    return ",".join(found) if all(found) else ""


def _beginning(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(64 * 1024)
