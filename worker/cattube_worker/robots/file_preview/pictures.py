"""Ways to get a picture of a file. Each gives a PNG or JPEG of any size, or nothing where it has none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from cattube_worker.media.audio.peaks import (
    STRETCHES_A_COLUMN,
    USUAL_RATE,
    Listening,
    measure_peaks,
    samples_in_each,
)
from cattube_worker.media.audio.waveform import WaveformStyle, waveform_png
from cattube_worker.media.colors import rgba
from cattube_worker.media.encode.command import Command, FileInput
from cattube_worker.media.encode.filters.normalization import normalization_with
from cattube_worker.media.encode.output import Output, Words
from cattube_worker.media.encode.render import check_limits, render, written_files
from cattube_worker.media.encode.source import sound_source
from cattube_worker.media.geometry import Size
from cattube_worker.media.inspect.stills.exif import orientation
from cattube_worker.media.inspect.stills.image_size import picture_size
from cattube_worker.media.stills.size import StillResize
from cattube_worker.media.workspace import Workspace
from cattube_worker.robots.file_preview.parameters import PreviewParameters
from cattube_worker.robots.shared.input_files import InputFile

_PNG = ("-c:v", "png", "-f", "image2pipe")
# The first seconds are often black, or a title.
_SHARE_OF_FRAME = 0.1
# Of so many frames, the one that differs least from what most of them show is taken.
_FRAMES_COMPARED = 50


@dataclass(frozen=True)
class Picture:
    """A picture, and how it is held (see exif.py)."""

    path: Path
    size: Size
    orientation: int = 1


Way = Callable[[InputFile, PreviewParameters, Path, Workspace], Picture | None]


def image(file: InputFile, parameters: PreviewParameters, path: Path, workspace: Workspace) -> Picture | None:
    """The image itself."""
    if file.type != "image" or not file.meta.get("width"):
        return None
    return Picture(file.path, file.still_size(workspace.limits), orientation(file.path))


def artwork(
    file: InputFile, parameters: PreviewParameters, path: Path, workspace: Workspace
) -> Picture | None:
    """The cover that comes with a song or a film."""
    if not file.meta.get("has_artwork"):
        return None
    # Covers are kept behind all that plays.
    index = int(file.meta.get("num_video_streams") or 0)
    output = _still(path, video_from=(f"0:v:{index}",))
    return _rendered(FileInput(file.path), output, file, workspace)


def frame(file: InputFile, parameters: PreviewParameters, path: Path, workspace: Workspace) -> Picture | None:
    """A telling frame of a video."""
    facts = file.video
    if facts is None:
        return None
    check_limits(facts, name=file.name, limits=workspace.limits)
    size = StillResize(
        width=parameters.width, height=parameters.height, strategy="min_fit", may_enlarge=False
    ).size(Size(facts.width, facts.height))
    scaling = (f"scale={size.width}:{size.height}", "setsar=1")
    filters = (
        *normalization_with(facts, workspace.tools).around(scaling),
        f"thumbnail=n={_FRAMES_COMPARED}",
        "format=rgb24",
    )
    output = _still(path, filters=filters)
    start = FileInput(file.path, starts_at_seconds=facts.duration_seconds * _SHARE_OF_FRAME)
    return _rendered(start, output, file, workspace) or _rendered(
        FileInput(file.path), output, file, workspace
    )


def waveform(
    file: InputFile, parameters: PreviewParameters, path: Path, workspace: Workspace
) -> Picture | None:
    """The waveform of a sound."""
    if not file.has_audio:
        return None
    rate = int(file.meta.get("audio_samplerate") or USUAL_RATE)
    size = Size(parameters.waveform_width, parameters.waveform_height)
    stretches = size.width * STRETCHES_A_COLUMN
    (channel,) = measure_peaks(
        file.path,
        Listening(
            sample_rate=rate,
            samples_each=samples_in_each(stretches, seconds=file.duration_seconds, sample_rate=rate),
        ),
        source=sound_source(file.meta),
        name=file.name,
        duration_seconds=file.duration_seconds,
        workspace=workspace,
    )
    style = WaveformStyle(
        background=(0, 0, 0, 0),
        center=rgba(parameters.waveform_center_color),
        outer=rgba(parameters.waveform_outer_color),
        is_smooth=True,
    )
    path.write_bytes(waveform_png([channel.fitted(size.width)], size, style))
    return Picture(path, size)


def _nothing(file: InputFile, parameters: PreviewParameters, path: Path, workspace: Workspace) -> None:
    """What cannot be had here: pages of documents and of the web."""


WAYS: Mapping[str, Way] = {
    "artwork": artwork,
    "frame": frame,
    "image": image,
    "page": _nothing,
    "render": _nothing,
    "waveform": waveform,
}


def _still(path: Path, *, video_from: Words = ("0:V:0",), filters: Words = ()) -> Output:
    return Output(
        path=path,
        video=_PNG,
        video_from=video_from,
        filters=filters,
        frame_count=1,
        bounds=frozenset({"bytes"}),
    )


def _rendered(source: FileInput, output: Output, file: InputFile, workspace: Workspace) -> Picture | None:
    render(
        Command(inputs=[source], outputs=[output]), name=file.name, duration_seconds=0, workspace=workspace
    )
    size = picture_size(output.path) if written_files(output) else None
    return None if size is None else Picture(output.path, size)
