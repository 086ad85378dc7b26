"""Extended metadata: known only after decoding, and added where a step's "output_meta" asks for it.

Source: Transloadit's `robots/_instructions-primitives`, "robotOutputMeta".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from cattube_worker.errors import AssemblyError
from cattube_worker.media.encode.command import guarded_input
from cattube_worker.media.geometry import Size
from cattube_worker.media.inspect.probe import probe
from cattube_worker.media.inspect.stills.placeholders import Pixels, blurhash, dominant_colors, thumbhash
from cattube_worker.media.process.run import RunResult
from cattube_worker.media.workspace import Workspace

_SMALL_SIDE = 64
_MEAN_VOLUME = re.compile(r"mean_volume: (-?\d+(?:\.\d+)?) dB")
_FIELDS = re.compile(r"Multi frame detection: TFF:\s*(\d+) BFF:\s*(\d+) Progressive:\s*(\d+)")
_FRAMES_INSPECTED = 200


class MetadataFailed(AssemblyError):
    """Metadata that a step asks for could not be read."""

    code, status = "FILE_META_DATA_ERROR", 400


@dataclass(frozen=True, kw_only=True)
class InspectedFile:
    """File whose metadata is read. meta: its metadata that needs no decoding."""

    path: Path
    type: str | None
    meta: Mapping[str, Any]
    workspace: Workspace

    @cached_property
    def small_picture(self) -> Pixels:
        """Still of the file, so small that Python can read every pixel. Raises MetadataFailed."""
        width, height = int(self.meta.get("width") or 0), int(self.meta.get("height") or 0)
        if not width or not height:
            raise MetadataFailed("The picture has no size.")
        factor = min(1, _SMALL_SIDE / max(width, height))
        size = Size(max(1, round(width * factor)), max(1, round(height * factor)))
        shrink = f"scale={size.width}:{size.height}:flags=area,format=rgba"
        result = self.run_ffmpeg("-vf", shrink, "-frames:v", "1", "-f", "rawvideo", "pipe:1")
        if len(result.output) != size.width * size.height * 4:
            raise MetadataFailed("The picture could not be read.")
        return Pixels(size, result.output)

    def run_ffmpeg(self, *arguments: str) -> RunResult:
        """Result of ffmpeg on the file, with the output these arguments ask for.

        Raises MetadataFailed, CommandTimeout.
        """
        guarded = guarded_input(self.path, self.workspace.limits)
        result = self.workspace.ask(
            ["-nostdin", "-hide_banner", "-v", "info", "-nostats", *guarded, *arguments], reads=[self.path]
        )
        if result.exit_code != 0:
            raise MetadataFailed("The file could not be read.")
        return result


def extended_metadata(file: InspectedFile, keys: Collection[str]) -> dict[str, Any]:
    """Values of those of the `keys` that apply to a file of this type. Raises MetadataFailed."""
    applicable = {name: key for name, key in EXTENDED_KEYS.items() if name in keys and key.applies_to(file)}
    values = {name: key.read(file) for name, key in applicable.items()}
    return {name: value for name, value in values.items() if value is not None}


def _is_picture(file: InspectedFile) -> bool:
    return file.type == "image"


def _is_video(file: InspectedFile) -> bool:
    return file.type == "video"


def _has_audio(file: InspectedFile) -> bool:
    return bool(file.meta.get("num_audio_streams"))


def _has_transparency(file: InspectedFile) -> bool:
    """Tell if any pixel is clear. All are read: one alone would be lost in a smaller picture."""
    filters = "format=rgba,lutrgb=a='if(lt(val,255),0,255)',alphaextract,signalstats"
    key = "lavfi.signalstats.YMIN"
    result = file.run_ffmpeg(
        "-vf", f"{filters},metadata=print:key={key}:file='pipe\\:1'", "-frames:v", "1", "-f", "null", "-"
    )
    match = re.search(rf"{key}=(\d+)".encode(), result.output)
    if match is None:
        raise MetadataFailed("The picture could not be read.")
    return int(match[1]) < 128


def _colorspace(file: InspectedFile) -> str | None:
    color_space = _video_stream(file).get("color_space")
    return None if color_space is None else str(color_space)


def _interlaced(file: InspectedFile) -> bool:
    """Tell if it is interlaced: by its stream, else by its frames."""
    declared = _video_stream(file).get("field_order", "unknown")
    if declared != "unknown":
        return bool(declared != "progressive")
    result = file.run_ffmpeg(
        "-map",
        f"0:V:{file.meta.get('video_stream', 0)}",
        "-vf",
        "idet",
        "-frames:v",
        str(_FRAMES_INSPECTED),
        "-f",
        "null",
        "-",
    )
    match = _FIELDS.search(result.errors)
    if match is None:
        raise MetadataFailed("The video could not be read.")
    top, bottom, progressive = map(int, match.groups())
    return top + bottom > progressive


def _video_stream(file: InspectedFile) -> Mapping[str, Any]:
    document = probe(file.path, tools=file.workspace.tools, limits=file.workspace.limits) or {}
    streams: list[Mapping[str, Any]] = document.get("streams", [])
    return next((stream for stream in streams if stream.get("codec_type") == "video"), {})


def _mean_volume(file: InspectedFile) -> float:
    stream = f"0:a:{file.meta.get('audio_stream', 0)}"
    result = file.run_ffmpeg("-map", stream, "-af", "volumedetect", "-f", "null", "-")
    match = _MEAN_VOLUME.search(result.errors)
    if match is None:
        raise MetadataFailed("The sound could not be read.")
    return float(match[1])


@dataclass(frozen=True)
class _Key:
    """A key of the metadata. applies_to: tells for which files. read: its value, None when unknown."""

    applies_to: Callable[[InspectedFile], bool]
    read: Callable[[InspectedFile], Any]


EXTENDED_KEYS: Mapping[str, _Key] = {
    "has_transparency": _Key(_is_picture, _has_transparency),
    "dominant_colors": _Key(_is_picture, lambda file: dominant_colors(file.small_picture)),
    "blurhash": _Key(_is_picture, lambda file: blurhash(file.small_picture)),
    "thumbhash": _Key(_is_picture, lambda file: thumbhash(file.small_picture)),
    "colorspace": _Key(_is_video, _colorspace),
    "interlaced": _Key(_is_video, _interlaced),
    "mean_volume": _Key(_has_audio, _mean_volume),
}
