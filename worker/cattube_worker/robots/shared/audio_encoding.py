"""The encoding of sound: its parameters, and the robots that encode one sound after another."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel, Field

from cattube_worker.media.encode.command import Command, FileInput
from cattube_worker.media.encode.output import Output, Words
from cattube_worker.media.encode.presets import AUDIO_PRESETS, Preset, preset_named
from cattube_worker.media.encode.render import render
from cattube_worker.media.encode.source import sound_source
from cattube_worker.media.encode.step_options.ffmpeg_options import FFmpegOptions, merged
from cattube_worker.media.encode.step_options.options_reader import read_options
from cattube_worker.media.errors import InvalidInput
from cattube_worker.media.inspect.formats import claims_media
from cattube_worker.media.workspace import Workspace
from cattube_worker.robots.shared.encode_parameters import AudioPresetName, FFmpeg
from cattube_worker.robots.shared.file_robot import FileRobot
from cattube_worker.robots.shared.input_files import InputFile, OutputFile


class AudioParameters(BaseModel):
    """The parameters that say what a sound is encoded to."""

    preset: AudioPresetName | None = None
    bitrate: int | None = Field(None, ge=1, le=10_000_000)
    sample_rate: int | None = Field(None, ge=1, le=768_000)
    ffmpeg: FFmpeg = {}

    # Accepted, and without effect: there is one ffmpeg here.
    ffmpeg_stack: str | None = None

    def output(self, path: Path) -> Output:
        """The output that the parameters come to, at `path`."""
        options = read_options(self.ffmpeg)
        preset = self._preset(takes_preset=options.takes_preset)
        return Output(
            path=path,
            ext=options.ext or preset.ext,
            audio=self._audio(preset, options),
            container=merged(preset.container if options.ext is None else (), options.container),
            audio_filters=options.audio_filters,
            starts_at_seconds=options.starts_at_seconds,
            lasts_seconds=options.lasts_seconds,
            ends_at_seconds=options.ends_at_seconds,
            bounds=frozenset({"bytes"}),
        )

    def _preset(self, *, takes_preset: bool) -> Preset:
        # With options of its own and no preset, nothing but those options counts.
        default = "empty" if self.ffmpeg else "mp3"
        if not takes_preset:
            return AUDIO_PRESETS["empty"]
        return preset_named(self.preset or default, AUDIO_PRESETS) or AUDIO_PRESETS["mp3"]

    def _audio(self, preset: Preset, options: FFmpegOptions) -> Words:
        bitrate = ("-b:a", str(self.bitrate)) if self.bitrate else ()
        sample_rate = ("-ar", str(self.sample_rate)) if self.sample_rate else ()
        step_options = (*bitrate, *sample_rate, *options.audio)
        return merged(preset.audio or (), step_options, dropped=options.dropped)


class AudioEncoding(FileRobot, AudioParameters):
    """One sound for each sound, and for each video that has some; everything else is passed over."""

    def make(self, files: Sequence[InputFile], workspace: Workspace) -> list[OutputFile]:
        return [self._encode(index, file, workspace) for index, file in enumerate(files) if has_sound(file)]

    def _encode(self, index: int, file: InputFile, workspace: Workspace) -> OutputFile:
        output = self.output(workspace.folder / f"sound-{index}")
        output = output.from_source(sound_source(file.meta), filters=())
        render(
            Command(inputs=[FileInput(file.path)], outputs=[output]),
            name=file.name,
            duration_seconds=file.duration_seconds,
            workspace=workspace,
        )
        return OutputFile(path=output.path, name=f"{file.basename}.{output.ext}", source=file)


def is_for_audio(preset: object) -> bool:
    """True when a preset's name is one for sound alone."""
    is_name = isinstance(preset, str) and preset != "empty"
    return is_name and preset_named(str(preset), AUDIO_PRESETS) is not None


def has_sound(file: InputFile) -> bool:
    """True when there is sound in it. Raises InvalidInput when it only claims so."""
    if file.has_audio:
        return True
    if file.type == "audio" or (not file.meta and claims_media(file.name, declared_mime=file.mime)):
        raise InvalidInput(f'"{file.name}" holds no sound we can read.')
    return False
