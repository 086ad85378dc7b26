"""/audio/merge: sounds that are heard at once, as one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import ClassVar, Literal

from cattube_worker.media.audio.graphs import MixLength, audio_mix
from cattube_worker.media.encode.command import Command, FileInput
from cattube_worker.media.encode.render import render
from cattube_worker.media.encode.source import FIRST_STREAMS
from cattube_worker.media.errors import InvalidInput
from cattube_worker.media.workspace import Workspace
from cattube_worker.robots.audio.plain_sound import PlainSound, channels_of, plain_sounds
from cattube_worker.robots.shared.audio_encoding import AudioParameters, has_sound
from cattube_worker.robots.shared.file_robot import FileRobot
from cattube_worker.robots.shared.input_files import InputFile, OutputFile, in_role

MOST_INPUTS = 50


class AudioMerge(FileRobot, AudioParameters):
    """One sound of all those in a bundle; what has no sound is passed over.

    Source: Transloadit's `robots/audio-merge`.
    """

    name: ClassVar[str] = "/audio/merge"

    duration: MixLength = "longest"
    loop: bool = False
    volume: Literal["average", "sum"] = "average"

    def make(self, files: Sequence[InputFile], workspace: Workspace) -> list[OutputFile]:
        sounds = _in_order([file for file in files if has_sound(file)])
        if not sounds:
            return []
        if len(sounds) > MOST_INPUTS:
            raise InvalidInput(f"{len(sounds)} sounds are too many to merge: {MOST_INPUTS} are allowed.")
        parts = list(plain_sounds(sounds, workspace, channels=channels_of(*sounds)))
        seconds = _LENGTHS[self.duration]([part.seconds for part in parts])
        output = self.output(workspace.folder / "merged")
        graph = audio_mix(
            dict.fromkeys(range(len(parts)), FIRST_STREAMS),
            volume=1 / len(parts) if self.volume == "average" else 1,
            length=self.duration,
            form="anull",
            filters=output.audio_filters,
        )
        render(
            Command(
                inputs=[FileInput(part.path, self._looping(part, seconds)) for part in parts],
                outputs=[replace(output, audio_from=("[sound]",), audio_filters=())],
                graph=graph,
            ),
            name=sounds[0].name,
            duration_seconds=seconds,
            workspace=workspace,
        )
        workspace.report(1.0)
        return [OutputFile(path=output.path, name=f"{sounds[0].basename}.{output.ext}", source=sounds[0])]

    def _looping(self, part: PlainSound, seconds: float) -> tuple[str, ...]:
        """Options that repeat an input which is shorter than the whole, up to its end."""
        is_repeated = self.loop and part.seconds < seconds
        return ("-stream_loop", "-1", "-t", f"{seconds:.6f}") if is_repeated else ()


def _in_order(sounds: Sequence[InputFile]) -> list[InputFile]:
    """Those that the instructions number come first, by their numbers."""
    numbered = in_role(sounds, "audio")
    return [*numbered, *(file for file in sounds if file not in numbered)]


_LENGTHS: dict[MixLength, Callable[[Sequence[float]], float]] = {
    "first": lambda lengths: lengths[0],
    "longest": max,
    "shortest": min,
}
