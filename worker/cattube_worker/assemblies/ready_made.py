"""Files made of an upload before it was whole, and when they may stand for those made of the whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cattube_worker.media.metadata import Picture
from cattube_worker.robots import MediaRobot

Robots = Sequence[tuple[str, MediaRobot, str | None]]


@dataclass(frozen=True, kw_only=True)
class ReadyMade:
    """What one ffmpeg made of an upload while it arrived.

    md5hash: of the bytes it was given, to the last. picture: what they were taken for. robots: what was to be
    done, as `robots_of` says it. paths: the files made, by step.
    """

    md5hash: str
    picture: Picture
    robots: Robots
    paths: Mapping[str, Sequence[Path]]

    def is_of(self, md5hash: str, picture: Picture, robots: Robots) -> bool:
        """Whether the same would be made now."""
        return (self.md5hash, self.picture, self.robots) == (md5hash, picture, robots)

    def moved_to(self, folder: Path) -> dict[str, list[Path]]:
        """The files, in `folder` from now on. Raises OSError."""
        return {
            step: [path.rename(folder / path.name) for path in paths] for step, paths in self.paths.items()
        }
