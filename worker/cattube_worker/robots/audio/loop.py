"""/audio/loop: a sound repeated until it has a length."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from pydantic import Field

from cattube_worker.media.encode.command import Command, FileInput
from cattube_worker.media.encode.render import render
from cattube_worker.media.workspace import Workspace
from cattube_worker.robots.audio.plain_sound import channels_of, check_total, plain_sound
from cattube_worker.robots.shared.audio_encoding import AudioParameters, has_sound
from cattube_worker.robots.shared.file_robot import FileRobot
from cattube_worker.robots.shared.input_files import InputFile, OutputFile


class AudioLoop(FileRobot, AudioParameters):
    """One sound for each sound, and for each video that has some; everything else is passed over.

    Source: Transloadit's `robots/audio-loop`.
    """

    name: ClassVar[str] = "/audio/loop"

    duration: float = Field(60, gt=0, le=1_000_000)

    def make(self, files: Sequence[InputFile], workspace: Workspace) -> list[OutputFile]:
        check_total(self.duration, workspace, verb="Repeated")
        return [self._loop(index, file, workspace) for index, file in enumerate(files) if has_sound(file)]

    def _loop(self, index: int, file: InputFile, workspace: Workspace) -> OutputFile:
        once = plain_sound(
            file,
            workspace.folder / f"once-{index}",
            workspace,
            channels=channels_of(file),
            most_seconds=self.duration,
        )
        output = self.output(workspace.folder / f"looped-{index}")
        # The end is for the input: a part that the step wants is one of the whole.
        repeated = FileInput(once.path, ("-stream_loop", "-1", "-t", f"{self.duration:.6f}"))
        render(
            Command(inputs=[repeated], outputs=[output]),
            name=file.name,
            duration_seconds=self.duration,
            workspace=workspace,
        )
        once.path.unlink()
        return OutputFile(path=output.path, name=f"{file.basename}.{output.ext}", source=file)
