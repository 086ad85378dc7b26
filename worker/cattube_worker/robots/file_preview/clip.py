"""Some seconds of a video, as a picture that moves."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from cattube_worker.media.encode.command import Command, FileInput
from cattube_worker.media.encode.filters.normalization import normalization_with
from cattube_worker.media.encode.output import Output, Words
from cattube_worker.media.encode.render import check_limits, render
from cattube_worker.media.geometry import Size
from cattube_worker.media.inspect.formats import Kind
from cattube_worker.media.inspect.metadata import still_meta
from cattube_worker.media.workspace import Workspace
from cattube_worker.robots.file_preview.parameters import PreviewParameters
from cattube_worker.robots.shared.input_files import InputFile, OutputFile

# Encoders of pictures that move, for ever or once; each counts the rounds in its own way.
_ENCODERS: dict[str, Callable[[bool], Words]] = {
    "apng": lambda loops: ("-c:v", "apng", "-plays", "0" if loops else "1", "-f", "apng"),
    "gif": lambda loops: ("-c:v", "gif", "-loop", "0" if loops else "-1", "-f", "gif"),
    "webp": lambda loops: ("-c:v", "libwebp_anim", "-loop", "0" if loops else "1", "-f", "webp"),
}
_ENDINGS = {"apng": "png", "gif": "gif", "webp": "webp"}


def cut_clip(
    file: InputFile, parameters: PreviewParameters, path: Path, workspace: Workspace
) -> OutputFile | None:
    """The clip at `path`; None where there is no video, or none from there on.

    Raises InvalidInput, CommandFailed, CommandTimeout, Stopped.
    """
    facts = file.video
    if facts is None or parameters.clip_offset >= facts.duration_seconds:
        return None
    check_limits(facts, name=file.name, limits=workspace.limits)
    size = Size(facts.width, facts.height)
    plain = (
        f"scale={size.width}:{size.height}",
        "setsar=1",
        f"fps={parameters.clip_framerate}",
        "format=rgba",
    )
    filters = normalization_with(facts, workspace.tools).around(plain)
    form, resize = parameters.clip_format, parameters.resize
    output = Output(
        path=path,
        ext=_ENDINGS[form],
        video=_ENCODERS[form](parameters.clip_loop),
        filters=(*filters, *resize.filters(size)),
        lasts_seconds=parameters.clip_duration,
        bounds=frozenset({"duration", "bytes"}),
    )
    render(
        Command(inputs=[FileInput(file.path, starts_at_seconds=parameters.clip_offset)], outputs=[output]),
        name=file.name,
        duration_seconds=parameters.clip_duration,
        workspace=workspace,
    )
    # ffmpeg writes a WebP that moves, and cannot read one before version 8.
    kind = Kind("image/webp", "image", "webp") if form == "webp" else None
    meta = still_meta(resize.size(size))
    return OutputFile(path=path, name=f"{file.basename}.{output.ext}", source=file, kind=kind, meta=meta)
