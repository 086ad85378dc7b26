"""What tests of strangers' files share: the first steps of the template, and how to measure a file."""

from __future__ import annotations

import subprocess
from array import array
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cattube_worker.instructions.assembly_file import AssemblyFile
from cattube_worker.media.inspect.probe import probe
from cattube_worker.media.mp4.tracks import read_tracks
from cattube_worker.media.process.limits import Limits

if TYPE_CHECKING:
    from cattube_worker.media.process.tools import Tools

    from ..conftest import Bench


FIRST = (":original", "resized", "watermarked", "thumbnail")


@dataclass
class Site:
    """The first steps of the template over one file after another."""

    bench: Bench
    steps: dict[str, Any]
    warnings: list[str] = field(default_factory=list)

    def make(self, path: Path) -> dict[str, AssemblyFile]:
        """What people wait for, by step."""
        files = self.bench.run(self.steps, self.bench.upload(path))
        assert [file.step for file in files] == list(FIRST)
        return {file.step: file for file in files}


@pytest.fixture
def site(any_bench: Bench, template: dict[str, Any]) -> Site:
    steps = {name: template[name] for name in FIRST}
    site = Site(any_bench, steps)
    any_bench.warn = site.warnings.append
    return site


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "clips"
    folder.mkdir()
    return folder


def decoded(file: AssemblyFile, *arguments: str) -> bytes:
    command = ["ffmpeg", "-v", "error", "-nostdin", "-i", str(file.path), *arguments, "-"]
    return subprocess.run(command, check=True, capture_output=True).stdout


def colours(file: AssemblyFile, *, at_seconds: float = 0.5) -> list[tuple[int, ...]]:
    """The middle of each quarter of a picture, in reading order, left of the watermark."""
    area = "crop=iw*0.9:ih*0.7:0:ih*0.3,scale=8:8:flags=area,format=rgb24"
    picture = ["-ss", str(at_seconds), "-frames:v", "1"] if file.type == "video" else []
    pixels = decoded(file, *picture, "-vf", area, "-f", "rawvideo")
    return [tuple(pixels[3 * at : 3 * at + 3]) for at in (8, 14, 49, 54)]


def frequency(file: AssemblyFile) -> int:
    """Hertz of a tone, by how often it passes zero."""
    samples = array("h", decoded(file, "-map", "0:a:0", "-ac", "1", "-ar", "48000", "-f", "s16le"))
    middle = samples[len(samples) // 2 :][:24_000]
    return sum(one < 0 <= other for one, other in pairwise(middle)) * 48_000 // len(middle)


def lengths(file: AssemblyFile) -> dict[str, float]:
    """Seconds of each track, as the file's own index has them."""
    assert file.path is not None
    return {track.kind: track.duration_seconds or 0 for track in read_tracks(file.path)}


def stated_colours(tools: Tools, file: AssemblyFile) -> list[object]:
    assert file.path is not None
    document = probe(file.path, tools=tools, limits=Limits())
    assert document is not None
    stream = document["streams"][0]
    return [stream.get(f"color_{name}") for name in ("space", "primaries", "transfer", "range")]
