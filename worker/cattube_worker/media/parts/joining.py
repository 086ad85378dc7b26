"""Joining parts that were encoded side by side, without encoding them again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from cattube_worker.media.encode.command import Command, FileInput, TextInput
from cattube_worker.media.encode.output import COPY_AUDIO, Output
from cattube_worker.media.encode.render import render
from cattube_worker.media.errors import CommandFailed
from cattube_worker.media.mp4.sample_table import SampleTable, sample_table
from cattube_worker.media.workspace import Workspace


@dataclass(frozen=True, kw_only=True)
class EncodedParts:
    """What is joined to one file. videos: in order, in the job's folder. sound: None where there is none."""

    videos: Sequence[Path]
    sound: Path | None


def join_parts(
    parts: EncodedParts,
    output: Output,
    *,
    frames: int,
    frames_per_second: Fraction,
    name: str,
    workspace: Workspace,
) -> None:
    """Write `output` from its parts, and check that it has all frames, each at its time.

    frames, frames_per_second: of the whole. name: what people call its source.
    Raises CommandFailed when it is not what one encode would be; InvalidInput, CommandTimeout, Stopped.
    """
    tables = [checked_part(path, frames_per_second) for path in parts.videos]
    if len({table.configuration for table in tables}) != 1:
        raise CommandFailed(f'The parts of "{name}" were encoded differently.')
    listing = output.path.with_name(f"{output.path.name}.txt")
    listing.write_text(_listing(parts.videos, tables))
    sound = [FileInput(parts.sound)] if parts.sound is not None else []
    render(
        Command(inputs=[TextInput(listing, "concat"), *sound], outputs=[_joined(output, parts)]),
        name=name,
        duration_seconds=float(frames / frames_per_second),
        workspace=workspace,
        also_reads=parts.videos,
    )
    joined = checked_part(output.path, frames_per_second)
    if len(joined.shown_at) != frames:
        raise CommandFailed(
            f'"{name}" has {frames} frames, and {len(joined.shown_at)} came out of its parts.'
        )


def checked_part(path: Path, frames_per_second: Fraction) -> SampleTable:
    """The frames of a file that was encoded, which come at that rate. Raises CommandFailed."""
    table = sample_table(path) if path.exists() else None
    if table is None or not table.is_even or table.frames_per_second != frames_per_second:
        raise CommandFailed("The frames of a part do not come as evenly as they have to.")
    return table


def _listing(paths: Sequence[Path], tables: Sequence[SampleTable]) -> str:
    """The list that ffmpeg's demuxer "concat" reads. The names are ours and need no quotes.

    Lengths are stated: the end of the last frame is not always that of its file.
    """
    lines = ["ffconcat version 1.0"]
    for path, table in zip(paths, tables, strict=True):
        seconds = len(table.shown_at) / table.frames_per_second
        lines += [f"file {path.name}", f"duration {float(seconds):.6f}"]
    return "\n".join(lines) + "\n"


def _joined(output: Output, parts: EncodedParts) -> Output:
    return replace(
        output,
        video=("-c:v", "copy"),
        video_from=("0:v:0",),
        audio=COPY_AUDIO if parts.sound is not None else None,
        audio_from=("1:a:0",),
        filters=(),
        audio_filters=(),
        live_preview=None,
    )
