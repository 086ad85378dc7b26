"""Pictures in fewer bytes."""

from __future__ import annotations

import struct
import subprocess
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cattube_worker.errors import AssemblyError
from cattube_worker.instructions.assembly_file import AssemblyFile
from cattube_worker.media.inspect.stills.exif import orientation
from cattube_worker.media.stills import png

from .pictures import held_upright, picture

if TYPE_CHECKING:
    from tests.ffmpeg.conftest import Bench, Clip

pytestmark = pytest.mark.ffmpeg

NOTE = png.Chunk(b"tEXt", b"Author\0alice")


def optimized(bench: Bench, path: Path, **parameters: Any) -> AssemblyFile:
    steps = {"made": {"robot": "/image/optimize", **parameters}}
    (file,) = [file for file in bench.run(steps, bench.upload(path)) if file.step == "made"]
    return file


def pixels(path: Path | None) -> bytes:
    """All pixels, with 16 bits a sample, as ffmpeg decodes them."""
    decode = ["ffmpeg", "-v", "error", "-i", str(path), "-f", "rawvideo", "-pix_fmt", "rgba64be", "-"]
    return subprocess.run(decode, check=True, capture_output=True).stdout


def badly_packed(path: Path, *extra: png.Chunk) -> Path:
    """The PNG with its pixels not compressed at all, and further parts."""
    chunks = png.chunks_of(path.read_bytes())
    raw = b"".join(png.raw_pieces(chunks))
    loose = png.with_pixels([chunks[0], *extra, *chunks[1:]], chunks[0], zlib.compress(raw, 0))
    path.write_bytes(png.png_of(loose))
    return path


def two_bits(path: Path) -> Path:
    """A grey PNG with two bits a pixel, which ffmpeg would write with eight."""
    rows = b"".join(b"\0" + bytes([0b00011011]) * 16 for _ in range(64))
    header = png.Chunk(b"IHDR", struct.pack(">IIBBBBB", 64, 64, 2, 0, 0, 0, 0))
    parts = [header, png.Chunk(b"IDAT", zlib.compress(rows, 0)), png.Chunk(b"IEND", b"")]
    path.write_bytes(png.png_of(parts))
    return path


@pytest.mark.parametrize("priority", ["compression-ratio", "conversion-speed"])
@pytest.mark.parametrize("form", ["rgb24", "rgba", "gray", "ya8", "pal8", "rgb48be", "monob"])
def test_f72_a_png_becomes_smaller_and_keeps_every_pixel(
    bench: Bench, tmp_path: Path, form: str, priority: str
) -> None:
    source = badly_packed(picture(tmp_path, source=f"testsrc2=s=120x90,format={form}"))

    file = optimized(bench, source, priority=priority)

    assert file.size_bytes < source.stat().st_size / 2
    assert pixels(file.path) == pixels(source)
    assert (file.name, file.mime, file.meta["width"]) == ("cat.png", "image/png", 120)


def test_f72_a_png_of_a_form_that_the_encoder_does_not_write_becomes_smaller_too(
    bench: Bench, tmp_path: Path
) -> None:
    source = two_bits(tmp_path / "cat.png")

    file = optimized(bench, source)

    assert file.size_bytes < source.stat().st_size / 2
    assert pixels(file.path) == pixels(source)


def test_f72_a_picture_that_cannot_become_smaller_goes_on_as_it_is(bench: Bench, tmp_path: Path) -> None:
    once = optimized(bench, badly_packed(picture(tmp_path)))
    assert once.path is not None
    best = tmp_path / "best.png"
    best.write_bytes(once.path.read_bytes())
    gif = tmp_path / "cat.gif"
    subprocess.run(["ffmpeg", "-v", "error", "-i", best, gif], check=True)
    bench.folder = tmp_path / "again"
    bench.folder.mkdir()
    bench.jobs.clear()

    steps = {"made": {"robot": "/image/optimize"}}
    files = bench.run(steps, bench.upload(best), bench.upload(gif))

    sizes = {file.name: file.size_bytes for file in files if file.step == "made"}
    assert sizes == {"best.png": once.size_bytes, "cat.gif": gif.stat().st_size}


def test_f72_a_progressive_png_comes_in_passes_and_keeps_every_pixel(bench: Bench, tmp_path: Path) -> None:
    source = picture(tmp_path, source="testsrc2=s=121x91")

    file = optimized(bench, source, progressive=True)

    assert file.path is not None
    assert png.header_of(png.chunks_of(file.path.read_bytes())).is_interlaced
    assert pixels(file.path) == pixels(source)


@pytest.mark.parametrize(("lossy", "color"), [(True, 3), (False, 2)], ids=["palette", "all-colours"])
def test_f72_few_colours_are_taken_only_where_that_is_asked_for(
    bench: Bench, tmp_path: Path, lossy: bool, color: int
) -> None:
    source = picture(tmp_path, source="color=teal:s=200x200,format=rgb24,noise=alls=80:all_seed=7")

    file = optimized(bench, source, lossy=lossy)

    assert file.path is not None
    assert png.header_of(png.chunks_of(file.path.read_bytes())).color == color
    assert len(pixels(file.path)) == len(pixels(source))


@pytest.mark.parametrize(("keeps", "kinds"), [(True, {b"tEXt", b"eXIf"}), (False, {b"eXIf"})])
def test_f72_what_a_png_says_about_itself_is_kept_or_not(
    bench: Bench, tmp_path: Path, keeps: bool, kinds: set[bytes]
) -> None:
    exif = png.Chunk(b"eXIf", b"MM\0*" + struct.pack(">IHHHIHHI", 8, 1, 0x0112, 3, 1, 6, 0, 0) + b"canary")
    source = badly_packed(picture(tmp_path), NOTE, exif)

    file = optimized(bench, source, preserve_meta_data=keeps)

    assert file.path is not None
    body = file.path.read_bytes()
    assert png.kinds_of(png.chunks_of(body)) >= kinds
    assert (b"alice" in body, b"canary" in body) == (keeps, keeps)


def test_f72_a_jpeg_loses_what_it_says_about_itself_and_not_how_it_is_turned(
    bench: Bench, tmp_path: Path
) -> None:
    source = held_upright(picture(tmp_path, "cat.jpg"))
    plain = source.read_bytes()
    comment = b"\xff\xfe" + struct.pack(">H", 8) + b"canary"
    source.write_bytes(plain[:2] + comment + plain[2:] + b"canary behind the end")

    file = optimized(bench, source, preserve_meta_data=False)

    assert file.path is not None
    assert b"canary" not in file.path.read_bytes()
    assert orientation(file.path) == 6
    assert pixels(file.path) == pixels(source)


def test_f72_a_jpeg_that_keeps_its_metadata_goes_on_as_it_is(bench: Bench, tmp_path: Path) -> None:
    source = held_upright(picture(tmp_path, "cat.jpg"))

    file = optimized(bench, source)

    assert file.path is not None
    assert file.path.read_bytes() == source.read_bytes()


def cut_off(path: Path) -> Path:
    path.write_bytes(path.read_bytes()[:-200])
    return path


def fewer_pixels(path: Path) -> Path:
    """A PNG whose parts are whole and whose pixels are fewer than it says."""
    chunks = png.chunks_of(path.read_bytes())
    raw = b"".join(png.raw_pieces(chunks))
    path.write_bytes(png.png_of(png.with_pixels(chunks, chunks[0], zlib.compress(raw[:-500]))))
    return path


def more_pixels(path: Path) -> Path:
    """A PNG whose pixels unpack to far more than it says."""
    chunks = png.chunks_of(path.read_bytes())
    path.write_bytes(png.png_of(png.with_pixels(chunks, chunks[0], zlib.compress(bytes(50_000_000)))))
    return path


@pytest.mark.parametrize(
    ("name", "damaged"),
    [("cat.png", cut_off), ("cat.png", fewer_pixels), ("cat.png", more_pixels), ("cat.jpg", cut_off)],
)
def test_m41_a_damaged_picture_goes_on_as_it_is_or_is_refused(
    bench: Bench, tmp_path: Path, name: str, damaged: Any
) -> None:
    source = damaged(picture(tmp_path, name))

    file = optimized(bench, source, preserve_meta_data=False)
    assert file.path is not None
    assert file.path.read_bytes() == source.read_bytes()

    bench.jobs.clear()
    bench.folder = tmp_path / "again"
    bench.folder.mkdir()
    with pytest.raises(AssemblyError, match='"cat') as caught:
        optimized(bench, source, preserve_meta_data=False, fix_breaking_images=False)
    assert caught.value.code == "INVALID_INPUT_ERROR"


def test_f72_what_is_no_picture_is_passed_over(bench: Bench, clip: Clip) -> None:
    files = bench.run({"made": {"robot": "/image/optimize"}}, bench.upload(clip("plain.mp4")))

    assert [file.step for file in files] == [":original"]
