"""One input of /video/adaptive on its way to a rendition, and the entries about that."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import chain, count
from pathlib import Path
from typing import Any

from cattube_worker.media.encode.length import check_length
from cattube_worker.media.encode.output import Output, Words
from cattube_worker.media.errors import CommandFailed
from cattube_worker.media.geometry import Size
from cattube_worker.media.inspect.formats import Kind
from cattube_worker.media.streams.playlists import Rendition, Segment, avc_codec, read_segments
from cattube_worker.robots.shared.input_files import InputFile, OutputFile

AUDIO_KIND = Kind("audio/mp4", "audio", "mp4")
_KINDS = {
    "m3u8": Kind("application/vnd.apple.mpegurl", None, "m3u8"),
    "mpd": Kind("application/dash+xml", None, "mpd"),
    "ts": Kind("video/mp2t", "video", "ts"),
    "m4s": Kind("video/iso.segment", "video", "m4s"),
    "mp4": Kind("video/mp4", "video", "mp4"),
}
_AUDIO_CODECS = {"aac": "mp4a.40.2", "mp3": "mp4a.40.34", "opus": "opus"}
TOLERANCE_SECONDS = 1.0
# Of a playlist or manifest; one of a day in segments of a second has less.
MAX_TEXT_BYTES = 16 * 2**20


@dataclass(frozen=True, kw_only=True)
class RenditionInput:
    """A file that is ready to be packaged.

    name: of its rendition, unlike all others. origin: the input it was made of, or the file itself.
    """

    name: str
    file: InputFile
    origin: InputFile


@dataclass(frozen=True, kw_only=True)
class Packaging:
    """Settings of the packaging. segment_seconds: at least; the next key frame ends it."""

    segment_seconds: int
    master_name: str
    hls_master_name: str
    is_hls: bool
    is_single_file: bool = False
    groups_audio: bool = False
    may_have_captions: bool = True


def copied(path: Path, *, video_from: Words, audio_from: Words, container: Words) -> Output:
    """The output of streams that are packaged as they are."""
    return Output(
        path=path,
        video=("-c:v", "copy") if video_from else None,
        video_from=video_from,
        audio=("-c:a", "copy") if audio_from else None,
        audio_from=audio_from,
        container=container,
        bounds=frozenset(),
    )


def size_name(file: InputFile) -> str:
    """The usual name of a video of that size."""
    return f"{min(file.video.width, file.video.height)}p" if file.video else "audio"


def free_name(name: str, taken: Collection[str]) -> str:
    """The name, or the name with the first number that makes it unlike those taken."""
    numbered = (f"{name}_{number}" for number in count(1))
    return next(free for free in chain([name], numbered) if free not in taken)


def rendition_of(
    source: RenditionInput,
    segments: Sequence[Segment],
    *,
    uri: str,
    head: Path,
    name: str | None = None,
    has_video: bool,
    has_audio: bool,
) -> Rendition:
    """The rendition that came out, measured.

    uri: of its playlist. head: the file whose beginning says how to decode it.
    """
    facts = source.file.video if has_video else None
    return Rendition(
        uri=uri,
        name=name or source.name,
        segments=segments,
        size=Size(facts.width, facts.height) if facts else None,
        frames_per_second=float(source.file.meta.get("framerate") or 0) if facts else None,
        codecs=_codecs(source.file, head, has_video=facts is not None, has_audio=has_audio),
    )


def segments_of(playlist: Path, source: RenditionInput) -> list[Segment]:
    """Segments in a playlist of ffmpeg's, with their sizes.

    Raises CommandFailed when there are none, and when one does not lie beside the playlist: an ffmpeg that a
    broken decoder took over may name any file, and the engine reads more of them than it (M46).
    """
    segments, folder = read_segments(written_text(playlist, source)), playlist.parent
    if not segments or not all(_is_beside(folder, segment.uri) for segment in segments):
        raise not_packaged(source)
    return [replace(segment, size_bytes=(folder / segment.uri).stat().st_size) for segment in segments]


def written_text(path: Path, source: RenditionInput) -> str:
    """Text that ffmpeg wrote. Raises CommandFailed when it is not there, too long, or not in a file."""
    if path.is_symlink() or not path.is_file() or path.stat().st_size > MAX_TEXT_BYTES:
        raise not_packaged(source)
    return path.read_text(errors="replace")


def not_packaged(source: RenditionInput) -> CommandFailed:
    return CommandFailed(f'"{source.origin.name}" could not be cut into segments.')


def check_rendition(
    source: RenditionInput, rendition: Rendition, *, expected_seconds: float | None = None
) -> None:
    """Raise InvalidInput when a rendition is shorter than its source, or than expected."""
    source_seconds = source.file.duration_seconds
    check_length(
        rendition.duration_seconds,
        expected_seconds=source_seconds if expected_seconds is None else expected_seconds,
        tolerance_seconds=TOLERANCE_SECONDS,
        name=source.origin.name,
    )


def output_file(path: Path, origin: InputFile, *, kind: Kind | None = None, **meta: Any) -> OutputFile:
    ending = path.suffix.removeprefix(".").lower()
    return OutputFile(
        path=path,
        name=path.name,
        source=origin,
        kind=kind or _KINDS.get(ending, _KINDS["m3u8"]),
        meta=meta,
    )


def playlist_file(
    path: Path, source: RenditionInput, rendition: Rendition, *, relative_path: str
) -> OutputFile:
    """A rendition's own playlist."""
    meta: dict[str, Any] = {"bandwidth": rendition.peak_bps, "codecs": rendition.codecs}
    if rendition.size:
        meta["resolution"] = f"{rendition.size.width}x{rendition.size.height}"
    return output_file(path, source.origin, relative_path=relative_path, stream=rendition.name, **meta)


def master_playlist_file(path: Path, origin: InputFile, renditions: Sequence[Rendition]) -> OutputFile:
    """The master playlist of HLS, with what a client wants to know of those it leads to."""
    playlists = []
    for rendition in renditions:
        folder, _, name = rendition.uri.rpartition("/")
        size = {"width": rendition.size.width, "height": rendition.size.height} if rendition.size else {}
        meta = {"relative_path": folder, "duration": round(rendition.duration_seconds, 3), **size}
        playlists.append({"name": name, "relative_path": folder, "stream": rendition.name, "meta": meta})
    return replace(output_file(path, origin, relative_path=""), playlists=playlists)


def _is_beside(folder: Path, name: str) -> bool:
    """True when a file of the folder itself has that name."""
    path = folder / name
    return path.name == name and path.is_file() and not path.is_symlink()


def _codecs(source: InputFile, head: Path, *, has_video: bool, has_audio: bool) -> str:
    """Codecs as RFC 6381 writes them; "" when one of them is not known for sure."""
    codecs = []
    if has_video:
        codecs.append(avc_codec(_beginning(head)) if source.meta.get("video_codec") == "h264" else "")
    if has_audio and source.has_audio:
        codecs.append(_AUDIO_CODECS.get(str(source.meta.get("audio_codec")), ""))
    return ",".join(codecs) if all(codecs) else ""


def _beginning(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(64 * 1024)
