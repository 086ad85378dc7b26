"""/video/concat: videos after each other, as one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from pydantic import Field

from cattube_worker.media.errors import InvalidInput
from cattube_worker.media.workspace import Workspace
from cattube_worker.robots.shared.concat.graph import Concat
from cattube_worker.robots.shared.concat.run import ConcatParameters, concat_files
from cattube_worker.robots.shared.file_robot import FileRobot
from cattube_worker.robots.shared.input_files import InputFile, OutputFile


class VideoConcat(FileRobot, ConcatParameters):
    """One video of all those in a bundle; what is no video is passed over.

    Source: Transloadit docs, "/video/concat".
    """

    name: ClassVar[str] = "/video/concat"

    video_fade_seconds: float = Field(1, ge=0, le=60)
    audio_fade_seconds: float = Field(1, ge=0, le=60)
    chapter_markers: bool = False

    def make(self, files: Sequence[InputFile], workspace: Workspace) -> list[OutputFile]:
        videos = self.in_order([file for file in files if file.video is not None])
        if not videos:
            if any(file.type in {"video", "audio"} for file in files):
                raise InvalidInput(
                    "There is no video among the files to join.", code=self.error_code("INVALID_INPUT")
                )
            return []
        joined = concat_files(
            self,
            videos,
            Concat(
                transition=self.transition,
                transition_seconds=self.transition_duration,
                video_fade_seconds=self.video_fade_seconds,
                audio_fade_seconds=self.audio_fade_seconds,
            ),
            workspace.folder / "joined",
            workspace,
            with_chapters=self.chapter_markers,
        )
        workspace.report(1.0)
        return [OutputFile(path=joined.path, name=f"{videos[0].basename}.{self.ext}", source=videos[0])]
