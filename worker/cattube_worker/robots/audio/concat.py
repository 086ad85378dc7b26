"""/audio/concat: sounds after each other, as one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from pydantic import Field

from cattube_worker.media.audio.graphs import audio_concat, fade_between
from cattube_worker.media.encode.command import Command, FileInput
from cattube_worker.media.encode.render import render
from cattube_worker.media.errors import InvalidInput
from cattube_worker.media.workspace import Workspace
from cattube_worker.robots.audio.plain_sound import PlainSound, channels_of, check_total, plain_sounds
from cattube_worker.robots.shared.audio_encoding import AudioParameters, has_sound
from cattube_worker.robots.shared.file_robot import FileRobot
from cattube_worker.robots.shared.input_files import InputFile, Ordered, OutputFile

MOST_INPUTS = 200
_USUAL_CROSSFADE_SECONDS = 1


class AudioConcat(FileRobot, Ordered, AudioParameters):
    """One sound of all those in a bundle; what has no sound is passed over.

    Source: Transloadit's `robots/audio-concat`.
    """

    name: ClassVar[str] = "/audio/concat"

    audio_fade_seconds: float = Field(1, ge=0, le=60)
    crossfade: bool = False

    def make(self, files: Sequence[InputFile], workspace: Workspace) -> list[OutputFile]:
        sounds = self.in_order([file for file in files if has_sound(file)], role="audio")
        if not sounds:
            if any(file.type in {"video", "audio"} for file in files):
                raise InvalidInput(
                    "There is no sound among the files to join.", code=self.error_code("INVALID_INPUT")
                )
            return []
        if len(sounds) > MOST_INPUTS:
            raise InvalidInput(f"{len(sounds)} sounds are too many to join: {MOST_INPUTS} are allowed.")
        parts = self._plain(sounds, workspace)
        output = self.output(workspace.folder / "joined")
        graph = audio_concat(
            [part.seconds for part in parts],
            fade_seconds=self._fade_seconds,
            overlaps=self.crossfade,
            filters=output.audio_filters,
        )
        render(
            Command(
                inputs=[FileInput(part.path) for part in parts],
                outputs=[replace(output, audio_from=("[sound]",), audio_filters=())],
                graph=graph,
            ),
            name=sounds[0].name,
            duration_seconds=sum(part.seconds for part in parts),
            workspace=workspace,
        )
        workspace.report(1.0)
        return [OutputFile(path=output.path, name=f"{sounds[0].basename}.{output.ext}", source=sounds[0])]

    @property
    def _fade_seconds(self) -> float:
        if self.crossfade and not self.audio_fade_seconds:
            return _USUAL_CROSSFADE_SECONDS
        return self.audio_fade_seconds

    def _plain(self, sounds: Sequence[InputFile], workspace: Workspace) -> list[PlainSound]:
        """The sounds decoded, as long as they are not too long together."""
        parts: list[PlainSound] = []
        for sound in plain_sounds(sounds, workspace, channels=channels_of(*sounds)):
            parts.append(sound)
            check_total(self._total([part.seconds for part in parts]), workspace, verb="Joined")
        return parts

    def _total(self, lengths: Sequence[float]) -> float:
        if not self.crossfade:
            return sum(lengths)
        fades = (
            fade_between(lengths, index, fade_seconds=self._fade_seconds) for index in range(1, len(lengths))
        )
        return sum(lengths) - sum(fades)
