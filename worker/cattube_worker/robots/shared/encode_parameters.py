"""Parameters shared by the robots that encode, and the encoding of one file by them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, Field

from cattube_worker.media.encode.available_filters import normalization_here
from cattube_worker.media.encode.command import QUIETLY, WITHOUT_TRACES, opened
from cattube_worker.media.encode.ffmpeg_options import merged, read_options
from cattube_worker.media.encode.output import Target
from cattube_worker.media.encode.presets import PRESETS, preset_named
from cattube_worker.media.encode.render import Workspace, run_ffmpeg
from cattube_worker.media.geometry import Size
from cattube_worker.media.inspect.probe import describe
from cattube_worker.robots.shared.input_files import InputFile


def allowed(options: dict[str, Any]) -> dict[str, Any]:
    if not has_open_values(options):
        read_options(options)
    return options


def has_open_values(value: Any) -> bool:
    """Whether a `${...}` waits in there: it is checked when it is known."""
    if isinstance(value, Mapping):
        return any(has_open_values(each) for each in value.values())
    return isinstance(value, str) and "${" in value


FFmpeg = Annotated[dict[str, Any], AfterValidator(allowed)]


def _known_preset(name: str) -> str:
    if preset_named(name) is None:
        raise ValueError(f'there is no preset "{name}" here; "web/mp4/720p" is one')
    return name


PresetName = Annotated[str, AfterValidator(_known_preset)]


def downmix(channels: int) -> tuple[str, ...]:
    """Options that make stereo of surround sound: browsers and phones differ in what else they play."""
    return ("-ac", "2") if channels > 2 else ()


class Encoding(BaseModel):
    """The parameters that say what a video is encoded to."""

    preset: PresetName | None = None
    width: int | None = Field(None, ge=1, le=7680)
    height: int | None = Field(None, ge=1, le=4320)
    ffmpeg: FFmpeg = {}

    # Accepted, and without effect: there is one ffmpeg here.
    ffmpeg_stack: str | None = None

    @property
    def asked(self) -> Mapping[str, Any]:
        """What of the `ffmpeg` object is about the encoding."""
        return self.ffmpeg

    @property
    def cuts(self) -> bool:
        """Whether only a part of a file is wanted."""
        return read_options(self.asked).cuts

    @property
    def encodes(self) -> bool:
        """Whether any of these parameters was given, so that nothing can stay as it is."""
        return bool((self.preset or "empty") != "empty" or self.width or self.height or self.asked)

    def target(self) -> Target:
        """What the parameters come to."""
        own = read_options(self.asked)
        preset = (preset_named(self.preset or "empty") if own.takes_preset else None) or PRESETS["empty"]
        keeps_sound = not own.without_audio and (preset.audio is not None or bool(own.audio))
        container = preset.container if own.ext in {None, preset.ext} else ()
        return Target(
            video=merged(preset.video, own.video, dropped=own.dropped | {"-pix_fmt"}),
            audio=merged(preset.audio or (), own.audio, dropped=own.dropped) if keeps_sound else None,
            container=merged(container, own.container),
            ext=own.ext or preset.ext,
            width=self.width or (None if self.height else preset.width),
            height=self.height or (None if self.width else preset.height),
            pixel_format=dict(zip(own.video[::2], own.video[1::2], strict=True)).get(
                "-pix_fmt", preset.pixel_format
            ),
            own=own,
        )


def encoded(robot: Encoding, source: InputFile, path: Path, workspace: Workspace) -> InputFile:
    """`source` as the robot's parameters want it, at `path`. Raises AssemblyError, Stopped."""
    target, picture = robot.target(), source.picture
    maps: list[str] = []
    if picture is not None:
        sized = target.sized(Size(picture.width, picture.height))
        filters = normalization_here(picture, workspace.tools).around(sized.filters)
        maps += ["-map", "0:V:0", "-vf", ",".join((*filters, *target.picture_filters()))]
    has_audio = source.has_audio and (target.audio is not None or picture is None)
    if has_audio:
        maps += ["-map", "0:a:0", *target.sound_filter(), *downmix(source.audio_channels)]
    run_ffmpeg(
        [
            *QUIETLY, *opened(source.path, workspace.limits), *maps, *WITHOUT_TRACES,
            *target.output(path, workspace.limits, has_audio=has_audio, seconds=source.duration_seconds),
        ],
        reads=[source.path],
        name=source.name,
        duration_seconds=target.own.part_of(source.duration_seconds),
        workspace=workspace,
    )  # fmt: skip
    return looked_at(source, path, workspace)


def looked_at(source: InputFile, path: Path, workspace: Workspace) -> InputFile:
    """`source` with the bytes at `path` and what they are."""
    facts = describe(path, name=path.name, tools=workspace.tools, limits=workspace.limits)
    return InputFile(
        path=path,
        name=source.name,
        basename=source.basename,
        ext=facts.ext,
        size_bytes=facts.size_bytes,
        type=facts.type,
        mime=facts.mime,
        meta=facts.meta,
        role=source.role,
    )
