"""/audio/encode: sound made anew, in another format."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, ClassVar

from pydantic import AfterValidator, Field

from cattube_worker.media.encode.audio_presets import AUDIO_PRESETS, AudioPreset, audio_preset_named
from cattube_worker.media.encode.command import QUIETLY, WITHOUT_TRACES, opened
from cattube_worker.media.encode.ffmpeg_options import merged, read_options
from cattube_worker.media.encode.render import Workspace, run_ffmpeg
from cattube_worker.media.errors import InvalidInput
from cattube_worker.media.inspect.formats import claims_media
from cattube_worker.robots.shared.base import WorkRobot
from cattube_worker.robots.shared.encode_parameters import FFmpeg
from cattube_worker.robots.shared.input_files import InputFile, OutputFile


def _known_preset(name: str) -> str:
    if audio_preset_named(name) is None:
        raise ValueError(f'there is no preset "{name}" here; "mp3" is one')
    return name


class AudioEncode(WorkRobot):
    """One sound for each sound, and for each video that has some; everything else is passed over.

    Source: Transloadit docs, "/audio/encode".
    """

    name: ClassVar[str] = "/audio/encode"

    preset: Annotated[str, AfterValidator(_known_preset)] | None = None
    bitrate: int | None = Field(None, ge=1, le=10_000_000)
    sample_rate: int | None = Field(None, ge=1, le=768_000)
    ffmpeg: FFmpeg = {}

    # Accepted, and without effect: there is one ffmpeg here.
    ffmpeg_stack: str | None = None

    def make(self, sources: Sequence[InputFile], workspace: Workspace) -> list[OutputFile]:
        return [self._encode(index, each, workspace) for index, each in enumerate(sources) if _sounds(each)]

    def _encode(self, index: int, source: InputFile, workspace: Workspace) -> OutputFile:
        own = read_options(self.ffmpeg)
        preset = self._preset(takes_preset=own.takes_preset)
        target = workspace.folder / f"sound-{index}"
        filters = ("-af", ",".join(own.sound_filters)) if own.sound_filters else ()
        audio = merged(preset.audio, (*self._own_audio(), *own.audio), dropped=own.dropped)
        container = merged(preset.container if own.ext is None else (), own.container)
        run_ffmpeg(
            [
                *QUIETLY, *opened(source.path, workspace.limits), "-map", "0:a:0", "-vn", *audio, *filters,
                *own.time_arguments(), *WITHOUT_TRACES, "-fs", str(workspace.limits.max_output_bytes),
                *container, f"file:{target}",
            ],
            reads=[source.path],
            name=source.name,
            duration_seconds=source.duration_seconds,
            workspace=workspace,
        )  # fmt: skip
        return OutputFile(path=target, name=f"{source.basename}.{own.ext or preset.ext}", source=source)

    def _preset(self, *, takes_preset: bool) -> AudioPreset:
        # With options of its own and no preset, nothing but those options counts.
        default = "empty" if self.ffmpeg else "mp3"
        return AUDIO_PRESETS["empty"] if not takes_preset else _named(self.preset or default)

    def _own_audio(self) -> tuple[str, ...]:
        bitrate = ("-b:a", str(self.bitrate)) if self.bitrate else ()
        return (*bitrate, "-ar", str(self.sample_rate)) if self.sample_rate else bitrate


class AudioPresetEncode(AudioEncode):
    """/video/encode with a preset for sound. What it says about pictures is about none that are left."""

    name: ClassVar[str] = "/video/encode"

    preset: Annotated[str, AfterValidator(_known_preset)] = "mp3"
    width: int | None = Field(None, ge=1)
    height: int | None = Field(None, ge=1)
    resize_strategy: str = "pad"
    zoom: bool = True
    background: str = ""
    turbo: bool = False
    chunk_duration: int | None = Field(None, ge=1)


def is_for_sound(preset: object) -> bool:
    """Whether a preset's name is one of /audio/encode alone."""
    return isinstance(preset, str) and preset != "empty" and audio_preset_named(preset) is not None


def _named(name: str) -> AudioPreset:
    return audio_preset_named(name) or AUDIO_PRESETS["mp3"]


def _sounds(source: InputFile) -> bool:
    """Whether there is sound in it. Raises InvalidInput when it only claims so."""
    if source.has_audio:
        return True
    if source.type == "audio" or (not source.meta and claims_media(source.name, declared_mime=source.mime)):
        raise InvalidInput(f'"{source.name}" holds no sound we can read.')
    return False
