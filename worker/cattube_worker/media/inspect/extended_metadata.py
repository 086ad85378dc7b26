"""What is known of a file only after decoding it: told where a step's "output_meta" asks for it.

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
from cattube_worker.media.encode.command import opened
from cattube_worker.media.geometry import Size
from cattube_worker.media.inspect.placeholders import Pixels, blurhash, dominant_colors, thumbhash
from cattube_worker.media.inspect.probe import probe
from cattube_worker.media.process.limits import Limits
from cattube_worker.media.process.run import Finished, run
from cattube_worker.media.process.tools import Tools

_LONGEST_SIDE = 64
_MEAN_VOLUME = re.compile(r"mean_volume: (-?\d+(?:\.\d+)?) dB")
_FIELDS = re.compile(r"Multi frame detection: TFF:\s*(\d+) BFF:\s*(\d+) Progressive:\s*(\d+)")
_FRAMES_LOOKED_AT = 200


class MetaFailed(AssemblyError):
    """What a step wants to know of a file could not be found out."""

    code, status = "FILE_META_DATA_ERROR", 400


@dataclass(frozen=True, kw_only=True)
class Subject:
    """The file that is asked about. meta: what is known of it without decoding."""

    path: Path
    type: str | None
    meta: Mapping[str, Any]
    tools: Tools
    limits: Limits

    @cached_property
    def small(self) -> Pixels:
        """A still, so small that Python can look at every pixel. Raises MetaFailed."""
        width, height = int(self.meta.get("width") or 0), int(self.meta.get("height") or 0)
        if not width or not height:
            raise MetaFailed("The picture has no size.")
        factor = min(1, _LONGEST_SIDE / max(width, height))
        size = Size(max(1, round(width * factor)), max(1, round(height * factor)))
        shrunk = f"scale={size.width}:{size.height}:flags=area,format=rgba"
        said = self.ask("-vf", shrunk, "-frames:v", "1", "-f", "rawvideo", "pipe:1")
        if len(said.output) != size.width * size.height * 4:
            raise MetaFailed("The picture could not be read.")
        return Pixels(size, said.output)

    def ask(self, *arguments: str) -> Finished:
        """What ffmpeg says of the file. Raises MetaFailed, CommandTimeout."""
        said = run(
            self.tools.ffmpeg,
            [
                "-nostdin",
                "-hide_banner",
                "-v",
                "info",
                "-nostats",
                *opened(self.path, self.limits),
                *arguments,
            ],
            sandbox=self.tools.sandbox,
            limits=self.limits,
            timeout_seconds=self.limits.wall_clock_seconds,
            reads=[self.path],
        )
        if said.exit_code != 0:
            raise MetaFailed("The file could not be read.")
        return said


def extended_metadata(subject: Subject, wanted: Collection[str]) -> dict[str, Any]:
    """Those of the `wanted` keys that mean something for a file of this type. Raises MetaFailed."""
    asked = (name for name in EXTENDED_KEYS if name in wanted and EXTENDED_KEYS[name].is_told_of(subject))
    found = {name: EXTENDED_KEYS[name].find(subject) for name in asked}
    return {name: value for name, value in found.items() if value is not None}


def _is_picture(subject: Subject) -> bool:
    return subject.type == "image"


def _is_video(subject: Subject) -> bool:
    return subject.type == "video"


def _sounds(subject: Subject) -> bool:
    return bool(subject.meta.get("num_audio_streams"))


def _has_transparency(subject: Subject) -> bool:
    """Each pixel is looked at: one that is clear would be lost in a smaller picture."""
    clear = "format=rgba,lutrgb=a='if(lt(val,255),0,255)',alphaextract,signalstats"
    key = "lavfi.signalstats.YMIN"
    said = subject.ask(
        "-vf", f"{clear},metadata=print:key={key}:file='pipe\\:1'", "-frames:v", "1", "-f", "null", "-"
    )
    found = re.search(rf"{key}=(\d+)".encode(), said.output)
    if found is None:
        raise MetaFailed("The picture could not be read.")
    return int(found[1]) < 128


def _colorspace(subject: Subject) -> str | None:
    found = _video_stream(subject).get("color_space")
    return None if found is None else str(found)


def _interlaced(subject: Subject) -> bool:
    """As the stream says, else as its pictures look."""
    declared = _video_stream(subject).get("field_order", "unknown")
    if declared != "unknown":
        return bool(declared != "progressive")
    said = subject.ask("-map", "0:V:0", "-vf", "idet", "-frames:v", str(_FRAMES_LOOKED_AT), "-f", "null", "-")
    found = _FIELDS.search(said.errors)
    if found is None:
        raise MetaFailed("The video could not be read.")
    top, bottom, progressive = map(int, found.groups())
    return top + bottom > progressive


def _video_stream(subject: Subject) -> Mapping[str, Any]:
    document = probe(subject.path, tools=subject.tools, limits=subject.limits) or {}
    streams: list[Mapping[str, Any]] = document.get("streams", [])
    return next((each for each in streams if each.get("codec_type") == "video"), {})


def _mean_volume(subject: Subject) -> float:
    said = subject.ask("-map", "0:a:0", "-af", "volumedetect", "-f", "null", "-")
    found = _MEAN_VOLUME.search(said.errors)
    if found is None:
        raise MetaFailed("The sound could not be read.")
    return float(found[1])


@dataclass(frozen=True)
class _Key:
    """is_told_of: whether it means something for that file. find: None where it stays unknown."""

    is_told_of: Callable[[Subject], bool]
    find: Callable[[Subject], Any]


EXTENDED_KEYS: Mapping[str, _Key] = {
    "has_transparency": _Key(_is_picture, _has_transparency),
    "dominant_colors": _Key(_is_picture, lambda subject: dominant_colors(subject.small)),
    "blurhash": _Key(_is_picture, lambda subject: blurhash(subject.small)),
    "thumbhash": _Key(_is_picture, lambda subject: thumbhash(subject.small)),
    "colorspace": _Key(_is_video, _colorspace),
    "interlaced": _Key(_is_video, _interlaced),
    "mean_volume": _Key(_sounds, _mean_volume),
}
