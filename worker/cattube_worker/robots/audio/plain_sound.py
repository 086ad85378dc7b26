"""A sound decoded once: its true length is known, and it begins and ends without gaps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cattube_worker.media.encode.command import Command, FileInput
from cattube_worker.media.encode.output import Output
from cattube_worker.media.encode.render import render
from cattube_worker.media.encode.source import sound_source
from cattube_worker.media.errors import InvalidInput
from cattube_worker.media.length_in_words import length_in_words
from cattube_worker.media.workspace import Workspace
from cattube_worker.robots.shared.input_files import InputFile
from cattube_worker.size_in_words import excess_in_words

SAMPLE_RATE = 48_000
_BYTES_A_SAMPLE = 2
# Of a Wave64 file before its samples.
_HEADER_BYTES = 104


@dataclass(frozen=True)
class PlainSound:
    """The samples of a sound, in a file. What a container says about its length may be a guess."""

    path: Path
    seconds: float


def plain_sound(
    file: InputFile, path: Path, workspace: Workspace, *, channels: int, most_seconds: float | None = None
) -> PlainSound:
    """The sound of `file`, or its first `most_seconds`, at `path`.

    Raises InvalidInput, CommandFailed, CommandTimeout, Stopped.
    """
    output = Output(
        path=path,
        audio=("-c:a", "pcm_s16le"),
        audio_filters=_filters(file.audio_channels, channels),
        # Not WAV: that counts its bytes up to 4 GiB.
        container=("-f", "w64"),
        lasts_seconds=most_seconds,
        bounds=frozenset({"duration", "bytes"}),
    ).from_source(sound_source(file.meta), filters=())
    render(
        Command(inputs=[FileInput(file.path)], outputs=[output]),
        name=file.name,
        duration_seconds=most_seconds or file.duration_seconds,
        workspace=workspace,
    )
    samples_bytes = path.stat().st_size - _HEADER_BYTES
    if samples_bytes <= 0:
        raise InvalidInput(f'"{file.name}" holds no sound we can read.')
    return PlainSound(path, samples_bytes / (SAMPLE_RATE * channels * _BYTES_A_SAMPLE))


def plain_sounds(files: Sequence[InputFile], workspace: Workspace, *, channels: int) -> Iterator[PlainSound]:
    """The sounds of all files, decoded one after another in the workspace's folder.

    Raises InvalidInput when they are more than a disk should hold, and what plain_sound raises.
    """
    total_bytes, most_bytes = 0, workspace.limits.max_output_bytes
    for index, file in enumerate(files):
        path = workspace.folder / f"part-{index}"
        sound = plain_sound(file, path, workspace, channels=channels)
        total_bytes += path.stat().st_size
        if total_bytes > most_bytes:
            raise InvalidInput(
                f"Decoded, the first {index + 1} of the {len(files)} sounds have "
                f"{excess_in_words(total_bytes, most_bytes)}."
            )
        yield sound


def _filters(source_channels: int, channels: int) -> tuple[str, ...]:
    """Filters to one form; one channel in two is as loud in each, where ffmpeg would take off 3 dB."""
    doubled = ("pan=stereo|c0=c0|c1=c0",) if (source_channels, channels) == (1, 2) else ()
    layout = "mono" if channels == 1 else "stereo"
    form = f"aformat=sample_fmts=s16:sample_rates={SAMPLE_RATE}:channel_layouts={layout}"
    return (f"aresample={SAMPLE_RATE}:async=1", *doubled, form)


def channels_of(*files: InputFile) -> int:
    """Channels that hold what is in all of these files: one where each has one, else two."""
    return 1 if all(file.audio_channels == 1 for file in files) else 2


def check_total(seconds: float, workspace: Workspace, *, verb: str) -> None:
    """Check that a sound of that length may be made. verb: what was done to get it. Raises InvalidInput."""
    longest = workspace.limits.max_duration_seconds
    if seconds > longest:
        raise InvalidInput(
            f"{verb}, the sound would last {length_in_words(seconds)}; "
            f"{length_in_words(longest)} are allowed."
        )
