"""Files made of an upload before it was whole, and the check that the whole would give the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cattube_worker.assembly_folders import remove_tree
from cattube_worker.media.inspect.video_facts import VideoFacts
from cattube_worker.robots import Robot


@dataclass(frozen=True, kw_only=True)
class StepFingerprint:
    """The work of one step. source: the step whose frames it takes; None for the file.

    copies_video, copies_audio: what is taken over as it is.
    """

    step: str
    robot: Robot
    source: str | None
    copies_video: bool = False
    copies_audio: bool = False


@dataclass(frozen=True, kw_only=True)
class PreparedOutput:
    """Files that one ffmpeg made of an upload while it arrived.

    folder: all of it lies there. md5hash: of the bytes it was given, to the last. facts: what they were
    taken for. fingerprints: what was to be done. paths: the files made, by step.
    """

    folder: Path
    md5hash: str
    facts: VideoFacts
    fingerprints: Sequence[StepFingerprint]
    paths: Mapping[str, Sequence[Path]]

    def is_of(self, md5hash: str, facts: VideoFacts, fingerprints: Sequence[StepFingerprint]) -> bool:
        """True when the same would be made now."""
        return (self.md5hash, self.facts, self.fingerprints) == (md5hash, facts, fingerprints)

    def moved_to(self, folder: Path) -> dict[str, list[Path]]:
        """The files, in `folder` from now on. Raises OSError."""
        return {
            step: [path.rename(folder / path.name) for path in paths] for step, paths in self.paths.items()
        }

    def drop(self) -> None:
        """Remove the files, so that no job takes them and no viewer watches them."""
        remove_tree(self.folder)
