"""/video/concat: videos after each other, as one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from pydantic import Field

from cattube_worker.media.encode.render import Workspace
from cattube_worker.media.errors import InvalidInput
from cattube_worker.robots.shared.base import WorkRobot
from cattube_worker.robots.shared.concat.graph import Joining
from cattube_worker.robots.shared.concat.run import Joined, join
from cattube_worker.robots.shared.input_files import InputFile, OutputFile


class VideoConcat(WorkRobot, Joined):
    """One video of all those in a bundle; what is no video is passed over.

    Source: Transloadit docs, "/video/concat".
    """

    name: ClassVar[str] = "/video/concat"

    video_fade_seconds: float = Field(1, ge=0, le=60)
    audio_fade_seconds: float = Field(1, ge=0, le=60)
    chapter_markers: bool = False

    def make(self, sources: Sequence[InputFile], workspace: Workspace) -> list[OutputFile]:
        videos = self.in_order([each for each in sources if each.picture is not None])
        if not videos:
            if any(each.type in {"video", "audio"} for each in sources):
                raise InvalidInput(
                    "There is no video among the files to join.", code="VIDEO_CONCAT_INVALID_INPUT"
                )
            return []
        joining = Joining(
            transition=self.transition,
            transition_seconds=self.transition_duration,
            video_fade_seconds=self.video_fade_seconds,
            audio_fade_seconds=self.audio_fade_seconds,
        )
        path = workspace.folder / "joined"
        made = join(self.target(), videos, joining, path, workspace, with_chapters=self.chapter_markers)
        workspace.report(1.0)
        name = f"{videos[0].basename}.{self.target().ext}"
        return [OutputFile(path=made.path, name=name, source=videos[0])]
