"""Files as robots see them: what they are given, and what they say they made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cattube_worker.media.inspect.formats import Kind
from cattube_worker.media.inspect.metadata import VideoFacts


@dataclass(frozen=True, kw_only=True, eq=False)
class InputFile:
    """One input; no two are the same one.

    role: what the instructions call it with "as". type, mime: as its bytes say.
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

    @property
    def picture(self) -> VideoFacts | None:
        """What there is to see, when it moves."""
        if self.type == "image" and self.mime != "image/gif":
            return None
        return VideoFacts.from_meta(self.meta)

    @property
    def has_audio(self) -> bool:
        return bool(self.meta.get("num_audio_streams"))

    @property
    def audio_channels(self) -> int:
        """Of the first sound; 0 when unknown."""
        return int(self.meta.get("audio_channels") or 0)

    @property
    def duration_seconds(self) -> float:
        """0 when unknown."""
        return float(self.meta.get("duration") or 0)


@dataclass(frozen=True, kw_only=True)
class OutputFile:
    """One file that was made.

    source: the input whose origin it inherits. kind: None has the file looked at; pieces that are no file of
    their own, such as segments, say what they are. playlists: those a master playlist leads to.
    """

    path: Path
    name: str
    source: InputFile
    kind: Kind | None = None
    meta: Mapping[str, Any] = field(default_factory=dict)
    playlists: Sequence[Mapping[str, Any]] = ()


def in_role(sources: Sequence[InputFile], *roles: str) -> list[InputFile]:
    """The sources of these roles, "video_2" being one of "video" and coming before "video_10"."""
    found = [
        (_number(each.role), each)
        for each in sources
        if each.role is not None and each.role.rstrip("0123456789").rstrip("_") in roles
    ]
    return [each for _, each in sorted(found, key=lambda pair: pair[0])]


def _number(role: str | None) -> int:
    digits = (role or "").rpartition("_")[2]
    return int(digits[:9]) if digits.isdecimal() else 0
