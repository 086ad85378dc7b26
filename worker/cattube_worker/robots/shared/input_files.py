"""Files as robots see them: what they are given, and what they say they made."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel

from cattube_worker.media.encode.render import too_many_pixels
from cattube_worker.media.encode.source import Source, sound_source, source_of
from cattube_worker.media.errors import InvalidInput
from cattube_worker.media.file_facts import FileFacts
from cattube_worker.media.geometry import Size
from cattube_worker.media.inspect.formats import Kind, ending_of
from cattube_worker.media.inspect.video_facts import VideoFacts
from cattube_worker.media.process.limits import Limits
from cattube_worker.robots.shared.filter_robot import Read

# What the instructions may call an image with "as".
WATERMARK_ROLE, IMAGE_ROLE = "watermark", "image"


def as_written(value: Any) -> Any:
    """The text itself, where nothing is known of its variables."""
    return value


@dataclass(frozen=True, kw_only=True, eq=False)
class InputFile:
    """One input; no two are the same one.

    role: what the instructions call it with "as". type, mime: as its bytes say.
    read: reads a text with variables about this file.
    """

    path: Path
    name: str
    basename: str
    ext: str = ""
    size_bytes: int = 0
    type: str | None = None
    mime: str | None = None
    meta: Mapping[str, Any] = field(default_factory=dict)
    role: str | None = None
    read: Read = as_written

    @classmethod
    def of(cls, path: Path, facts: FileFacts, *, name: str, basename: str, role: str | None) -> InputFile:
        """The file at `path`, as its bytes say."""
        return cls(
            path=path,
            name=name,
            basename=basename,
            ext=facts.ext,
            size_bytes=facts.size_bytes,
            type=facts.type,
            mime=facts.mime,
            meta=facts.meta,
            role=role,
        )

    @property
    def ending(self) -> str:
        """The extension of its name, without its dot, in lower case; that of its kind where it has none."""
        return ending_of(self.name) or self.ext

    @property
    def video(self) -> VideoFacts | None:
        """Facts about the video in it; None for a still and for what has no video."""
        if self.type == "image" and self.mime != "image/gif":
            return None
        return VideoFacts.from_meta(self.meta)

    @property
    def source(self) -> Source:
        """The streams that are taken of it, and the filters they go through first."""
        return sound_source(self.meta) if self.video is None else source_of(self.video)

    @property
    def has_audio(self) -> bool:
        return bool(self.meta.get("num_audio_streams"))

    @property
    def audio_channels(self) -> int:
        """Channels of the first audio stream; 0 when unknown."""
        return int(self.meta.get("audio_channels") or 0)

    @property
    def duration_seconds(self) -> float:
        """Duration of the file; 0 when unknown."""
        return float(self.meta.get("duration") or 0)

    def still_size(self, limits: Limits) -> Size:
        """The size of a still. Raises InvalidInput when it has none, or too large a one."""
        width, height = int(self.meta.get("width") or 0), int(self.meta.get("height") or 0)
        if not width or not height:
            raise InvalidInput(f'"{self.name}" is not a picture we can read.')
        if width * height > limits.max_pixels:
            raise InvalidInput(too_many_pixels(self.name, Size(width, height), limits))
        return Size(width, height)


@dataclass(frozen=True, kw_only=True)
class OutputFile:
    """One file that was made.

    source: the input whose origin it inherits. kind: None has the file described; pieces that are no file of
    their own, such as segments, say what they are. playlists: those a master playlist leads to.
    """

    path: Path
    name: str
    source: InputFile
    kind: Kind | None = None
    meta: Mapping[str, Any] = field(default_factory=dict)
    playlists: Sequence[Mapping[str, Any]] = ()


def link_or_copy(source: Path, target: Path) -> None:
    """Put the bytes of `source` at `target`, by a link where the disk has any."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def in_role(files: Sequence[InputFile], *roles: str) -> list[InputFile]:
    """The files of these roles, "video_2" being one of "video" and coming before "video_10"."""
    numbered = [
        (_number(file.role), file)
        for file in files
        if file.role is not None and file.role.rstrip("0123456789").rstrip("_") in roles
    ]
    return [file for _, file in sorted(numbered, key=lambda pair: pair[0])]


class Ordered(BaseModel):
    """The parameter that says in which order a robot takes the files of a bundle."""

    sort_by: Literal["basename", "import_order", "auto"] = "basename"

    def in_order(self, files: Sequence[InputFile], *, role: str = "video") -> list[InputFile]:
        """Files by their numbered roles, else by name as people count: "part 2" before "part 10"."""
        numbered = in_role(files, role)
        if numbered:
            return [
                *in_role(files, "pre_roll"),
                *numbered,
                *[file for file in files if file.role is None],
                *in_role(files, "post_roll"),
            ]
        return list(files) if self.sort_by == "import_order" else sorted(files, key=_as_people_count)


def _number(role: str | None) -> int:
    digits = (role or "").rpartition("_")[2]
    return int(digits[:9]) if digits.isdecimal() else 0


def _as_people_count(file: InputFile) -> list[tuple[bool, int, str]]:
    words = re.findall(r"\d+|\D+", file.basename.lower())
    return [(not word.isdecimal(), int(word[:18]) if word.isdecimal() else 0, word) for word in words]
