"""What tests of pictures share: making them, changing them, reading their pixels."""

from __future__ import annotations

import struct
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cattube_worker.instructions.assembly_file import AssemblyFile

if TYPE_CHECKING:
    from tests.ffmpeg.conftest import Bench


def picture(folder: Path, name: str = "cat.png", source: str = "testsrc2=s=400x300") -> Path:
    path = folder / name
    subprocess.run(
        ["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", source, "-frames:v", "1", path], check=True
    )
    return path


def pixel(file: AssemblyFile, x: int = 0, y: int = 0) -> tuple[int, ...]:
    """One pixel as red, green, blue and opacity."""
    cut = ["-vf", f"format=rgba,crop=1:1:{x}:{y}:exact=1", "-f", "rawvideo", "-pix_fmt", "rgba", "-"]
    run = ["ffmpeg", "-v", "error", "-i", str(file.path), "-frames:v", "1", *cut]
    return tuple(subprocess.run(run, check=True, capture_output=True).stdout[:4])


def held_upright(path: Path) -> Path:
    """The JPEG with a note that the camera stood on its side."""
    plain = path.read_bytes()
    tiff = b"MM\0*" + struct.pack(">IHHHIHHI", 8, 1, 0x0112, 3, 1, 6, 0, 0)
    exif = b"Exif\0\0" + tiff
    path.write_bytes(plain[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + plain[2:])
    return path


def resized(bench: Bench, path: Path, **parameters: Any) -> AssemblyFile:
    steps = {"made": {"robot": "/image/resize", **parameters}}
    (file,) = [file for file in bench.run(steps, bench.upload(path)) if file.step == "made"]
    return file


def is_near(found: tuple[int, ...], expected: tuple[int, ...], *, by: int = 6) -> bool:
    return all(abs(one - other) <= by for one, other in zip(found, expected, strict=False))


def changed(file: AssemblyFile, plain: AssemblyFile) -> tuple[int, int, int, int]:
    """The box in which two pictures of one size differ: left, top, right, bottom."""
    run = ["ffmpeg", "-v", "error", "-i", str(file.path), "-i", str(plain.path), "-filter_complex"]
    graph = "[0]format=gbrp[a];[1]format=gbrp[b];[a][b]blend=all_mode=difference,format=gray"
    run += [graph, "-frames:v", "1", "-f", "rawvideo", "-"]
    raw = subprocess.run(run, check=True, capture_output=True).stdout
    width = file.meta["width"]
    points = [divmod(at, width) for at, value in enumerate(raw) if value > 12]
    rows, columns = [row for row, _ in points], [column for _, column in points]
    return min(columns), min(rows), max(columns), max(rows)
